package timestream

import (
	"math"
	"strings"
	"time"
)

// call compiles a function or an aggregate.
func (s *scope) call(n *node) (expr, error) {
	if isAggregate(n.text) {
		return s.aggregate(n)
	}
	if n.flag {
		return expr{}, n.at.fail("DISTINCT stands only in count")
	}
	args := make([]expr, len(n.args))
	kinds := make([]kind, len(n.args))
	constant := true
	for i, a := range n.args {
		if a.op == starOp {
			return expr{}, n.at.fail("* stands only in count(*)")
		}
		e, err := s.compile(a)
		if err != nil {
			return expr{}, err
		}
		args[i], kinds[i] = e, e.kind
		constant = constant && e.constant
	}
	f, ok := functions[n.text]
	if !ok {
		return expr{}, n.at.fail("function %s is unknown or not implemented by Shakedown", n.text)
	}
	k, apply := f(kinds)
	if apply == nil {
		var names []string
		for _, k := range kinds {
			names = append(names, k.String())
		}
		return expr{}, n.at.fail("Unexpected parameters (%s) for function %s", strings.Join(names, ", "), n.text)
	}
	values := len(args)
	return expr{k, func(e *env) value {
		in := make([]value, values)
		for i, a := range args {
			in[i] = a.eval(e)
			if in[i].null && !takesNull[n.text] {
				return value{kind: k, null: true}
			}
		}
		return apply(e, in)
	}, constant}, nil
}

// takesNull are the functions whose answer may not be NULL although an argument is.
var takesNull = map[string]bool{"coalesce": true, "if": true}

// A function says for the kinds of its arguments what it answers and how; nil is
// that it does not take them.
type function func(kinds []kind) (kind, func(*env, []value) value)

func isNumber(k kind) bool { return k == double || k == bigint }

var functions = map[string]function{
	"now": func(k []kind) (kind, func(*env, []value) value) {
		if len(k) != 0 {
			return 0, nil
		}
		return timestamp, func(e *env, _ []value) value { return value{kind: timestamp, i: e.now} }
	},
	"ago": func(k []kind) (kind, func(*env, []value) value) {
		if len(k) != 1 || k[0] != interval {
			return 0, nil
		}
		return timestamp, func(e *env, v []value) value { return value{kind: timestamp, i: e.now - v[0].i} }
	},
	// bin aligns to the epoch (AWS.md §4).
	"bin": func(k []kind) (kind, func(*env, []value) value) {
		if len(k) != 2 || k[0] != timestamp || k[1] != interval {
			return 0, nil
		}
		return timestamp, func(_ *env, v []value) value {
			if v[1].i <= 0 {
				return value{kind: timestamp, null: true}
			}
			rest := v[0].i % v[1].i
			if rest < 0 {
				rest += v[1].i
			}
			return value{kind: timestamp, i: v[0].i - rest}
		}
	},
	"date_trunc":        dateTrunc,
	"from_milliseconds": fromMilliseconds,
	"to_milliseconds": func(k []kind) (kind, func(*env, []value) value) {
		if len(k) != 1 || k[0] != timestamp && k[0] != interval {
			return 0, nil
		}
		return bigint, func(_ *env, v []value) value { return value{kind: bigint, i: v[0].i / 1e6} }
	},
	"abs": func(k []kind) (kind, func(*env, []value) value) {
		if len(k) != 1 || !isNumber(k[0]) {
			return 0, nil
		}
		return k[0], func(_ *env, v []value) value {
			x := v[0]
			x.f = math.Abs(x.f)
			x.i = max(x.i, -x.i)
			return x
		}
	},
	"round": round,
	"lower": onText(strings.ToLower),
	"upper": onText(strings.ToUpper),
	"if":    conditional,
	"coalesce": func(k []kind) (kind, func(*env, []value) value) {
		if len(k) == 0 {
			return 0, nil
		}
		for _, other := range k[1:] {
			if other != k[0] && other != unknown {
				return 0, nil
			}
		}
		return k[0], func(_ *env, v []value) value {
			for _, x := range v {
				if !x.null {
					return x
				}
			}
			return value{kind: k[0], null: true}
		}
	},
}

// conditional is if(condition, then[, else]): NULL where the condition does not
// hold and there is no else.
// https://docs.aws.amazon.com/timestream/latest/developerguide/conditional-functions.html
func conditional(k []kind) (kind, func(*env, []value) value) {
	if len(k) < 2 || len(k) > 3 || k[0] != boolean || len(k) == 3 && k[2] != k[1] {
		return 0, nil
	}
	return k[1], func(_ *env, v []value) value {
		switch {
		case v[0].isTrue():
			return v[1]
		case len(v) == 3:
			return v[2]
		}
		return value{kind: k[1], null: true}
	}
}

func fromMilliseconds(k []kind) (kind, func(*env, []value) value) {
	if len(k) != 1 || k[0] != bigint {
		return 0, nil
	}
	return timestamp, func(_ *env, v []value) value {
		if v[0].i > math.MaxInt64/1_000_000 || v[0].i < math.MinInt64/1_000_000 {
			return value{kind: timestamp, null: true}
		}
		return value{kind: timestamp, i: v[0].i * 1e6}
	}
}

func round(k []kind) (kind, func(*env, []value) value) {
	if len(k) < 1 || len(k) > 2 || !isNumber(k[0]) || len(k) == 2 && k[1] != bigint {
		return 0, nil
	}
	return k[0], func(_ *env, v []value) value {
		if v[0].kind == bigint {
			return v[0]
		}
		scale := 1.0
		if len(v) == 2 {
			scale = math.Pow(10, float64(v[1].i))
		}
		return value{kind: double, f: math.Round(v[0].f*scale) / scale}
	}
}

func onText(f func(string) string) function {
	return func(k []kind) (kind, func(*env, []value) value) {
		if len(k) != 1 || k[0] != varchar {
			return 0, nil
		}
		return varchar, func(_ *env, v []value) value { return value{kind: varchar, s: f(v[0].s)} }
	}
}

func dateTrunc(k []kind) (kind, func(*env, []value) value) {
	if len(k) != 2 || k[0] != varchar || k[1] != timestamp {
		return 0, nil
	}
	return timestamp, func(_ *env, v []value) value {
		t := time.Unix(0, v[1].i).UTC()
		y, m, d := t.Date()
		switch strings.ToLower(v[0].s) {
		case "second":
			t = t.Truncate(time.Second)
		case "minute":
			t = t.Truncate(time.Minute)
		case "hour":
			t = t.Truncate(time.Hour)
		case "day":
			t = time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
		case "week":
			t = time.Date(y, m, d-(int(t.Weekday())+6)%7, 0, 0, 0, 0, time.UTC)
		case "month":
			t = time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
		case "year":
			t = time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC)
		default:
			return value{kind: timestamp, null: true}
		}
		return value{kind: timestamp, i: t.UnixNano()}
	}
}
