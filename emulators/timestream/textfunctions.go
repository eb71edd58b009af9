package timestream

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
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
	"length": {on(value.Bigint, func(_ *env, v []value.Value) (value.Value, error) {
		return value.OfBigint(int64(utf8.RuneCountInString(v[0].S))), nil
	}, value.Varchar)},
	"chr": {on(value.Varchar, func(_ *env, v []value.Value) (value.Value, error) {
		if v[0].I < 0 || v[0].I > unicode.MaxRune || !utf8.ValidRune(rune(v[0].I)) {
			return value.Null, invalid("Not a valid Unicode code point: %d", v[0].I)
		}
		return value.OfText(string(rune(v[0].I))), nil
	}, value.Bigint)},
	"codepoint": {on(value.Integer, func(_ *env, v []value.Value) (value.Value, error) {
		r := []rune(v[0].S)
		if len(r) != 1 {
			return value.Null, invalid("Input string must be a single character string")
		}
		return value.Value{Kind: value.Integer, I: int64(r[0])}, nil
	}, value.Varchar)},
	"concat": {{params: []value.Kind{value.Varchar, value.Varchar}, variadic: true, result: value.Varchar, apply: func(_ *env, v []value.Value) (value.Value, error) {
		var b strings.Builder
		for _, x := range v {
			if b.WriteString(x.S); b.Len() > maxText {
				return value.Null, errLong
			}
		}
		return value.OfText(b.String()), nil
	}}},
	"replace": {
		on(value.Varchar, func(_ *env, v []value.Value) (value.Value, error) {
			return value.OfText(strings.ReplaceAll(v[0].S, v[1].S, "")), nil
		}, value.Varchar, value.Varchar),
		on(value.Varchar, func(_ *env, v []value.Value) (value.Value, error) {
			if n := strings.Count(v[0].S, v[1].S) * len(v[2].S); n > maxText {
				return value.Null, errLong
			}
			return value.OfText(strings.ReplaceAll(v[0].S, v[1].S, v[2].S)), nil
		}, value.Varchar, value.Varchar, value.Varchar)},
	"lpad":                 {on(value.Varchar, func(_ *env, v []value.Value) (value.Value, error) { return pad(v, true) }, value.Varchar, value.Bigint, value.Varchar)},
	"rpad":                 {on(value.Varchar, func(_ *env, v []value.Value) (value.Value, error) { return pad(v, false) }, value.Varchar, value.Bigint, value.Varchar)},
	"split":                {on(value.Varchar.Array(), split, value.Varchar, value.Varchar), on(value.Varchar.Array(), split, value.Varchar, value.Varchar, value.Bigint)},
	"split_part":           {on(value.Varchar, splitPart, value.Varchar, value.Varchar, value.Bigint)},
	"strpos":               {on(value.Bigint, strpos, value.Varchar, value.Varchar), on(value.Bigint, strpos, value.Varchar, value.Varchar, value.Bigint)},
	"strrpos":              {on(value.Bigint, strrpos, value.Varchar, value.Varchar), on(value.Bigint, strrpos, value.Varchar, value.Varchar, value.Bigint)},
	"position":             {on(value.Bigint, strpos, value.Varchar, value.Varchar)},
	"substr":               {on(value.Varchar, substr, value.Varchar, value.Bigint), on(value.Varchar, substr, value.Varchar, value.Bigint, value.Bigint)},
	"substring":            {on(value.Varchar, substr, value.Varchar, value.Bigint), on(value.Varchar, substr, value.Varchar, value.Bigint, value.Bigint)},
	"hamming_distance":     {on(value.Bigint, hamming, value.Varchar, value.Varchar)},
	"levenshtein_distance": {on(value.Bigint, levenshtein, value.Varchar, value.Varchar)},
}

var errLong = invalid("the text is longer than %d bytes", maxText)

func bounded(s string) (value.Value, error) {
	if len(s) > maxText {
		return value.Null, errLong
	}
	return value.OfText(s), nil
}

func onText(f func(string) string) signature {
	return on(value.Varchar, func(_ *env, v []value.Value) (value.Value, error) { return value.OfText(f(v[0].S)), nil }, value.Varchar)
}

func pad(v []value.Value, left bool) (value.Value, error) {
	text, with := []rune(v[0].S), []rune(v[2].S)
	size := v[1].I
	if size < 0 || size > maxText/4 {
		return value.Null, invalid("Target length must be in the range [0..%d]", maxText/4)
	}
	if len(with) == 0 {
		return value.Null, invalid("Padding string must not be empty")
	}
	if size <= int64(len(text)) {
		return value.OfText(string(text[:size])), nil
	}
	fill := make([]rune, size-int64(len(text)))
	for i := range fill {
		fill[i] = with[i%len(with)]
	}
	if left {
		return value.OfText(string(fill) + v[0].S), nil
	}
	return value.OfText(v[0].S + string(fill)), nil
}

