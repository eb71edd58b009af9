package sql

import (
	"regexp"
	"strings"

	"github.com/cockroachdb/apd/v3"
)

type kind int

const (
	undefinedKind kind = iota
	nullKind
	boolKind
	intKind
	decimalKind
	stringKind
	arrayKind
	objectKind
)

// value is a value of the rules engine. The zero value is Undefined.
type value struct {
	kind kind
	b    bool
	n    *apd.Decimal // of intKind and decimalKind; never changed
	s    string
	a    []value
	o    *object
}

// object keeps the order of its members.
type object struct {
	keys   []string
	values map[string]value
}

func newObject() *object { return &object{values: map[string]value{}} }

func (o *object) set(key string, v value) {
	if _, ok := o.values[key]; !ok {
		o.keys = append(o.keys, key)
	}
	o.values[key] = v
}

var (
	undefined = value{}
	null      = value{kind: nullKind}
)

func ofBool(b bool) value     { return value{kind: boolKind, b: b} }
func ofString(s string) value { return value{kind: stringKind, s: s} }
func ofInt(i int64) value     { return value{kind: intKind, n: apd.New(i, 0)} }

// decimals has the engine's 34 digits (AWS.md §2).
var decimals = apd.BaseContext.WithPrecision(34)

// ofNumber is a Decimal.
func ofNumber(d *apd.Decimal) value { return value{kind: decimalKind, n: d} }

func (v value) isNumber() bool { return v.kind == intKind || v.kind == decimalKind }

var numeric = regexp.MustCompile(`^-?\d+(\.\d+)?([eE]-?\d+)?$`)

// maxExponent keeps a number such as 1E999999999 from being written out.
const maxExponent = 6144

func parseNumber(text string) (*apd.Decimal, bool) {
	if len(text) > 1000 {
		return nil, false
	}
	d, _, err := apd.NewFromString(text)
	if err != nil || d.Form != apd.Finite || d.Exponent > maxExponent || d.Exponent < -maxExponent {
		return nil, false
	}
	if _, err := decimals.Round(d, d); err != nil {
		return nil, false
	}
	return d, true
}

// number converts to a number: a numeric String is a Decimal.
func (v value) number() (value, bool) {
	if v.isNumber() {
		return v, true
	}
	if v.kind == stringKind && numeric.MatchString(v.s) {
		if d, ok := parseNumber(v.s); ok {
			return ofNumber(d), true
		}
	}
	return undefined, false
}

// boolean converts for AND, OR and NOT: a Boolean, or "true" and "false".
func (v value) boolean() (bool, bool) {
	switch {
	case v.kind == boolKind:
		return v.b, true
	case v.kind == stringKind && strings.EqualFold(v.s, "true"):
		return true, true
	case v.kind == stringKind && strings.EqualFold(v.s, "false"):
		return false, true
	}
	return false, false
}

// text is the standard conversion to String; Null and Undefined have none.
func (v value) text() (string, bool) {
	switch v.kind {
	case undefinedKind, nullKind:
		return "", false
	case stringKind:
		return v.s, true
	}
	return string(v.appendJSON(nil)), true
}

func (v value) float() float64 {
	f, _ := v.n.Float64()
	return f
}

func formatNumber(n *apd.Decimal) string {
	var d apd.Decimal
	d.Reduce(n)
	if d.Exponent > 34 || d.Exponent < -34 {
		return d.Text('G')
	}
	if d.IsZero() {
		return "0"
	}
	return d.Text('f')
}

// equal is = on values that are not Undefined: numbers by value, arrays in
// order, objects in any order; different types are not equal.
func equal(a, b value) bool {
	if a.isNumber() && b.isNumber() {
		return a.n.Cmp(b.n) == 0
	}
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case boolKind:
		return a.b == b.b
	case stringKind:
		return a.s == b.s
	case arrayKind:
		if len(a.a) != len(b.a) {
			return false
		}
		for i := range a.a {
			if !equal(a.a[i], b.a[i]) {
				return false
			}
		}
	case objectKind:
		if len(a.o.keys) != len(b.o.keys) {
			return false
		}
		for _, key := range a.o.keys {
			other, ok := b.o.values[key]
			if !ok || !equal(a.o.values[key], other) {
				return false
			}
		}
	}
	return true
}
