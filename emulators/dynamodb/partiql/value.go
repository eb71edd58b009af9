package partiql

import "github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"

// value reads a literal or takes a parameter.
func (p *parser) value() (attribute.Value, error) {
	if err := p.deeper(); err != nil {
		return attribute.Value{}, err
	}
	defer func() { p.depth-- }()
	t := p.peek()
	switch {
	case t.kind == tokenText:
		p.at++
		return attribute.String(t.text), nil
	case p.keyword("TRUE"):
		return attribute.Bool(true), nil
	case p.keyword("FALSE"):
		return attribute.Bool(false), nil
	case p.keyword("NULL"):
		return attribute.Null(), nil
	case p.sign("?"):
		return p.parameter()
	case p.sign("{"):
		return p.tuple()
	case p.sign("["):
		list, err := p.values("]")
		return attribute.List(list), err
	case p.sign("<<"):
		return p.setValue()
	}
	return p.number()
}

func (p *parser) parameter() (attribute.Value, error) {
	if p.used >= len(p.parameters) {
		return attribute.Value{}, invalid("Number of parameters in request and statement don't match.")
	}
	p.used++
	return p.parameters[p.used-1], nil
}

func (p *parser) number() (attribute.Value, error) {
	sign := ""
	if p.sign("-") {
		sign = "-"
	} else {
		p.sign("+")
	}
	t := p.peek()
	if t.kind != tokenNumber {
		return attribute.Value{}, p.syntax()
	}
	p.at++
	n, err := attribute.ParseNumber(sign + t.text)
	return attribute.Num(n), err
}

// values reads values up to an end; there may be none.
func (p *parser) values(end string) ([]attribute.Value, error) {
	list := []attribute.Value{}
	if p.sign(end) {
		return list, nil
	}
	for more := true; more; more = p.sign(",") {
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, p.expect(end)
}

// tuple reads 'name': value, … }
func (p *parser) tuple() (attribute.Value, error) {
	members := map[string]attribute.Value{}
	for more := !p.sign("}"); more; {
		t := p.peek()
		if t.kind != tokenText && t.kind != tokenName || t.text == "" {
			return attribute.Value{}, p.syntax()
		}
		p.at++
		if err := p.expect(":"); err != nil {
			return attribute.Value{}, err
		}
		v, err := p.value()
		if err != nil {
			return v, err
		}
		if _, twice := members[t.text]; twice {
			return v, invalid("The tuple has the name %s twice", t.text)
		}
		members[t.text] = v
		if more = p.sign(","); !more {
			if err := p.expect("}"); err != nil {
				return v, err
			}
		}
	}
	return attribute.Map(members), nil
}

// setValue reads the elements of a set, which are of one type.
func (p *parser) setValue() (attribute.Value, error) {
	list, err := p.values(">>")
	if err != nil {
		return attribute.Value{}, err
	}
	return attribute.SetOf(list)
}
