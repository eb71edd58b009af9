package dynamodb

import (
	"fmt"
	"regexp"
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
		t, ok := attribute.TypeOf(def.AttributeType)
		if !ok || !t.Scalar() {
			return constraint("'"+def.AttributeType+"'", "attributeDefinitions.member.attributeType", "Member must satisfy enum value set: [B, N, S]")
		}
		if d.types[def.AttributeName] != attribute.None {
			return invalid("Duplicate AttributeName in AttributeDefinitions: %s", def.AttributeName)
		}
		d.types[def.AttributeName] = t
		d.names = append(d.names, def.AttributeName)
	}
	return nil
}

// schema makes a key of its elements.
func (d *definedKeys) schema(elements []KeySchemaElement) (schema, error) {
	if len(elements) < 1 || len(elements) > 2 {
		return nil, invalid("A KeySchema has one HASH and at most one RANGE element; this one has %d elements", len(elements))
	}
	for _, e := range elements {
		if err := oneOf(e.KeyType, "keySchema.member.keyType", "HASH", "RANGE"); err != nil {
			return nil, err
		}
	}
	if elements[0].KeyType != "HASH" {
		return nil, invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type")
	}
	if len(elements) == 2 && elements[1].KeyType != "RANGE" {
		return nil, invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type")
	}
	if len(elements) == 2 && elements[0].AttributeName == elements[1].AttributeName {
		return nil, invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name")
	}
	var s schema
	limits := [2]int{maxHashValue, maxSortValue}
	for i, e := range elements {
		t, ok := d.types[e.AttributeName]
		if !ok {
			return nil, invalid("One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [%s], AttributeDefinitions: [%s]", e.AttributeName, strings.Join(d.names, ", "))
		}
		d.used[e.AttributeName] = true
		s = append(s, keyAttribute{e.AttributeName, t, limits[i]})
	}
	return s, nil
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

var nameRule = regexp.MustCompile(`^[a-zA-Z0-9_.-]+$`)

// checkTableName checks the name of a table to be created.
func checkTableName(name string) error { return checkName(name, "tableName") }

func checkName(name, member string) error {
	quoted := fmt.Sprintf("'%s'", name)
	switch {
	case name == "":
		return constraint("null", member, "Member must not be null")
	case len(name) < 3:
		return constraint(quoted, member, "Member must have length greater than or equal to 3")
	case len(name) > 255:
		return constraint(quoted, member, "Member must have length less than or equal to 255")
	case !nameRule.MatchString(name):
		return constraint(quoted, member, "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+")
	}
	return nil
}
