package timestream

import (
	"math"
	"strings"
)

func (s *scope) binary(n *node) (expr, error) {
	a, err := s.compile(n.args[0])
	if err != nil {
		return expr{}, err
	}
	b, err := s.compile(n.args[1])
	if err != nil {
		return expr{}, err
	}
	constant := a.constant && b.constant
	switch n.text {
	case "AND", "OR":
		if a.kind != boolean && a.kind != unknown || b.kind != boolean && b.kind != unknown {
			return expr{}, n.at.fail("%s needs booleans, not %s and %s", n.text, a.kind, b.kind)
		}
		return expr{boolean, logic(n.text == "AND", a, b), constant}, nil
	case "=", "<>", "<", "<=", ">", ">=":
		if !comparable(a.kind, b.kind) {
			return expr{}, n.at.fail("'%s' cannot be applied to %s, %s", n.text, a.kind, b.kind)
		}
		return expr{boolean, comparison(n.text, a, b), constant}, nil
	case "LIKE":
		if a.kind != varchar || b.kind != varchar {
			return expr{}, n.at.fail("LIKE needs texts, not %s and %s", a.kind, b.kind)
		}
		return expr{boolean, func(e *env) value {
			x, y := a.eval(e), b.eval(e)
			if x.null || y.null {
				return value{kind: boolean, null: true}
			}
			return ofBool(like(x.s, y.s) != n.flag)
		}, constant}, nil
	case "||":
		if a.kind != varchar || b.kind != varchar {
			return expr{}, n.at.fail("'||' cannot be applied to %s, %s", a.kind, b.kind)
		}
		return expr{varchar, func(e *env) value {
			x, y := a.eval(e), b.eval(e)
			return value{kind: varchar, s: x.s + y.s, null: x.null || y.null}
		}, constant}, nil
	}
	return arithmetic(n, a, b, constant)
}

// logic is three-valued: false AND null is false, true OR null is true.
func logic(and bool, a, b expr) func(*env) value {
	return func(e *env) value {
		x := a.eval(e)
		if !x.null && (x.i == 1) != and {
			return x
		}
		y := b.eval(e)
		if !y.null && (y.i == 1) != and {
			return y
		}
		if x.null || y.null {
			return value{kind: boolean, null: true}
		}
		return ofBool(and)
	}
}

func comparison(op string, a, b expr) func(*env) value {
	test := map[string]func(int) bool{
		"=":  func(c int) bool { return c == 0 },
		"<>": func(c int) bool { return c != 0 },
		"<":  func(c int) bool { return c < 0 },
		"<=": func(c int) bool { return c <= 0 },
		">":  func(c int) bool { return c > 0 },
		">=": func(c int) bool { return c >= 0 },
	}[op]
	return func(e *env) value {
		x, y := a.eval(e), b.eval(e)
		if x.null || y.null {
			return value{kind: boolean, null: true}
		}
		return ofBool(test(compare(x, y)))
	}
}

// arithmetic is on numbers, and on times and intervals.
func arithmetic(n *node, a, b expr, constant bool) (expr, error) {
	kind := unknown
	switch {
	case a.kind == bigint && b.kind == bigint:
		kind = bigint
	case (a.kind == double || a.kind == bigint) && (b.kind == double || b.kind == bigint):
		kind = double
	case a.kind == timestamp && b.kind == interval && (n.text == "+" || n.text == "-"):
		kind = timestamp
	case a.kind == interval && b.kind == timestamp && n.text == "+":
		kind = timestamp
	case a.kind == interval && b.kind == interval && (n.text == "+" || n.text == "-"):
		kind = interval
	case a.kind == timestamp && b.kind == timestamp && n.text == "-":
		kind = interval
	default:
		return expr{}, n.at.fail("'%s' cannot be applied to %s, %s", n.text, a.kind, b.kind)
	}
	return expr{kind, func(e *env) value {
		x, y := a.eval(e), b.eval(e)
		if x.null || y.null {
			return value{kind: kind, null: true}
		}
		if kind == double {
			return doubles(n.text, x.number(), y.number())
		}
		return integers(kind, n.text, x.i, y.i)
	}, constant}, nil
}

func doubles(op string, x, y float64) value {
	v := value{kind: double}
	switch op {
	case "+":
		v.f = x + y
	case "-":
		v.f = x - y
	case "*":
		v.f = x * y
	case "/":
		v.f = x / y
	case "%":
		v.f = math.Mod(x, y)
	}
	return v
}

// integers: a division by zero is null; AWS ends the query instead.
func integers(k kind, op string, x, y int64) value {
	v := value{kind: k}
	switch op {
	case "+":
		v.i = x + y
	case "-":
		v.i = x - y
	case "*":
		v.i = x * y
	case "/", "%":
		if y == 0 {
			return value{kind: k, null: true}
		}
		if v.i = x / y; op == "%" {
			v.i = x % y
		}
	}
	return v
}

// like matches with % and _, in time linear in text and pattern for one %.
func like(text, pattern string) bool {
	t, p := []rune(text), []rune(pattern)
	i, j, star, mark := 0, 0, -1, 0
	for i < len(t) {
		switch {
		case j < len(p) && p[j] == '%':
			star, mark = j, i
			j++
		case j < len(p) && (p[j] == '_' || p[j] == t[i]):
			i++
			j++
		case star >= 0:
			mark++
			i, j = mark, star+1
		default:
			return false
		}
	}
	return strings.Trim(string(p[j:]), "%") == ""
}

func roundHalfUp(f float64) int64 { return int64(math.Floor(f + 0.5)) }
