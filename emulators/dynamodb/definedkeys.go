package dynamodb

import (
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

// definedKeys are the attribute definitions of a table to be created, and which
// of them its keys use.
type definedKeys struct {
	names []string
	types map[string]attribute.Type
	used  map[string]bool
}

func (d *definedKeys) define(definitions []AttributeDefinition) error {
	for _, def := range definitions {
		t, _ := attribute.TypeOf(def.AttributeType)
		if d.types[def.AttributeName] != attribute.None {
			return invalid("Attribute Name is duplicated: %s", def.AttributeName)
		}
		d.types[def.AttributeName] = t
		d.names = append(d.names, def.AttributeName)
	}
	return nil
}

// schema makes the key of the table, or of an index, of its elements.
func (d *definedKeys) schema(elements []KeySchemaElement, table bool) (schema, error) {
	if err := d.defined(elements, table); err != nil {
		return nil, err
	}
	switch {
	case elements[0].KeyType != "HASH":
		return nil, invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
	case len(elements) == 2 && elements[0].AttributeName == elements[1].AttributeName:
		return nil, invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name")
	case len(elements) == 2 && elements[1].KeyType != "RANGE":
		return nil, invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")
	}
	var s schema
	limits := [2]int{maxHashValue, maxSortValue}
	for i, e := range elements {
		d.used[e.AttributeName] = true
		s = append(s, keyAttribute{e.AttributeName, d.types[e.AttributeName], limits[i]})
	}
	return s, nil
}

// defined refuses keys that are not defined. For two keys of a table the service has
// another message, and it has it for more keys than there are definitions, too.
func (d *definedKeys) defined(elements []KeySchemaElement, table bool) error {
	missing := table && len(elements) > len(d.names)
	var keys []string
	for _, e := range elements {
		keys = append(keys, e.AttributeName)
		missing = missing || d.types[e.AttributeName] == attribute.None
	}
	switch {
	case !missing:
		return nil
	case table && len(elements) == 2:
		return invalid("Invalid KeySchema: Some index key attribute have no definition")
	}
	return invalid("One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [%s], AttributeDefinitions: [%s]", strings.Join(keys, ", "), strings.Join(d.names, ", "))
}

// unused refuses definitions of attributes that are no key.
func (d *definedKeys) unused(indexed bool) error {
	if len(d.used) == len(d.names) {
		return nil
	}
	if !indexed {
		return invalid("One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions")
	}
	var used []string
	for name := range d.used {
		used = append(used, name)
	}
	slices.Sort(used)
	return invalid("One or more parameter values were invalid: Some AttributeDefinitions are not used. AttributeDefinitions: [%s], keys used: [%s]", strings.Join(d.names, ", "), strings.Join(used, ", "))
}