func split(_ *env, v []value.Value) (value.Value, error) {
	limit := -1
	if len(v) == 3 {
		if limit = int(v[2].I); v[2].I <= 0 || v[2].I > maxText {
			return value.Null, invalid("Limit must be positive")
		}
	}
	if v[1].S == "" {
		return value.Null, invalid("The delimiter may not be the empty string")
	}
	var items []value.Value
	for _, s := range strings.SplitN(v[0].S, v[1].S, limit) {
		items = append(items, value.OfText(s))
	}
	return value.OfArray(value.Varchar, items), nil
}

func splitPart(_ *env, v []value.Value) (value.Value, error) {
	if v[2].I <= 0 {
		return value.Null, invalid("Index must be greater than zero")
	}
	if v[1].S == "" {
		return value.Null, invalid("The delimiter may not be the empty string")
	}
	parts := strings.Split(v[0].S, v[1].S)
	if v[2].I > int64(len(parts)) {
		return value.NullOf(value.Varchar), nil
	}
	return value.OfText(parts[v[2].I-1]), nil
}

// instance is the third argument of strpos: which occurrence.
func instance(v []value.Value) (int64, error) {
	if len(v) < 3 {
		return 1, nil
	}
	if v[2].I <= 0 {
		return 0, invalid("'instance' must be a positive or negative number.")
	}
	return v[2].I, nil
}

func strpos(e *env, v []value.Value) (value.Value, error) {
	n, err := instance(v)
	at := 0
	for ; err == nil && n > 0; n-- {
		if e.run.spend(len(v[1].S) >> 6); e.run.err != nil {
			return value.Null, errEnded
		}
		i := strings.Index(v[0].S[at:], v[1].S)
		if i < 0 {
			return value.OfBigint(0), nil
		}
		if n == 1 {
			return value.OfBigint(int64(utf8.RuneCountInString(v[0].S[:at+i])) + 1), nil
		}
		_, width := utf8.DecodeRuneInString(v[0].S[at+i:])
		if width == 0 {
			return value.OfBigint(0), nil
		}
		at += i + width
	}
	return value.Null, err
}

func strrpos(e *env, v []value.Value) (value.Value, error) {
	n, err := instance(v)
	end := len(v[0].S)
	for ; err == nil && n > 0; n-- {
		if e.run.spend(len(v[1].S) >> 6); e.run.err != nil {
			return value.Null, errEnded
		}
		i := strings.LastIndex(v[0].S[:end], v[1].S)
		if i < 0 {
			return value.OfBigint(0), nil
		}
		if n == 1 {
			return value.OfBigint(int64(utf8.RuneCountInString(v[0].S[:i])) + 1), nil
		}
		if end = i + len(v[1].S) - 1; end < 0 {
			return value.OfBigint(0), nil
		}
	}
	return value.Null, err
}

// substr counts from 1, or from the end where start is negative.
func substr(_ *env, v []value.Value) (value.Value, error) {
	text := []rune(v[0].S)
	n := int64(len(text))
	start := v[1].I - 1
	if v[1].I < 0 {
		start = n + v[1].I
	}
	if v[1].I == 0 || start < 0 || start >= n {
		return value.OfText(""), nil
	}
	end := n
	if len(v) == 3 {
		end = start + max(0, min(v[2].I, n-start))
	}
	return value.OfText(string(text[start:end])), nil
}

func hamming(_ *env, v []value.Value) (value.Value, error) {
	a, b := []rune(v[0].S), []rune(v[1].S)
	if len(a) != len(b) {
		return value.Null, invalid("The input strings to hamming_distance function must have the same length")
	}
	n := int64(0)
	for i := range a {
		n += int64(value.Bit(a[i] != b[i]))
	}
	return value.OfBigint(n), nil
}

func levenshtein(e *env, v []value.Value) (value.Value, error) {
	a, b := []rune(v[0].S), []rune(v[1].S)
	if len(a)*len(b) > 1_000_000 {
		return value.Null, invalid("The combined inputs for Levenshtein distance are too large")
	}
	e.run.spend(len(a) * len(b) >> 6)
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			diagonal, row[j+1] = row[j+1], min(row[j+1]+1, row[j]+1, diagonal+value.Bit(a[i] != b[j]))
		}
	}
	return value.OfBigint(int64(row[len(b)])), nil
}
