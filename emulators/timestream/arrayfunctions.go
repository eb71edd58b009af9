package timestream

import (
	"slices"
	"strings"
)

// maxArray bounds an array that a function makes. AWS: 10,000 elements of SEQUENCE.
const maxArray = 1_000_000

var errLongArray = invalid("an array has more than %d elements", maxArray)

// arrayFunctions are of the page "Array functions"; zip, which makes rows, is not
// implemented.
// https://docs.aws.amazon.com/timestream/latest/developerguide/array-functions.html
var arrayFunctions = map[string]generic{
	"array_distinct": onArray(func(v []value) []value { return distinct(v) }),
	"array_sort":     onArray(sortedItems),
	"reverse": onArray(func(v []value) []value {
		v = slices.Clone(v)
		slices.Reverse(v)
		return v
	}),
	"array_union":     onArrays(func(x, y []value) []value { return distinct(slices.Concat(x, y)) }),
	"array_intersect": onArrays(func(x, y []value) []value { return distinct(which(x, y, true)) }),
	"array_except":    onArrays(func(x, y []value) []value { return distinct(which(x, y, false)) }),
	"array_max":       arrayExtreme(1),
	"array_min":       arrayExtreme(-1),
	"shuffle": func(k []kind) (kind, apply) {
		if len(k) != 1 || !k[0].isArray() {
			return 0, nil
		}
		return k[0], func(e *env, v []value) (value, error) {
			items := slices.Clone(v[0].list.items)
			e.run.chance().Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
			return arrayValue(k[0].of(), items), nil
		}
	},
	"cardinality": func(k []kind) (kind, apply) {
		if len(k) != 1 || k[0] < 16 {
			return 0, nil
		}
		return bigint, func(_ *env, v []value) (value, error) { return ofBigint(int64(len(v[0].list.items))), nil }
	},
	"array_join":     arrayJoin,
	"array_position": withElement(func(of, _ kind) kind { return bigint }, arrayPosition),
	"array_remove":   withElement(func(of, _ kind) kind { return of }, arrayRemove),
	"contains":       withElement(func(_, _ kind) kind { return boolean }, contains),
	"arrays_overlap": arraysOverlap,
	"concat":         concatArrays,
	"element_at":     elementAt,
	"repeat":         repeat,
	"slice":          slice,
	"sequence":       sequence,
}

func onArray(f func([]value) []value) generic {
	return func(k []kind) (kind, apply) {
		if len(k) != 1 || !k[0].isArray() {
			return 0, nil
		}
		return k[0], func(_ *env, v []value) (value, error) { return arrayValue(k[0].of(), f(v[0].list.items)), nil }
	}
}

func onArrays(f func(x, y []value) []value) generic {
	return func(k []kind) (kind, apply) {
		if len(k) != 2 || !k[0].isArray() || !k[1].isArray() {
			return 0, nil
		}
		of, ok := common(k[0], k[1])
		if !ok {
			return 0, nil
		}
		return of, func(_ *env, v []value) (value, error) {
			return arrayValue(of.of(), f(widen(v[0], of).list.items, widen(v[1], of).list.items)), nil
		}
	}
}

func distinct(items []value) []value {
	seen := map[string]bool{}
	var out []value
	for _, v := range items {
		if key := string(v.appendKey(nil)); !seen[key] {
			seen[key] = true
			out = append(out, v)
		}
	}
	return out
}

// which are the items of x that are in y, or are not.
func which(x, y []value, in bool) []value {
	there := map[string]bool{}
	for _, v := range y {
		there[string(v.appendKey(nil))] = true
	}
	var out []value
	for _, v := range x {
		if there[string(v.appendKey(nil))] == in {
			out = append(out, v)
		}
	}
	return out
}

// sortedItems sorts; null comes last.
func sortedItems(items []value) []value {
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(a, b value) int {
		if a.null || b.null {
			return b2i(a.null) - b2i(b.null)
		}
		return compare(a, b)
	})
	return items
}

// arrayExtreme is null where an element is.
func arrayExtreme(sign int) generic {
	return func(k []kind) (kind, apply) {
		if len(k) != 1 || !k[0].isArray() {
			return 0, nil
		}
		of := k[0].of()
		return of, func(_ *env, v []value) (value, error) {
			best := nullOf(of)
			for i, x := range v[0].list.items {
				if x.null {
					return nullOf(of), nil
				}
				if i == 0 || compare(x, best)*sign > 0 {
					best = x
				}
			}
			return best, nil
		}
	}
}

// arrayJoin leaves out nulls unless it is said what stands for them.
func arrayJoin(k []kind) (kind, apply) {
	if len(k) < 2 || len(k) > 3 || !k[0].isArray() || k[0].of() > 15 || k[1] != varchar || len(k) == 3 && k[2] != varchar {
		return 0, nil
	}
	return varchar, func(_ *env, v []value) (value, error) {
		if v[0].null || v[1].null {
			return nullOf(varchar), nil
		}
		var texts []string
		for _, x := range v[0].list.items {
			switch {
			case !x.null:
				texts = append(texts, x.text())
			case len(v) == 3:
				texts = append(texts, v[2].s)
			}
		}
		return bounded(strings.Join(texts, v[1].s))
	}
}

// withElement is for functions of an array and what may be an element of it.
func withElement(result func(array, of kind) kind, f func(items []value, x value, result kind) value) generic {
	return func(k []kind) (kind, apply) {
		if len(k) != 2 || !k[0].isArray() || !comparable(k[0].of(), k[1]) {
			return 0, nil
		}
		to := result(k[0], k[0].of())
		return to, func(_ *env, v []value) (value, error) {
			if v[0].null || v[1].null {
				return nullOf(to), nil
			}
			return f(v[0].list.items, v[1], to), nil
		}
	}
}

