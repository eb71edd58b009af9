package expression

import (
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

// Projection is a projection expression, bound to a request.
type Projection struct{ paths []attribute.Path }

func parseProjection(text string) ([]attribute.Path, error) {
	p, err := newParser(ProjectionKind, text)
	if err != nil {
		return nil, err
	}
	var paths []attribute.Path
	for {
		path, err := p.path()
		if err != nil {
			return nil, err
		}
		paths = append(paths, path)
		if !p.sign(",") {
			return paths, p.finish()
		}
	}
}

func bindProjection(paths []attribute.Path, b *Bindings) (*Projection, error) {
	p := &Projection{paths: make([]attribute.Path, len(paths))}
	for i, path := range paths {
		var err error
		if p.paths[i], err = b.path(ProjectionKind, path); err != nil {
			return nil, err
		}
	}
	return p, checkPaths(ProjectionKind, len(paths), func(i int) attribute.Path { return p.paths[i] })
}

// Attributes calls f with the top-level attribute of each path.
func (p *Projection) Attributes(f func(name string)) {
	for _, path := range p.paths {
		f(path[0].Name)
	}
}

// Project is the part of an item that the paths lead to. Elements of a list
// move together, in their order.
func (p *Projection) Project(item attribute.Item) attribute.Item { return project(item, p.paths) }

func project(item attribute.Item, paths []attribute.Path) attribute.Item {
	paths = slices.Clone(paths)
	slices.SortFunc(paths, attribute.Path.Compare)
	out := attribute.Item{}
	for rest := paths; len(rest) > 0; {
		var group []attribute.Path
		group, rest = sameStep(rest)
		v, ok := item.Get(group[0][:1])
		if !ok {
			continue
		}
		if v, ok = part(v, group); ok {
			out[group[0][0].Name] = v
		}
	}
	return out
}

// sameStep cuts off the paths, of sorted ones, that begin with the same step.
func sameStep(paths []attribute.Path) (group, rest []attribute.Path) {
	n := 1
	for n < len(paths) && paths[n][0] == paths[0][0] {
		n++
	}
	return paths[:n], paths[n:]
}

// part is what of v the rests of the paths lead to, which all begin at v.
func part(v attribute.Value, paths []attribute.Path) (attribute.Value, bool) {
	if len(paths[0]) == 1 {
		return v, true
	}
	var tails []attribute.Path
	for _, p := range paths {
		tails = append(tails, p[1:])
	}
	list, members := []attribute.Value{}, map[string]attribute.Value{}
	for len(tails) > 0 {
		var group []attribute.Path
		group, tails = sameStep(tails)
		child, ok := v.Child(group[0][0])
		if !ok {
			continue
		}
		if child, ok = part(child, group); !ok {
			continue
		}
		list = append(list, child)
		members[group[0][0].Name] = child
	}
	if len(list) == 0 {
		return v, false
	}
	if paths[0][1].IsIndex() {
		return attribute.List(list), true
	}
	return attribute.Map(members), true
}
