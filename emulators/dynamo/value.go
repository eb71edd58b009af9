package dynamodb

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"sort"
	"strings"

	"github.com/cockroachdb/apd/v3"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Value is an attribute value: exactly one type, as on the wire {"S": "text"}.
type Value struct {
	kind string // S N B BOOL NULL M L SS NS BS
	s    string // of S, and of N in its one form
	n    *apd.Decimal
	b    []byte
	t    bool // of BOOL
	m    Item
	l    []Value
	set  []Value
}

// Item is a row: attribute values by name.
type Item map[string]Value

func validation(format string, args ...any) error {
	return wire.Errorf("ValidationException", 0, format, args...)
}

func text(s string) Value { return Value{kind: "S", s: s} }

// numbers has the 38 digits of a DynamoDB number.
var numbers = apd.BaseContext.WithPrecision(38)

// parseNumber reads a number of at most 38 digits between 1E-130 and 9.9E125.
func parseNumber(s string) (Value, error) {
	if len(s) > 200 {
		return Value{}, validation("The parameter cannot be converted to a numeric value: %.40s…", s)
	}
	d, _, err := apd.NewFromString(strings.TrimSpace(s))
	if err != nil || d.Form != apd.Finite {
		return Value{}, validation("The parameter cannot be converted to a numeric value: %s", s)
	}
	return number(d)
}

func number(d *apd.Decimal) (Value, error) {
	r := new(apd.Decimal)
	r.Reduce(d)
	digits := r.NumDigits()
	if digits > 38 {
		return Value{}, validation("Attempting to store more than 38 significant digits in a Number")
	}
	if !r.IsZero() {
		magnitude := int64(r.Exponent) + digits - 1
		if magnitude > 125 {
			return Value{}, validation("Number overflow. Attempting to store a number with magnitude larger than supported range")
		}
		if magnitude < -130 {
			return Value{}, validation("Number underflow. Attempting to store a number with magnitude smaller than supported range")
		}
	} else {
		r.SetInt64(0)
	}
	return Value{kind: "N", n: r, s: r.Text('f')}, nil
}

// UnmarshalJSON reads the wire form.
func (v *Value) UnmarshalJSON(raw []byte) error { return v.decode(raw, 0) }

// maxNesting is how deep documents may be (DynamoDB: 32 levels).
const maxNesting = 32

func (v *Value) decode(raw []byte, depth int) error {
	if depth > maxNesting {
		return validation("Nesting Levels have exceeded supported limits: %d", maxNesting)
	}
	var typed map[string]json.RawMessage
	if err := json.Unmarshal(raw, &typed); err != nil || len(typed) != 1 {
		return validation("Supplied AttributeValue is empty or has more than one type, must contain exactly one of the supported datatypes")
	}
	for kind, inner := range typed {
		v.kind = kind
		if err := v.fill(inner, depth); err != nil {
			return err
		}
	}
	return nil
}

func (v *Value) fill(raw json.RawMessage, depth int) (err error) {
	bad := func() error {
		return wire.Errorf("SerializationException", 0, "an attribute value of type %s has another form", v.kind)
	}
	read := func(into any) error {
		if json.Unmarshal(raw, into) != nil {
			return bad()
		}
		return nil
	}
	switch v.kind {
	case "S":
		return read(&v.s)
	case "N":
		var s string
		if err := read(&s); err != nil {
			return err
		}
		*v, err = parseNumber(s)
		return err
	case "B":
		return read(&v.b)
	case "BOOL":
		return read(&v.t)
	case "NULL":
		if err := read(&v.t); err != nil || !v.t {
			return validation("One or more parameter values were invalid: Null attribute value types must have the value of true")
		}
		return nil
	case "M":
		var inner map[string]json.RawMessage
		if err := read(&inner); err != nil {
			return err
		}
		v.m = Item{}
		for name, raw := range inner {
			var item Value
			if err := item.decode(raw, depth+1); err != nil {
				return err
			}
			v.m[name] = item
		}
		return nil
	case "L":
		var inner []json.RawMessage
		if err := read(&inner); err != nil {
			return err
		}
		v.l = make([]Value, len(inner))
		for i, raw := range inner {
			if err := v.l[i].decode(raw, depth+1); err != nil {
				return err
			}
		}
		return nil
	case "SS", "NS", "BS":
		return v.fillSet(raw)
	}
	return validation("Supplied AttributeValue is of the unknown type %s", v.kind)
}

