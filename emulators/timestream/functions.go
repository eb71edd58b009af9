package timestream

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
)

// apply computes a function on a row; none of the values is null unless the
// function takes that. Its error ends the query, with the function's position.
type apply func(e *env, v []value) (value, error)

// signature is a function for arguments of these kinds. The last kind of a
// variadic one stands for any number.
type signature struct {
	params   []kind
	variadic bool
	result   kind
	apply    apply
}

// generic says for the kinds of its arguments what a function answers and how; nil
// is that it does not take them.
type generic func(kinds []kind) (kind, apply)

func on(result kind, f apply, params ...kind) signature {
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
	if n.Flag {
		return expr{}, n.At.Fail("DISTINCT stands only in aggregates")
	}
	if isWindow[n.Text] {
		return expr{}, n.At.Fail("the window function %s needs OVER", n.Text)
	}
	args, constant, err := s.arguments(n)
	if err != nil {
		return expr{}, err
	}
	kinds := make([]kind, len(args))
	for i, a := range args {
		kinds[i] = a.kind
	}
	result, apply, known := choose(n, kinds)
	if !known {
		return expr{}, n.At.Fail("function %s is unknown or not implemented by Shakedown", n.Text)
	}
	if apply == nil {
		return expr{}, unexpected(n, kinds)
	}
	return expr{result, applied(n, args, result, apply), constant && !isRandom[n.Text]}, nil
}

// applied evaluates a call's arguments, then the call.
func applied(n *sql.Node, args []expr, result kind, apply apply) func(*env) value {
	values := make([]value, len(args))
	null := takesNull[n.Text]
	return func(e *env) value {
		in := values
		for i, a := range args {
			v := a.eval(e)
			if v.null && !null {
				return nullOf(result)
			}
			if v.list != nil {
				e.run.spend(len(v.list.items))
			}
			in[i] = v
		}
		if e.run.err != nil {
			return nullOf(result)
		}
		v, err := apply(e, in)
		if err != nil {
			e.run.fail(n.At, err)
			return nullOf(result)
		}
		if v.list != nil {
			e.run.spend(len(v.list.items))
		}
		return v
	}
}

// unexpected refuses a call by the kinds of its arguments.
func unexpected(n *sql.Node, kinds []kind) error {
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
func choose(n *sql.Node, kinds []kind) (result kind, f apply, known bool) {
	signatures, ok := functions[n.Text]
	for _, fits := range []func(from, to kind) bool{same, widens} {
		for _, sig := range signatures {
			if sig.takes(kinds, fits) {
				return sig.result, widening(sig, kinds), true
			}
		}
	}
	if g, there := generics[n.Text]; there {
		ok = true
		// NULL is taken for whatever fits.
		for _, as := range []kind{unknown, double, varchar, unknown.array()} {
			if k, f := g(with(kinds, as)); f != nil {
				return k, f, true
			}
		}
	}
	return unknown, nil, ok
}

// with are the kinds, but another one for unknown.
func with(kinds []kind, as kind) []kind {
	again := slices.Clone(kinds)
	for i, k := range again {
		if k == unknown {
			again[i] = as
		}
	}
	return again
}

func (sig signature) param(i int) kind { return sig.params[min(i, len(sig.params)-1)] }

func (sig signature) takes(kinds []kind, fits func(from, to kind) bool) bool {
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

func same(from, to kind) bool { return from == to }

// widens is that an argument is taken for a parameter: a number for a wider one, a
// text for the time it says.
func widens(from, to kind) bool {
	switch {
	case from == to || from == unknown:
		return true
	case to == bigint || to == double:
		return isNumber(from) && (to == double || isInteger(from))
	case to == timestamp:
		return from == varchar || from == date
	}
	return to == date && from == varchar
}

// widening converts arguments to a signature's parameters first.
func widening(sig signature, kinds []kind) apply {
	exact := true
	for i, k := range kinds {
		exact = exact && k == sig.param(i)
	}
	if exact {
		return sig.apply
	}
	return func(e *env, v []value) (value, error) {
		for i := range v {
			if v[i].kind == sig.param(i) {
				continue
			}
			var err error
			if v[i], err = convert(v[i], sig.param(i)); err != nil {
				return null, err
			}
		}
		return sig.apply(e, v)
	}
}

// conditionalFunctions: IF is NULL where the condition does not hold and there is
// no else.
// https://docs.aws.amazon.com/timestream/latest/developerguide/conditional-functions.html
var conditionalFunctions = map[string]generic{
	"if": func(k []kind) (kind, apply) {
		if len(k) < 2 || len(k) > 3 || k[0] != boolean && k[0] != unknown {
			return 0, nil
		}
		of, ok := commonOf(k[1:])
		if !ok {
			return 0, nil
		}
		return of, func(_ *env, v []value) (value, error) {
			switch {
			case v[0].isTrue():
				return widen(v[1], of), nil
			case len(v) == 3:
				return widen(v[2], of), nil
			}
			return nullOf(of), nil
		}
	},
	"coalesce": func(k []kind) (kind, apply) {
		of, ok := commonOf(k)
		if !ok || len(k) == 0 {
			return 0, nil
		}
		return of, func(_ *env, v []value) (value, error) {
			for _, x := range v {
				if !x.null {
					return widen(x, of), nil
				}
			}
			return nullOf(of), nil
		}
	},
	"nullif": func(k []kind) (kind, apply) {
		if len(k) != 2 || !comparable(k[0], k[1]) {
			return 0, nil
		}
		return k[0], func(_ *env, v []value) (value, error) {
			if !v[0].null && !v[1].null && compare(v[0], v[1]) == 0 {
				return nullOf(k[0]), nil
			}
			return v[0], nil
		}
	},
	"greatest": extremeOf(1),
	"least":    extremeOf(-1),
	"typeof": func(k []kind) (kind, apply) {
		if len(k) != 1 {
			return 0, nil
		}
		return varchar, func(*env, []value) (value, error) { return ofText(k[0].name()), nil }
	},
}

func commonOf(kinds []kind) (of kind, ok bool) {
	ok = true
	for _, k := range kinds {
		if of, ok = common(of, k); !ok {
			return of, false
		}
	}
	return of, true
}

// extremeOf is greatest and least: null where an argument is.
func extremeOf(sign int) generic {
	return func(k []kind) (kind, apply) {
		of, ok := commonOf(k)
		if !ok || len(k) == 0 || of > 15 {
			return 0, nil
		}
		return of, func(_ *env, v []value) (value, error) {
			best := widen(v[0], of)
			for _, x := range v[1:] {
				if x = widen(x, of); compare(x, best)*sign > 0 {
					best = x
				}
			}
			return best, nil
		}
	}
}

func invalid(format string, args ...any) error { return fmt.Errorf(format, args...) }
