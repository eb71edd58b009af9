package filter

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// maxWildcards bounds the wildcards of one pattern.
const maxWildcards = 3

// wildcard matches a text with * for any run of characters; \* is a star.
func wildcard(item json.RawMessage) (condition, error) {
	var pattern string
	if err := json.Unmarshal(item, &pattern); err != nil || pattern == "" {
		return condition{}, errors.New("it takes a string that is not empty")
	}
	parts, err := splitPattern(pattern)
	if err != nil {
		return condition{}, err
	}
	stars := len(parts) - 1
	if stars > maxWildcards {
		return condition{}, fmt.Errorf("%q has more than %d wildcards", pattern, maxWildcards)
	}
	points := 1
	if stars > 1 {
		points = 3 * stars
	}
	return condition{points: points, match: func(value any) bool {
		text, ok := value.(string)
		return ok && matchParts(text, parts)
	}}, nil
}

// splitPattern cuts a pattern at its stars.
func splitPattern(pattern string) ([]string, error) {
	parts := []string{""}
	for i := 0; i < len(pattern); i++ {
		last := len(parts) - 1
		switch {
		case pattern[i] == '*' && i > 0 && pattern[i-1] == '*' && parts[last] == "":
			return nil, fmt.Errorf("%q has two wildcards side by side", pattern)
		case pattern[i] == '*':
			parts = append(parts, "")
		case pattern[i] == '\\':
			if i++; i == len(pattern) || pattern[i] != '*' && pattern[i] != '\\' {
				return nil, fmt.Errorf(`%q has a \ that is not before * or \`, pattern)
			}
			fallthrough
		default:
			parts[last] += pattern[i : i+1]
		}
	}
	return parts, nil
}

// matchParts tells whether a text is the parts with anything between them.
func matchParts(text string, parts []string) bool {
	if len(parts) == 1 {
		return text == parts[0]
	}
	first, last := parts[0], parts[len(parts)-1]
	if len(text) < len(first)+len(last) || !strings.HasPrefix(text, first) || !strings.HasSuffix(text, last) {
		return false
	}
	text = text[len(first) : len(text)-len(last)]
	for _, part := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(text, part)
		if !found {
			return false
		}
		text = after
	}
	return true
}
