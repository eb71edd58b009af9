package expect

import (
	"fmt"
	"strings"
)

// Error is what is wrong with an expectation. Column counts characters from 1.
type Error struct {
	Column int
	Text   string
}

// Error implements error.
func (e *Error) Error() string { return fmt.Sprintf("column %d: %s", e.Column, e.Text) }

// Expectation is one comparison.
type Expectation struct {
	text        string
	left, right side
	operator    string
}

// side is a measure or, where the measure is nil, a quantity.
type side struct {
	measure   *measure
	arguments []string
	quantity  Quantity
}

func (s side) unit() Unit {
	if s.measure != nil {
		return s.measure.unit
	}
	return s.quantity.Unit
}

// String is the expectation as it was written.
func (e *Expectation) String() string { return e.text }

// Parse reads an expectation; errors are of type *Error.
func Parse(text string) (*Expectation, error) {
	list, err := tokens(text)
	if err != nil {
		return nil, err
	}
	p := &parser{rest: list}
	e := &Expectation{text: strings.Join(strings.Fields(text), " ")}
	if e.left, err = p.side(); err != nil {
		return nil, err
	}
	operator := p.take()
	if _, known := operators[operator.text]; operator.kind != operatorToken || !known {
		hint := ""
		if operator.text == "=" {
			hint = ": equality is =="
		}
		return nil, &Error{operator.column, fmt.Sprintf("%s is none of the comparisons == != < <= > >=%s", operator, hint)}
	}
	e.operator = operator.text
	right := p.peek()
	if e.right, err = p.side(); err != nil {
		return nil, err
	}
	if end := p.take(); end.kind != endToken {
		return nil, &Error{end.column, fmt.Sprintf("%s after the comparison: an expectation is one comparison", end)}
	}
	return e, e.check(right.column)
}

// check compares the units of both sides.
func (e *Expectation) check(column int) error {
	if e.left.measure == nil && e.right.measure == nil {
		return &Error{1, "neither side is a measure: the known ones are " + names()}
	}
	left, right := e.left.unit(), e.right.unit()
	if left == right {
		return nil
	}
	measured, given := e.left, e.right
	if measured.measure == nil {
		measured, given, column = e.right, e.left, 1
	}
	return &Error{column, fmt.Sprintf("%s is compared with %s, not with %s", measured.measure.name, measured.unit(), given.unit())}
}

type parser struct{ rest []token }

func (p *parser) peek() token { return p.rest[0] }

// take takes the next token; the end stays.
func (p *parser) take() token {
	t := p.rest[0]
	if t.kind != endToken {
		p.rest = p.rest[1:]
	}
	return t
}

func (p *parser) side() (side, error) {
	t := p.take()
	switch t.kind {
	case numberToken:
		q, err := quantity(t.text)
		if err != nil {
			return side{}, &Error{t.column, err.Error()}
		}
		return side{quantity: q}, nil
	case wordToken:
		return p.measure(t)
	}
	return side{}, &Error{t.column, fmt.Sprintf("%s where a measure or a number is needed", t)}
}

func (p *parser) measure(name token) (side, error) {
	m, ok := catalogue[name.text]
	if !ok {
		return side{}, &Error{name.column, fmt.Sprintf("%q is not measured: the known ones are %s", name.text, names())}
	}
	arguments, err := p.arguments()
	if err != nil {
		return side{}, err
	}
	s := side{measure: m}
	for i, a := range arguments {
		if i >= len(m.parameters) {
			return side{}, &Error{a.column, fmt.Sprintf("%s takes no more than %d in parentheses", m.name, len(m.parameters))}
		}
		value, known := m.parameters[i].values[a.text]
		if !known {
			return side{}, &Error{a.column, fmt.Sprintf("%s(%s): the known ones are %s", m.name, a.text, m.parameters[i])}
		}
		s.arguments = append(s.arguments, value)
	}
	if len(arguments) < m.needed {
		return side{}, &Error{name.column, fmt.Sprintf("%s needs one of %s in parentheses", m.name, m.parameters[len(arguments)])}
	}
	return s, nil
}

// arguments are the words in parentheses; several words in a row are one.
func (p *parser) arguments() ([]token, error) {
	if p.peek().text != "(" {
		return nil, nil
	}
	p.take()
	var list []token
	for {
		word := p.take()
		if word.kind != wordToken {
			return nil, &Error{word.column, fmt.Sprintf("%s where a name is needed", word)}
		}
		for p.peek().kind == wordToken {
			word.text += " " + p.take().text
		}
		list = append(list, word)
		switch mark := p.take(); mark.text {
		case ")":
			return list, nil
		case ",":
		default:
			return nil, &Error{mark.column, fmt.Sprintf("%s where , or ) is needed", mark)}
		}
	}
}
