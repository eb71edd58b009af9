package value

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

// Value is a typed value. Doubles are in F; bigints, integers, booleans (0 and 1),
// timestamps, dates, times and intervals (ns) and months in I; varchars in S;
// arrays and time series in List.
type Value struct {
	Kind Kind
	Null bool
	F    float64
	I    int64
	S    string
	List *List
}

// List is an array's elements, or a time series' values with their times.
type List struct {
	At    []int64
	Items []Value
}

// Find is the place of the first time that is not before t.
func (l *List) Find(t int64) int {
	return sort.Search(len(l.At), func(i int) bool { return l.At[i] >= t })
}

// Null is of no kind; of a kind it is NullOf.
var Null = Value{Null: true}

// Values of the scalar kinds; times and intervals are given in ns.
func NullOf(k Kind) Value       { return Value{Kind: k, Null: true} }
func OfDouble(f float64) Value  { return Value{Kind: Double, F: f} }
func OfBigint(i int64) Value    { return Value{Kind: Bigint, I: i} }
func OfText(s string) Value     { return Value{Kind: Varchar, S: s} }
func OfTime(ns int64) Value     { return Value{Kind: Timestamp, I: ns} }
func OfInterval(ns int64) Value { return Value{Kind: Interval, I: ns} }

// OfArray is an array of items of a kind.
func OfArray(of Kind, items []Value) Value {
	return Value{Kind: of.Array(), List: &List{Items: items}}
}

// OfBool is a boolean.
func OfBool(b bool) Value {
	v := Value{Kind: Boolean}
	if b {
		v.I = 1
	}
	return v
}

// IsTrue is that a condition holds: it is neither false nor null.
func (v Value) IsTrue() bool { return !v.Null && v.Kind == Boolean && v.I == 1 }

// Number is the value as a double.
func (v Value) Number() float64 {
	if v.Kind == Double {
		return v.F
	}
	return float64(v.I)
}

// Text is a scalar as the query API prints it.
func (v Value) Text() string {
	switch v.Kind {
	case Double:
		return javaDouble(v.F)
	case Bigint, Integer:
		return strconv.FormatInt(v.I, 10)
	case Boolean:
		return strconv.FormatBool(v.I == 1)
	case Timestamp:
		return time.Unix(0, v.I).UTC().Format("2006-01-02 15:04:05.000000000")
	case Date:
		return time.Unix(0, v.I).UTC().Format("2006-01-02")
	case TimeOfDay:
		return time.Unix(0, v.I).UTC().Format("15:04:05.000000000")
	case Interval:
		d := v.I
		sign := ""
		if d < 0 {
			sign, d = "-", -d
		}
		day := int64(24 * time.Hour)
		return sign + strconv.FormatInt(d/day, 10) + " " + time.Unix(0, d%day).UTC().Format("15:04:05.000000000")
	case Months:
		m := v.I
		sign := ""
		if m < 0 {
			sign, m = "-", -m
		}
		return sign + strconv.FormatInt(m/12, 10) + "-" + strconv.FormatInt(m%12, 10)
	}
	return v.S
}

// AppendKey appends what tells values apart as keys of groups and joins: equal for
// numbers that are equal, whatever their kinds.
func (v Value) AppendKey(key []byte) []byte {
	switch {
	case v.Null:
		return append(key, 0)
	case v.List != nil:
		key = append(key, '[')
		for i, item := range v.List.Items {
			if v.List.At != nil {
				key = strconv.AppendInt(key, v.List.At[i], 10)
			}
			key = item.AppendKey(key)
		}
		return append(key, ']')
	case v.Kind == Varchar:
		key = append(strconv.AppendInt(append(key, 's'), int64(len(v.S)), 10), ':')
		return append(key, v.S...)
	case v.Kind == Double && (v.F != math.Trunc(v.F) || math.Abs(v.F) > 1<<53):
		return append(strconv.AppendUint(append(key, 'f'), math.Float64bits(v.F), 36), ';')
	case v.Kind == Double:
		return append(strconv.AppendInt(append(key, 'i'), int64(v.F), 36), ';')
	}
	return append(strconv.AppendInt(append(key, 'i'), v.I, 36), ';')
}

// Size is about how many bytes a value takes.
func (v Value) Size() int {
	if v.List == nil {
		return 64 + len(v.S)
	}
	return math.MaxInt - v.Within(math.MaxInt)
}

// Within is what a value leaves of so many bytes; less than nothing where it takes
// more, and then not all of it was looked at.
func (v Value) Within(bytes int) int {
	bytes -= 64 + len(v.S)
	if v.List == nil {
		return bytes
	}
	for _, item := range v.List.Items {
		if bytes < 0 {
			break
		}
		bytes = item.Within(bytes - 8)
	}
	return bytes
}

// PrintedSize is about how many bytes a value takes in an answer.
func (v Value) PrintedSize() int {
	n := 32 + len(v.S)
	if v.List != nil {
		for _, item := range v.List.Items {
			n += item.PrintedSize() + 50
		}
	}
	return n
}

// javaDouble prints as Java's Double.toString: 21.5, 100.0, 1.0E10, 1.0E-4.
func javaDouble(f float64) string {
	switch {
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	abs := math.Abs(f)
	if abs != 0 && (abs < 1e-3 || abs >= 1e7) {
		text := strconv.FormatFloat(f, 'E', -1, 64)
		mantissa, exponent, _ := strings.Cut(text, "E")
		if !strings.Contains(mantissa, ".") {
			mantissa += ".0"
		}
		n, _ := strconv.Atoi(exponent)
		return mantissa + "E" + strconv.Itoa(n)
	}
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// Compare orders two values of comparable kinds. NaN is the largest double.
func Compare(a, b Value) int {
	switch {
	case a.Kind == Varchar:
		return strings.Compare(a.S, b.S)
	case a.List != nil && b.List != nil:
		return slices.CompareFunc(a.List.Items, b.List.Items, compareItems)
	case a.Kind == Double || b.Kind == Double:
		x, y := a.Number(), b.Number()
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		case x == y:
			return 0
		}
		return cmp.Compare(Bit(math.IsNaN(x)), Bit(math.IsNaN(y)))
	case a.I < b.I:
		return -1
	case a.I > b.I:
		return 1
	}
	return 0
}

// Unordered is that one of two doubles is not a number: no comparison of it holds but
// <>, while it has a place in an order, a group and IS NOT DISTINCT FROM.
func Unordered(a, b Value) bool {
	return a.Kind == Double && a.F != a.F || b.Kind == Double && b.F != b.F
}

// compareItems orders what arrays and rows are made of, null last.
func compareItems(a, b Value) int {
	if a.Null || b.Null {
		return Bit(a.Null) - Bit(b.Null)
	}
	return Compare(a, b)
}

// Bit is 1 for true.
func Bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Equal is IS NOT DISTINCT FROM.
func Equal(a, b Value) bool {
	if a.Null || b.Null {
		return a.Null == b.Null
	}
	return Compare(a, b) == 0
}
