package sql

import (
	"fmt"
	"regexp"
	"strings"
)

// replacement is the third argument of regexp_replace, as Java's
// Matcher.appendReplacement reads it: $1 and ${name} are groups, \x is x. "If the
// (converted) argument is not a valid regex replacement string, the result is
// Undefined" (page Functions): a group that is not there, a $ or a \ alone.
// https://docs.oracle.com/en/java/javase/11/docs/api/java.base/java/util/regex/Matcher.html
type replacement struct {
	valid bool
	parts []replacementPart
}

// replacementPart is a literal text, or a group.
type replacementPart struct {
	text  string
	group int
}

func parseReplacement(p *pattern, text string) *replacement {
	r := &replacement{}
	if p.re == nil {
		return r
	}
	literal := strings.Builder{}
	flush := func() {
		if literal.Len() > 0 {
			r.parts = append(r.parts, replacementPart{text: literal.String(), group: -1})
			literal.Reset()
		}
	}
	for i := 0; i < len(text); {
		switch text[i] {
		case '\\':
			if i+1 == len(text) {
				return &replacement{}
			}
			literal.WriteByte(text[i+1])
			i += 2
		case '$':
			group, n := groupAt(p.re, text[i+1:])
			if n == 0 {
				return &replacement{}
			}
			flush()
			r.parts = append(r.parts, replacementPart{group: group})
			i += 1 + n
		default:
			literal.WriteByte(text[i])
			i++
		}
	}
	flush()
	r.valid = true
	return r
}

// groupAt reads what is behind a $ and tells its length, 0 if it is no group. More
// digits belong to the number as long as there is such a group.
func groupAt(re *regexp.Regexp, text string) (group, n int) {
	if inner, ok := strings.CutPrefix(text, "{"); ok {
		name, _, closed := strings.Cut(inner, "}")
		group := re.SubexpIndex(name)
		if !closed || name == "" || group < 0 {
			return 0, 0
		}
		return group, len(name) + 2
	}
	for n < len(text) && isDigit(rune(text[n])) {
		next := group*10 + int(text[n]-'0')
		if next > re.NumSubexp() {
			break
		}
		group = next
		n++
	}
	return group, n
}

// Bounds of a replacement, Shakedown's own: bytes of the result, which is the size
// of a payload, and numbers in a list of matches.
const (
	maxText    = 128 << 10
	maxIndexes = 1 << 20
)

// all replaces all matches and stops where the result grows too long.
func (r *replacement) all(c *scope, re *regexp.Regexp, s string) (string, error) {
	most := max(1, maxIndexes/(2*(re.NumSubexp()+1)))
	matches := re.FindAllStringSubmatchIndex(s, most)
	if len(matches) == most {
		return "", fmt.Errorf("regexp_replace: more than %d matches, a bound of Shakedown", most-1)
	}
	if !c.use(len(matches) * 16 * (re.NumSubexp() + 1)) {
		return "", errMade
	}
	var b strings.Builder
	done := 0
	for _, m := range matches {
		b.WriteString(s[done:m[0]])
		done = m[1]
		for _, part := range r.parts {
			switch {
			case part.group < 0:
				b.WriteString(part.text)
			case m[2*part.group] >= 0:
				b.WriteString(s[m[2*part.group]:m[2*part.group+1]])
			}
			if b.Len() > maxText {
				return "", fmt.Errorf("regexp_replace: the result is longer than %d bytes, a bound of Shakedown", maxText)
			}
		}
	}
	b.WriteString(s[done:])
	return b.String(), nil
}
