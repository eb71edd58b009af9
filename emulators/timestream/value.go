package timestream

import (
	"cmp"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"
	"time"
)

// value is a typed value. Doubles are in f; bigints, integers, booleans (0 and 1),
// timestamps, dates, times and intervals (ns) and months in i; varchars in s;
// arrays and time series in list.
type value struct {
	kind kind
	null bool
	f    float64
	i    int64
	s    string
	list *list
}

// list is an array's elements, or a time series' values with their times.
type list struct {
	at    []int64
	items []value
}

// find is the place of the first time that is not before t.
func (l *list) find(t int64) int {
	return sort.Search(len(l.at), func(i int) bool { return l.at[i] >= t })
}

var null = value{null: true}

func nullOf(k kind) value       { return value{kind: k, null: true} }
func ofDouble(f float64) value  { return value{kind: double, f: f} }
func ofBigint(i int64) value    { return value{kind: bigint, i: i} }
func ofText(s string) value     { return value{kind: varchar, s: s} }
func ofTime(ns int64) value     { return value{kind: timestamp, i: ns} }
func ofInterval(ns int64) value { return value{kind: interval, i: ns} }

func arrayValue(of kind, items []value) value {
	return value{kind: of.array(), list: &list{items: items}}
}

func ofBool(b bool) value {
	v := value{kind: boolean}
	if b {
		v.i = 1
	}
	return v
}

func (v value) isTrue() bool { return !v.null && v.kind == boolean && v.i == 1 }

// number is the value as a double.
func (v value) number() float64 {
	if v.kind == double {
		return v.f
	}
	return float64(v.i)
}

// text is a scalar as the query API prints it.
func (v value) text() string {
	switch v.kind {
	case double:
		return javaDouble(v.f)
	case bigint, integer:
		return strconv.FormatInt(v.i, 10)
	case boolean:
		return strconv.FormatBool(v.i == 1)
	case timestamp:
		return time.Unix(0, v.i).UTC().Format("2006-01-02 15:04:05.000000000")
	case date:
		return time.Unix(0, v.i).UTC().Format("2006-01-02")
	case timeOfDay:
		return time.Unix(0, v.i).UTC().Format("15:04:05.000000000")
	case interval:
		d := v.i
		sign := ""
		if d < 0 {
			sign, d = "-", -d
		}
		day := int64(24 * time.Hour)
		return sign + strconv.FormatInt(d/day, 10) + " " + time.Unix(0, d%day).UTC().Format("15:04:05.000000000")
	case months:
		m := v.i
		sign := ""
		if m < 0 {
			sign, m = "-", -m
		}
		return sign + strconv.FormatInt(m/12, 10) + "-" + strconv.FormatInt(m%12, 10)
	}
	return v.s
}

// appendKey appends what tells values apart as keys of groups and joins: equal for
// numbers that are equal, whatever their kinds.
func (v value) appendKey(key []byte) []byte {
	switch {
	case v.null:
		return append(key, 0)
	case v.list != nil:
		key = append(key, '[')
		for i, item := range v.list.items {
			if v.list.at != nil {
				key = strconv.AppendInt(key, v.list.at[i], 10)
			}
			key = item.appendKey(key)
		}
		return append(key, ']')
	case v.kind == varchar:
		key = append(strconv.AppendInt(append(key, 's'), int64(len(v.s)), 10), ':')
		return append(key, v.s...)
	case v.kind == double && (v.f != math.Trunc(v.f) || math.Abs(v.f) > 1<<53):
		return append(strconv.AppendUint(append(key, 'f'), math.Float64bits(v.f), 36), ';')
	case v.kind == double:
		return append(strconv.AppendInt(append(key, 'i'), int64(v.f), 36), ';')
	}
	return append(strconv.AppendInt(append(key, 'i'), v.i, 36), ';')
}

// size is about how many bytes a value takes.
func (v value) size() int {
	n := 64 + len(v.s)
	if v.list != nil {
		for _, item := range v.list.items {
			n += item.size() + 8
		}
	}
	return n
}

// printedSize is about how many bytes a value takes in an answer.
func (v value) printedSize() int {
	n := 32 + len(v.s)
	if v.list != nil {
		for _, item := range v.list.items {
			n += item.printedSize() + 50
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

// compare orders two values of comparable kinds. NaN is the largest double.
func compare(a, b value) int {
	switch {
	case a.kind == varchar:
		return strings.Compare(a.s, b.s)
	case a.list != nil && b.list != nil:
		return slices.CompareFunc(a.list.items, b.list.items, compare)
	case a.kind == double || b.kind == double:
		x, y := a.number(), b.number()
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		case x == y:
			return 0
		}
		return cmp.Compare(b2i(math.IsNaN(x)), b2i(math.IsNaN(y)))
	case a.i < b.i:
		return -1
	case a.i > b.i:
		return 1
	}
	return 0
}

// b2i is 1 for true.
func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// equal is IS NOT DISTINCT FROM.
func equal(a, b value) bool {
	if a.null || b.null {
		return a.null == b.null
	}
	return compare(a, b) == 0
}
