package dynamodb

import (
	"bytes"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/partiql"
)

// partitions are the statements, of a partition each, that a SELECT of several in the
// order of their keys is: WHERE id IN [1, 2] ORDER BY id. Any other is one.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.select.html
func partitions(st *partiql.Statement, keys schema) []*partiql.Statement {
	hash, all := keys.hash().name, factors(st.Where)
	if _, _, one := equal(all, hash); one || len(st.Order) == 0 || st.Order[0].Name != hash {
		return []*partiql.Statement{st}
	}
	for i, c := range all {
		values := oneOfValues(c, hash)
		if values == nil {
			continue
		}
		key := func(v attribute.Value) []byte { return attribute.AppendKey(nil, v) }
		slices.SortFunc(values, func(a, b attribute.Value) int { return bytes.Compare(key(a), key(b)) })
		values = slices.CompactFunc(values, attribute.Value.Equal)
		if st.Order[0].Descending {
			slices.Reverse(values)
		}
		rest := slices.Delete(slices.Clone(all), i, i+1)
		parts := make([]*partiql.Statement, len(values))
		for n, v := range values {
			is := &partiql.Condition{Operator: "=", Args: []partiql.Operand{{Path: attribute.Path{attribute.Name(hash)}}, {Value: v}}}
			part := *st
			part.Where = &partiql.Condition{Operator: "AND", Parts: append([]*partiql.Condition{is}, rest...)}
			parts[n] = &part
		}
		return parts
	}
	return []*partiql.Statement{st}
}

// oneOfValues are the values of which a condition gives an attribute one: it IN […], or
// equal to one OR another. It is nil for any other condition, and for values of no key.
func oneOfValues(c *partiql.Condition, name string) (values []attribute.Value) {
	switch c.Operator {
	case "IN":
		if path := c.Args[0].Path; len(path) != 1 || path[0] != attribute.Name(name) {
			return nil
		}
		for _, o := range c.Args[1:] {
			values = append(values, o.Value)
		}
	case "OR":
		for _, part := range c.Parts {
			v, rest, ok := equal(factors(part), name)
			if !ok || len(rest) > 0 {
				return nil
			}
			values = append(values, v)
		}
	}
	for _, v := range values {
		if t := v.Type(); t != attribute.S && t != attribute.N && t != attribute.B {
			return nil
		}
	}
	return values
}

// readParts reads one statement after the other, until there is a page: next is where
// the next one begins, if there is one.
func (s *State) readParts(parts []*partiql.Statement, keys schema, in ExecuteStatementInput, from pageToken) (out *ExecuteStatementOutput, next *pageToken, err error) {
	out = &ExecuteStatementOutput{Items: []attribute.Item{}}
	size := 0
	for n := from.Part; n < len(parts); n++ {
		query, err := selection(parts[n], keys, &in)
		if err != nil {
			return nil, nil, err
		}
		if from.Key != nil {
			query.ExclusiveStartKey, from.Key = attribute.StartKey(from.Key), nil
		}
		read, err := s.readPage(query)
		if err != nil {
			return nil, nil, err
		}
		for _, item := range *read.Items {
			size += item.Size()
			out.Items = append(out.Items, picked(item, parts[n].Paths))
		}
		out.ConsumedCapacity = out.ConsumedCapacity.plus(read.ConsumedCapacity)
		if read.LastEvaluatedKey != nil {
			return out, &pageToken{Part: n, Key: read.LastEvaluatedKey}, nil
		}
		if in.Limit != nil {
			in.Limit = new(*in.Limit - read.ScannedCount)
		}
		if n+1 < len(parts) && (size >= maxPage || in.Limit != nil && *in.Limit < 1) {
			return out, &pageToken{Part: n + 1}, nil
		}
	}
	return out, nil, nil
}

// plus is what two reads of one table consumed; either may be nil.
func (c *ConsumedCapacity) plus(d *ConsumedCapacity) *ConsumedCapacity {
	switch {
	case c == nil:
		return d
	case d == nil:
		return c
	}
	c.add(d.Capacity)
	if c.Table != nil && d.Table != nil {
		c.Table.add(*d.Table)
	}
	for name, of := range d.GlobalSecondaryIndexes {
		c.GlobalSecondaryIndexes = added(c.GlobalSecondaryIndexes, name, of)
	}
	for name, of := range d.LocalSecondaryIndexes {
		c.LocalSecondaryIndexes = added(c.LocalSecondaryIndexes, name, of)
	}
	return c
}
