package sql

// field is a member of an object.
type field struct {
	key   string
	value value
}

// object keeps the order of its members. Few are looked up by going through
// them, many in an index.
type object struct {
	fields []field
	index  map[string]int
	items  []value // of an Array instead
}

const indexFrom = 16

func newObject(capacity int) *object { return &object{fields: make([]field, 0, capacity)} }

func (o *object) find(key string) int {
	if o.index != nil {
		if i, ok := o.index[key]; ok {
			return i
		}
		return -1
	}
	for i := range o.fields {
		if o.fields[i].key == key {
			return i
		}
	}
	return -1
}

// get is the member's value, or Undefined.
func (o *object) get(key string) value {
	if i := o.find(key); i >= 0 {
		return o.fields[i].value
	}
	return undefined
}

// set puts a member at the end, or its value in the place of the old one.
func (o *object) set(key string, v value) {
	if i := o.find(key); i >= 0 {
		o.fields[i].value = v
		return
	}
	o.fields = append(o.fields, field{key, v})
	switch {
	case o.index != nil:
		o.index[key] = len(o.fields) - 1
	case len(o.fields) > indexFrom:
		o.index = make(map[string]int, 2*len(o.fields))
		for i := range o.fields {
			o.index[o.fields[i].key] = i
		}
	}
}

// merge sets all members of another object.
func (o *object) merge(from *object) {
	for i := range from.fields {
		o.set(from.fields[i].key, from.fields[i].value)
	}
}

// put sets a nested member. Objects on the way are copied: they may be the
// payload's own.
func (o *object) put(path []string, v value) {
	if len(path) == 1 {
		o.set(path[0], v)
		return
	}
	inner := newObject(2)
	if old := o.get(path[0]); old.kind == objectKind {
		inner.merge(old.o)
	}
	inner.put(path[1:], v)
	o.set(path[0], ofObject(inner))
}
