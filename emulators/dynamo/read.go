package dynamodb

import (
	"context"
	"net/http"

	"github.com/tidwall/btree"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Handler is the wire of a State: AWS JSON 1.0.
func Handler(s *State) http.Handler {
	return wire.JSON{
		TargetPrefix: "DynamoDB_20120810",
		Version:      "1.0",
		ShapePrefix:  "com.amazonaws.dynamodb.v20120810#",
		Operations: map[string]wire.Operation{
			"CreateTable":   wire.Op(s.CreateTable),
			"DescribeTable": wire.Op(s.DescribeTable),
			"ListTables":    wire.Op(s.ListTables),
			"DeleteTable":   wire.Op(s.DeleteTable),
			"PutItem":       wire.Op(s.PutItem),
			"GetItem":       wire.Op(s.GetItem),
			"UpdateItem":    wire.Op(s.UpdateItem),
			"DeleteItem":    wire.Op(s.DeleteItem),
			"Query":         wire.Op(s.Query),
			"Scan":          wire.Op(s.Scan),
		},
	}
}

// GetItemInput reads an item.
type GetItemInput struct {
	TableName                string
	Key                      Item
	ConsistentRead           bool
	ProjectionExpression     string
	ExpressionAttributeNames Names
	ReturnConsumedCapacity   string
}

// GetItemOutput is the item, or none.
type GetItemOutput struct {
	Item Item `json:",omitempty"`
}

// GetItem reads an item by its key; reads are always consistent.
func (s *State) GetItem(_ context.Context, in *GetItemInput) (*GetItemOutput, error) {
	r := reading{ProjectionExpression: in.ProjectionExpression, ExpressionAttributeNames: in.ExpressionAttributeNames, ReturnConsumedCapacity: in.ReturnConsumedCapacity}
	q, err := s.prepare(&r, nil)
	if err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, err
	}
	probe, err := t.keyOf(in.Key, true)
	if err != nil {
		return nil, err
	}
	found := t.find(probe)
	if found == nil {
		return &GetItemOutput{}, nil
	}
	return &GetItemOutput{q.projection.apply(q.env, found.item)}, nil
}

// reading is what Query and Scan have in common.
type reading struct {
	FilterExpression          string
	ProjectionExpression      string
	ExpressionAttributeNames  Names
	ExpressionAttributeValues Values
	ReturnConsumedCapacity    string
	Limit                     int
	Select                    string
	ExclusiveStartKey         Item
	ConsistentRead            bool
	IndexName                 string
}

// ReadOutput is one page.
type ReadOutput struct {
	Items            []Item `json:",omitempty"`
	Count            int
	ScannedCount     int
	LastEvaluatedKey Item `json:",omitempty"`
}

// prepared is a reading with its expressions parsed.
type prepared struct {
	env        *env
	filter     *expression
	projection *projection
}

func (s *State) prepare(r *reading, u *usage) (*prepared, error) {
	if r.ReturnConsumedCapacity != "" && r.ReturnConsumedCapacity != "NONE" {
		return nil, validation("ReturnConsumedCapacity %s is not implemented by Shakedown", r.ReturnConsumedCapacity)
	}
	if r.Limit < 0 {
		return nil, validation("1 validation error detected: Value '%d' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1", r.Limit)
	}
	switch r.Select {
	case "", "ALL_ATTRIBUTES", "COUNT", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES":
	default:
		return nil, validation("Select %q is unknown", r.Select)
	}
	if u == nil {
		u = &usage{}
	}
	q := &prepared{env: &env{names: r.ExpressionAttributeNames, values: r.ExpressionAttributeValues}}
	var err error
	if r.FilterExpression != "" {
		q.filter, err = parse(&s.parsed, "FilterExpression", r.FilterExpression, func() (*expression, error) {
			return parseCondition("FilterExpression", r.FilterExpression)
		})
		if err != nil {
			return nil, err
		}
		u.add(q.filter.names, q.filter.values)
	}
	if r.ProjectionExpression != "" {
		q.projection, err = parse(&s.parsed, "ProjectionExpression", r.ProjectionExpression, func() (*projection, error) {
			return parseProjection(r.ProjectionExpression)
		})
		if err != nil {
			return nil, err
		}
		u.add(q.projection.names, nil)
	}
	return q, u.check(r.ExpressionAttributeNames, r.ExpressionAttributeValues)
}

// maxPage is a page before filtering, in bytes.
const maxPage = 1 << 20

// source is what a page is read from: a table or an index.
type source struct {
	table *table
	index *index
	key   keySchema
	items *btree.BTreeG[*row]
}

func (s *State) source(name string, r *reading) (*source, error) {
	t, err := s.table(name)
	if err != nil {
		return nil, err
	}
	if r.IndexName == "" {
		return &source{t, nil, t.key, t.items}, nil
	}
	x, ok := t.indexes[r.IndexName]
	if !ok {
		return nil, validation("The table does not have the specified index: %s", r.IndexName)
	}
	if r.ConsistentRead {
		return nil, validation("Consistent reads are not supported on global secondary indexes")
	}
	return &source{t, x, x.key, x.items}, nil
}

