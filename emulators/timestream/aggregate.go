package timestream

import (
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// aggregate collects the values of one call over a group.
type aggregate interface {
	add(args []value.Value)
	result() (value.Value, error)
}

// aggregateCall is one distinct call of a query.
type aggregateCall struct {
	args   []expr
	filter *expr         // nil takes all rows
	values []value.Value // of args, for the row that is added
	kind   value.Kind
	make   func() aggregate
	// grows is that it keeps values whose sizes count.
	grows bool
}

// holder is an aggregate that keeps values, of so many bytes.
type holder interface{ held() int }

func held(a aggregate) int {
	if h, ok := a.(holder); ok {
		return h.held()
	}
	return 0
}

// add adds a row to one group's aggregate.
func (c *aggregateCall) add(to aggregate, e *env) {
	if c.filter != nil && !c.filter.eval(e).IsTrue() {
		return
	}
	for i, a := range c.args {
		c.values[i] = a.eval(e)
	}
	if !c.grows {
		to.add(c.values)
		return
	}
	before := held(to)
	to.add(c.values)
	e.run.hold(held(to) - before)
}

// maker says for the arguments of an aggregate what it answers and how it begins;
// nil is that it does not take them.
type maker func(args []expr) (value.Kind, func() aggregate)

// makers are the aggregates of the page "Aggregate functions".
// https://docs.aws.amazon.com/timestream/latest/developerguide/aggregate-functions.html
var makers = merged(countMakers, momentMakers, collectMakers)

func isAggregate(name string) bool { return makers[name] != nil }

// aggregate compiles a call and gives it a place in each group.
func (s *scope) aggregate(n *sql.Node) (expr, error) {
	if s.inside {
		return expr{}, n.At.Fail("an aggregate cannot stand inside an aggregate")
	}
	if s.clause != "" {
		return expr{}, n.At.Fail("%s clause cannot contain aggregations: %s", s.clause, n.Text)
	}
	if !s.grouped {
		return expr{}, n.At.Fail("an aggregate cannot stand here: %s", n.Text)
	}
	s.inside = true
	call, err := s.aggregation(n)
	s.inside = false
	if err != nil {
		return expr{}, err
	}
	key := s.canon(n)
	i, ok := s.found[key]
	if !ok {
		i = len(s.calls)
		s.found[key] = i
		s.calls = append(s.calls, call)
	}
	return expr{kind: call.kind, eval: func(e *env) value.Value {
		v, err := e.sums[i].result()
		if err != nil {
			e.run.fail(n.At, err)
		}
		return v
	}}, nil
}

// aggregation compiles the call itself.
func (s *scope) aggregation(n *sql.Node) (*aggregateCall, error) {
	call := &aggregateCall{}
	star := len(n.Args) == 1 && n.Args[0].Op == sql.StarOp
	if star && n.Text != "count" || len(n.Args) == 0 {
		return nil, unexpected(n, nil)
	}
	if !star {
		var err error
		if call.args, _, err = s.arguments(n); err != nil {
			return nil, err
		}
	}
	if n.Filter != nil {
		var err error
		if call.filter, err = s.boolean(n.Filter, "FILTER clause"); err != nil {
			return nil, err
		}
	}
	if n.IgnoreNulls {
		return nil, n.At.Fail("IGNORE NULLS stands only behind lag, lead, first_value, last_value and nth_value")
	}
	kinds := make([]value.Kind, len(call.args))
	for i, a := range call.args {
		kinds[i] = a.kind
	}
	if call.kind, call.make = makers[n.Text](call.args); call.make == nil {
		return nil, unexpected(n, kinds)
	}
	call.values = make([]value.Value, len(call.args))
	if n.Flag {
		all := call.make
		call.make = func() aggregate { return newDistinctOnly(all()) }
	}
	// That of one value of a fixed size is counted with its group.
	one := call.make()
	_, single := one.(*extreme)
	_, call.grows = one.(holder)
	if single && !slices.ContainsFunc(kinds, func(k value.Kind) bool { return k == value.Varchar || !k.IsScalar() }) {
		call.grows = false
	}
	return call, nil
}

// distinctOnly hands on what it has not seen.
type distinctOnly struct {
	aggregate
	seen  map[string]bool
	bytes int
}

func newDistinctOnly(of aggregate) *distinctOnly {
	return &distinctOnly{aggregate: of, seen: map[string]bool{}}
}

func (d *distinctOnly) add(args []value.Value) {
	key := string(appendKeys(nil, args))
	if !d.seen[key] {
		d.seen[key] = true
		d.bytes += len(key) + perKey
		d.aggregate.add(args)
	}
}

func (d *distinctOnly) held() int { return d.bytes + held(d.aggregate) }

// unary is for aggregates of one argument that ignore null.
func unary(takes func(value.Kind) bool, result func(value.Kind) value.Kind, begin func(value.Kind) aggregate) maker {
	return func(args []expr) (value.Kind, func() aggregate) {
		if len(args) != 1 || args[0].kind != value.Unknown && !takes(args[0].kind) {
			return value.Unknown, nil
		}
		k := args[0].kind
		return result(k), func() aggregate { return begin(k) }
	}
}

func anyKind(value.Kind) bool        { return true }
func isBoolean(k value.Kind) bool    { return k == value.Boolean }
func itself(k value.Kind) value.Kind { return k }
func always(k value.Kind) func(value.Kind) value.Kind {
	return func(value.Kind) value.Kind { return k }
}

// constantOf is the value of an argument that must be the same for all rows.
func constantOf(x expr) (v value.Value, ok bool) {
	if !x.constant {
		return value.Null, false
	}
	r := constantRun(0)
	v = x.eval(&env{run: r})
	return v, r.err == nil
}
