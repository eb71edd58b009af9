package timestream

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText bounds a text that a function makes.
const maxText = 1 << 20

// textFunctions are of the page "String functions".
// https://docs.aws.amazon.com/timestream/latest/developerguide/string-functions.html
var textFunctions = map[string][]signature{
	"lower": {onText(strings.ToLower)},
	"upper": {onText(strings.ToUpper)},
	"trim":  {onText(strings.TrimSpace)},
	"ltrim": {onText(func(s string) string { return strings.TrimLeftFunc(s, unicode.IsSpace) })},
	"rtrim": {onText(func(s string) string { return strings.TrimRightFunc(s, unicode.IsSpace) })},
	"reverse": {onText(func(s string) string {
		r := []rune(s)
		slices.Reverse(r)
		return string(r)
	})},
	"length": {on(bigint, func(_ *env, v []value) (value, error) { return ofBigint(int64(utf8.RuneCountInString(v[0].s))), nil }, varchar)},
	"chr": {on(varchar, func(_ *env, v []value) (value, error) {
		if v[0].i < 0 || v[0].i > unicode.MaxRune || !utf8.ValidRune(rune(v[0].i)) {
			return null, invalid("Not a valid Unicode code point: %d", v[0].i)
		}
		return ofText(string(rune(v[0].i))), nil
	}, bigint)},
	"codepoint": {on(integer, func(_ *env, v []value) (value, error) {
		r := []rune(v[0].s)
		if len(r) != 1 {
			return null, invalid("Input string must be a single character string")
		}
		return value{kind: integer, i: int64(r[0])}, nil
	}, varchar)},
	"concat": {{params: []kind{varchar, varchar}, variadic: true, result: varchar, apply: func(_ *env, v []value) (value, error) {
		var b strings.Builder
		for _, x := range v {
			if b.WriteString(x.s); b.Len() > maxText {
				return null, errLong
			}
		}
		return ofText(b.String()), nil
	}}},
	"replace": {
		on(varchar, func(_ *env, v []value) (value, error) { return ofText(strings.ReplaceAll(v[0].s, v[1].s, "")), nil }, varchar, varchar),
		on(varchar, func(_ *env, v []value) (value, error) {
			if n := strings.Count(v[0].s, v[1].s) * len(v[2].s); n > maxText {
				return null, errLong
			}
			return ofText(strings.ReplaceAll(v[0].s, v[1].s, v[2].s)), nil
		}, varchar, varchar, varchar)},
	"lpad":                 {on(varchar, func(_ *env, v []value) (value, error) { return pad(v, true) }, varchar, bigint, varchar)},
	"rpad":                 {on(varchar, func(_ *env, v []value) (value, error) { return pad(v, false) }, varchar, bigint, varchar)},
	"split":                {on(varchar.array(), split, varchar, varchar), on(varchar.array(), split, varchar, varchar, bigint)},
	"split_part":           {on(varchar, splitPart, varchar, varchar, bigint)},
	"strpos":               {on(bigint, strpos, varchar, varchar), on(bigint, strpos, varchar, varchar, bigint)},
	"strrpos":              {on(bigint, strrpos, varchar, varchar), on(bigint, strrpos, varchar, varchar, bigint)},
	"position":             {on(bigint, strpos, varchar, varchar)},
	"substr":               {on(varchar, substr, varchar, bigint), on(varchar, substr, varchar, bigint, bigint)},
	"substring":            {on(varchar, substr, varchar, bigint), on(varchar, substr, varchar, bigint, bigint)},
	"hamming_distance":     {on(bigint, hamming, varchar, varchar)},
	"levenshtein_distance": {on(bigint, levenshtein, varchar, varchar)},
}

var errLong = invalid("the text is longer than %d bytes", maxText)

func bounded(s string) (value, error) {
	if len(s) > maxText {
		return null, errLong
	}
	return ofText(s), nil
}

func onText(f func(string) string) signature {
	return on(varchar, func(_ *env, v []value) (value, error) { return ofText(f(v[0].s)), nil }, varchar)
}

