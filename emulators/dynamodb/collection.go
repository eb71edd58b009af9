package dynamodb

import "github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"

// ItemCollectionMetrics tells how large the items of a partition are, with those
// of the local indexes, in GB from and to.
type ItemCollectionMetrics struct {
	ItemCollectionKey   attribute.Item
	SizeEstimateRangeGB [2]float64
}

// collect reports the partition of a written item; only tables with local indexes
// have item collections.
func (r *report) collect(name string, t *table, old, now *record) {
	written := now
	if now == nil {
		written = old
	}
	if written == nil || !t.hasLocal() {
		return
	}
	hash := t.schema.hash().name
	partition := t.schema.partition(written.item[hash])
	if key := name + "|" + string(partition); !r.seen[key] {
		r.seen[key] = true
		gb := float64(t.collection(partition) >> 30)
		r.collected[name] = append(r.collected[name], ItemCollectionMetrics{attribute.Item{hash: written.item[hash]}, [2]float64{gb, gb + 1}})
	}
}

func (t *table) hasLocal() bool {
	for _, i := range t.indexes {
		if i.local {
			return true
		}
	}
	return false
}

// collection is the size of a partition, in bytes. The 10 GB that the service
// allows are not enforced: they are more than a process has.
func (t *table) collection(partition []byte) int64 {
	sp := span{low: string(partition), high: successor(partition)}
	size := int64(0)
	sp.walk(&t.items, func(r *record) bool {
		size += int64(r.size)
		return true
	})
	for _, i := range t.indexes {
		if i.local {
			sp.walk(&i.items, func(r *record) bool {
				size += int64(i.sizeOf(r))
				return true
			})
		}
	}
	return size
}

// collection is the partition of the only write of a call.
func (r *report) collection(name string) *ItemCollectionMetrics {
	if r == nil || len(r.collected[name]) == 0 {
		return nil
	}
	return &r.collected[name][0]
}

// allCollections are the partitions of all writes, by table.
func (r *report) allCollections() map[string][]ItemCollectionMetrics {
	if r == nil || len(r.collected) == 0 {
		return nil
	}
	return r.collected
}
