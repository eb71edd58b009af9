package dynamodb

import "fmt"

// addGlobal makes the global indexes of a table to be created.
func (t *table) addGlobal(wanted []GlobalSecondaryIndex, keys *definedKeys) error {
	if wanted != nil && len(wanted) == 0 {
		return invalid("One or more parameter values were invalid: List of GlobalSecondaryIndexes is empty")
	}
	for _, w := range wanted {
		i, err := t.global(w, keys)
		if err != nil {
			return err
		}
		t.indexes = append(t.indexes, i)
	}
	return t.checkIndexes()
}

// global makes a global index, which is not in the table yet.
func (t *table) global(w GlobalSecondaryIndex, keys *definedKeys) (*index, error) {
	if len(w.KeySchema) > 2 {
		return nil, invalid("A KeySchema of more than two attributes is not implemented by Shakedown: index %s has %d", w.IndexName, len(w.KeySchema))
	}
	i := &index{name: w.IndexName, projection: *w.Projection}
	if err := t.begin(i, w.KeySchema, keys); err != nil {
		return nil, err
	}
	var err error
	i.rates, err = t.allot(asked{w.ProvisionedThroughput, w.OnDemandThroughput, w.WarmThroughput}, w.IndexName)
	return i, err
}

// begin checks an index's name and gives it its key and projection.
func (t *table) begin(i *index, elements []KeySchemaElement, keys *definedKeys) error {
	if _, err := t.index(i.name); err == nil {
		return invalid("One or more parameter values were invalid: Duplicate index name: %s", i.name)
	}
	var err error
	if i.schema, err = keys.schema(elements, false); err != nil {
		return err
	}
	if err := i.beside(t.schema); err != nil {
		return err
	}
	return i.project(t.schema)
}

// beside checks the key of a local index against that of its table.
func (i *index) beside(table schema) error {
	switch {
	case !i.local:
		return nil
	case len(i.schema) == 1:
		return invalid("One or more parameter values were invalid: Index KeySchema does not have a range key for index: %s", i.name)
	case i.schema.hash() != table.hash():
		return invalid("One or more parameter values were invalid: Index KeySchema does not have the same leading hash key as table KeySchema for index: %s. index hash key: %s, table hash key: %s", i.name, i.schema.hash().name, table.hash().name)
	}
	return nil
}

// addLocal makes the local indexes of a table to be created.
func (t *table) addLocal(wanted []LocalSecondaryIndex, keys *definedKeys) error {
	if wanted != nil && len(wanted) == 0 {
		return invalid("One or more parameter values were invalid: List of LocalSecondaryIndexes is empty")
	}
	if len(wanted) > 0 && len(t.schema) == 1 {
		return invalid("One or more parameter values were invalid: Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex")
	}
	for _, w := range wanted {
		i := &index{name: w.IndexName, local: true, projection: *w.Projection}
		if err := t.begin(i, w.KeySchema, keys); err != nil {
			return err
		}
		t.indexes = append(t.indexes, i)
	}
	return nil
}

// globals counts the global indexes.
func (t *table) globals() (n int) {
	for _, i := range t.indexes {
		if !i.local {
			n++
		}
	}
	return n
}

// checkIndexes checks the limits of all indexes together.
func (t *table) checkIndexes() error {
	projected := 0
	for _, i := range t.indexes {
		projected += len(i.projection.NonKeyAttributes)
	}
	switch {
	case len(t.indexes)-t.globals() > maxLocalIndexes:
		return invalid("One or more parameter values were invalid: Number of LocalSecondaryIndexes exceeds per-table limit of %d", maxLocalIndexes)
	case t.globals() > maxGlobalIndexes:
		return tooMany("GlobalSecondaryIndex count", maxGlobalIndexes)
	case projected > maxProjected:
		return tooMany("Number of NonKeyAttributes of all indexes", maxProjected)
	}
	return nil
}

func tooMany(what string, limit int) error {
	return invalid("One or more parameter values were invalid: %s", fmt.Sprintf("%s exceeds the per-table limit of %d", what, limit))
}
