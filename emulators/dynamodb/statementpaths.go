package dynamodb

import (
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

// projection reads what SELECT names: the attributes that its document paths begin with.
func (p *placeholders) projection(paths []attribute.Path) *string {
	var names []string
	for _, path := range paths {
		if name := p.name(path[0].Name); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if names == nil {
		return nil
	}
	text := strings.Join(names, ", ")
	return &text
}

// picked is an item as SELECT answers it: what each path leads to, by the path's last
// name. Where that is nothing there is none. Seen of the service by the tests of
// nubo-db/dynamodb-conformance; see
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html
func picked(item attribute.Item, paths []attribute.Path) attribute.Item {
	if item == nil || !slices.ContainsFunc(paths, func(p attribute.Path) bool { return len(p) > 1 }) {
		return item
	}
	out := attribute.Item{}
	for _, path := range paths {
		if v, ok := item.Get(path); ok {
			out[path[len(path)-1].Name] = v
		}
	}
	return out
}
