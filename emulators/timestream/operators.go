package timestream

import (
	"errors"
	"math"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
)

func (s *scope) binary(n *sql.Node) (expr, error) {
	switch n.Text {
	case "=", "<>", "<", "<=", ">", ">=":
		a, b, err := s.two(n)
		if err != nil {
			return expr{}, err
		}
		if (a.kind.isSeries() || a.kind.isArray()) && n.Text != "=" && n.Text != "<>" {
			return expr{}, n.At.Fail("'%s' cannot be applied to %s, %s", n.Text, a.kind, b.kind)
		}
		return expr{boolean, comparison(n.Text, a, b), a.constant && b.constant}, nil
	}
	a, err := s.compile(n.Args[0])
	if err != nil {
		return expr{}, err
	}
	b, err := s.compile(n.Args[1])
	if err != nil {
		return expr{}, err
	}
	constant := a.constant && b.constant
	switch n.Text {
	case "AND", "OR":
		if a.kind != boolean && a.kind != unknown || b.kind != boolean && b.kind != unknown {
			return expr{}, n.At.Fail("%s needs booleans, not %s and %s", n.Text, a.kind, b.kind)
		}
		return expr{boolean, logic(n.Text == "AND", a, b), constant}, nil
	case "||":
		return s.concatenation(n, a, b)
	}
	return arithmetic(n, a, b, constant)
}

// concatenation is || of texts, of arrays, and of an array and an element.
func (s *scope) concatenation(n *sql.Node, a, b expr) (expr, error) {
	constant := a.constant && b.constant
	text := func(k kind) bool { return k == varchar || k == unknown }
	if text(a.kind) && text(b.kind) {
		return expr{varchar, func(e *env) value {
			x, y := a.eval(e), b.eval(e)
			if len(x.s)+len(y.s) > maxText {
				e.run.fail(n.At, errLong)
				return nullOf(varchar)
			}
			return value{kind: varchar, s: x.s + y.s, null: x.null || y.null}
		}, constant}, nil
	}
	x, y := a.kind, b.kind
	if !x.isArray() && y.isArray() {
		x = x.array()
	} else if x.isArray() && !y.isArray() {
		y = y.array()
	}
	of, ok := common(x, y)
	if !ok || !of.isArray() {
		return expr{}, n.At.Fail("'||' cannot be applied to %s, %s", a.kind, b.kind)
	}
	items := func(v value) []value {
		if v.list == nil {
			return []value{widen(v, of.of())}
		}
		return widen(v, of).list.items
	}
	return expr{of, func(e *env) value {
		x, y := a.eval(e), b.eval(e)
		if a.kind.isArray() && x.null || b.kind.isArray() && y.null {
			return nullOf(of)
		}
		left, right := items(x), items(y)
		if e.run.spend(len(left) + len(right)); len(left)+len(right) > maxArray {
			e.run.fail(n.At, errLongArray)
			return nullOf(of)
		}
		return arrayValue(of.of(), append(append([]value(nil), left...), right...))
	}, constant}, nil
}

// like is x [NOT] LIKE pattern [ESCAPE escape].
func (s *scope) like(n *sql.Node) (expr, error) {
	args := make([]expr, len(n.Args))
	constant := true
	for i, a := range n.Args {
		var err error
		if args[i], err = s.compile(a); err != nil {
			return expr{}, err
		}
		if k := args[i].kind; k != varchar && k != unknown {
			return expr{}, a.At.Fail("LIKE needs texts, not %s", k)
		}
		constant = constant && args[i].constant
	}
	return expr{boolean, func(e *env) value {
		x, y := args[0].eval(e), args[1].eval(e)
		escape := rune(-1)
		if len(args) == 3 {
			by := []rune(args[2].eval(e).s)
			if len(by) != 1 {
				e.run.fail(n.Args[2].At, errEscape)
				return nullOf(boolean)
			}
			escape = by[0]
		}
		if x.null || y.null {
			return nullOf(boolean)
		}
		found, ok := like(x.s, y.s, escape)
		if !ok {
			e.run.fail(n.Args[1].At, errEscaped)
		}
		return ofBool(found != n.Flag)
	}, constant}, nil
}

var (
	errEscape  = invalid("Escape string must be a single character")
	errEscaped = invalid("Escape character must be followed by '%%', '_' or the escape character itself")
)

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

var comparisons = map[string]func(int) bool{
	"=":  func(c int) bool { return c == 0 },
	"<>": func(c int) bool { return c != 0 },
	"<":  func(c int) bool { return c < 0 },
	"<=": func(c int) bool { return c <= 0 },
	">":  func(c int) bool { return c > 0 },
	">=": func(c int) bool { return c >= 0 },
}

