package shadow

import "reflect"

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
		if ok && reflect.DeepEqual(want, have) {
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
