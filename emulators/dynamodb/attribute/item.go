package attribute

import "maps"

// Item is the attributes of an item, or its key.
type Item map[string]Value

// Clone copies the top level; values are immutable.
func (i Item) Clone() Item { return maps.Clone(i) }

// Get finds what a path leads to.
func (i Item) Get(path Path) (Value, bool) {
	v, ok := i[path[0].Name]
	for _, step := range path[1:] {
		if !ok {
			return Value{}, false
		}
		v, ok = v.Child(step)
	}
	return v, ok
}

// Child is the member of a map or the element of a list that a step leads to.
func (v Value) Child(step Step) (Value, bool) {
	if step.isIndex {
		if v.kind != L || step.Index >= len(v.elements()) {
			return Value{}, false
		}
		return v.elements()[step.Index], true
	}
	if v.kind != M {
		return Value{}, false
	}
	w, ok := v.members()[step.Name]
	return w, ok
}

// Set puts a value at a path. The parent must be there; an index past the end
// of a list appends.
func (i Item) Set(path Path, value Value) error {
	if len(path) == 1 {
		i[path[0].Name] = value
		return nil
	}
	parent, ok := i[path[0].Name]
	if !ok {
		return badPath()
	}
	changed, err := parent.with(path[1:], value)
	if err == nil {
		i[path[0].Name] = changed
	}
	return err
}

// with is a copy of v in which the path leads to value.
func (v Value) with(path Path, value Value) (Value, error) {
	step := path[0]
	if len(path) > 1 {
		child, ok := v.Child(step)
		if !ok {
			return Value{}, badPath()
		}
		changed, err := child.with(path[1:], value)
		if err != nil {
			return Value{}, err
		}
		value = changed
	}
	switch {
	case step.isIndex && v.kind == L:
		list := make([]Value, len(v.elements()), len(v.elements())+1)
		copy(list, v.elements())
		if step.Index < len(list) {
			list[step.Index] = value
			return List(list), nil
		}
		return List(append(list, value)), nil
	case !step.isIndex && v.kind == M:
		items := make(map[string]Value, len(v.members())+1)
		maps.Copy(items, v.members())
		items[step.Name] = value
		return Map(items), nil
	}
	return Value{}, badPath()
}

// Remove takes away what a path leads to. The parent must be there; the
// attribute or element itself need not.
func (i Item) Remove(path Path) error {
	if len(path) == 1 {
		delete(i, path[0].Name)
		return nil
	}
	parent, ok := i[path[0].Name]
	if !ok {
		return badPath()
	}
	changed, err := parent.without(path[1:])
	if err == nil {
		i[path[0].Name] = changed
	}
	return err
}

func (v Value) without(path Path) (Value, error) {
	step := path[0]
	if len(path) > 1 {
		child, ok := v.Child(step)
		if !ok {
			return Value{}, badPath()
		}
		changed, err := child.without(path[1:])
		if err != nil {
			return Value{}, err
		}
		return v.with(path[:1], changed)
	}
	switch {
	case step.isIndex && v.kind == L:
		if step.Index >= len(v.elements()) {
			return v, nil
		}
		list := append(make([]Value, 0, len(v.elements())-1), v.elements()[:step.Index]...)
		return List(append(list, v.elements()[step.Index+1:]...)), nil
	case !step.isIndex && v.kind == M:
		items := maps.Clone(v.members())
		delete(items, step.Name)
		return Map(items), nil
	}
	return Value{}, badPath()
}

func badPath() error {
	return invalid("The document path provided in the update expression is invalid for update")
}
