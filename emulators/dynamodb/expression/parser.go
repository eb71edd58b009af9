package expression

import (
	"strconv"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

// Limits of an expression.
// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
const (
	maxText      = 4 << 10
	maxOperators = 300
	maxPath      = 32
	maxOperands  = 100
	maxName      = 64 << 10 // of an attribute: it is shorter
)

// parser walks over tokens. Syntax errors end it at once; the first error of
// meaning (a reserved word, an unknown function) is kept until the syntax is
// known to be right, as the service does.
type parser struct {
	kind      Kind
	text      string
	tokens    []token
	at        int
	operators int
	meaning   error
	rank      rank // of meaning
}

// rank is the place of an error of meaning among those of an expression: the service
// looks for one kind after the other.
type rank int

const (
	redundant rank = iota // parentheses
	unknown               // a function that there is not
	misused               // a function that may not stand there
	word                  // a reserved word
	limit                 // of the expression
	repeated              // a section of an update
)

func newParser(kind Kind, text string) (*parser, error) {
	if strings.TrimSpace(text) == "" {
		return nil, kind.invalid("The expression can not be empty;")
	}
	if len(text) > maxText {
		return nil, kind.invalid("Expression size has exceeded the maximum allowed size; expression size: %d", len(text))
	}
	return &parser{kind: kind, text: text, tokens: scan(text)}, nil
}

// finish is called at the end of the expression.
func (p *parser) finish() error {
	if p.peek().kind != tokenEnd {
		return p.syntax()
	}
	if p.meaning == nil && p.operators > maxOperators {
		return p.kind.invalid("The expression contains too many operators; operator count: %d", p.operators)
	}
	return p.meaning
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) next() token {
	t := p.tokens[p.at]
	if t.kind != tokenEnd {
		p.at++
	}
	return t
}

// sign consumes an operator or punctuation.
func (p *parser) sign(s string) bool {
	if t := p.peek(); t.kind == tokenSign && t.text == s {
		p.at++
		return true
	}
	return false
}

// keyword consumes a keyword, in any case.
func (p *parser) keyword(word string) bool {
	if t := p.peek(); t.kind == tokenWord && strings.EqualFold(t.text, word) {
		p.at++
		return true
	}
	return false
}

func (p *parser) expect(s string) error {
	if !p.sign(s) {
		return p.syntax()
	}
	return nil
}

// syntax is the error of the token that comes next. Redundant parentheses before it are
// told first.
func (p *parser) syntax() error {
	if p.meaning != nil && p.rank == redundant {
		return p.meaning
	}
	t := p.peek()
	start, end := t.start, t.end
	if p.at > 0 {
		start = p.tokens[p.at-1].start
	}
	if p.at+1 < len(p.tokens) {
		end = p.tokens[p.at+1].end
	}
	return p.kind.invalid("Syntax error; token: %q, near: %q", t.text, p.text[start:end])
}

// wrong keeps an error of meaning, the first of the first rank.
func (p *parser) wrong(r rank, format string, args ...any) {
	if p.meaning == nil || r < p.rank {
		p.meaning, p.rank = p.kind.invalid(format, args...), r
	}
}

// path reads a document path; names may still be placeholders.
func (p *parser) path() (attribute.Path, error) {
	var path attribute.Path
	for {
		t := p.peek()
		switch {
		case t.kind == tokenWord && p.kind.keyword(t.text):
			return nil, p.syntax()
		case t.kind == tokenWord && reserved(t.text):
			p.wrong(word, "Attribute name is a reserved keyword; reserved keyword: %s", t.text)
		case t.kind != tokenWord && t.kind != tokenName:
			return nil, p.syntax()
		}
		p.next()
		path = append(path, attribute.Name(t.text))
		var err error
		if path, err = p.indexes(path); err != nil {
			return nil, err
		}
		if !p.sign(".") {
			break
		}
	}
	if len(path) > maxPath {
		p.wrong(limit, "The document path has too many nesting elements; nesting levels: %d", len(path))
	}
	return path, nil
}

// keyword tells a word that is an operator or a section of the kind of expression.
func (k Kind) keyword(text string) bool {
	switch strings.ToUpper(text) {
	case "AND", "OR", "NOT", "BETWEEN", "IN":
		return k != UpdateKind && k != ProjectionKind
	case "SET", "REMOVE", "ADD", "DELETE":
		return k == UpdateKind
	}
	return false
}

func (p *parser) indexes(path attribute.Path) (attribute.Path, error) {
	for p.sign("[") {
		t := p.peek()
		if t.kind != tokenNumber {
			return nil, p.syntax()
		}
		p.next()
		if err := p.expect("]"); err != nil {
			return nil, err
		}
		n, err := strconv.ParseInt(t.text, 10, 32)
		if err != nil {
			p.wrong(limit, "List index is not within the allowable range; index: [%s]", t.text)
		}
		path = append(path, attribute.Index(int(n)))
	}
	return path, nil
}
