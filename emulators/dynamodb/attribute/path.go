package attribute

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Step is one element of a document path: an attribute name or a list index.
type Step struct {
	Name    string
	Index   int
	isIndex bool
}

// Path leads to an attribute, to a member of a map or an element of a list, as
// a.b[0] does. It has at least one step and begins with a name.
type Path []Step

// Name is the step to an attribute or a member of a map.
func Name(name string) Step { return Step{Name: name} }

// Index is the step to an element of a list.
func Index(i int) Step { return Step{Index: i, isIndex: true} }

// IsIndex tells which kind of step it is.
func (s Step) IsIndex() bool { return s.isIndex }

// String is the path as messages print it: [a, b, [0]].
func (p Path) String() string {
	var parts []string
	for _, s := range p {
		if s.isIndex {
			parts = append(parts, "["+strconv.Itoa(s.Index)+"]")
		} else {
			parts = append(parts, s.Name)
		}
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// Equal tells whether two paths have the same steps.
func (p Path) Equal(q Path) bool { return slices.Equal(p, q) }

// Compare orders paths by their steps, indexes as numbers.
func (p Path) Compare(q Path) int {
	return slices.CompareFunc(p, q, func(a, b Step) int {
		return cmp.Or(cmp.Compare(a.Index, b.Index), strings.Compare(a.Name, b.Name))
	})
}

// In is the type of the document that has the step: a list or a map.
func (s Step) In() Type {
	if s.isIndex {
		return L
	}
	return M
}

// Clash is how two paths get in each other's way.
type Clash uint8

// Paths overlap when one leads to the other or to the same place; they conflict
// when one takes for a map what the other takes for a list.
const (
	Apart Clash = iota
	Overlap
	Conflict
)

// String is a verb for a message.
func (c Clash) String() string { return [...]string{"stand apart", "overlap", "conflict"}[c] }

// Clash compares two paths.
func (p Path) Clash(q Path) Clash {
	for i := range min(len(p), len(q)) {
		if p[i] == q[i] {
			continue
		}
		if p[i].isIndex != q[i].isIndex {
			return Conflict
		}
		return Apart
	}
	return Overlap
}
