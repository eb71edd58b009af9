package expression

import (
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

// Bindings are the placeholders of a request, which all its expressions share.
type Bindings struct {
	names  map[string]string
	values attribute.Values
	used   map[string]bool
}

// Bind checks the spelling of placeholders. A nil map is one that the request
// has not; an empty one is refused.
func Bind(names map[string]string, values attribute.Values) (*Bindings, error) {
	if names != nil && len(names) == 0 {
		return nil, refuse("ExpressionAttributeNames must not be empty")
	}
	for _, key := range sortedKeys(names) {
		if !placeholder(key, '#') {
			return nil, refuse("ExpressionAttributeNames contains invalid key: Syntax error; key: %q", key)
		}
		if names[key] == "" {
			return nil, refuse("ExpressionAttributeNames contains invalid value: attribute name cannot be empty for key %s", key)
		}
		if len(names[key]) >= maxName {
			return nil, refuse("ExpressionAttributeNames contains invalid value: Attribute name is too large, must be less than %d bytes for key %s", maxName, key)
		}
	}
	if values != nil && len(values) == 0 {
		return nil, refuse("ExpressionAttributeValues must not be empty")
	}
	for _, key := range sortedKeys(values) {
		if !placeholder(key, ':') {
			return nil, refuse("ExpressionAttributeValues contains invalid key: Syntax error; key: %q", key)
		}
	}
	return &Bindings{names, values, make(map[string]bool, len(names)+len(values))}, nil
}

func placeholder(key string, first byte) bool {
	return len(key) > 1 && len(key) <= 255 && key[0] == first && span(key, 1) == len(key)
}

// Unused refuses placeholders that no expression has used.
func (b *Bindings) Unused() error {
	if left := unused(b.names, b.used); left != "" {
		return refuse("Value provided in ExpressionAttributeNames unused in expressions: keys: {%s}", left)
	}
	if left := unused(b.values, b.used); left != "" {
		return refuse("Value provided in ExpressionAttributeValues unused in expressions: keys: {%s}", left)
	}
	return nil
}

func unused[V any](given map[string]V, used map[string]bool) string {
	var left []string
	for key := range given {
		if !used[key] {
			left = append(left, key)
		}
	}
	slices.Sort(left)
	return strings.Join(left, ", ")
}

// path replaces the placeholders of a path.
func (b *Bindings) path(k Kind, path attribute.Path) (attribute.Path, error) {
	copied := false
	for i, step := range path {
		if step.IsIndex() || step.Name[0] != '#' {
			continue
		}
		name, ok := b.names[step.Name]
		if !ok {
			return nil, k.invalid("An expression attribute name used in the document path is not defined; attribute name: %s", step.Name)
		}
		b.used[step.Name] = true
		if !copied {
			path, copied = slices.Clone(path), true
		}
		path[i] = attribute.Name(name)
	}
	return path, nil
}

func (b *Bindings) value(k Kind, key string) (attribute.Value, error) {
	v, ok := b.values[key]
	if !ok {
		return v, k.invalid("An expression attribute value used in expression is not defined; attribute value: %s", key)
	}
	b.used[key] = true
	return v, nil
}

// sortedKeys gives the first error of several a fixed place.
func sortedKeys[V any](m map[string]V) []string {
	if len(m) == 0 {
		return nil
	}
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
