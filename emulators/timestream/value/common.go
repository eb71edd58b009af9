package value

// Common is the kind that values of both kinds can have.
func Common(a, b Kind) (Kind, bool) {
	switch {
	case a == b || b == Unknown:
		return a, true
	case a == Unknown:
		return b, true
	case IsNumber(a) && IsNumber(b):
		if a == Double || b == Double {
			return Double, true
		}
		return Bigint, true
	case a == Date && b == Timestamp || a == Timestamp && b == Date:
		return Timestamp, true
	case a.IsArray() && b.IsArray():
		of, ok := Common(a.Of(), b.Of())
		return of.Array(), ok
	case a.IsRow() && b.IsRow():
		return a.together(b)
	}
	return Unknown, false
}

// Comparable tells whether values of both kinds can be equal.
func Comparable(a, b Kind) bool {
	_, ok := Common(a, b)
	return ok
}

// Indeterminate tells whether it is not known that two values are equal or not: where
// they differ there is a null in one of them, within an array or a row.
func Indeterminate(a, b Value) bool {
	if a.Null || b.Null {
		return true
	}
	if a.List == nil || len(a.List.Items) != len(b.List.Items) {
		return false
	}
	unknown := false
	for i, x := range a.List.Items {
		y := b.List.Items[i]
		if Indeterminate(x, y) {
			unknown = true
		} else if Compare(x, y) != 0 {
			return false
		}
	}
	return unknown
}

// Ordered tells whether values of a kind have an order: a time series has none, nor
// what has one in it.
func (k Kind) Ordered() bool {
	switch {
	case k.IsSeries():
		return false
	case k.IsArray():
		return k.Of().Ordered()
	}
	for _, f := range k.Fields() {
		if !f.Kind.Ordered() {
			return false
		}
	}
	return true
}

// As converts a value to a kind that is common to its own and another.
func (v Value) As(to Kind) Value {
	switch {
	case v.Kind == to:
		return v
	case v.Null:
		return NullOf(to)
	case to == Double:
		return OfDouble(v.Number())
	case to.IsArray():
		items := make([]Value, len(v.List.Items))
		for i, item := range v.List.Items {
			items[i] = item.As(to.Of())
		}
		return OfArray(to.Of(), items)
	case to.IsRow():
		items := make([]Value, len(v.List.Items))
		for i, f := range to.Fields() {
			items[i] = v.List.Items[i].As(f.Kind)
		}
		return OfRow(to, items...)
	}
	v.Kind = to
	return v
}
