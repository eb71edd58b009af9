package timestream

import (
	"errors"
	"math"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

func (s *scope) binary(n *sql.Node) (expr, error) {
	switch n.Text {
	case "=", "<>", "<", "<=", ">", ">=":
		a, b, err := s.two(n)
		if err != nil {
			return expr{}, err
		}
		if !a.kind.IsScalar() && n.Text != "=" && n.Text != "<>" {
			return expr{}, n.At.Fail("'%s' cannot be applied to %s, %s", n.Text, a.kind, b.kind)
		}
		return expr{value.Boolean, comparison(n.Text, a, b), a.constant && b.constant}, nil
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
		if a.kind != value.Boolean && a.kind != value.Unknown || b.kind != value.Boolean && b.kind != value.Unknown {
			return expr{}, n.At.Fail("%s needs booleans, not %s and %s", n.Text, a.kind, b.kind)
		}
		return expr{value.Boolean, logic(n.Text == "AND", a, b), constant}, nil
	case "||":
		return s.concatenation(n, a, b)
	}
	return arithmetic(n, a, b, constant)
}

// concatenation is || of texts, of arrays, and of an array and an element.
func (s *scope) concatenation(n *sql.Node, a, b expr) (expr, error) {
	constant := a.constant && b.constant
	text := func(k value.Kind) bool { return k == value.Varchar || k == value.Unknown }
	if text(a.kind) && text(b.kind) {
		return expr{value.Varchar, func(e *env) value.Value {
			x, y := a.eval(e), b.eval(e)
			if len(x.S)+len(y.S) > maxText {
				e.run.fail(n.At, errLong)
				return value.NullOf(value.Varchar)
			}
			return value.Value{Kind: value.Varchar, S: x.S + y.S, Null: x.Null || y.Null}
		}, constant}, nil
	}
	x, y := a.kind, b.kind
	if !x.IsArray() && y.IsArray() {
		x = x.Array()
	} else if x.IsArray() && !y.IsArray() {
		y = y.Array()
	}
	of, ok := value.Common(x, y)
	if !ok || !of.IsArray() {
		return expr{}, n.At.Fail("'||' cannot be applied to %s, %s", a.kind, b.kind)
	}
	items := func(v value.Value) []value.Value {
		if v.List == nil {
			return []value.Value{v.As(of.Of())}
		}
		return v.As(of).List.Items
	}
	return expr{of, func(e *env) value.Value {
		x, y := a.eval(e), b.eval(e)
		if a.kind.IsArray() && x.Null || b.kind.IsArray() && y.Null {
			return value.NullOf(of)
		}
		left, right := items(x), items(y)
		if len(left)+len(right) > maxArray {
			e.run.fail(n.At, errLongArray)
			return value.NullOf(of)
		}
		return value.OfArray(of.Of(), append(append([]value.Value(nil), left...), right...))
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
		if k := args[i].kind; k != value.Varchar && k != value.Unknown {
			return expr{}, a.At.Fail("LIKE needs texts, not %s", k)
		}
		constant = constant && args[i].constant
	}
	return expr{value.Boolean, func(e *env) value.Value {
		x, y := args[0].eval(e), args[1].eval(e)
		escape := rune(-1)
		if len(args) == 3 {
			by := []rune(args[2].eval(e).S)
			if len(by) != 1 {
				e.run.fail(n.Args[2].At, errEscape)
				return value.NullOf(value.Boolean)
			}
			escape = by[0]
		}
		if x.Null || y.Null {
			return value.NullOf(value.Boolean)
		}
		found, ok := like(x.S, y.S, escape, e.run)
		if !ok {
			e.run.fail(n.Args[1].At, errEscaped)
		}
		return value.OfBool(found != n.Flag)
	}, constant}, nil
}

var (
	errEscape  = invalid("Escape string must be a single character")
	errEscaped = invalid("Escape character must be followed by '%%', '_' or the escape character itself")
)

// logic is three-valued: false AND null is false, true OR null is true.
func logic(and bool, a, b expr) func(*env) value.Value {
	return func(e *env) value.Value {
		x := a.eval(e)
		if !x.Null && (x.I == 1) != and {
			return x
		}
		y := b.eval(e)
		if !y.Null && (y.I == 1) != and {
			return y
		}
		if x.Null || y.Null {
			return value.Value{Kind: value.Boolean, Null: true}
		}
		return value.OfBool(and)
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

func comparison(op string, a, b expr) func(*env) value.Value {
	test := comparisons[op]
	return func(e *env) value.Value {
		x, y := a.eval(e), b.eval(e)
		if x.List != nil {
			e.run.spend(x.Size() >> 6)
		}
		if x.Null || y.Null || x.List != nil && value.Indeterminate(x, y) {
			return value.Value{Kind: value.Boolean, Null: true}
		}
		if value.Unordered(x, y) {
			return value.OfBool(op == "<>")
		}
		return value.OfBool(test(value.Compare(x, y)))
	}
}

// arithmetic is on numbers, and on times and intervals.
func arithmetic(n *sql.Node, a, b expr, constant bool) (expr, error) {
	of, ok := arithmeticKind(n.Text, a.kind, b.kind)
	if !ok {
		return expr{}, n.At.Fail("'%s' cannot be applied to %s, %s", n.Text, a.kind, b.kind)
	}
	return expr{of, func(e *env) value.Value {
		x, y := a.eval(e), b.eval(e)
		if x.Null || y.Null {
			return value.NullOf(of)
		}
		var v value.Value
		var err error
		switch {
		case of == value.Double:
			return doubles(n.Text, x.Number(), y.Number())
		case x.Kind == value.Months && of != value.Months:
			v, err = addMonths(y, x.I)
		case y.Kind == value.Months && of != value.Months:
			if n.Text == "-" {
				y.I = -y.I
			}
			v, err = addMonths(x, y.I)
		case of == value.Interval && (x.Kind == value.Double || y.Kind == value.Double):
			v, err = scaled(n.Text, x, y)
		default:
			v, err = integers(of, n.Text, x.I, y.I)
		}
		if err == nil && of != value.Timestamp {
			v, err = ofDay(v)
		}
		if err != nil {
			e.run.fail(n.At, err)
			return value.NullOf(of)
		}
		return v
	}, constant}, nil
}

// ofDay is a time of day, which goes round at midnight; a date has no time.
// https://trino.io/docs/current/functions/datetime.html
func ofDay(v value.Value) (value.Value, error) {
	const day = 86400e9
	switch {
	case v.Kind == value.TimeOfDay:
		v.I -= value.Floor(v.I, day)
	case v.Kind == value.Date && v.I != value.Floor(v.I, day):
		return v, invalid("Cannot add hour, minutes or seconds to a date")
	}
	return v, nil
}

func arithmeticKind(op string, a, b value.Kind) (value.Kind, bool) {
	if a == value.Unknown {
		a = b
	}
	if b == value.Unknown {
		b = a
	}
	additive := op == "+" || op == "-"
	isTime := func(k value.Kind) bool { return k == value.Timestamp || k == value.Date || k == value.TimeOfDay }
	switch {
	case value.IsNumber(a) && value.IsNumber(b):
		return value.Common(a, b)
	case isTime(a) && b == value.Interval && additive, isTime(a) && a != value.TimeOfDay && b == value.Months && additive:
		return a, true
	case a == value.Interval && isTime(b) && op == "+", a == value.Months && isTime(b) && b != value.TimeOfDay && op == "+":
		return b, true
	case a == b && (a == value.Interval || a == value.Months) && additive:
		return a, true
	case a == b && isTime(a) && op == "-":
		return value.Interval, true
	case a == value.Interval && value.IsNumber(b) && (op == "*" || op == "/"), value.IsNumber(a) && b == value.Interval && op == "*":
		return value.Interval, true
	}
	return value.Unknown, false
}

func doubles(op string, x, y float64) value.Value {
	v := value.Value{Kind: value.Double}
	switch op {
	case "+":
		v.F = x + y
	case "-":
		v.F = x - y
	case "*":
		v.F = x * y
	case "/":
		v.F = x / y
	case "%":
		v.F = math.Mod(x, y)
	}
	return v
}

// scaled is an interval times or over a double.
func scaled(op string, x, y value.Value) (value.Value, error) {
	f := doubles(op, x.Number(), y.Number()).F
	if !(math.Abs(f) < 1<<63) {
		return value.Null, errOverflow
	}
	return value.OfInterval(int64(f)), nil
}

var (
	errOverflow = errors.New("the result does not fit its type")
	errDivision = invalid("Division by zero")
)

// integers computes without silent overflow.
func integers(k value.Kind, op string, x, y int64) (value.Value, error) {
	v := value.Value{Kind: k}
	over := false
	switch op {
	case "+":
		v.I = x + y
		over = (x > 0) == (y > 0) && (v.I > 0) != (x > 0) && x != 0 && y != 0
	case "-":
		v.I = x - y
		over = (x >= 0) != (y >= 0) && (v.I >= 0) != (x >= 0)
	case "*":
		v.I = x * y
		over = x != 0 && (v.I/x != y || x == -1 && y == math.MinInt64)
	case "/", "%":
		if y == 0 {
			return value.Null, errDivision
		}
		if over = x == math.MinInt64 && y == -1; over {
			break
		}
		if v.I = x / y; op == "%" {
			v.I = x % y
		}
	}
	if over || k == value.Integer && v.I != int64(int32(v.I)) {
		return value.Null, errOverflow
	}
	return v, nil
}

// patternRune is one of a LIKE pattern's characters; any is %, one is _.
type patternRune struct {
	r        rune
	any, one bool
}

// like matches with % and _, in time linear in text and pattern for one %; ok is
// that the pattern's escapes are right. A run counts it as work, of which with several %
// there may be much, and ends it; it may be nil.
func like(text, pattern string, escape rune, r *run) (found, ok bool) {
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
	for step := 1; i < len(t); step++ {
		if step&(1<<16-1) == 0 && r != nil {
			if r.spend(1 << 10); r.err != nil {
				return false, true
			}
		}
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
