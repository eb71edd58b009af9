package expression

import (
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

// change is an action whose value is known.
type change struct {
	path   attribute.Path
	value  attribute.Value
	remove bool
}

// Apply changes item in place. All operands are read before anything changes,
// and list indexes are those of the old item: first values are set, in order
// of their paths so that new elements of a list are appended by index, then
// elements are removed, the last first. When existed is false the item is a
// new one of nothing but its key, from which a missing path may be removed.
// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
func (u *Update) Apply(item attribute.Item, existed bool) error {
	sets := make([]change, 0, len(u.actions))
	var removes []change
	for _, a := range u.actions {
		if err := a.reaches(item, existed); err != nil {
			return err
		}
		c, changes, err := a.evaluate(item)
		switch {
		case err != nil:
			return err
		case changes && c.remove:
			removes = append(removes, c)
		case changes:
			sets = append(sets, c)
		}
	}
	byPath := func(a, b change) int { return a.path.Compare(b.path) }
	slices.SortFunc(sets, byPath)
	for _, c := range sets {
		if err := item.Set(c.path, c.value); err != nil {
			return err
		}
	}
	slices.SortFunc(removes, byPath)
	for _, c := range slices.Backward(removes) {
		if !existed && len(c.path) > 1 {
			continue
		}
		if err := item.Remove(c.path); err != nil {
			return err
		}
	}
	return nil
}

// reaches refuses to delete from a place that cannot be in an item that is there.
func (a action) reaches(item attribute.Item, existed bool) error {
	last := len(a.path) - 1
	if a.verb != "DELETE" || last == 0 || !existed {
		return nil
	}
	if parent, ok := item.Get(a.path[:last]); ok && parent.Type() == a.path[last].In() {
		return nil
	}
	return refuse("The document path provided in the update expression is invalid for update")
}

// evaluate finds what an action does to an item; false is nothing.
func (a action) evaluate(item attribute.Item) (change, bool, error) {
	switch a.verb {
	case "REMOVE":
		return change{path: a.path, remove: true}, true, nil
	case "SET":
		v, err := a.to.compute(item)
		return change{path: a.path, value: v}, true, err
	}
	old, exists := item.Get(a.path)
	if a.verb == "DELETE" {
		return a.subtract(old, exists)
	}
	if !exists {
		return change{path: a.path, value: a.to.value}, true, nil
	}
	if old.Type() != a.to.value.Type() {
		return change{}, false, wrongData()
	}
	if old.Type() != attribute.N {
		return change{path: a.path, value: old.Union(a.to.value)}, true, nil
	}
	sum, err := old.Number().Add(a.to.value.Number())
	return change{path: a.path, value: attribute.Num(sum)}, true, err
}

// subtract is DELETE: a set that becomes empty is removed.
func (a action) subtract(old attribute.Value, exists bool) (change, bool, error) {
	if !exists {
		return change{}, false, nil
	}
	if old.Type() != a.to.value.Type() {
		return change{}, false, wrongData()
	}
	left, some := old.Minus(a.to.value)
	return change{path: a.path, value: left, remove: !some}, true, nil
}

// compute evaluates the right side of SET.
func (o operand) compute(item attribute.Item) (attribute.Value, error) {
	switch o.kind {
	case operandValue:
		return o.value, nil
	case operandPath:
		v, ok := item.Get(o.path)
		if !ok {
			return v, refuse("The provided expression refers to an attribute that does not exist in the item")
		}
		return v, nil
	}
	if o.text == "if_not_exists" {
		if v, ok := item.Get(o.args[0].path); ok {
			return v, nil
		}
		return o.args[1].compute(item)
	}
	v, err := o.args[0].compute(item)
	if err != nil {
		return v, err
	}
	w, err := o.args[1].compute(item)
	if err != nil {
		return w, err
	}
	if o.text == "list_append" {
		return join(v, w)
	}
	return add(v, w, o.text == "-")
}

func join(v, w attribute.Value) (attribute.Value, error) {
	if v.Type() != attribute.L || w.Type() != attribute.L {
		return v, wrongData()
	}
	return attribute.List(slices.Concat(v.Elements(), w.Elements())), nil
}

func add(v, w attribute.Value, subtract bool) (attribute.Value, error) {
	if v.Type() != attribute.N || w.Type() != attribute.N {
		return v, wrongData()
	}
	n := w.Number()
	if subtract {
		n = n.Negate()
	}
	sum, err := v.Number().Add(n)
	return attribute.Num(sum), err
}

func wrongData() error {
	return refuse("An operand in the update expression has an incorrect data type")
}
