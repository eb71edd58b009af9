package partiql

import (
	"strconv"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Limits of a statement.
// See https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ExecuteStatement.html
const (
	maxText  = 8192
	maxDepth = 32
)

// parser walks over tokens; the first error ends it.
type parser struct {
	text       string
	tokens     []token
	at         int
	depth      int
	parameters []attribute.Value
	used       int
}

// Parse reads a statement. There must be as many parameters as question marks.
func Parse(text string, parameters []attribute.Value) (*Statement, error) {
	if strings.TrimSpace(text) == "" || len(text) > maxText {
		return nil, invalid("Statement must have 1 to %d characters", maxText)
	}
	p := &parser{text: text, tokens: scan(text), parameters: parameters}
	s, err := p.statement()
	if err != nil {
		return nil, err
	}
	p.sign(";")
	if p.peek().kind != tokenEnd {
		return nil, p.syntax()
	}
	if p.used != len(parameters) {
		return nil, invalid("Number of parameters in request and statement don't match.")
	}
	return s, nil
}

func invalid(format string, args ...any) error {
	return wire.Errorf("ValidationException", 0, format, args...)
}

func (p *parser) peek() token { return p.tokens[p.at] }

// syntax is the error of the token that comes next.
func (p *parser) syntax() error {
	t := p.peek()
	if t.kind == tokenEnd {
		return invalid("Statement wasn't well formed, can't be processed: unexpected end")
	}
	return invalid("Statement wasn't well formed, can't be processed: unexpected %q at offset %d", t.text, t.at)
}

func (p *parser) unsupported(what string) error {
	return invalid("PartiQL: %s is not implemented by Shakedown", what)
}

func (p *parser) sign(s string) bool {
	if t := p.peek(); t.kind != tokenSign || t.text != s {
		return false
	}
	p.at++
	return true
}

func (p *parser) keyword(words ...string) bool {
	for i, word := range words {
		if p.at+i >= len(p.tokens) {
			return false
		}
		if t := p.tokens[p.at+i]; t.kind != tokenWord || !strings.EqualFold(t.text, word) {
			return false
		}
	}
	p.at += len(words)
	return true
}

func (p *parser) expect(s string) error {
	if !p.sign(s) {
		return p.syntax()
	}
	return nil
}

func (p *parser) expectWords(words ...string) error {
	if !p.keyword(words...) {
		return p.syntax()
	}
	return nil
}

// deeper bounds the nesting of conditions and values.
func (p *parser) deeper() error {
	if p.depth++; p.depth > maxDepth {
		return invalid("Nesting Levels have exceeded supported limits")
	}
	return nil
}

// keywords are no names without quotes.
var keywords = map[string]bool{
	"SELECT": true, "FROM": true, "WHERE": true, "ORDER": true, "BY": true, "INSERT": true, "INTO": true, "VALUE": true, "UPDATE": true, "SET": true,
	"REMOVE": true, "DELETE": true, "RETURNING": true, "AND": true, "OR": true, "NOT": true, "IN": true, "BETWEEN": true, "IS": true, "MISSING": true,
	"NULL": true, "TRUE": true, "FALSE": true,
}

// name reads a name, with quotes or without.
func (p *parser) name() (string, error) {
	t := p.peek()
	if t.kind != tokenName && (t.kind != tokenWord || keywords[strings.ToUpper(t.text)]) || t.text == "" {
		return "", p.syntax()
	}
	p.at++
	return t.text, nil
}

// path reads a document path.
func (p *parser) path() (attribute.Path, error) {
	name, err := p.name()
	if err != nil {
		return nil, err
	}
	path := attribute.Path{attribute.Name(name)}
	for {
		switch {
		case p.sign("."):
			if name, err = p.name(); err != nil {
				return nil, err
			}
			path = append(path, attribute.Name(name))
		case p.sign("["):
			t := p.peek()
			n, err := strconv.ParseInt(t.text, 10, 32)
			if t.kind != tokenNumber || err != nil {
				return nil, p.syntax()
			}
			p.at++
			if err := p.expect("]"); err != nil {
				return nil, err
			}
			path = append(path, attribute.Index(int(n)))
		default:
			return path, nil
		}
	}
}
