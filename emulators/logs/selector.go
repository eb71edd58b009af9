package logs

import (
	"regexp"
	"strconv"
	"strings"
)

// selector is a way into a JSON object: $.a.b[0], $.a[*], $.*, $.['a.b'].
type selector []step

// step is a member's name, an element's number, or any of either.
type step struct {
	name  string
	index int // -1: a member
	any   bool
}

// wayIn reads the steps of a selector one by one.
var wayIn = regexp.MustCompile(`^(?:\.([A-Za-z0-9_-]+)|\.(\*)|\.?\['([^']+)'\]|\[([0-9]{1,9})\]|\[(\*)\])`)

func (p *conditionParser) selector() (selector, error) {
	if !p.accept("$") {
		return nil, p.unexpected()
	}
	var s selector
	wildcards := 0
	for {
		part := wayIn.FindStringSubmatch(p.rest)
		if part == nil {
			break
		}
		p.rest = p.rest[len(part[0]):]
		next := step{name: part[1] + part[3], index: -1, any: part[2]+part[5] != ""}
		if part[4] != "" {
			next.index, _ = strconv.Atoi(part[4]) // nine digits at most
		}
		if next.any {
			wildcards++
		}
		s = append(s, next)
	}
	if len(s) == 0 {
		return nil, p.unexpected()
	}
	if wildcards > 1 {
		return nil, invalid("Invalid filter pattern: a property selector has more than one wildcard")
	}
	p.wildcards += wildcards
	return s, nil
}

// of is what stands there: nothing, one value, or with a wildcard several.
func (s selector) of(value any) []any {
	values := []any{value}
	for _, next := range s {
		var inner []any
		for _, v := range values {
			inner = append(inner, next.into(v)...)
		}
		values = inner
	}
	return values
}

func (st step) into(value any) []any {
	switch v := value.(type) {
	case map[string]any:
		if st.any {
			var all []any
			for _, member := range v {
				all = append(all, member)
			}
			return all
		}
		if member, ok := v[st.name]; ok && st.index < 0 {
			return []any{member}
		}
	case []any:
		if st.any {
			return v
		}
		if st.index >= 0 && st.index < len(v) {
			return []any{v[st.index]}
		}
	}
	return nil
}

// some holds where one of the values is so.
func (s selector) some(is func(any) bool) condition {
	return func(object any) bool {
		for _, v := range s.of(object) {
			if is(v) {
				return true
			}
		}
		return false
	}
}

// equals compares with a text in which * is any text. Only = and != are of texts.
func (s selector) equals(operator, want string) (condition, error) {
	if operator != "=" && operator != "!=" {
		return nil, invalid("Invalid filter pattern: %s compares numbers, not %.50q", operator, want)
	}
	parts := strings.Split(want, "*")
	for i, part := range parts {
		parts[i] = regexp.QuoteMeta(part)
	}
	like, err := regexp.Compile(`(?s)^` + strings.Join(parts, ".*") + `$`)
	if err != nil {
		return nil, invalid("Invalid filter pattern: %s", err)
	}
	return s.some(func(v any) bool {
		text, ok := v.(string)
		if number, is := v.(float64); is && strings.Contains(want, "*") {
			text, ok = strconv.FormatFloat(number, 'f', -1, 64), true
		}
		return ok && like.MatchString(text) == (operator == "=")
	}), nil
}

// compares compares numbers; a text is equal to a number that is written so.
func (s selector) compares(operator string, want float64, word string) condition {
	return s.some(func(v any) bool {
		if text, ok := v.(string); ok {
			return operator == "=" && text == word || operator == "!=" && text != word
		}
		have, ok := v.(float64)
		if !ok {
			return false
		}
		switch operator {
		case "=":
			return have == want
		case "!=":
			return have != want
		case ">":
			return have > want
		case "<":
			return have < want
		case ">=":
			return have >= want
		default:
			return have <= want
		}
	})
}
