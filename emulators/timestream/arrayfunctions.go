package timestream

import (
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// maxArray bounds an array that a function makes. AWS: 10,000 elements of SEQUENCE.
const maxArray = 1_000_000

var errLongArray = invalid("an array has more than %d elements", maxArray)

// arrayFunctions are of the page "Array functions"; zip, which makes rows, is not
// implemented.
// https://docs.aws.amazon.com/timestream/latest/developerguide/array-functions.html
var arrayFunctions = map[string]generic{
	"array_distinct": onArray(func(v []value.Value) []value.Value { return distinct(v) }),
	"array_sort":     onArray(sortedItems),
	"reverse": onArray(func(v []value.Value) []value.Value {
		v = slices.Clone(v)
		slices.Reverse(v)
		return v
	}),
	"array_union":     onArrays(func(x, y []value.Value) []value.Value { return distinct(slices.Concat(x, y)) }),
	"array_intersect": onArrays(func(x, y []value.Value) []value.Value { return distinct(which(x, y, true)) }),
	"array_except":    onArrays(func(x, y []value.Value) []value.Value { return distinct(which(x, y, false)) }),
	"array_max":       arrayExtreme(1),
	"array_min":       arrayExtreme(-1),
	"shuffle": func(k []value.Kind) (value.Kind, apply) {
		if len(k) != 1 || !k[0].IsArray() {
			return value.Unknown, nil
		}
		return k[0], func(e *env, v []value.Value) (value.Value, error) {
			items := slices.Clone(v[0].List.Items)
			e.run.chance().Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
			return value.OfArray(k[0].Of(), items), nil
		}
	},
	"cardinality": func(k []value.Kind) (value.Kind, apply) {
		if len(k) != 1 || !k[0].IsArray() && !k[0].IsSeries() {
			return value.Unknown, nil
		}
		return value.Bigint, func(_ *env, v []value.Value) (value.Value, error) {
			return value.OfBigint(int64(len(v[0].List.Items))), nil
		}
	},
	"array_join":     arrayJoin,
	"array_position": withElement(func(of, _ value.Kind) value.Kind { return value.Bigint }, arrayPosition),
	"array_remove":   withElement(func(of, _ value.Kind) value.Kind { return of }, arrayRemove),
	"contains":       withElement(func(_, _ value.Kind) value.Kind { return value.Boolean }, contains),
	"arrays_overlap": arraysOverlap,
	"concat":         concatArrays,
	"element_at":     elementAt,
	"repeat":         repeat,
	"slice":          slice,
	"sequence":       sequence,
	"zip":            zip,
}

func onArray(f func([]value.Value) []value.Value) generic {
	return func(k []value.Kind) (value.Kind, apply) {
		if len(k) != 1 || !k[0].IsArray() {
			return value.Unknown, nil
		}
		return k[0], func(_ *env, v []value.Value) (value.Value, error) {
			return value.OfArray(k[0].Of(), f(v[0].List.Items)), nil
		}
	}
}

func onArrays(f func(x, y []value.Value) []value.Value) generic {
	return func(k []value.Kind) (value.Kind, apply) {
		if len(k) != 2 || !k[0].IsArray() || !k[1].IsArray() {
			return value.Unknown, nil
		}
		of, ok := value.Common(k[0], k[1])
		if !ok {
			return value.Unknown, nil
		}
		return of, func(_ *env, v []value.Value) (value.Value, error) {
			return value.OfArray(of.Of(), f(v[0].As(of).List.Items, v[1].As(of).List.Items)), nil
		}
	}
}

func distinct(items []value.Value) []value.Value {
	seen := map[string]bool{}
	var out []value.Value
	for _, v := range items {
		if key := string(v.AppendKey(nil)); !seen[key] {
			seen[key] = true
			out = append(out, v)
		}
	}
	return out
}

// which are the items of x that are in y, or are not.
func which(x, y []value.Value, in bool) []value.Value {
	there := map[string]bool{}
	for _, v := range y {
		there[string(v.AppendKey(nil))] = true
	}
	var out []value.Value
	for _, v := range x {
		if there[string(v.AppendKey(nil))] == in {
			out = append(out, v)
		}
	}
	return out
}

// sortedItems sorts; null comes last.
func sortedItems(items []value.Value) []value.Value {
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(a, b value.Value) int {
		if a.Null || b.Null {
			return value.Bit(a.Null) - value.Bit(b.Null)
		}
		return value.Compare(a, b)
	})
	return items
}

