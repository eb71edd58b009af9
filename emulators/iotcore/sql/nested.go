package sql

// subselect is a nested SELECT: of an Array it makes the Array of what each element
// gives, of an Object that of the one.
//
//	(SELECT VALUE n FROM e WHERE v > 7)
//	(SELECT * FROM arr AS a WHERE a = 3)
//
// Names in it are members of the element, or the name behind AS and what is below
// it; the payload around is not seen (AWS does not say), variables are.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-nested-queries.html
type subselect struct {
	selection
	from  node
	name  string
	where node
	// cost of one element, in the bytes that scope counts: it bounds the work.
	cost int
}

// element is what a nested SELECT looks at.
type element struct {
	name  string
	value value
}

func (e *element) find(names []string) value {
	if e.name != "" && names[0] == e.name {
		return descend(e.value, names[1:])
	}
	return descend(e.value, names)
}

func (n *subselect) eval(c *scope) value {
	from := n.from.eval(c)
	var elements []value
	switch from.kind {
	case arrayKind:
		elements = from.items()
	case objectKind:
		elements = []value{from}
	default:
		return undefined
	}
	outer := c.element
	defer func() { c.element = outer }()
	made := []value{}
	for i := range elements {
		if !c.use(n.cost) {
			return undefined
		}
		c.element = &element{n.name, elements[i]}
		if v := n.row(c); v.kind != undefinedKind {
			made = append(made, v)
		}
		if c.err != nil {
			return undefined
		}
	}
	return c.spend(ofArray(made))
}

// row is what the element gives: Undefined where WHERE is not true.
func (n *subselect) row(c *scope) value {
	if n.where != nil {
		if v := n.where.eval(c); v.kind != boolKind || !v.b {
			return undefined
		}
	}
	if n.value == nil && len(n.items) == 1 && n.items[0].star {
		return c.element.value
	}
	return n.made(c)
}

// exists is EXISTS (SELECT …): whether there is one element or more.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-operators.html#iot-sql-operators-exists
type exists struct{ of node }

func (n exists) eval(c *scope) value { return ofBool(len(n.of.eval(c).items()) > 0) }

// elementCost is of one element, and of each character of the SELECT for it.
const elementCost = 64

// subselect reads on behind the parenthesis.
func (p *parser) subselect() (node, error) {
	start := p.next()
	if p.old {
		return nil, start.fail("a nested SELECT needs SQL version %s", Version2016)
	}
	up, err := p.down()
	if err != nil {
		return nil, err
	}
	defer up()
	n := &subselect{}
	if n.selection, err = p.selection(); err != nil {
		return nil, err
	}
	if err := p.expect("FROM"); err != nil {
		return nil, err
	}
	if n.from, err = p.primary(); err != nil {
		return nil, err
	}
	if p.accept("AS") {
		t := p.next()
		if t.kind != wordToken || t.oneOf(keywords) {
			return nil, t.fail("expected a name, not %s", t)
		}
		n.name = t.text
	}
	if n.where, err = p.where(); err != nil {
		return nil, err
	}
	n.cost = elementCost + 4*(p.peek().pos-start.pos)
	return n, nil
}

// inParentheses reads an expression or a nested SELECT.
func (p *parser) inParentheses() (node, error) {
	if p.peek().is("SELECT") {
		return p.subselect()
	}
	return p.expression()
}

func (p *parser) exists() (node, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	if t := p.peek(); !t.is("SELECT") {
		return nil, t.fail("expected 'SELECT', not %s", t)
	}
	of, err := p.subselect()
	if err != nil {
		return nil, err
	}
	return exists{of}, p.expect(")")
}
