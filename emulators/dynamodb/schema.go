package dynamodb

import (
	"crypto/md5"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

// Limits of key values, in bytes.
const (
	maxHashValue = 2048
	maxSortValue = 1024
)

// keyAttribute is an attribute of a key.
type keyAttribute struct {
	name string
	kind attribute.Type
	max  int
}

// schema is the key of a table or index: the partition key and perhaps the
// sort key.
type schema []keyAttribute

func (s schema) hash() keyAttribute { return s[0] }

func (s schema) has(name string) bool {
	_, ok := s.attribute(name)
	return ok
}

// attribute finds an attribute of the key.
func (s schema) attribute(name string) (keyAttribute, bool) {
	for _, k := range s {
		if k.name == name {
			return k, true
		}
	}
	return keyAttribute{}, false
}

// of is the part of an item that is its key.
func (s schema) of(item attribute.Item, into attribute.Item) attribute.Item {
	for _, k := range s {
		into[k.name] = item[k.name]
	}
	return into
}

// partition is what the encoded keys of a partition begin with.
func (s schema) partition(hash attribute.Value) []byte {
	key := attribute.AppendKey(make([]byte, 8, 64), hash)
	sum := md5.Sum(key[8:])
	copy(key, sum[:8])
	return key
}

// encode is the key of an item that has all attributes of the schema, in bytes
// that sort by partition and then by sort key.
func (s schema) encode(item attribute.Item) []byte {
	key := s.partition(item[s[0].name])
	for _, k := range s[1:] {
		key = attribute.AppendKey(key, item[k.name])
	}
	return key
}

// checkKey checks the key of a request: these attributes and no others.
func (s schema) checkKey(key attribute.Item) error {
	if len(key) != len(s) {
		return mismatch()
	}
	for _, k := range s {
		if v, ok := key[k.name]; !ok || v.Type() != k.kind {
			return mismatch()
		}
	}
	return s.checkValues(key)
}

func mismatch() error { return invalid("The provided key element does not match the schema") }

// checkItem checks that a new item has the key.
func (s schema) checkItem(item attribute.Item) error {
	for _, k := range s {
		v, ok := item[k.name]
		if !ok {
			return invalid("One or more parameter values were invalid: Missing the key %s in the item", k.name)
		}
		if v.Type() != k.kind {
			return invalid("One or more parameter values were invalid: Type mismatch for key %s expected: %s actual: %s", k.name, k.kind, v.Type())
		}
	}
	return s.checkValues(item)
}

func (s schema) checkValues(item attribute.Item) error {
	for _, k := range s {
		v := item[k.name]
		if k.kind != attribute.N && v.Text() == "" {
			return invalid("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty %s value. Key: %s", k.word(), k.name)
		}
		if err := k.checkSize(v); err != nil {
			return err
		}
	}
	return nil
}

// word names the kind of an empty value.
func (k keyAttribute) word() string {
	if k.kind == attribute.B {
		return "binary"
	}
	return "string"
}

func (k keyAttribute) checkSize(v attribute.Value) error {
	switch {
	case v.Size() <= k.max:
		return nil
	case k.max == maxHashValue:
		return invalid("One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of%d bytes", k.max)
	}
	return invalid("One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of %d bytes", k.max)
}