func (v *Value) fillSet(raw json.RawMessage) error {
	var inner []string
	if json.Unmarshal(raw, &inner) != nil {
		return wire.Errorf("SerializationException", 0, "an attribute value of type %s has another form", v.kind)
	}
	if len(inner) == 0 {
		return validation("One or more parameter values were invalid: An set may not be empty")
	}
	seen := map[string]bool{}
	for _, s := range inner {
		item := text(s)
		var err error
		switch v.kind {
		case "NS":
			item, err = parseNumber(s)
		case "BS":
			item = Value{kind: "B"}
			item.b, err = base64.StdEncoding.DecodeString(s)
		}
		if err != nil {
			return err
		}
		if seen[item.key()] {
			return validation("One or more parameter values were invalid: Input collection contains duplicates.")
		}
		seen[item.key()] = true
		v.set = append(v.set, item)
	}
	v.sortSet()
	return nil
}

func (v *Value) sortSet() {
	sort.Slice(v.set, func(i, j int) bool { return compare(v.set[i], v.set[j]) < 0 })
}

// MarshalJSON writes the wire form.
func (v Value) MarshalJSON() ([]byte, error) {
	var inner any
	switch v.kind {
	case "S", "N":
		inner = v.s
	case "B":
		inner = v.b
		if v.b == nil {
			inner = []byte{}
		}
	case "BOOL", "NULL":
		inner = v.t
	case "M":
		inner = v.m
	case "L":
		inner = v.l
		if v.l == nil {
			inner = []Value{}
		}
	case "BS":
		list := [][]byte{}
		for _, item := range v.set {
			list = append(list, item.b)
		}
		inner = list
	default:
		list := []string{}
		for _, item := range v.set {
			list = append(list, item.s)
		}
		inner = list
	}
	return json.Marshal(map[string]any{v.kind: inner})
}

// key is a text that is equal for equal scalars.
func (v Value) key() string {
	if v.kind == "B" {
		return "B" + string(v.b)
	}
	return v.kind + v.s
}

// compare orders two scalars of one type: numbers as numbers, texts and binaries
// by bytes.
func compare(a, b Value) int {
	switch a.kind {
	case "N":
		return a.n.Cmp(b.n)
	case "B":
		return bytes.Compare(a.b, b.b)
	}
	return strings.Compare(a.s, b.s)
}

func equal(a, b Value) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case "BOOL", "NULL":
		return a.t == b.t
	case "M":
		if len(a.m) != len(b.m) {
			return false
		}
		for name, v := range a.m {
			if other, ok := b.m[name]; !ok || !equal(v, other) {
				return false
			}
		}
		return true
	case "L":
		return equalLists(a.l, b.l)
	case "SS", "NS", "BS":
		return equalLists(a.set, b.set)
	}
	return compare(a, b) == 0
}

func equalLists(a, b []Value) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if !equal(a[i], b[i]) {
			return false
		}
	}
	return true
}

// size is the value's share of an item's size, in bytes.
func (v Value) size() int {
	switch v.kind {
	case "S":
		return len(v.s)
	case "N":
		return len(v.s)/2 + 2
	case "B":
		return len(v.b)
	case "M":
		return 3 + v.m.size()
	case "L":
		n := 3
		for _, item := range v.l {
			n += 1 + item.size()
		}
		return n
	case "SS", "NS", "BS":
		n := 0
		for _, item := range v.set {
			n += item.size()
		}
		return n
	}
	return 1
}

// maxItem is the largest item, in bytes.
const maxItem = 400 << 10

func (i Item) size() int {
	n := 0
	for name, v := range i {
		n += len(name) + v.size()
	}
	return n
}

// copy is a deep enough copy to change: containers are new.
func (i Item) copy() Item {
	out := make(Item, len(i))
	for name, v := range i {
		out[name] = v.copy()
	}
	return out
}

func (v Value) copy() Value {
	switch v.kind {
	case "M":
		v.m = v.m.copy()
	case "L":
		l := make([]Value, len(v.l))
		for i := range v.l {
			l[i] = v.l[i].copy()
		}
		v.l = l
	}
	return v
}