// arrayExtreme is null where an element is.
func arrayExtreme(sign int) generic {
	return func(k []value.Kind) (value.Kind, apply) {
		if len(k) != 1 || !k[0].IsArray() {
			return value.Unknown, nil
		}
		of := k[0].Of()
		return of, func(_ *env, v []value.Value) (value.Value, error) {
			best := value.NullOf(of)
			for i, x := range v[0].List.Items {
				if x.Null {
					return value.NullOf(of), nil
				}
				if i == 0 || value.Compare(x, best)*sign > 0 {
					best = x
				}
			}
			return best, nil
		}
	}
}

// arrayJoin leaves out nulls unless it is said what stands for them.
func arrayJoin(k []value.Kind) (value.Kind, apply) {
	if len(k) < 2 || len(k) > 3 || !k[0].IsArray() || !k[0].Of().IsScalar() || k[1] != value.Varchar || len(k) == 3 && k[2] != value.Varchar {
		return value.Unknown, nil
	}
	return value.Varchar, func(_ *env, v []value.Value) (value.Value, error) {
		if v[0].Null || v[1].Null {
			return value.NullOf(value.Varchar), nil
		}
		var b strings.Builder
		any := false
		for _, x := range v[0].List.Items {
			if x.Null && len(v) < 3 {
				continue
			}
			if any {
				b.WriteString(v[1].S)
			}
			if any = true; x.Null {
				b.WriteString(v[2].S)
			} else {
				b.WriteString(x.Text())
			}
			if b.Len() > maxText {
				return value.Null, errLong
			}
		}
		return value.OfText(b.String()), nil
	}
}

// withElement is for functions of an array and what may be an element of it.
func withElement(result func(array, of value.Kind) value.Kind, f func(items []value.Value, x value.Value, result value.Kind) value.Value) generic {
	return func(k []value.Kind) (value.Kind, apply) {
		if len(k) != 2 || !k[0].IsArray() || !value.Comparable(k[0].Of(), k[1]) {
			return value.Unknown, nil
		}
		to := result(k[0], k[0].Of())
		return to, func(_ *env, v []value.Value) (value.Value, error) {
			if v[0].Null || v[1].Null {
				return value.NullOf(to), nil
			}
			return f(v[0].List.Items, v[1], to), nil
		}
	}
}

func arrayPosition(items []value.Value, x value.Value, _ value.Kind) value.Value {
	return value.OfBigint(int64(slices.IndexFunc(items, func(v value.Value) bool { return value.Equal(v, x) }) + 1))
}

func arrayRemove(items []value.Value, x value.Value, array value.Kind) value.Value {
	return value.OfArray(array.Of(), slices.DeleteFunc(slices.Clone(items), func(v value.Value) bool { return value.Equal(v, x) }))
}

func contains(items []value.Value, x value.Value, _ value.Kind) value.Value {
	null := false
	for _, v := range items {
		if null = null || v.Null; value.Equal(v, x) {
			return value.OfBool(true)
		}
	}
	return value.Value{Kind: value.Boolean, Null: null}
}

func arraysOverlap(k []value.Kind) (value.Kind, apply) {
	if len(k) != 2 || !k[0].IsArray() || !k[1].IsArray() || !value.Comparable(k[0].Of(), k[1].Of()) {
		return value.Unknown, nil
	}
	return value.Boolean, func(_ *env, v []value.Value) (value.Value, error) {
		isNull := func(x value.Value) bool { return x.Null }
		for _, x := range which(v[0].List.Items, v[1].List.Items, true) {
			if !x.Null {
				return value.OfBool(true), nil
			}
		}
		null := slices.ContainsFunc(v[0].List.Items, isNull) || slices.ContainsFunc(v[1].List.Items, isNull)
		return value.Value{Kind: value.Boolean, Null: null}, nil
	}
}

func concatArrays(k []value.Kind) (value.Kind, apply) {
	of, ok := commonOf(k)
	if !ok || len(k) < 2 || !of.IsArray() {
		return value.Unknown, nil
	}
	return of, func(_ *env, v []value.Value) (value.Value, error) {
		var items []value.Value
		for _, x := range v {
			if items = append(items, x.As(of).List.Items...); len(items) > maxArray {
				return value.Null, errLongArray
			}
		}
		return value.OfArray(of.Of(), items), nil
	}
}

// elementAt counts from the end where the index is negative; beyond is null.
func elementAt(k []value.Kind) (value.Kind, apply) {
	if len(k) != 2 || !k[0].IsArray() || !value.IsInteger(k[1]) {
		return value.Unknown, nil
	}
	of := k[0].Of()
	return of, func(_ *env, v []value.Value) (value.Value, error) {
		items, i := v[0].List.Items, v[1].I
		switch n := int64(len(items)); {
		case i == 0:
			return value.Null, invalid("SQL array indices start at 1")
		case i > n || i < -n:
			return value.NullOf(of), nil
		case i < 0:
			return items[n+i], nil
		}
		return items[i-1], nil
	}
}

