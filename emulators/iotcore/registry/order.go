package registry

import (
	"maps"
	"slices"
	"sort"
)

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// byCreation are the values of m in the order in which they were made, or backward.
func byCreation[V any](m map[string]V, order func(V) int, ascending bool) []V {
	all := slices.SortedFunc(maps.Values(m), func(a, b V) int { return order(a) - order(b) })
	return ordered(all, ascending)
}

// ordered turns items around unless ascending.
func ordered[T any](items []T, ascending bool) []T {
	if !ascending {
		slices.Reverse(items)
	}
	return items
}
