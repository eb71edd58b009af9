package sql

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Template is a text with ${expression} parts, as in rule actions. Expressions
// see the original payload and what SET made, not the aliases of SELECT.
type Template struct {
	parts   []templatePart
	fetches []Fetch
	old     bool // version 2015-10-08
}

type templatePart struct {
	text string
	expr node
}

// ParseTemplate reads a template of version 2016-03-23 that uses no variables.
// Errors wrap an *Error whose position is in the
// whole text.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-substitution-templates.html
func ParseTemplate(text string) (*Template, error) { return (&Statement{}).ParseTemplate(text) }

// ParseTemplate reads a template that may use the variables of the statement and is
// expanded with the message after it.
func (s *Statement) ParseTemplate(text string) (*Template, error) {
	t := &Template{old: s.old}
	p := &parser{old: s.old, variables: s.variables}
	for rest := text; rest != ""; {
		position := func(after string) int { return utf8.RuneCountInString(text[:len(text)-len(after)]) }
		before, after, found := strings.Cut(rest, "${")
		if before != "" {
			t.parts = append(t.parts, templatePart{text: before})
		}
		if !found {
			break
		}
		end := closing(after)
		if end < 0 {
			return nil, fmt.Errorf("template %q: %w", text, &Error{position(after) - 1, "the ${ is not closed"})
		}
		expr, err := p.template(after[:end], position(after))
		if err != nil {
			return nil, fmt.Errorf("template %q: %w", text, err)
		}
		t.parts = append(t.parts, templatePart{expr: expr})
		rest = after[end+1:]
	}
	t.fetches = p.fetches
	return t, nil
}

// closing finds the } that closes the expression, outside of quotes and of
// braces inside.
func closing(text string) int {
	depth := 0
	quote := rune(0)
	for i, r := range text {
		switch {
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '\'' || r == '"':
			quote = r
		case r == '{':
			depth++
		case r == '}' && depth > 0:
			depth--
		case r == '}':
			return i
		}
	}
	return -1
}

// Fetches are the functions in the template that ask other services.
func (t *Template) Fetches() []Fetch { return t.fetches }

// template reads an expression that stands behind so many characters.
func (p *parser) template(text string, behind int) (node, error) {
	tokens, err := lex(text)
	var wrong *Error
	if errors.As(err, &wrong) {
		return nil, &Error{wrong.Position + behind, wrong.Message}
	}
	if err != nil {
		return nil, err
	}
	for i := range tokens {
		tokens[i].pos += behind
	}
	p.tokens, p.at = tokens, 0
	n, err := p.expression()
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != endToken {
		return nil, t.fail("unexpected %s", t)
	}
	return n, nil
}

// Expand puts values in place of expressions; Undefined is an empty text. An
// error is that a path was used on a payload that is not JSON.
func (t *Template) Expand(m *Message) (string, error) {
	if len(t.parts) == 1 && t.parts[0].expr == nil {
		return t.parts[0].text, nil
	}
	c := &scope{message: m, old: t.old}
	out := make([]byte, 0, 128) // what is kept, as a key, has its own length
	for _, p := range t.parts {
		if p.expr == nil {
			out = append(out, p.text...)
			continue
		}
		v := p.expr.eval(c)
		if c.err != nil {
			return "", c.err
		}
		if v.kind == nullKind {
			out = append(out, "null"...)
			continue
		}
		s, _ := v.text(c)
		out = append(out, s...)
	}
	return string(out), nil
}
