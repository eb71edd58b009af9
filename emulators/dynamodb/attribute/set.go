package attribute

import "slices"

// elementType is the type of a set's elements.
func (t Type) elementType() Type { return t - SS + S }

// newSet makes a set; it is false when two elements are equal.
func newSet(kind Type, elements []Value) (Value, bool) {
	set := ofElements(kind, distinct(elements))
	return set, len(set.Elements()) == len(elements)
}

// Union is the set of the elements of either set, which have the same type.
func (v Value) Union(w Value) Value {
	return ofElements(v.kind, distinct(v.elements(), w.elements()))
}

// distinct is the elements in ascending order, of equal ones one.
func distinct(elements ...[]Value) []Value {
	all := slices.Concat(elements...)
	slices.SortFunc(all, order)
	return slices.CompactFunc(all, Value.Equal)
}

func ofElements(kind Type, elements []Value) Value {
	return Value{kind: kind, content: &content{list: elements}}
}

// Minus is the set of v's elements that w has not; false when none is left,
// because there is no empty set.
func (v Value) Minus(w Value) (Value, bool) {
	var left []Value
	for _, x := range v.elements() {
		if _, found := slices.BinarySearchFunc(w.elements(), x, order); !found {
			left = append(left, x)
		}
	}
	return ofElements(v.kind, left), len(left) > 0
}

func order(a, b Value) int {
	c, _ := a.Compare(b)
	return c
}

// SetOf makes a set of its elements, which are one or more values of one of the
// types S, N and B.
func SetOf(elements []Value) (Value, error) {
	if len(elements) == 0 {
		return Value{}, invalid("One or more parameter values were invalid: An set may not be empty")
	}
	first := elements[0].kind
	for _, e := range elements {
		if !e.kind.Scalar() || e.kind != first {
			return Value{}, invalid("One or more parameter values were invalid: A set has elements of one of the types S, N and B")
		}
	}
	kind := first - S + SS
	return makeSet(kind, elements)
}

// makeSet makes a set of what may be none.
func makeSet(kind Type, elements []Value) (Value, error) {
	if err := checkSet(kind, elements); err != nil {
		return Value{}, err
	}
	set, unique := newSet(kind, elements)
	if !unique {
		return Value{}, duplicates(kind, elements)
	}
	return set, nil
}
