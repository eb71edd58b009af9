package dynamodb

import (
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// starting are the attributes of an ExclusiveStartKey: those of the table's key and of
// the index's.
func (src *source) starting() schema {
	names := schema{}
	names = append(names, src.table.schema...)
	for _, k := range src.schema {
		if !names.has(k.name) {
			names = append(names, k)
		}
	}
	return names
}

// startPartition checks the partition of an ExclusiveStartKey, which a query does before
// it looks at its own condition.
func (src *source) startPartition(key attribute.StartKey) error {
	v, ok := key[src.schema.hash().name]
	switch {
	case key == nil:
		return nil
	case len(key) != len(src.starting()) || !ok:
		return invalid("The provided starting key is invalid")
	case v.Type() != src.schema.hash().kind:
		return mismatch()
	}
	return nil
}

// startKey encodes an ExclusiveStartKey, which need not be a key that exists.
func (src *source) startKey(key attribute.StartKey) (string, error) {
	item := attribute.Item(key)
	if err := src.starting().checkKey(item); err != nil {
		return "", invalid("The provided starting key is invalid: %s", wire.AsError(err).Message)
	}
	return src.encodeStart(item), nil
}

// queryKey is startKey for a query, which has messages of its own.
func (src *source) queryKey(key attribute.StartKey) (string, error) {
	names, item := src.starting(), attribute.Item(key)
	for _, k := range names {
		if _, ok := item[k.name]; !ok {
			return "", invalid("The provided starting key is invalid")
		}
	}
	if err := names.checkKey(item); err != nil {
		return "", err
	}
	return src.encodeStart(item), nil
}

func (src *source) encodeStart(key attribute.Item) string {
	encoded := src.schema.encode(key)
	if src.index != nil {
		encoded = append(encoded, src.table.schema.encode(key)...)
	}
	return string(encoded)
}
