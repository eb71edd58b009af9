package sql

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
	"unicode/utf8"
)

// texts converts n arguments to Strings; false where one has no such form.
func texts(c *scope, args []value, n int) ([]string, bool) {
	if len(args) != n {
		return nil, false
	}
	out := make([]string, n)
	for i, a := range args {
		s, ok := a.text(c)
		if !ok {
			return nil, false
		}
		out[i] = s
	}
	return out, true
}

// onTexts is a function of n Strings.
func onTexts(n int, f func(s []string) value) function {
	return func(c *scope, args []value) value {
		s, ok := texts(c, args, n)
		if !ok {
			return undefined
		}
		return f(s)
	}
}

func onText(f func(string) string) function {
	return onTexts(1, func(s []string) value { return ofString(f(s[0])) })
}

func digest(make func() hash.Hash) function {
	return onText(func(s string) string {
		h := make()
		h.Write([]byte(s))
		return hex.EncodeToString(h.Sum(nil))
	})
}

// maxPad: "must be between 0 and 1000. If the provided value is outside of this
// valid range, the argument is set to the nearest valid value" (page Functions).
const maxPad = 1000

// pad adds n blanks; it does not pad to a width.
func pad(join func(s, blanks string) string) function {
	return func(c *scope, args []value) value {
		if len(args) != 2 {
			return undefined
		}
		s, ok := args[0].text(c)
		n, also := args[1].within(0, maxPad)
		if !ok || !also {
			return undefined
		}
		return ofString(join(s, strings.Repeat(" ", int(n))))
	}
}

const blanks = " \t"

var stringFunctions = map[string]function{
	"lower": onText(strings.ToLower), "upper": onText(strings.ToUpper),
	"trim":  onText(func(s string) string { return strings.Trim(s, blanks) }),
	"ltrim": onText(func(s string) string { return strings.TrimLeft(s, blanks) }),
	"rtrim": onText(func(s string) string { return strings.TrimRight(s, blanks) }),
	"md2":   onText(md2),
	"md5":   digest(md5.New), "sha1": digest(sha1.New),
	"sha224": digest(sha256.New224), "sha256": digest(sha256.New),
	"sha384": digest(sha512.New384), "sha512": digest(sha512.New),
	"length":     onTexts(1, func(s []string) value { return ofInt(int64(utf8.RuneCountInString(s[0]))) }),
	"numbytes":   onTexts(1, func(s []string) value { return ofInt(int64(len(s[0]))) }),
	"endswith":   onTexts(2, func(s []string) value { return ofBool(strings.HasSuffix(s[0], s[1])) }),
	"startswith": onTexts(2, func(s []string) value { return ofBool(strings.HasPrefix(s[0], s[1])) }),
	"replace": func(c *scope, args []value) value {
		s, ok := texts(c, args, 3)
		if !ok {
			return undefined
		}
		return replace(c, s)
	},
	// What is not found has index -1: AWS does not say.
	"indexof": onTexts(2, func(s []string) value {
		i := strings.Index(s[0], s[1])
		if i < 0 {
			return ofInt(-1)
		}
		return ofInt(int64(utf8.RuneCountInString(s[0][:i])))
	}),
	"lpad": pad(func(s, blanks string) string { return blanks + s }),
	"rpad": pad(func(s, blanks string) string { return s + blanks }),
	"chr": func(_ *scope, args []value) value {
		if len(args) != 1 {
			return undefined
		}
		n, ok := args[0].integer()
		if !ok || n < 0 || n > 127 {
			return undefined
		}
		return ofString(string(rune(n)))
	},
	"concat":    concat,
	"substring": substring,
}

// replace is of all occurrences.
func replace(c *scope, s []string) value {
	if len(s[0])+strings.Count(s[0], s[1])*max(len(s[2])-len(s[1]), 0) > max(maxText, len(s[0])) {
		c.fail(fmt.Errorf("replace: the result is longer than %d bytes, a bound of Shakedown", maxText))
		return undefined
	}
	return ofString(strings.ReplaceAll(s[0], s[1], s[2]))
}

// maxItems bounds an Array that is made: one of 128 KiB has no more.
const maxItems = 64 << 10

// concat joins Strings where there is one, or Arrays where there is one.
func concat(c *scope, args []value) value {
	switch len(args) {
	case 0:
		return undefined
	case 1:
		return args[0]
	}
	array, text := false, false
	for _, a := range args {
		array = array || a.kind == arrayKind
		text = text || a.kind == stringKind
	}
	if array {
		n := 0
		for _, a := range args {
			n += max(1, len(a.items()))
		}
		if n > maxItems {
			c.fail(fmt.Errorf("concat: the result has more than %d items, a bound of Shakedown", maxItems))
			return undefined
		}
		items := make([]value, 0, n)
		for _, a := range args {
			if a.kind == arrayKind {
				items = append(items, a.items()...)
			} else {
				items = append(items, a)
			}
		}
		return ofArray(items)
	}
	parts, ok := texts(c, args, len(args))
	if !ok || !text {
		return undefined
	}
	return ofString(strings.Join(parts, ""))
}

// substring takes characters i (0-based) up to but not j; indexes are cut off,
// those outside moved to the ends.
func substring(c *scope, args []value) value {
	if len(args) != 2 && len(args) != 3 {
		return undefined
	}
	s, ok := args[0].text(c)
	if !ok {
		return undefined
	}
	if !c.use(4 * len(s)) {
		return undefined
	}
	runes := []rune(s)
	ends := []int{0, len(runes)}
	for i, a := range args[1:] {
		n, ok := a.number()
		if !ok {
			return undefined
		}
		f := n.float()
		switch {
		case f < 0:
			ends[i] = 0
		case f > float64(len(runes)):
			ends[i] = len(runes)
		default:
			ends[i] = int(f)
		}
	}
	if ends[0] >= ends[1] {
		return ofString("")
	}
	return ofString(string(runes[ends[0]:ends[1]]))
}
