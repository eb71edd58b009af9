package dynamodb

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxKeyName is how many characters the name of a key has, or of an attribute that an index
// names.
const maxKeyName = 255

// check finds the constraints that a request for a table breaks.
func (in *CreateTableInput) check() error {
	if err := checkTable(in.TableName); err != nil {
		return err
	}
	var v violations
	v.name(in.TableName, "tableName")
	v.required(in.AttributeDefinitions != nil, "attributeDefinitions")
	v.definitions(in.AttributeDefinitions)
	v.throughput(in.ProvisionedThroughput, "")
	v.keys(in.KeySchema, "")
	v.enum(in.BillingMode, "billingMode", provisioned, onDemand)
	for n, i := range in.LocalSecondaryIndexes {
		v.index(i.IndexName, i.KeySchema, i.Projection, fmt.Sprintf("localSecondaryIndexes.%d.member.", n+1))
	}
	for n, i := range in.GlobalSecondaryIndexes {
		v.global(i, fmt.Sprintf("globalSecondaryIndexes.%d.member.", n+1))
	}
	return v.err()
}

// check finds the constraints that a change of a table breaks.
func (in *UpdateTableInput) check() error {
	if err := checkTable(in.TableName); err != nil {
		return err
	}
	var v violations
	v.name(in.TableName, "tableName")
	v.definitions(in.AttributeDefinitions)
	v.throughput(in.ProvisionedThroughput, "")
	v.enum(in.BillingMode, "billingMode", provisioned, onDemand)
	for n, u := range in.GlobalSecondaryIndexUpdates {
		at := fmt.Sprintf("globalSecondaryIndexUpdates.%d.member.", n+1)
		if u.Create != nil {
			v.global(*u.Create, at+"create.")
		}
		if u.Update != nil {
			v.indexName(u.Update.IndexName, at+"update.")
			v.throughput(u.Update.ProvisionedThroughput, at+"update.")
		}
		if u.Delete != nil {
			v.indexName(u.Delete.IndexName, at+"delete.")
		}
	}
	return v.err()
}

func (v *violations) definitions(all []AttributeDefinition) {
	for n, d := range all {
		at := fmt.Sprintf("attributeDefinitions.%d.member.", n+1)
		v.keyName(d.AttributeName, at+"attributeName")
		v.required(d.AttributeType != "", at+"attributeType")
		v.enum(d.AttributeType, at+"attributeType", "B", "N", "S")
	}
}

// keyName checks the name of an attribute that is a key: it is shorter than others.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-attributes
func (v *violations) keyName(name, member string) {
	v.required(name != "", member)
	v.atMostLong(name, member)
}

func (v *violations) atMostLong(name, member string) {
	if utf8.RuneCountInString(name) > maxKeyName {
		v.add("'"+name+"'", member, fmt.Sprintf("Member must have length less than or equal to %d", maxKeyName))
	}
}

// keys checks a key schema of the table, or of the index at a place.
func (v *violations) keys(all []KeySchemaElement, at string) {
	member := at + "keySchema"
	v.required(all != nil, member)
	switch {
	case all != nil && len(all) == 0:
		v.add("'[]'", member, notEmpty)
	case len(all) > 2 && !strings.HasPrefix(at, "global"): // those may have more
		v.add(fmt.Sprintf("'%v'", all), member, "Member must have length less than or equal to 2")
	}
	for n, e := range all {
		v.keyName(e.AttributeName, fmt.Sprintf("%s.%d.member.attributeName", member, n+1))
		v.required(e.KeyType != "", fmt.Sprintf("%s.%d.member.keyType", member, n+1))
		v.enum(e.KeyType, fmt.Sprintf("%s.%d.member.keyType", member, n+1), "HASH", "RANGE")
	}
}

func (v *violations) throughput(p *ProvisionedThroughput, at string) {
	if p == nil {
		return
	}
	for _, m := range []struct {
		units  *int64
		member string
	}{{p.WriteCapacityUnits, "writeCapacityUnits"}, {p.ReadCapacityUnits, "readCapacityUnits"}} {
		member := at + "provisionedThroughput." + m.member
		if v.required(m.units != nil, member); m.units != nil && *m.units < 1 {
			v.add(fmt.Sprintf("'%d'", *m.units), member, "Member must have value greater than or equal to 1")
		}
	}
}

func (v *violations) indexName(name, at string) {
	if v.required(name != "", at+"indexName"); name != "" {
		v.name(name, at+"indexName")
	}
}

func (v *violations) index(name string, keys []KeySchemaElement, p *Projection, at string) {
	v.indexName(name, at)
	v.keys(keys, at)
	if v.required(p != nil, at+"projection"); p == nil {
		return
	}
	v.enum(p.ProjectionType, at+"projection.projectionType", "ALL", "INCLUDE", "KEYS_ONLY")
	v.projected(p.NonKeyAttributes, at+"projection.nonKeyAttributes")
}

// projected checks the attributes that an index has besides its keys.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Projection.html
func (v *violations) projected(names []string, member string) {
	switch {
	case names != nil && len(names) == 0:
		v.add("'[]'", member, notEmpty)
	case len(names) > maxIndexProjected:
		v.add(fmt.Sprintf("'[%s]'", strings.Join(names, ", ")), member, fmt.Sprintf("Member must have length less than or equal to %d", maxIndexProjected))
	}
	for n, name := range names {
		v.atMostLong(name, fmt.Sprintf("%s.%d.member", member, n+1))
	}
}

func (v *violations) global(i GlobalSecondaryIndex, at string) {
	v.index(i.IndexName, i.KeySchema, i.Projection, at)
	v.throughput(i.ProvisionedThroughput, at)
}

// maxUnits bounds a provisioned capacity.
const maxUnits = 1_000_000_000_000

// inBounds checks the capacity of the table, or of the index named.
func (p *ProvisionedThroughput) inBounds(index string) error {
	if p == nil {
		return nil
	}
	where := ""
	if index != "" {
		where = " for index " + index
	}
	if *p.ReadCapacityUnits > maxUnits {
		return invalid("Given value %d for ReadCapacityUnits is out of bounds%s", *p.ReadCapacityUnits, where)
	}
	if *p.WriteCapacityUnits > maxUnits {
		return invalid("Given value %d for WriteCapacityUnits is out of bounds%s", *p.WriteCapacityUnits, where)
	}
	return nil
}