func arrayPosition(items []value, x value, _ kind) value {
	return ofBigint(int64(slices.IndexFunc(items, func(v value) bool { return equal(v, x) }) + 1))
}

func arrayRemove(items []value, x value, array kind) value {
	return arrayValue(array.of(), slices.DeleteFunc(slices.Clone(items), func(v value) bool { return equal(v, x) }))
}

func contains(items []value, x value, _ kind) value {
	null := false
	for _, v := range items {
		if null = null || v.null; equal(v, x) {
			return ofBool(true)
		}
	}
	return value{kind: boolean, null: null}
}

func arraysOverlap(k []kind) (kind, apply) {
	if len(k) != 2 || !k[0].isArray() || !k[1].isArray() || !comparable(k[0].of(), k[1].of()) {
		return 0, nil
	}
	return boolean, func(_ *env, v []value) (value, error) {
		isNull := func(x value) bool { return x.null }
		for _, x := range which(v[0].list.items, v[1].list.items, true) {
			if !x.null {
				return ofBool(true), nil
			}
		}
		null := slices.ContainsFunc(v[0].list.items, isNull) || slices.ContainsFunc(v[1].list.items, isNull)
		return value{kind: boolean, null: null}, nil
	}
}

func concatArrays(k []kind) (kind, apply) {
	of, ok := commonOf(k)
	if !ok || len(k) < 2 || !of.isArray() {
		return 0, nil
	}
	return of, func(_ *env, v []value) (value, error) {
		var items []value
		for _, x := range v {
			if items = append(items, widen(x, of).list.items...); len(items) > maxArray {
				return null, errLongArray
			}
		}
		return arrayValue(of.of(), items), nil
	}
}

// elementAt counts from the end where the index is negative; beyond is null.
func elementAt(k []kind) (kind, apply) {
	if len(k) != 2 || !k[0].isArray() || !isInteger(k[1]) {
		return 0, nil
	}
	of := k[0].of()
	return of, func(_ *env, v []value) (value, error) {
		items, i := v[0].list.items, v[1].i
		switch n := int64(len(items)); {
		case i == 0:
			return null, invalid("SQL array indices start at 1")
		case i > n || i < -n:
			return nullOf(of), nil
		case i < 0:
			return items[n+i], nil
		}
		return items[i-1], nil
	}
}

func repeat(k []kind) (kind, apply) {
	if len(k) != 2 || !isInteger(k[1]) || k[0].nested() >= maxNested {
		return 0, nil
	}
	return k[0].array(), func(_ *env, v []value) (value, error) {
		if v[1].null {
			return nullOf(k[0].array()), nil
		}
		if v[1].i > 10_000 {
			return null, invalid("count argument of repeat function must be less than or equal to 10000")
		}
		return arrayValue(k[0], slices.Repeat([]value{v[0]}, int(max(v[1].i, 0)))), nil
	}
}

func slice(k []kind) (kind, apply) {
	if len(k) != 3 || !k[0].isArray() || !isInteger(k[1]) || !isInteger(k[2]) {
		return 0, nil
	}
	return k[0], func(_ *env, v []value) (value, error) {
		items, from, length := v[0].list.items, v[1].i, v[2].i
		if from == 0 || length < 0 {
			return null, invalid("slice counts from 1, and a length is not negative")
		}
		n := int64(len(items))
		if from < 0 {
			from += n + 1
		}
		if from < 1 || from > n {
			return arrayValue(k[0].of(), nil), nil
		}
		return arrayValue(k[0].of(), items[from-1:from-1+min(length, n-from+1)]), nil
	}
}

// sequence is of integers by 1, or of times by a day, unless a step is given.
func sequence(k []kind) (kind, apply) {
	if len(k) < 2 || len(k) > 3 {
		return 0, nil
	}
	of, step := bigint, ofBigint(1)
	if !isInteger(k[0]) {
		of, step = timestamp, ofInterval(86400e9)
	}
	for _, x := range k[:2] {
		if !widens(x, of) {
			return 0, nil
		}
	}
	if len(k) == 3 && k[2] != step.kind && !(of == timestamp && k[2] == months) && !(of == bigint && isInteger(k[2])) {
		return 0, nil
	}
	return of.array(), func(_ *env, v []value) (value, error) {
		from, err := convert(v[0], of)
		if err != nil {
			return null, err
		}
		to, err := convert(v[1], of)
		if err != nil {
			return null, err
		}
		by := step
		if len(v) == 3 {
			by = v[2]
		} else if from.i > to.i {
			by.i = -by.i
		}
		return steps(from, to, by)
	}
}

func steps(from, to, by value) (value, error) {
	if by.i == 0 {
		return null, invalid("interval must not be zero")
	}
	if (by.i > 0) != (to.i >= from.i) && to.i != from.i {
		return null, invalid("sequence stop value should be greater than or equal to start value if step is greater than zero otherwise stop should be less than start")
	}
	var items []value
	for x := from; by.i > 0 && x.i <= to.i || by.i < 0 && x.i >= to.i; {
		if len(items) >= maxArray {
			return null, invalid("a sequence has more than %d entries", maxArray)
		}
		items = append(items, x)
		var err error
		if by.kind == months {
			x, err = addMonths(from, by.i*int64(len(items)))
		} else {
			x, err = integers(x.kind, "+", x.i, by.i)
		}
		if err != nil {
			break // the end of the type's range
		}
	}
	return arrayValue(from.kind, items), nil
}
