package timestream

// call reads (…) [OVER (…)] behind a function's name.
func (p *parser) call(t token) (*node, error) {
	p.next()
	n := &node{op: callOp, at: t, text: lower(t.text)}
	switch {
	case p.accept(")"):
	case p.accept("*"):
		n.args = []*node{{op: starOp, at: t}}
		if err := p.expect(")"); err != nil {
			return nil, err
		}
	default:
		n.flag = p.accept("DISTINCT")
		var err error
		if n.text == "position" {
			n.args, err = p.position()
		} else {
			n.args, err = p.list()
		}
		if err != nil {
			return nil, err
		}
		if o := p.peek(); o.is("ORDER") {
			return nil, o.fail("ORDER BY in an aggregate is not implemented by Shakedown")
		}
		if err := p.expect(")"); err != nil {
			return nil, err
		}
	}
	for _, word := range []string{"FILTER", "WITHIN", "IGNORE", "RESPECT"} {
		if t := p.peek(); t.is(word) && (p.ahead(1).is("(") || p.ahead(1).isOneOf([]string{"GROUP", "NULLS"})) {
			return nil, t.fail("%s is not implemented by Shakedown", word)
		}
	}
	if p.accept("OVER") {
		var err error
		if n.over, err = p.over(); err != nil {
			return nil, err
		}
	}
	return n, nil
}

// position reads x IN y, which is strpos(y, x).
func (p *parser) position() ([]*node, error) {
	what, err := p.binary(3)
	if err != nil {
		return nil, err
	}
	if err := p.expect("IN"); err != nil {
		return nil, err
	}
	in, err := p.binary(3)
	return []*node{in, what}, err
}

// over reads ([PARTITION BY …] [ORDER BY …] [frame]).
func (p *parser) over() (*over, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	o := &over{}
	var err error
	if p.accept("PARTITION") {
		if err := p.expect("BY"); err != nil {
			return nil, err
		}
		if o.partition, err = p.list(); err != nil {
			return nil, err
		}
	}
	if p.peek().is("ORDER") {
		if o.order, err = p.ordering(); err != nil {
			return nil, err
		}
	}
	// Without a frame: from the first row to the last that is equal in order.
	o.frame = frame{from: bound{sign: -1, unbounded: true}}
	if len(o.order) == 0 {
		o.frame.to = bound{sign: 1, unbounded: true}
	}
	if t := p.peek(); t.is("ROWS") || t.is("RANGE") {
		if o.frame, err = p.frame(); err != nil {
			return nil, err
		}
	} else if t.is("GROUPS") {
		return nil, t.fail("GROUPS is not implemented by Shakedown")
	}
	return o, p.expect(")")
}

// frame reads ROWS|RANGE bound and ROWS|RANGE BETWEEN bound AND bound.
func (p *parser) frame() (frame, error) {
	at := p.next()
	f := frame{rows: at.is("ROWS")}
	between := p.accept("BETWEEN")
	var err error
	if f.from, err = p.bound(); err != nil {
		return f, err
	}
	if between {
		if err := p.expect("AND"); err != nil {
			return f, err
		}
		if f.to, err = p.bound(); err != nil {
			return f, err
		}
	}
	if !f.rows && (f.from.offset != nil || f.to.offset != nil) {
		return f, at.fail("RANGE with an offset is not implemented by Shakedown")
	}
	if f.from.unbounded && f.from.sign > 0 || f.to.unbounded && f.to.sign < 0 || f.from.sign > f.to.sign {
		return f, at.fail("the frame ends before it begins")
	}
	return f, nil
}

func (p *parser) bound() (bound, error) {
	if p.accept("CURRENT") {
		return bound{}, p.expect("ROW")
	}
	b := bound{unbounded: p.accept("UNBOUNDED")}
	var err error
	if !b.unbounded {
		if b.offset, err = p.binary(3); err != nil {
			return b, err
		}
	}
	if b.sign = -1; !p.accept("PRECEDING") {
		b.sign = 1
		err = p.expect("FOLLOWING")
	}
	return b, err
}
