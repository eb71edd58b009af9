package sql

import (
	"strconv"
	"strings"

	"github.com/cockroachdb/apd/v3"
)

type kind uint8

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

// value is a value of the rules engine. The zero value is Undefined. Values share
// what they are made of and are never changed.
type value struct {
	kind kind
	b    bool
	s    string       // of stringKind; of a number its text as it is written out, or empty with n
	n    *apd.Decimal // of intKind and decimalKind; nil with s
	o    *object      // of objectKind; of arrayKind its items, or nil with none
}

var (
	undefined = value{}
	null      = value{kind: nullKind}
)

func ofBool(b bool) value            { return value{kind: boolKind, b: b} }
func ofString(s string) value        { return value{kind: stringKind, s: s} }
func ofInt(i int64) value            { return value{kind: intKind, s: strconv.FormatInt(i, 10)} }
func ofNumber(d *apd.Decimal) value  { return value{kind: decimalKind, n: d} }
func ofInteger(d *apd.Decimal) value { return value{kind: intKind, n: d} }
func ofArray(items []value) value    { return value{kind: arrayKind, o: &object{items: items}} }
func ofObject(o *object) value       { return value{kind: objectKind, o: o} }

func (v value) isNumber() bool { return v.kind == intKind || v.kind == decimalKind }

// items are those of an Array.
func (v value) items() []value {
	if v.kind != arrayKind || v.o == nil {
		return nil
	}
	return v.o.items
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
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-data-types.html#iot-sql-conversions
func (v value) text(c *scope) (string, bool) {
	switch v.kind {
	case undefinedKind, nullKind:
		return "", false
	case stringKind:
		return v.s, true
	case boolKind:
		return strconv.FormatBool(v.b), true
	case intKind:
		return v.numberText(), true
	case decimalKind:
		return v.decimalText(c.old), true
	}
	w := writer{limit: maxOutput, old: c.old}
	w.value(v)
	if w.over {
		c.fail(errOutput)
		return "", false
	}
	if !c.use(len(w.b)) {
		return "", false
	}
	return string(w.b), true
}

// equal is = on values that are not Undefined: numbers by value, arrays in
// order, objects in any order; different types are not equal.
func equal(a, b value) bool {
	if a.isNumber() && b.isNumber() {
		return compareNumbers(a, b) == 0
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
		left, right := a.items(), b.items()
		if len(left) != len(right) {
			return false
		}
		for i := range left {
			if !equal(left[i], right[i]) {
				return false
			}
		}
	case objectKind:
		if len(a.o.fields) != len(b.o.fields) {
			return false
		}
		for _, f := range a.o.fields {
			i := b.o.find(f.key)
			if i < 0 || !equal(f.value, b.o.fields[i].value) {
				return false
			}
		}
	}
	return true
}
