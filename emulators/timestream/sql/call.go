package sql

// call reads (…) [OVER (…)] behind a function's name.
func (p *parser) call(t Token) (*Node, error) {
	p.next()
	n := &Node{Op: CallOp, At: t, Text: Lower(t.text)}
	switch {
	case p.accept(")"):
	case p.accept("*"):
		n.Args = []*Node{{Op: StarOp, At: t}}
		if err := p.expect(")"); err != nil {
			return nil, err
		}
	default:
		n.Flag = p.accept("DISTINCT")
		var err error
		if n.Text == "position" {
			n.Args, err = p.position()
		} else {
			n.Args, err = p.list()
		}
		if err != nil {
			return nil, err
		}
		if o := p.peek(); o.is("ORDER") {
			return nil, o.Fail("ORDER BY in an aggregate is not implemented by Shakedown")
		}
		if err := p.expect(")"); err != nil {
			return nil, err
		}
	}
	return n, p.behindCall(n)
}

// behindCall reads [FILTER (WHERE …)] [IGNORE NULLS | RESPECT NULLS] [OVER (…)].
func (p *parser) behindCall(n *Node) (err error) {
	if t := p.peek(); t.is("WITHIN") && p.ahead(1).is("GROUP") {
		return t.Fail("WITHIN GROUP is not implemented by Shakedown")
	}
	if p.peek().is("FILTER") && p.ahead(1).is("(") {
		p.next()
		p.next()
		if err := p.expect("WHERE"); err != nil {
			return err
		}
		if n.Filter, err = p.expression(); err != nil {
			return err
		}
		if err := p.expect(")"); err != nil {
			return err
		}
	}
	if t := p.peek(); t.isOneOf([]string{"IGNORE", "RESPECT"}) && p.ahead(1).is("NULLS") {
		n.IgnoreNulls = t.is("IGNORE")
		p.next()
		p.next()
		if !p.peek().is("OVER") {
			return p.expect("OVER")
		}
	}
	if p.accept("OVER") {
		n.Over, err = p.over()
	}
	return err
}

// position reads x IN y, which is strpos(y, x).
func (p *parser) position() ([]*Node, error) {
	what, err := p.binary(3)
	if err != nil {
		return nil, err
	}
	if err := p.expect("IN"); err != nil {
		return nil, err
	}
	in, err := p.binary(3)
	return []*Node{in, what}, err
}

// over reads ([PARTITION BY …] [ORDER BY …] [frame]).
func (p *parser) over() (*Over, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	o := &Over{}
	var err error
	if p.accept("PARTITION") {
		if err := p.expect("BY"); err != nil {
			return nil, err
		}
		if o.Partition, err = p.list(); err != nil {
			return nil, err
		}
	}
	if p.peek().is("ORDER") {
		if o.Order, err = p.ordering(); err != nil {
			return nil, err
		}
	}
	// Without a frame: from the first row to the last that is equal in order.
	o.Frame = Frame{From: Bound{Sign: -1, Unbounded: true}}
	if len(o.Order) == 0 {
		o.Frame.To = Bound{Sign: 1, Unbounded: true}
	}
	if t := p.peek(); t.is("ROWS") || t.is("RANGE") {
		if o.Frame, err = p.frame(); err != nil {
			return nil, err
		}
	} else if t.is("GROUPS") {
		return nil, t.Fail("GROUPS is not implemented by Shakedown")
	}
	return o, p.expect(")")
}

// frame reads ROWS|RANGE bound and ROWS|RANGE BETWEEN bound AND bound.
func (p *parser) frame() (Frame, error) {
	at := p.next()
	f := Frame{Rows: at.is("ROWS")}
	between := p.accept("BETWEEN")
	var err error
	if f.From, err = p.bound(); err != nil {
		return f, err
	}
	if between {
		if err := p.expect("AND"); err != nil {
			return f, err
		}
		if f.To, err = p.bound(); err != nil {
			return f, err
		}
	}
	if f.From.Unbounded && f.From.Sign > 0 || f.To.Unbounded && f.To.Sign < 0 || f.From.Sign > f.To.Sign {
		return f, at.Fail("the frame ends before it begins")
	}
	return f, nil
}

func (p *parser) bound() (Bound, error) {
	if p.accept("CURRENT") {
		return Bound{}, p.expect("ROW")
	}
	b := Bound{Unbounded: p.accept("UNBOUNDED")}
	var err error
	if !b.Unbounded {
		if b.Offset, err = p.binary(3); err != nil {
			return b, err
		}
	}
	if b.Sign = -1; !p.accept("PRECEDING") {
		b.Sign = 1
		err = p.expect("FOLLOWING")
	}
	return b, err
}