func repeat(k []value.Kind) (value.Kind, apply) {
	if len(k) != 2 || !value.IsInteger(k[1]) || !k[0].Nestable() {
		return value.Unknown, nil
	}
	return k[0].Array(), func(_ *env, v []value.Value) (value.Value, error) {
		if v[1].Null {
			return value.NullOf(k[0].Array()), nil
		}
		if v[1].I > 10_000 {
			return value.Null, invalid("count argument of repeat function must be less than or equal to 10000")
		}
		return value.OfArray(k[0], slices.Repeat([]value.Value{v[0]}, int(max(v[1].I, 0)))), nil
	}
}

func slice(k []value.Kind) (value.Kind, apply) {
	if len(k) != 3 || !k[0].IsArray() || !value.IsInteger(k[1]) || !value.IsInteger(k[2]) {
		return value.Unknown, nil
	}
	return k[0], func(_ *env, v []value.Value) (value.Value, error) {
		items, from, length := v[0].List.Items, v[1].I, v[2].I
		if from == 0 || length < 0 {
			return value.Null, invalid("slice counts from 1, and a length is not negative")
		}
		n := int64(len(items))
		if from < 0 {
			from += n + 1
		}
		if from < 1 || from > n {
			return value.OfArray(k[0].Of(), nil), nil
		}
		return value.OfArray(k[0].Of(), items[from-1:from-1+min(length, n-from+1)]), nil
	}
}

// sequence is of integers by 1, or of times by a day, unless a step is given.
func sequence(k []value.Kind) (value.Kind, apply) {
	if len(k) < 2 || len(k) > 3 {
		return value.Unknown, nil
	}
	of, step := value.Bigint, value.OfBigint(1)
	if !value.IsInteger(k[0]) {
		of, step = value.Timestamp, value.OfInterval(86400e9)
	}
	for _, x := range k[:2] {
		if !widens(x, of) {
			return value.Unknown, nil
		}
	}
	if len(k) == 3 && k[2] != step.Kind && !(of == value.Timestamp && k[2] == value.Months) && !(of == value.Bigint && value.IsInteger(k[2])) {
		return value.Unknown, nil
	}
	return of.Array(), func(_ *env, v []value.Value) (value.Value, error) {
		from, err := value.Convert(v[0], of)
		if err != nil {
			return value.Null, err
		}
		to, err := value.Convert(v[1], of)
		if err != nil {
			return value.Null, err
		}
		by := step
		if len(v) == 3 {
			by = v[2]
		} else if from.I > to.I {
			by.I = -by.I
		}
		return steps(from, to, by)
	}
}

func steps(from, to, by value.Value) (value.Value, error) {
	if by.I == 0 {
		return value.Null, invalid("interval must not be zero")
	}
	if (by.I > 0) != (to.I >= from.I) && to.I != from.I {
		return value.Null, invalid("sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than start")
	}
	var items []value.Value
	for x := from; by.I > 0 && x.I <= to.I || by.I < 0 && x.I >= to.I; {
		if len(items) >= maxArray {
			return value.Null, invalid("a sequence has more than %d entries", maxArray)
		}
		items = append(items, x)
		var err error
		if by.Kind == value.Months {
			x, err = addMonths(from, by.I*int64(len(items)))
		} else {
			x, err = integers(x.Kind, "+", x.I, by.I)
		}
		if err != nil {
			break // the end of the type's range
		}
	}
	return value.OfArray(from.Kind, items), nil
}

// zip makes rows of the elements of arrays; the shorter ones are filled up with null.
func zip(k []value.Kind) (value.Kind, apply) {
	fields := make([]value.Field, len(k))
	for i := range k {
		if !k[i].IsArray() {
			return value.Unknown, nil
		}
		fields[i].Kind = k[i].Of()
	}
	row, ok := value.RowOf(fields...)
	if !ok || len(k) < 2 || !row.Nestable() {
		return value.Unknown, nil
	}
	return row.Array(), func(_ *env, v []value.Value) (value.Value, error) {
		longest := 0
		for _, list := range v {
			longest = max(longest, len(list.List.Items))
		}
		if longest*len(v) > maxArray {
			return value.Null, errLongArray
		}
		rows := make([]value.Value, longest)
		for i := range rows {
			items := make([]value.Value, len(v))
			for j, list := range v {
				if items[j] = value.NullOf(fields[j].Kind); i < len(list.List.Items) {
					items[j] = list.List.Items[i]
				}
			}
			rows[i] = value.OfRow(row, items...)
		}
		return value.OfArray(row, rows), nil
	}
}
