package attribute

import (
	"slices"
	"strings"
)

// Type is the data type of a value.
type Type uint8

// The data types, by their name on the wire.
const (
	None Type = iota
	S
	N
	B
	BOOL
	NULL
	M
	L
	SS
	NS
	BS
)

var (
	typeNames = [...]string{"", "S", "N", "B", "BOOL", "NULL", "M", "L", "SS", "NS", "BS"}
	longNames = [...]string{"", "STRING", "NUMBER", "BINARY", "BOOLEAN", "NULL", "MAP", "LIST", "STRING_SET", "NUMBER_SET", "BINARY_SET"}
)

// String is the name on the wire, such as SS.
func (t Type) String() string { return typeNames[t] }

// LongName is the name in some messages, such as STRING_SET.
func (t Type) LongName() string { return longNames[t] }

// TypeOf is the type of that name on the wire.
func TypeOf(name string) (Type, bool) {
	i := slices.Index(typeNames[1:], name)
	return Type(i + 1), i >= 0
}

// Scalar tells whether values of the type have an order: S, N and B, the types
// that keys may have.
func (t Type) Scalar() bool { return t == S || t == N || t == B }

// Set tells whether the type is a set.
func (t Type) Set() bool { return t == SS || t == NS || t == BS }

// Value is an attribute value. It is immutable. The zero Value is no value.
type Value struct {
	kind     Type
	flag     bool   // BOOL; the sign of N
	exponent int16  // of N
	text     string // S and B; the digits of N
	*content        // of a list, a set or a map; nil of others, which are most
}

// content is what a value has in it.
type content struct {
	list  []Value          // the elements of a list, or of a set in ascending order
	items map[string]Value // the members of a map
}

// elements are those of a list or set, none of others.
func (c *content) elements() []Value {
	if c == nil {
		return nil
	}
	return c.list
}

// members are those of a map, none of others.
func (c *content) members() map[string]Value {
	if c == nil {
		return nil
	}
	return c.items
}

// String makes a value of type S.
func String(s string) Value { return Value{kind: S, text: s} }

// Bytes makes a value of type B.
func Bytes(b []byte) Value { return Value{kind: B, text: string(b)} }

// Num makes a value of type N.
func Num(n Number) Value {
	return Value{kind: N, flag: n.negative, exponent: n.exponent, text: n.digits}
}

// Int makes a value of type N.
func Int(n int64) Value { return Num(NumberOf(n)) }

// Bool makes a value of type BOOL.
func Bool(b bool) Value { return Value{kind: BOOL, flag: b} }

// Null makes the value of type NULL.
func Null() Value { return Value{kind: NULL} }

// Map makes a value of type M, which takes the map over.
func Map(m map[string]Value) Value { return Value{kind: M, content: &content{items: m}} }

// List makes a value of type L, which takes the slice over.
func List(l []Value) Value { return Value{kind: L, content: &content{list: l}} }

// Type is the data type; None for the zero Value.
func (v Value) Type() Type { return v.kind }

// Number is the number of a value of type N.
func (v Value) Number() Number {
	return Number{negative: v.flag, exponent: v.exponent, digits: v.text}
}

// Text is the string of a value of type S, or the bytes of one of type B.
func (v Value) Text() string { return v.text }

// Members are the members of a map, by name. They are not to be changed.
func (v Value) Members() map[string]Value { return v.members() }

// Elements are the elements of a list, or of a set in ascending order. They
// belong to the value.
func (v Value) Elements() []Value { return v.elements() }

// Equal tells whether two values have the same type and content.
func (v Value) Equal(w Value) bool {
	if v.kind != w.kind {
		return false
	}
	switch v.kind {
	case M:
		if len(v.members()) != len(w.members()) {
			return false
		}
		for name, x := range v.members() {
			if y, ok := w.members()[name]; !ok || !x.Equal(y) {
				return false
			}
		}
		return true
	case L, SS, NS, BS:
		return slices.EqualFunc(v.elements(), w.elements(), Value.Equal)
	}
	return v.flag == w.flag && v.exponent == w.exponent && v.text == w.text
}

// Compare orders two values of the same scalar type: strings and binaries by
// their bytes, numbers as numbers. It is false for all other pairs.
func (v Value) Compare(w Value) (int, bool) {
	if v.kind != w.kind || !v.kind.Scalar() {
		return 0, false
	}
	if v.kind == N {
		return v.Number().Compare(w.Number()), true
	}
	return strings.Compare(v.text, w.text), true
}

// Contains tells whether a string or binary has w as a part, or a set or list
// has w as an element.
func (v Value) Contains(w Value) bool {
	switch v.kind {
	case S, B:
		return v.kind == w.kind && strings.Contains(v.text, w.text)
	case L, SS, NS, BS:
		return slices.ContainsFunc(v.elements(), w.Equal)
	}
	return false
}

// Length is what the size function answers: bytes of a string or binary,
// elements of a set, list or map. Other types have none.
// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
func (v Value) Length() (int, bool) {
	switch v.kind {
	case S, B:
		return len(v.text), true
	case L, SS, NS, BS:
		return len(v.elements()), true
	case M:
		return len(v.members()), true
	}
	return 0, false
}
