package logs

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Bounds of a pattern for JSON events: AWS's number of wildcards, and parentheses
// within each other.
const (
	maxWildcards = 3
	maxNesting   = 32
)

// condition tells whether an event's JSON object fulfils it.
type condition func(object any) bool

// conditionParser reads { … } by recursive descent: || over && over parentheses.
type conditionParser struct {
	rest      string
	wildcards int
	nesting   int
}

func parseConditions(text string) (pattern, error) {
	inner, ok := strings.CutSuffix(strings.TrimPrefix(text, "{"), "}")
	if !ok {
		return nil, invalid("Invalid filter pattern: { is not closed")
	}
	p := &conditionParser{rest: inner}
	holds, err := p.any()
	if err != nil {
		return nil, err
	}
	if p.skip(); p.rest != "" {
		return nil, p.unexpected()
	}
	if p.wildcards > maxWildcards {
		return nil, invalid("Invalid filter pattern: it has more than %d wildcard selectors", maxWildcards)
	}
	return func(message string) bool {
		if !strings.HasPrefix(strings.TrimLeft(message, " \t\r\n"), "{") {
			return false
		}
		var object any
		return json.Unmarshal([]byte(message), &object) == nil && holds(object)
	}, nil
}

func (p *conditionParser) skip() { p.rest = strings.TrimLeft(p.rest, " \t\r\n") }

// accept takes a token if it is next.
func (p *conditionParser) accept(token string) bool {
	p.skip()
	rest, ok := strings.CutPrefix(p.rest, token)
	if ok {
		p.rest = rest
	}
	return ok
}

func (p *conditionParser) unexpected() error {
	if p.skip(); p.rest == "" {
		return invalid("Invalid filter pattern: it ends too early")
	}
	if p.rest[0] == '%' {
		return unsupportedPattern("a regular expression (%…%)")
	}
	return invalid("Invalid filter pattern: unexpected %.20q", p.rest)
}

func (p *conditionParser) any() (condition, error) {
	return p.chain("||", p.all, func(a, b condition) condition {
		return func(object any) bool { return a(object) || b(object) }
	})
}

func (p *conditionParser) all() (condition, error) {
	return p.chain("&&", p.one, func(a, b condition) condition {
		return func(object any) bool { return a(object) && b(object) }
	})
}

func (p *conditionParser) chain(operator string, part func() (condition, error), join func(a, b condition) condition) (condition, error) {
	left, err := part()
	for err == nil && p.accept(operator) {
		var right condition
		if right, err = part(); err == nil {
			left = join(left, right)
		}
	}
	return left, err
}

// one reads a comparison or what stands in parentheses.
func (p *conditionParser) one() (condition, error) {
	if !p.accept("(") {
		return p.comparison()
	}
	if p.nesting++; p.nesting > maxNesting {
		return nil, invalid("Invalid filter pattern: more than %d parentheses within each other", maxNesting)
	}
	inner, err := p.any()
	if err != nil {
		return nil, err
	}
	p.nesting--
	if !p.accept(")") {
		return nil, p.unexpected()
	}
	return inner, nil
}

func (p *conditionParser) comparison() (condition, error) {
	s, err := p.selector()
	if err != nil {
		return nil, err
	}
	if p.accept("NOT") {
		if !p.accept("EXISTS") {
			return nil, p.unexpected()
		}
		return func(object any) bool { return len(s.of(object)) == 0 }, nil
	}
	if p.accept("IS") {
		for word, want := range map[string]any{"NULL": nil, "TRUE": true, "FALSE": false} {
			if p.accept(word) {
				return s.some(func(v any) bool { return v == want }), nil
			}
		}
		return nil, p.unexpected()
	}
	for _, operator := range []string{"!=", ">=", "<=", "=", ">", "<"} {
		if p.accept(operator) {
			return p.against(s, operator)
		}
	}
	return nil, p.unexpected()
}

// against reads what a selector is compared with.
func (p *conditionParser) against(s selector, operator string) (condition, error) {
	p.skip()
	if strings.HasPrefix(p.rest, `"`) {
		text, rest, err := readQuoted(p.rest)
		if err != nil {
			return nil, err
		}
		p.rest = rest
		return s.equals(operator, text)
	}
	end := strings.IndexFunc(p.rest, func(r rune) bool { return !isBare(r) })
	if end < 0 {
		end = len(p.rest)
	}
	word := p.rest[:end]
	if word == "" {
		return nil, p.unexpected()
	}
	p.rest = p.rest[end:]
	if number, err := strconv.ParseFloat(word, 64); err == nil {
		return s.compares(operator, number, word), nil
	}
	return s.equals(operator, word)
}

// isBare tells a character of a number, or of a text that needs no quotes.
func isBare(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("_.*+-", r)
}
