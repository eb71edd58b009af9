package dynamodb

import (
	"strconv"
	"strings"
)

// parser reads one expression; kind names it in errors, as in ConditionExpression.
type parser struct {
	kind   string
	tokens []token
	at     int
	depth  int
	names  map[string]bool // #names used
	values map[string]bool // :values used
}

func newParser(kind, text string) (*parser, error) {
	if strings.TrimSpace(text) == "" {
		return nil, validation("Invalid %s: The expression can not be empty;", kind)
	}
	tokens, err := lex(text)
	if err != nil {
		return nil, invalid(kind, err)
	}
	return &parser{kind: kind, tokens: tokens, names: map[string]bool{}, values: map[string]bool{}}, nil
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) next() token {
	t := p.tokens[p.at]
	if t.kind != 0 {
		p.at++
	}
	return t
}

func (p *parser) accept(text string) bool {
	if p.peek().is(text) {
		p.at++
		return true
	}
	return false
}

func (p *parser) expect(text string) error {
	if !p.accept(text) {
		return p.syntax()
	}
	return nil
}

func (p *parser) syntax() error {
	near := p.peek().text
	if p.peek().kind == 0 {
		near = "<EOF>"
	}
	return validation("Invalid %s: Syntax error; token: \"%s\"", p.kind, near)
}

// maxDepth bounds how deep expressions nest.
const maxDepth = 100

func (p *parser) down() error {
	p.depth++
	if p.depth > maxDepth {
		return validation("Invalid %s: The expression is nested deeper than %d", p.kind, maxDepth)
	}
	return nil
}

// step is one part of a document path: a name, or an index of a list.
type step struct {
	name  string // as written: an attribute or #name
	index int    // -1 for a name
}

type path []step

// path reads a.b[0].#c.
func (p *parser) path() (path, error) {
	first, err := p.name()
	if err != nil {
		return nil, err
	}
	steps := path{first}
	for {
		switch {
		case p.accept("."):
			s, err := p.name()
			if err != nil {
				return nil, err
			}
			steps = append(steps, s)
		case p.accept("["):
			t := p.next()
			n, err := strconv.Atoi(t.text)
			if t.kind != 'n' || err != nil {
				return nil, p.syntax()
			}
			if err := p.expect("]"); err != nil {
				return nil, err
			}
			steps = append(steps, step{index: n})
		default:
			return steps, nil
		}
		if len(steps) > maxNesting {
			return nil, validation("Invalid %s: The document path has too many nesting elements", p.kind)
		}
	}
}

func (p *parser) name() (step, error) {
	t := p.peek()
	switch t.kind {
	case '#':
		p.names[t.text] = true
	case 'w':
		if reserved[strings.ToUpper(t.text)] {
			return step{}, validation("Invalid %s: Attribute name is a reserved keyword; reserved keyword: %s", p.kind, t.text)
		}
	default:
		return step{}, p.syntax()
	}
	p.at++
	return step{t.text, -1}, nil
}

// value reads :name.
func (p *parser) value() (string, bool) {
	if t := p.peek(); t.kind == ':' {
		p.values[t.text] = true
		p.at++
		return t.text, true
	}
	return "", false
}

func (p *parser) end() error {
	if p.peek().kind != 0 {
		return p.syntax()
	}
	return nil
}
