package timestream

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// apply computes a function on a row; none of the values is null unless the
// function takes that. Its error ends the query, with the function's position.
type apply func(e *env, v []value.Value) (value.Value, error)

// signature is a function for arguments of these kinds. The last kind of a
// variadic one stands for any number.
type signature struct {
	params   []value.Kind
	variadic bool
	result   value.Kind
	apply    apply
}

// generic says for the kinds of its arguments what a function answers and how; nil
// is that it does not take them.
type generic func(kinds []value.Kind) (value.Kind, apply)

func on(result value.Kind, f apply, params ...value.Kind) signature {
	return signature{params: params, result: result, apply: f}
}

// takesNull are the functions whose answer may not be NULL although an argument is.
var takesNull = map[string]bool{"coalesce": true, "if": true, "nullif": true, "typeof": true, "array_join": true, "repeat": true,
	"array_position": true, "array_remove": true}

// functions are the functions of the Timestream developer guide, by their pages.
var (
	functions = merged(timeFunctions, formatFunctions, extractFunctions, mathFunctions, textFunctions, patternFunctions, bitFunctions)
	generics  = merged(conditionalFunctions, arrayFunctions, seriesFunctions, numberFunctions)
)

func merged[V any](pages ...map[string]V) map[string]V {
	all := map[string]V{}
	for _, page := range pages {
		for name, f := range page {
			all[name] = f
		}
	}
	return all
}

// call compiles a function, an aggregate or a window function.
func (s *scope) call(n *sql.Node) (expr, error) {
	if n.Over != nil {
		return s.window(n)
	}
	if isAggregate(n.Text) {
		return s.aggregate(n)
	}
	if n.Flag || n.Filter != nil {
		return expr{}, n.At.Fail("DISTINCT and FILTER stand only in aggregates")
	}
	if f, ok := forms[n.Text]; ok && (n.Text != "regexp_replace" || slices.ContainsFunc(n.Args, isLambda)) {
		return f(s, n)
	}
	if isWindow[n.Text] {
		return expr{}, n.At.Fail("the window function %s needs OVER", n.Text)
	}
	if !isFunction(n.Text) { // which may be an aggregate: what is in it is not to blame
		return expr{}, n.At.Fail("function %s is unknown or not implemented by Shakedown", n.Text)
	}
	args, constant, err := s.arguments(n)
	if err != nil {
		return expr{}, err
	}
	kinds := make([]value.Kind, len(args))
	for i, a := range args {
		kinds[i] = a.kind
	}
	result, apply := choose(n, kinds)
	if apply == nil {
		return expr{}, unexpected(n, kinds)
	}
	return expr{result, applied(n, args, result, apply), constant && !isRandom[n.Text]}, nil
}

// applied evaluates a call's arguments, then the call.
func applied(n *sql.Node, args []expr, result value.Kind, apply apply) func(*env) value.Value {
	values := make([]value.Value, len(args))
	null := takesNull[n.Text]
	return func(e *env) value.Value {
		in, held := values, 0
		for i, a := range args {
			v := a.eval(e)
			if v.Null && !null {
				e.run.hold(-held)
				return value.NullOf(result)
			}
			if v.List != nil {
				e.run.spend(len(v.List.Items))
			}
			in[i] = v
			if held += e.run.holdLarge(v); e.run.err != nil {
				break
			}
		}
		e.run.spend(held >> 6)
		if e.run.hold(-held); e.run.err != nil {
			return value.NullOf(result)
		}
		v, err := apply(e, in)
		if held > 1<<12 {
			clear(in)
		}
		if err != nil {
			e.run.fail(n.At, err)
			return value.NullOf(result)
		}
		if v.List != nil {
			e.run.spend(len(v.List.Items))
		}
		e.run.spend(len(v.S) >> 6)
		return v
	}
}

// unexpected refuses a call by the kinds of its arguments.
func unexpected(n *sql.Node, kinds []value.Kind) error {
	var names []string
	for _, k := range kinds {
		names = append(names, k.String())
	}
	return n.At.Fail("Unexpected parameters (%s) for function %s", strings.Join(names, ", "), n.Text)
}

func (s *scope) arguments(n *sql.Node) ([]expr, bool, error) {
	args := make([]expr, len(n.Args))
	constant := true
	for i, a := range n.Args {
		if a.Op == sql.StarOp {
			return nil, false, n.At.Fail("* stands only in count(*)")
		}
		e, err := s.compile(a)
		if err != nil {
			return nil, false, err
		}
		args[i] = e
		constant = constant && e.constant
	}
	return args, constant, nil
}

// choose picks what a name means for the kinds of its arguments: the signature that
// fits as it is, or else the first that fits after widening.
func choose(n *sql.Node, kinds []value.Kind) (result value.Kind, f apply) {
	signatures := functions[n.Text]
	for _, fits := range []func(from, to value.Kind) bool{same, widens} {
		for _, sig := range signatures {
			if sig.takes(kinds, fits) {
				return sig.result, widening(sig, kinds)
			}
		}
	}
	if g, there := generics[n.Text]; there {
		// NULL is taken for whatever fits.
		for _, as := range []value.Kind{value.Unknown, value.Double, value.Varchar, value.Unknown.Array()} {
			if k, f := g(with(kinds, as)); f != nil {
				return k, f
			}
		}
	}
	return value.Unknown, nil
}

