package timestream

// aggregate collects the values of one call over a group.
type aggregate interface {
	add(args []value)
	result() value
}

// aggregateCall is one distinct call of a query.
type aggregateCall struct {
	args []expr
	make func() aggregate
}

var aggregates = map[string]bool{"avg": true, "count": true, "max": true, "min": true, "sum": true, "max_by": true, "min_by": true, "approx_distinct": true}

func isAggregate(name string) bool { return aggregates[name] }

// aggregate compiles a call and gives it a place in each group.
func (s *scope) aggregate(n *node) (expr, error) {
	if s.inside {
		return expr{}, n.at.fail("an aggregate cannot stand inside an aggregate")
	}
	if s.where {
		return expr{}, n.at.fail("WHERE clause cannot contain aggregations: %s", n.text)
	}
	if n.flag && n.text != "count" {
		return expr{}, n.at.fail("DISTINCT in %s is not implemented by Shakedown", n.text)
	}
	call := &aggregateCall{}
	s.inside = true
	for _, a := range n.args {
		if a.op == starOp {
			if n.text != "count" {
				s.inside = false
				return expr{}, n.at.fail("* stands only in count(*)")
			}
			continue
		}
		e, err := s.compile(a)
		if err != nil {
			s.inside = false
			return expr{}, err
		}
		call.args = append(call.args, e)
	}
	s.inside = false
	kind, err := call.choose(n)
	if err != nil {
		return expr{}, err
	}
	i, ok := s.found[n.key()]
	if !ok {
		i = len(s.calls)
		s.found[n.key()] = i
		s.calls = append(s.calls, call)
	}
	return expr{kind: kind, eval: func(e *env) value { return e.sums[i].result() }}, nil
}

// choose picks the aggregate for a name and the kinds of its arguments.
func (c *aggregateCall) choose(n *node) (kind, error) {
	bad := func() (kind, error) {
		return 0, n.at.fail("Unexpected parameters for function %s", n.text)
	}
	switch n.text {
	case "count", "approx_distinct":
		distinct := n.flag || n.text == "approx_distinct"
		if len(c.args) > 1 || len(c.args) == 0 && (distinct || len(n.args) == 0) {
			return bad()
		}
		c.make = func() aggregate { return &count{distinct: distinct, seen: map[string]bool{}} }
		return bigint, nil
	case "avg", "sum":
		if len(c.args) != 1 || !isNumber(c.args[0].kind) {
			return bad()
		}
		kind := double
		if n.text == "sum" {
			kind = c.args[0].kind
		}
		c.make = func() aggregate { return &sum{average: n.text == "avg", kind: kind} }
		return kind, nil
	case "max", "min":
		if len(c.args) != 1 {
			return bad()
		}
		kind := c.args[0].kind
		c.make = func() aggregate { return &extreme{sign: signOf(n.text == "max"), kind: kind} }
		return kind, nil
	}
	// max_by and min_by.
	if len(c.args) != 2 {
		return bad()
	}
	kind := c.args[0].kind
	c.make = func() aggregate { return &extreme{sign: signOf(n.text == "max_by"), kind: kind, by: 1} }
	return kind, nil
}

func signOf(largest bool) int {
	if largest {
		return 1
	}
	return -1
}

type count struct {
	n        int64
	distinct bool
	seen     map[string]bool
}

func (c *count) add(args []value) {
	if len(args) == 1 && args[0].null {
		return
	}
	if c.distinct {
		c.seen[args[0].text()] = true
		return
	}
	c.n++
}

func (c *count) result() value {
	if c.distinct {
		return value{kind: bigint, i: int64(len(c.seen))}
	}
	return value{kind: bigint, i: c.n}
}

type sum struct {
	average bool
	kind    kind
	n       int64
	f       float64
	i       int64
}

func (s *sum) add(args []value) {
	if args[0].null {
		return
	}
	s.n++
	s.f += args[0].number()
	s.i += args[0].i
}

func (s *sum) result() value {
	switch {
	case s.n == 0:
		return value{kind: s.kind, null: true}
	case s.average:
		return value{kind: double, f: s.f / float64(s.n)}
	case s.kind == double:
		return value{kind: double, f: s.f}
	}
	return value{kind: bigint, i: s.i}
}

// extreme keeps the value with the largest or smallest key; max and min are
// their own key.
type extreme struct {
	sign      int
	kind      kind
	by        int
	any       bool
	best, key value
}

func (x *extreme) add(args []value) {
	key := args[x.by]
	if key.null {
		return
	}
	if !x.any || compare(key, x.key)*x.sign > 0 {
		x.any, x.best, x.key = true, args[0], key
	}
}

func (x *extreme) result() value {
	if !x.any {
		return value{kind: x.kind, null: true}
	}
	return x.best
}