func pad(v []value, left bool) (value, error) {
	text, with := []rune(v[0].s), []rune(v[2].s)
	size := v[1].i
	if size < 0 || size > maxText/4 {
		return null, invalid("Target length must be in the range [0..%d]", maxText/4)
	}
	if len(with) == 0 {
		return null, invalid("Padding string must not be empty")
	}
	if size <= int64(len(text)) {
		return ofText(string(text[:size])), nil
	}
	fill := make([]rune, size-int64(len(text)))
	for i := range fill {
		fill[i] = with[i%len(with)]
	}
	if left {
		return ofText(string(fill) + v[0].s), nil
	}
	return ofText(v[0].s + string(fill)), nil
}

func split(_ *env, v []value) (value, error) {
	limit := -1
	if len(v) == 3 {
		if limit = int(v[2].i); v[2].i <= 0 || v[2].i > maxText {
			return null, invalid("Limit must be positive")
		}
	}
	if v[1].s == "" {
		return null, invalid("The delimiter may not be the empty string")
	}
	var items []value
	for _, s := range strings.SplitN(v[0].s, v[1].s, limit) {
		items = append(items, ofText(s))
	}
	return arrayValue(varchar, items), nil
}

func splitPart(_ *env, v []value) (value, error) {
	if v[2].i <= 0 {
		return null, invalid("Index must be greater than zero")
	}
	if v[1].s == "" {
		return null, invalid("The delimiter may not be the empty string")
	}
	parts := strings.Split(v[0].s, v[1].s)
	if v[2].i > int64(len(parts)) {
		return nullOf(varchar), nil
	}
	return ofText(parts[v[2].i-1]), nil
}

// instance is the third argument of strpos: which occurrence.
func instance(v []value) (int64, error) {
	if len(v) < 3 {
		return 1, nil
	}
	if v[2].i <= 0 {
		return 0, invalid("'instance' must be a positive or negative number.")
	}
	return v[2].i, nil
}

func strpos(_ *env, v []value) (value, error) {
	n, err := instance(v)
	at := 0
	for ; err == nil && n > 0; n-- {
		i := strings.Index(v[0].s[at:], v[1].s)
		if i < 0 {
			return ofBigint(0), nil
		}
		if n == 1 {
			return ofBigint(int64(utf8.RuneCountInString(v[0].s[:at+i])) + 1), nil
		}
		_, width := utf8.DecodeRuneInString(v[0].s[at+i:])
		if width == 0 {
			return ofBigint(0), nil
		}
		at += i + width
	}
	return null, err
}

func strrpos(_ *env, v []value) (value, error) {
	n, err := instance(v)
	end := len(v[0].s)
	for ; err == nil && n > 0; n-- {
		i := strings.LastIndex(v[0].s[:end], v[1].s)
		if i < 0 {
			return ofBigint(0), nil
		}
		if n == 1 {
			return ofBigint(int64(utf8.RuneCountInString(v[0].s[:i])) + 1), nil
		}
		if end = i + len(v[1].s) - 1; end < 0 {
			return ofBigint(0), nil
		}
	}
	return null, err
}

// substr counts from 1, or from the end where start is negative.
func substr(_ *env, v []value) (value, error) {
	text := []rune(v[0].s)
	n := int64(len(text))
	start := v[1].i - 1
	if v[1].i < 0 {
		start = n + v[1].i
	}
	if v[1].i == 0 || start < 0 || start >= n {
		return ofText(""), nil
	}
	end := n
	if len(v) == 3 {
		end = start + max(0, min(v[2].i, n-start))
	}
	return ofText(string(text[start:end])), nil
}

func hamming(_ *env, v []value) (value, error) {
	a, b := []rune(v[0].s), []rune(v[1].s)
	if len(a) != len(b) {
		return null, invalid("The input strings to hamming_distance function must have the same length")
	}
	n := int64(0)
	for i := range a {
		n += int64(b2i(a[i] != b[i]))
	}
	return ofBigint(n), nil
}

func levenshtein(_ *env, v []value) (value, error) {
	a, b := []rune(v[0].s), []rune(v[1].s)
	if len(a)*len(b) > 1_000_000 {
		return null, invalid("The combined inputs for Levenshtein distance are too large")
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+b2i(a[i] != b[j]))
		}
	}
	return ofBigint(int64(row[len(b)])), nil
}