// isFunction tells whether there is a function of that name.
func isFunction(name string) bool {
	_, fixed := functions[name]
	_, generic := generics[name]
	return fixed || generic
}

// with are the kinds, but another one for unknown.
func with(kinds []value.Kind, as value.Kind) []value.Kind {
	again := slices.Clone(kinds)
	for i, k := range again {
		if k == value.Unknown {
			again[i] = as
		}
	}
	return again
}

func (sig signature) param(i int) value.Kind { return sig.params[min(i, len(sig.params)-1)] }

func (sig signature) takes(kinds []value.Kind, fits func(from, to value.Kind) bool) bool {
	if len(kinds) < len(sig.params) || len(kinds) > len(sig.params) && !sig.variadic {
		return false
	}
	for i, k := range kinds {
		if !fits(k, sig.param(i)) {
			return false
		}
	}
	return true
}

func same(from, to value.Kind) bool { return from == to }

// widens is that an argument is taken for a parameter: a number for a wider one, a
// text for the time it says.
func widens(from, to value.Kind) bool {
	switch {
	case from == to || from == value.Unknown:
		return true
	case to == value.Bigint || to == value.Double:
		return value.IsNumber(from) && (to == value.Double || value.IsInteger(from))
	case to == value.Timestamp:
		return from == value.Varchar || from == value.Date
	}
	return to == value.Date && from == value.Varchar
}

// widening converts arguments to a signature's parameters first.
func widening(sig signature, kinds []value.Kind) apply {
	exact := true
	for i, k := range kinds {
		exact = exact && k == sig.param(i)
	}
	if exact {
		return sig.apply
	}
	return func(e *env, v []value.Value) (value.Value, error) {
		for i := range v {
			if v[i].Kind == sig.param(i) {
				continue
			}
			var err error
			if v[i], err = value.Convert(v[i], sig.param(i)); err != nil {
				return value.Null, err
			}
		}
		return sig.apply(e, v)
	}
}

// conditionalFunctions: IF is NULL where the condition does not hold and there is
// no else.
// https://docs.aws.amazon.com/timestream/latest/developerguide/conditional-functions.html
var conditionalFunctions = map[string]generic{
	"if": func(k []value.Kind) (value.Kind, apply) {
		if len(k) < 2 || len(k) > 3 || k[0] != value.Boolean && k[0] != value.Unknown {
			return value.Unknown, nil
		}
		of, ok := commonOf(k[1:])
		if !ok {
			return value.Unknown, nil
		}
		return of, func(_ *env, v []value.Value) (value.Value, error) {
			switch {
			case v[0].IsTrue():
				return v[1].As(of), nil
			case len(v) == 3:
				return v[2].As(of), nil
			}
			return value.NullOf(of), nil
		}
	},
	"coalesce": func(k []value.Kind) (value.Kind, apply) {
		of, ok := commonOf(k)
		if !ok || len(k) == 0 {
			return value.Unknown, nil
		}
		return of, func(_ *env, v []value.Value) (value.Value, error) {
			for _, x := range v {
				if !x.Null {
					return x.As(of), nil
				}
			}
			return value.NullOf(of), nil
		}
	},
	"nullif": func(k []value.Kind) (value.Kind, apply) {
		if len(k) != 2 || !value.Comparable(k[0], k[1]) {
			return value.Unknown, nil
		}
		return k[0], func(_ *env, v []value.Value) (value.Value, error) {
			if !value.Indeterminate(v[0], v[1]) && value.Compare(v[0], v[1]) == 0 {
				return value.NullOf(k[0]), nil
			}
			return v[0], nil
		}
	},
	"greatest": extremeOf(1),
	"least":    extremeOf(-1),
	"typeof": func(k []value.Kind) (value.Kind, apply) {
		if len(k) != 1 {
			return value.Unknown, nil
		}
		return value.Varchar, func(*env, []value.Value) (value.Value, error) { return value.OfText(k[0].Name()), nil }
	},
}

func commonOf(kinds []value.Kind) (of value.Kind, ok bool) {
	ok = true
	for _, k := range kinds {
		if of, ok = value.Common(of, k); !ok {
			return of, false
		}
	}
	return of, true
}

// extremeOf is greatest and least: null where an argument is.
func extremeOf(sign int) generic {
	return func(k []value.Kind) (value.Kind, apply) {
		of, ok := commonOf(k)
		if !ok || len(k) == 0 || !of.IsScalar() {
			return value.Unknown, nil
		}
		return of, func(_ *env, v []value.Value) (value.Value, error) {
			best := v[0].As(of)
			for _, x := range v[1:] {
				if x = x.As(of); value.Compare(x, best)*sign > 0 {
					best = x
				}
			}
			return best, nil
		}
	}
}

func invalid(format string, args ...any) error { return fmt.Errorf(format, args...) }