func comparison(op string, a, b expr) func(*env) value {
	test := comparisons[op]
	return func(e *env) value {
		x, y := a.eval(e), b.eval(e)
		if x.null || y.null {
			return value{kind: boolean, null: true}
		}
		return ofBool(test(compare(x, y)))
	}
}

// arithmetic is on numbers, and on times and intervals.
func arithmetic(n *sql.Node, a, b expr, constant bool) (expr, error) {
	of, ok := arithmeticKind(n.Text, a.kind, b.kind)
	if !ok {
		return expr{}, n.At.Fail("'%s' cannot be applied to %s, %s", n.Text, a.kind, b.kind)
	}
	return expr{of, func(e *env) value {
		x, y := a.eval(e), b.eval(e)
		if x.null || y.null {
			return nullOf(of)
		}
		var v value
		var err error
		switch {
		case of == double:
			return doubles(n.Text, x.number(), y.number())
		case x.kind == months && of != months:
			v, err = addMonths(y, x.i)
		case y.kind == months && of != months:
			if n.Text == "-" {
				y.i = -y.i
			}
			v, err = addMonths(x, y.i)
		case of == interval && (x.kind == double || y.kind == double):
			v, err = scaled(n.Text, x, y)
		default:
			v, err = integers(of, n.Text, x.i, y.i)
		}
		if err != nil {
			e.run.fail(n.At, err)
			return nullOf(of)
		}
		return v
	}, constant}, nil
}

func arithmeticKind(op string, a, b kind) (kind, bool) {
	if a == unknown {
		a = b
	}
	if b == unknown {
		b = a
	}
	additive := op == "+" || op == "-"
	isTime := func(k kind) bool { return k == timestamp || k == date || k == timeOfDay }
	switch {
	case isNumber(a) && isNumber(b):
		return common(a, b)
	case isTime(a) && b == interval && additive, isTime(a) && a != timeOfDay && b == months && additive:
		return a, true
	case a == interval && isTime(b) && op == "+", a == months && isTime(b) && b != timeOfDay && op == "+":
		return b, true
	case a == b && (a == interval || a == months) && additive:
		return a, true
	case a == b && isTime(a) && op == "-":
		return interval, true
	case a == interval && isNumber(b) && (op == "*" || op == "/"), isNumber(a) && b == interval && op == "*":
		return interval, true
	}
	return unknown, false
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

// scaled is an interval times or over a double.
func scaled(op string, x, y value) (value, error) {
	f := doubles(op, x.number(), y.number()).f
	if !(math.Abs(f) < 1<<63) {
		return null, errOverflow
	}
	return ofInterval(int64(f)), nil
}

var (
	errOverflow = errors.New("the result does not fit its type")
	errDivision = invalid("Division by zero")
)

// integers computes without silent overflow.
func integers(k kind, op string, x, y int64) (value, error) {
	v := value{kind: k}
	over := false
	switch op {
	case "+":
		v.i = x + y
		over = (x > 0) == (y > 0) && (v.i > 0) != (x > 0) && x != 0 && y != 0
	case "-":
		v.i = x - y
		over = (x >= 0) != (y >= 0) && (v.i >= 0) != (x >= 0)
	case "*":
		v.i = x * y
		over = x != 0 && (v.i/x != y || x == -1 && y == math.MinInt64)
	case "/", "%":
		if y == 0 {
			return null, errDivision
		}
		if over = x == math.MinInt64 && y == -1; over {
			break
		}
		if v.i = x / y; op == "%" {
			v.i = x % y
		}
	}
	if over || k == integer && v.i != int64(int32(v.i)) {
		return null, errOverflow
	}
	return v, nil
}

// patternRune is one of a LIKE pattern's characters; any is %, one is _.
type patternRune struct {
	r        rune
	any, one bool
}

// like matches with % and _, in time linear in text and pattern for one %; ok is
// that the pattern's escapes are right.
func like(text, pattern string, escape rune) (found, ok bool) {
	var p []patternRune
	runes := []rune(pattern)
	for i := 0; i < len(runes); i++ {
		r := runes[i]
		if r == escape {
			i++
			if i == len(runes) || runes[i] != '%' && runes[i] != '_' && runes[i] != escape {
				return false, false
			}
			p = append(p, patternRune{r: runes[i]})
			continue
		}
		p = append(p, patternRune{r, r == '%', r == '_'})
	}
	t := []rune(text)
	i, j, star, mark := 0, 0, -1, 0
	for i < len(t) {
		switch {
		case j < len(p) && p[j].any:
			star, mark = j, i
			j++
		case j < len(p) && (p[j].one || p[j].r == t[i]):
			i++
			j++
		case star >= 0:
			mark++
			i, j = mark, star+1
		default:
			return false, true
		}
	}
	for j < len(p) && p[j].any {
		j++
	}
	return j == len(p), true
}
