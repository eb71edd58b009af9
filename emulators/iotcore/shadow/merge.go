package shadow

import (
	"encoding/json"
	"strconv"
)

// merge lays update over state, a null deleting its key, and notes the time of
// every leaf in metadata. The maps given are changed.
func merge(state, metadata, update map[string]any, at int64) {
	for key, value := range update {
		if value == nil {
			delete(state, key)
			delete(metadata, key)
			continue
		}
		object, ok := value.(map[string]any)
		if !ok {
			state[key], metadata[key] = value, stamps(value, at)
			continue
		}
		below, ok := state[key].(map[string]any)
		stamped, ok2 := metadata[key].(map[string]any)
		if !ok || !ok2 {
			below, stamped = map[string]any{}, map[string]any{}
		}
		merge(below, stamped, object, at)
		if len(below) == 0 {
			delete(state, key)
			delete(metadata, key)
			continue
		}
		state[key], metadata[key] = below, stamped
	}
}

// stamps is the metadata of a value: of an array, one for each element.
func stamps(value any, at int64) any {
	switch v := value.(type) {
	case []any:
		all := make([]any, len(v))
		for i := range v {
			all[i] = stamps(v[i], at)
		}
		return all
	case map[string]any:
		all := map[string]any{}
		for k := range v {
			all[k] = stamps(v[k], at)
		}
		return all
	}
	return map[string]any{"timestamp": at}
}

// difference is what desired has otherwise than reported, with its metadata.
func difference(desired, reported, metadata map[string]any) (delta, stamped map[string]any) {
	delta, stamped = map[string]any{}, map[string]any{}
	for key, want := range desired {
		have, ok := reported[key]
		if ok && equal(want, have) {
			continue
		}
		w, wok := want.(map[string]any)
		h, hok := have.(map[string]any)
		if !wok || !hok {
			delta[key], stamped[key] = want, metadata[key]
			continue
		}
		below, _ := metadata[key].(map[string]any)
		if d, m := difference(w, h, below); len(d) > 0 {
			delta[key], stamped[key] = d, m
		}
	}
	return delta, stamped
}

// depth is the number of levels of objects and arrays in a value.
func depth(value any) int {
	deepest := 0
	switch v := value.(type) {
	case map[string]any:
		for _, below := range v {
			deepest = max(deepest, depth(below))
		}
	case []any:
		for _, below := range v {
			deepest = max(deepest, depth(below))
		}
	default:
		return 0
	}
	return deepest + 1
}

// equal compares values: numbers as numbers, so that 1 is 1.0.
func equal(a, b any) bool {
	switch a := a.(type) {
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for key, value := range a {
			other, ok := b[key]
			if !ok || !equal(value, other) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !equal(a[i], b[i]) {
				return false
			}
		}
		return true
	case json.Number:
		b, ok := b.(json.Number)
		return ok && (a == b || sameNumber(a, b))
	}
	return a == b
}

// sameNumber compares integers exactly and other numbers as floating point.
func sameNumber(a, b json.Number) bool {
	_, err := strconv.ParseInt(string(a), 10, 64)
	_, err2 := strconv.ParseInt(string(b), 10, 64)
	if err == nil && err2 == nil {
		return false // another text, so another integer
	}
	x, err := a.Float64()
	y, err2 := b.Float64()
	return err == nil && err2 == nil && x == y
}

// nullInArray tells whether an array somewhere has a null, which none may.
func nullInArray(value any) bool {
	switch v := value.(type) {
	case map[string]any:
		for _, below := range v {
			if nullInArray(below) {
				return true
			}
		}
	case []any:
		for _, below := range v {
			if below == nil || nullInArray(below) {
				return true
			}
		}
	}
	return false
}
