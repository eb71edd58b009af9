package attribute

// Limits of an item.
const (
	// MaxItemSize is the size of an item in bytes, names included.
	MaxItemSize = 400 << 10
	// MaxDepth is how deep lists and maps nest.
	MaxDepth = 32
	// maxName is what the name of an attribute is shorter than, in bytes.
	maxName = 64 << 10
)

// Size is what a value counts against the size of its item, in bytes.
// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
func (v Value) Size() int {
	switch v.kind {
	case S, B:
		return len(v.text)
	case N:
		n := (len(v.text)+1)/2 + 1
		if v.flag {
			n++
		}
		return n
	case BOOL, NULL:
		return 1
	}
	n := 0
	for _, x := range v.elements() {
		n += x.Size()
	}
	for name, x := range v.members() {
		n += len(name) + x.Size()
	}
	if v.kind == L || v.kind == M {
		n += 3 + len(v.elements()) + len(v.members())
	}
	return n
}

// Size is the size of an item in bytes.
func (i Item) Size() int {
	n := 0
	for name, v := range i {
		n += len(name) + v.Size()
	}
	return n
}

func (v Value) depth() int {
	deepest := 0
	for _, x := range v.elements() {
		deepest = max(deepest, x.depth())
	}
	for _, x := range v.members() {
		deepest = max(deepest, x.depth())
	}
	if v.kind == L || v.kind == M {
		return deepest + 1
	}
	return deepest
}

// Check refuses an item that nests too deep; size is for the caller, whose
// message depends on the operation.
func (i Item) Check() error {
	for _, v := range i {
		if v.depth() > MaxDepth {
			return invalid(tooDeep)
		}
	}
	return nil
}

// tooDeep is all that the service says of an item that an update makes.
const tooDeep = "Nesting Levels have exceeded supported limits"