// show is an item as an index has it.
func (s *source) show(item Item) Item {
	if s.index == nil || s.index.projection.ProjectionType == "ALL" {
		return item
	}
	out := Item{}
	names := []string{s.table.key.hash, s.table.key.sort, s.key.hash, s.key.sort}
	if s.index.projection.ProjectionType == "INCLUDE" {
		names = append(names, s.index.projection.NonKeyAttributes...)
	}
	for _, name := range names {
		if v, ok := item[name]; ok {
			out[name] = v
		}
	}
	return out
}

// keyOf are the attributes that continue a page: the source's keys and the
// table's.
func (s *source) keyOf(item Item) Item {
	key := Item{}
	for _, name := range []string{s.key.hash, s.key.sort, s.table.key.hash, s.table.key.sort} {
		if v, ok := item[name]; ok && name != "" {
			key[name] = v
		}
	}
	return key
}

// pager collects a page.
type pager struct {
	*source
	*reading
	*prepared
	out  *ReadOutput
	size int
}

// take adds an item; false ends the page.
func (p *pager) take(r *row) bool {
	p.out.ScannedCount++
	p.size += r.item.size()
	p.env.item = r.item
	if p.filter == nil || p.filter.test(p.env) {
		p.out.Count++
		if p.Select != "COUNT" {
			p.out.Items = append(p.out.Items, p.projection.apply(p.env, p.show(r.item)))
		}
	}
	if p.Limit > 0 && p.out.ScannedCount == p.Limit || p.size > maxPage {
		p.out.LastEvaluatedKey = p.keyOf(r.item)
		return false
	}
	return true
}

// QueryInput reads items of one hash key in order.
type QueryInput struct {
	TableName              string
	KeyConditionExpression string
	ScanIndexForward       *bool
	reading
}

// Query reads a page of one partition of a table or index.
func (s *State) Query(_ context.Context, in *QueryInput) (*ReadOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	from, err := s.source(in.TableName, &in.reading)
	if err != nil {
		return nil, err
	}
	if in.KeyConditionExpression == "" {
		return nil, validation("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.")
	}
	condition, err := parseKeyCondition(in.KeyConditionExpression, from.key, in.ExpressionAttributeNames)
	if err != nil {
		return nil, err
	}
	u := &usage{}
	u.add(condition.names, condition.values)
	q, err := s.prepare(&in.reading, u)
	if err != nil {
		return nil, err
	}
	p := &pager{source: from, reading: &in.reading, prepared: q, out: &ReadOutput{}}
	hash := in.ExpressionAttributeValues[condition.hash]
	if err := from.table.checkKey(from.key.hash, hash); err != nil {
		return nil, validation("One or more parameter values were invalid: Condition parameter type does not match schema type")
	}
	p.partition(hash, condition, in.ScanIndexForward == nil || *in.ScanIndexForward)
	return p.out, nil
}

// partition walks one hash key's items in either direction from where the page
// begins.
func (p *pager) partition(hash Value, c *keyCondition, forward bool) {
	visit := func(r *row) bool {
		if !equal(r.item[p.key.hash], hash) {
			return false
		}
		e := &env{item: r.item, names: p.env.names, values: p.env.values}
		if !c.test(e) {
			return !p.past(r, c, forward)
		}
		return p.take(r)
	}
	if p.ExclusiveStartKey != nil {
		start := &row{p.ExclusiveStartKey}
		skip := func(r *row) bool {
			if !p.items.Less(r, start) && !p.items.Less(start, r) {
				return true
			}
			return visit(r)
		}
		if forward {
			p.items.Ascend(start, skip)
		} else {
			p.items.Descend(start, skip)
		}
		return
	}
	probe := &row{Item{p.key.hash: hash}}
	if forward {
		if low, ok := p.env.values[c.low]; ok && low.kind == p.table.types[p.key.sort] {
			probe.item[p.key.sort] = low
		}
		p.items.Ascend(probe, visit)
		return
	}
	// Descend from behind the partition: a row of the next hash key ends it.
	p.items.Reverse(func(r *row) bool {
		if compare(r.item[p.key.hash], hash) > 0 {
			return true
		}
		return visit(r)
	})
}

// past tells that no later item can match: the sort key is beyond the bound.
func (p *pager) past(r *row, c *keyCondition, forward bool) bool {
	v, ok := r.item[p.key.sort]
	if !ok {
		return false
	}
	if forward {
		high, there := p.env.values[c.high]
		return there && c.high != "" && v.kind == high.kind && compare(v, high) > 0
	}
	low, there := p.env.values[c.low]
	return there && c.low != "" && v.kind == low.kind && compare(v, low) < 0
}

// ScanInput reads everything.
type ScanInput struct {
	TableName string
	reading
}

// Scan reads a page of a table or index in the order of its keys.
func (s *State) Scan(_ context.Context, in *ScanInput) (*ReadOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	from, err := s.source(in.TableName, &in.reading)
	if err != nil {
		return nil, err
	}
	q, err := s.prepare(&in.reading, nil)
	if err != nil {
		return nil, err
	}
	p := &pager{source: from, reading: &in.reading, prepared: q, out: &ReadOutput{}}
	if in.ExclusiveStartKey == nil {
		from.items.Scan(p.take)
		return p.out, nil
	}
	start := &row{in.ExclusiveStartKey}
	from.items.Ascend(start, func(r *row) bool {
		if !from.items.Less(r, start) && !from.items.Less(start, r) {
			return true
		}
		return p.take(r)
	})
	return p.out, nil
}
