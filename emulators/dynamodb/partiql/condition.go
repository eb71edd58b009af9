package partiql

import "strings"

// any reads: all OR all …
func (p *parser) any() (*Condition, error) { return p.joined("OR", p.all) }

// all reads: not AND not …
func (p *parser) all() (*Condition, error) { return p.joined("AND", p.not) }

func (p *parser) joined(operator string, part func() (*Condition, error)) (*Condition, error) {
	c := &Condition{Operator: operator}
	for more := true; more; more = p.keyword(operator) {
		one, err := part()
		if err != nil {
			return nil, err
		}
		c.Parts = append(c.Parts, one)
	}
	if len(c.Parts) == 1 {
		return c.Parts[0], nil
	}
	return c, nil
}

func (p *parser) not() (*Condition, error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	switch {
	case p.keyword("NOT"):
		part, err := p.not()
		return &Condition{Operator: "NOT", Parts: []*Condition{part}}, err
	case p.keyword("EXISTS"):
		return nil, p.unsupported("EXISTS")
	case p.sign("("):
		c, err := p.any()
		if err != nil {
			return nil, err
		}
		return c, p.expect(")")
	}
	first, err := p.operand()
	if err != nil {
		return nil, err
	}
	if truth[first.Call] {
		return &Condition{Operator: first.Call, Args: first.Args}, nil
	}
	return p.comparison(first)
}

// truth are the functions that are conditions.
var truth = map[string]bool{"contains": true, "begins_with": true, "attribute_type": true, "attribute_exists": true, "attribute_not_exists": true}

// comparison reads what follows an operand.
func (p *parser) comparison(first Operand) (*Condition, error) {
	c := &Condition{Args: []Operand{first}}
	more := func(n int, between string) error {
		for i := range n {
			if i > 0 && !p.keyword(between) {
				return p.syntax()
			}
			o, err := p.operand()
			if err != nil {
				return err
			}
			c.Args = append(c.Args, o)
		}
		return nil
	}
	switch t := p.peek(); {
	case t.kind == tokenSign && strings.Contains(" = <> != < <= > >= ", " "+t.text+" "):
		p.at++
		if c.Operator = t.text; t.text == "!=" {
			c.Operator = "<>"
		}
		return c, more(1, "")
	case p.keyword("BETWEEN"):
		c.Operator = "BETWEEN"
		return c, more(2, "AND")
	case p.keyword("NOT", "IN"):
		c.Operator = "IN"
		return &Condition{Operator: "NOT", Parts: []*Condition{c}}, p.list(c)
	case p.keyword("IN"):
		c.Operator = "IN"
		return c, p.list(c)
	case p.keyword("IS"):
		return p.is(c)
	}
	return nil, p.syntax()
}

// list reads the values of IN.
func (p *parser) list(c *Condition) error {
	end := ")"
	if p.sign("[") {
		end = "]"
	} else if !p.sign("(") {
		return p.syntax()
	}
	for more := true; more; more = p.sign(",") {
		o, err := p.operand()
		if err != nil {
			return err
		}
		c.Args = append(c.Args, o)
	}
	return p.expect(end)
}

// is reads MISSING or NULL, perhaps behind NOT.
func (p *parser) is(c *Condition) (*Condition, error) {
	if c.Args[0].Path == nil {
		return nil, p.syntax()
	}
	not := p.keyword("NOT")
	switch {
	case p.keyword("MISSING"):
		c.Operator = "attribute_not_exists"
	case p.keyword("NULL"):
		c.Operator = "attribute_type"
		c.Args = append(c.Args, nullType)
	default:
		return nil, p.syntax()
	}
	if not {
		return &Condition{Operator: "NOT", Parts: []*Condition{c}}, nil
	}
	return c, nil
}
