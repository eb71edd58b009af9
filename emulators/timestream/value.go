package timestream

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// kind is the type of a value.
type kind int

const (
	unknown kind = iota
	double
	bigint
	varchar
	boolean
	timestamp
	interval
)

var kindNames = [...]string{"UNKNOWN", "DOUBLE", "BIGINT", "VARCHAR", "BOOLEAN", "TIMESTAMP", "INTERVAL_DAY_TO_SECOND"}

// String is the ScalarType of the query API.
func (k kind) String() string { return kindNames[k] }

// kinds are the types of measures.
var kinds = map[string]kind{"DOUBLE": double, "BIGINT": bigint, "VARCHAR": varchar, "BOOLEAN": boolean, "TIMESTAMP": timestamp}

// value is a typed scalar. Doubles are in f; bigints, booleans (0 and 1),
// timestamps and intervals (ns) in i; varchars in s.
type value struct {
	kind kind
	null bool
	f    float64
	i    int64
	s    string
}

var null = value{null: true}

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

// set parses a measure value.
func (p *point) set(k kind, text string) bool {
	switch k {
	case double:
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return false
		}
		p.bits = math.Float64bits(f)
	case bigint, timestamp:
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return false
		}
		if k == timestamp {
			n *= int64(time.Millisecond)
		}
		p.bits = uint64(n)
	case boolean:
		switch strings.ToLower(text) {
		case "true":
			p.bits = 1
		case "false":
		default:
			return false
		}
	case varchar:
		p.text = strings.Clone(text) // a part of a call's body would keep all of it
	}
	return true
}

// value is the point's value.
func (p point) value(k kind) value {
	switch k {
	case double:
		return value{kind: k, f: math.Float64frombits(p.bits)}
	case varchar:
		return value{kind: k, s: p.text}
	}
	return value{kind: k, i: int64(p.bits)}
}

// text is a value as the query API prints it.
func (v value) text() string {
	switch v.kind {
	case double:
		return javaDouble(v.f)
	case bigint:
		return strconv.FormatInt(v.i, 10)
	case boolean:
		return strconv.FormatBool(v.i == 1)
	case timestamp:
		return time.Unix(0, v.i).UTC().Format("2006-01-02 15:04:05.000000000")
	case interval:
		d := v.i
		sign := ""
		if d < 0 {
			sign, d = "-", -d
		}
		day := int64(24 * time.Hour)
		return sign + strconv.FormatInt(d/day, 10) + " " + time.Unix(0, d%day).UTC().Format("15:04:05.000000000")
	}
	return v.s
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

// compare orders two values of comparable kinds.
func compare(a, b value) int {
	switch {
	case a.kind == varchar:
		return strings.Compare(a.s, b.s)
	case a.kind == double || b.kind == double:
		x, y := a.number(), b.number()
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	case a.i < b.i:
		return -1
	case a.i > b.i:
		return 1
	}
	return 0
}

func comparable(a, b kind) bool {
	numeric := func(k kind) bool { return k == double || k == bigint }
	return a == b || a == unknown || b == unknown || numeric(a) && numeric(b)
}
