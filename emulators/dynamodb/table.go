package dynamodb

import (
	"time"

	"github.com/tidwall/btree"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

// record is an item with its encoded primary key. It is replaced, not changed.
type record struct {
	key  string
	item attribute.Item
	size int
}

// tree is the records of a table or index by their encoded keys there.
type tree = btree.Map[string, *record]

// table is a table with its indexes. The State's lock guards it.
type table struct {
	name     string
	arn      string
	id       string
	created  time.Time
	onDemand bool
	// onDemandSince is when the table was last made on demand; zero is never.
	onDemandSince time.Time
	definitions   []AttributeDefinition
	rates
	enforce bool
	left    buckets
	schema  schema
	items   tree
	size    int64
	indexes []*index
	tags    map[string]string
	// protected tables are not deleted.
	protected bool
	class     class
	// managedKey encrypts it, not AWS's own; keyARN is that key's.
	managedKey bool
	keyARN     string
	// recoveryDays is for how long it could be recovered; 0 is not.
	recoveryDays int
	// ttl is nil when items do not expire.
	ttl *expiring
	// ttlSet is when that was last changed; zero is never.
	ttlSet time.Time
	// stream is the latest; nil when there was none.
	stream *stream
}

// index is a secondary index: sparse, of the items that have its keys. A local
// one has the partition key of its table.
type index struct {
	name  string
	local bool
	rates
	left       buckets
	projection Projection
	schema     schema
	// projected are the attributes it holds; nil is all.
	projected map[string]bool
	items     tree
	size      int64
}

func (t *table) index(name string) (*index, error) {
	for _, i := range t.indexes {
		if i.name == name {
			return i, nil
		}
	}
	return nil, invalid("The table does not have the specified index: %s", name)
}

// get finds the record of a key that has been checked.
func (t *table) get(key attribute.Item) *record {
	r, _ := t.items.Get(string(t.schema.encode(key)))
	return r
}

// put stores an item that has been checked, in place of old, which may be nil.
func (t *table) put(item attribute.Item, old *record) {
	item.Pack()
	r := &record{item: item, size: item.Size()}
	if old != nil {
		r.key = old.key
		t.size -= int64(old.size)
	} else {
		r.key = string(t.schema.encode(item))
	}
	t.size += int64(r.size)
	t.items.Set(r.key, r)
	t.replaced(old, r, false)
}

// replaced brings indexes, expiry and the stream up to date; old or now may be nil.
func (t *table) replaced(old, now *record, expired bool) {
	for _, i := range t.indexes {
		i.replace(old, now)
	}
	if t.ttl != nil {
		t.ttl.replace(old, now)
	}
	if t.stream != nil && t.stream.closed.IsZero() {
		t.stream.write(old, now, expired)
	}
}

func (t *table) remove(old *record) { t.removeFor(old, false) }

// removeFor removes an item because it has expired, or was asked to.
func (t *table) removeFor(old *record, expired bool) {
	t.items.Delete(old.key)
	t.size -= int64(old.size)
	t.replaced(old, nil, expired)
}

// replace takes a record out of the index and puts another in.
func (i *index) replace(old, now *record) {
	from, to := i.key(old), i.key(now)
	if from != "" {
		i.size -= int64(i.sizeOf(old))
		if from != to {
			i.items.Delete(from)
		}
	}
	if to != "" {
		i.size += int64(i.sizeOf(now))
		i.items.Set(to, now)
	}
}

// key is the encoded key in the index, or empty for an item that is not in it.
func (i *index) key(r *record) string {
	if r == nil {
		return ""
	}
	for _, k := range i.schema {
		if v := r.item[k.name]; v.Type() != k.kind || !k.holds(v) {
			return ""
		}
	}
	return string(append(i.schema.encode(r.item), r.key...))
}

// view is what of an item the index holds.
func (i *index) view(r *record) attribute.Item {
	if i.projected == nil {
		return r.item
	}
	view := make(attribute.Item, len(i.projected))
	for name := range i.projected {
		if v, ok := r.item[name]; ok {
			view[name] = v
		}
	}
	return view
}

func (i *index) sizeOf(r *record) int {
	if i.projected == nil {
		return r.size
	}
	return i.view(r).Size()
}

// checkIndexed checks the index keys that an item has. An update has its own
// messages.
func (t *table) checkIndexed(item attribute.Item, update bool) error {
	for _, i := range t.indexes {
		for _, k := range i.schema {
			if v, ok := item[k.name]; ok && !t.schema.has(k.name) {
				if err := i.checkValue(k, v, update); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// holds tells whether a value of the right type may be in a key. Where it may not,
// the item is older than the index.
func (k keyAttribute) holds(v attribute.Value) bool {
	return k.kind == attribute.N || v.Text() != "" && len(v.Text()) <= k.max
}

func (i *index) wrongType(k keyAttribute, is attribute.Type) error {
	return invalid("One or more parameter values were invalid: Type mismatch for Index Key %s Expected: %s Actual: %s IndexName: %s", k.name, k.kind, is, i.name)
}

func (i *index) checkValue(k keyAttribute, v attribute.Value, update bool) error {
	empty := v.Type() == k.kind && k.kind != attribute.N && v.Text() == ""
	switch {
	case v.Type() != k.kind && update:
		return invalid("The update expression attempted to update the secondary index key to unsupported type")
	case v.Type() != k.kind:
		return i.wrongType(k, v.Type())
	case empty && update:
		return invalid("One or more parameter values are not valid. The update expression attempted to update a secondary index key to a value that is not supported. The AttributeValue for a key attribute cannot contain an empty %s value.", k.word())
	case empty:
		return invalid("One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty %s value. IndexName: %s, IndexKey: %s", k.word(), i.name, k.name)
	}
	return k.checkSize(v)
}
