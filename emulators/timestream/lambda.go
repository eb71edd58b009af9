package timestream

import (
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// parameter is one of a lambda expression's. Its argument has the same place among
// an env's locals.
type parameter struct {
	name string
	kind value.Kind
}

// lambda is a compiled x -> body.
type lambda struct {
	body  expr
	depth int // how many arguments of lambdas around it there are
}

// call evaluates the body.
func (l lambda) call(e *env, args ...value.Value) value.Value {
	e.locals = append(e.locals[:l.depth], args...)
	v := l.body.eval(e)
	e.locals = e.locals[:l.depth]
	return v
}

// lambda compiles an argument that must be a lambda expression of parameters of these
// kinds.
func (s *scope) lambda(n *sql.Node, kinds ...value.Kind) (l lambda, err error) {
	if n.Op != sql.LambdaOp || len(n.Names) != len(kinds) {
		return l, n.At.Fail("expected a lambda expression of %d parameters", len(kinds))
	}
	n.Args[0].Walk(func(in *sql.Node) {
		switch {
		case err != nil:
		case in.Query != nil:
			err = in.At.Fail("a lambda expression cannot contain sub-queries")
		case in.Over != nil || in.Op == sql.CallOp && isAggregate(in.Text):
			err = in.At.Fail("a lambda expression cannot contain aggregations and window functions: %s", in.Text)
		}
	})
	if err != nil {
		return l, err
	}
	l.depth = len(s.locals)
	for i, name := range n.Names {
		s.locals = append(s.locals, parameter{name, kinds[i]})
	}
	l.body, err = s.compile(n.Args[0])
	s.locals = s.locals[:l.depth]
	return l, err
}

// local compiles a parameter.
func (s *scope) local(n *sql.Node) (expr, error) {
	for i, p := range slices.Backward(s.locals) {
		if p.name == n.Text {
			return expr{kind: p.kind, eval: func(e *env) value.Value { return e.locals[i] }}, nil
		}
	}
	return expr{}, n.At.Fail("the parameter '%s' cannot be used here", n.Text)
}

func (s *scope) strayLambda(n *sql.Node) (expr, error) {
	return expr{}, n.At.Fail("a lambda expression stands only as an argument of filter, reduce or regexp_replace")
}

// forms are the functions that are more than their arguments' values: those that take
// lambda expressions, and TRY. regexp_replace is one where it has a lambda expression.
// https://docs.aws.amazon.com/timestream/latest/developerguide/timeseries-specific-constructs.functions.filter-reduce.html
var forms map[string]func(*scope, *sql.Node) (expr, error)

func init() {
	forms = map[string]func(*scope, *sql.Node) (expr, error){
		"try": (*scope).try, "filter": (*scope).filterList, "reduce": (*scope).reduce, "regexp_replace": (*scope).replaceBy,
	}
}

func isLambda(n *sql.Node) bool { return n.Op == sql.LambdaOp }

// list compiles the first argument, an array or a time series, and says what a lambda
// takes of it: an element, or a row of time and value.
func (s *scope) list(n *sql.Node) (list expr, element value.Kind, err error) {
	if list, err = s.compile(n.Args[0]); err != nil {
		return list, element, err
	}
	switch {
	case list.kind.IsArray():
		return list, list.kind.Of(), nil
	case list.kind.IsSeries():
		element, _ = value.RowOf(value.Field{Name: "time", Kind: value.Timestamp}, value.Field{Name: "value", Kind: list.kind.Of()})
		return list, element, nil
	}
	return list, element, unexpected(n, []value.Kind{list.kind})
}

// elementOf is what a lambda takes of the i-th.
func elementOf(l *value.List, i int, kind value.Kind) value.Value {
	if l.At == nil {
		return l.Items[i]
	}
	return value.OfRow(kind, value.OfTime(l.At[i]), l.Items[i])
}

// filterList is filter(list, x -> boolean).
func (s *scope) filterList(n *sql.Node) (expr, error) {
	if len(n.Args) != 2 {
		return expr{}, n.At.Fail("filter takes a time series or an array and a lambda expression")
	}
	list, element, err := s.list(n)
	if err != nil {
		return expr{}, err
	}
	which, err := s.lambda(n.Args[1], element)
	if err != nil {
		return expr{}, err
	}
	if k := which.body.kind; k != value.Boolean && k != value.Unknown {
		return expr{}, n.Args[1].At.Fail("the lambda expression of filter must evaluate to a boolean: actual type %s", k)
	}
	return expr{kind: list.kind, eval: func(e *env) value.Value {
		v := list.eval(e)
		if v.Null {
			return v
		}
		out := &value.List{}
		for i := range v.List.Items {
			if !e.run.step() || !which.call(e, elementOf(v.List, i, element)).IsTrue() {
				continue
			}
			out.Items = append(out.Items, v.List.Items[i])
			if v.List.At != nil {
				out.At = append(out.At, v.List.At[i])
			}
		}
		return value.Value{Kind: list.kind, List: out}
	}}, nil
}

// reduce is reduce(list, state, (state, x) -> state, state -> result).
func (s *scope) reduce(n *sql.Node) (expr, error) {
	if len(n.Args) != 4 {
		return expr{}, n.At.Fail("reduce takes a time series or an array, a state and two lambda expressions")
	}
	list, element, err := s.list(n)
	if err != nil {
		return expr{}, err
	}
	initial, err := s.compile(n.Args[1])
	if err != nil {
		return expr{}, err
	}
	state := initial.kind
	if state == value.Integer {
		state = value.Bigint // as what is added up mostly is
	}
	input, err := s.lambda(n.Args[2], state, element)
	if err != nil {
		return expr{}, err
	}
	if k, ok := value.Common(state, input.body.kind); !ok || k != state {
		return expr{}, n.Args[2].At.Fail("the state of reduce is of type %s, the lambda expression of type %s", state, input.body.kind)
	}
	output, err := s.lambda(n.Args[3], state)
	if err != nil {
		return expr{}, err
	}
	return expr{kind: output.body.kind, eval: func(e *env) value.Value {
		v, now := list.eval(e), initial.eval(e).As(state)
		if v.Null {
			return value.NullOf(output.body.kind)
		}
		for i := range v.List.Items {
			if !e.run.step() {
				break
			}
			now = input.call(e, now, elementOf(v.List, i, element)).As(state)
		}
		return output.call(e, now)
	}}, nil
}
