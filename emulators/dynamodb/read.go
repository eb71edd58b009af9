package dynamodb

import (
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/expression"
)

// Read are the members that Query and Scan have in common.
//
// Select is ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES (of an index),
// SPECIFIC_ATTRIBUTES (with a projection) or COUNT. Limit bounds the items that
// are read, before the filter; a page also ends at 1 MB.
type Read struct {
	TableName                 string
	IndexName                 *string
	FilterExpression          *string
	ProjectionExpression      *string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues attribute.Values
	ExclusiveStartKey         attribute.StartKey
	Limit                     *int
	Select                    string
	ConsistentRead            bool
	ReturnConsumedCapacity    string
}

// ReadOutput is the answer of Query and Scan. Items is nil for Select COUNT.
type ReadOutput struct {
	Items            *[]attribute.Item `json:",omitempty"`
	Count            int
	ScannedCount     int
	LastEvaluatedKey attribute.Item    `json:",omitempty"`
	ConsumedCapacity *ConsumedCapacity `json:",omitempty"`
}

// bound are the expressions of a read; any may be nil.
type bound struct {
	condition  *expression.Condition // of the key
	key        []expression.KeyTerm
	filter     *expression.Condition
	projection *expression.Projection
	report     *report
}

// bind binds the expressions of a query, with its key condition, or of a scan.
func (in *Read) bind(s *State, key *string, query bool) (*bound, error) {
	if err := in.selects(); err != nil {
		return nil, err
	}
	if err := in.pointless(key, query); err != nil {
		return nil, err
	}
	b, err := expression.Bind(in.ExpressionAttributeNames, in.ExpressionAttributeValues)
	if err != nil {
		return nil, err
	}
	e := &bound{report: s.newReport(in.ReturnConsumedCapacity, "")}
	if key != nil {
		if e.condition, err = s.expressions.Condition(expression.KeyConditionKind, *key, b); err != nil {
			return nil, err
		}
	}
	if in.FilterExpression != nil {
		if e.filter, err = s.expressions.Condition(expression.FilterKind, *in.FilterExpression, b); err != nil {
			return nil, err
		}
	}
	if in.ProjectionExpression != nil {
		if e.projection, err = s.expressions.Projection(*in.ProjectionExpression, b); err != nil {
			return nil, err
		}
	}
	if key != nil {
		if e.key, err = e.condition.KeyTerms(); err != nil {
			return nil, err
		}
	}
	return e, b.Unused()
}

// pointless refuses placeholders without an expression.
func (in *Read) pointless(key *string, query bool) error {
	if key == nil && in.FilterExpression == nil && in.ProjectionExpression == nil && in.ExpressionAttributeNames != nil {
		return invalid("ExpressionAttributeNames can only be specified when using expressions")
	}
	if key == nil && in.FilterExpression == nil && in.ExpressionAttributeValues != nil {
		return invalid("ExpressionAttributeValues can only be specified when using expressions: %s", unbound(query))
	}
	return nil
}

// unbound tells what has no values to be bound.
func unbound(query bool) string {
	if query {
		return "FilterExpression and KeyConditionExpression are null"
	}
	return "FilterExpression is null"
}

// broken finds the constraints that a read breaks.
func (in *Read) broken(v *violations) {
	v.table(in.TableName)
	if in.IndexName != nil {
		v.name(*in.IndexName, "indexName")
	}
	v.atLeast(in.Limit, 1, "limit")
	v.enum(in.Select, "select", "SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES")
	v.returns(in.ReturnConsumedCapacity, "")
}

// check finds them for a read that has no other members to check.
func (in *Read) check() error {
	var v violations
	in.broken(&v)
	return v.err()
}

// selects checks that what is selected goes with the other members.
func (in *Read) selects() error {
	switch {
	case in.ProjectionExpression != nil && in.Select == "COUNT":
		return invalid("Cannot specify the ProjectionExpression when choosing to get only the Count")
	case in.ProjectionExpression != nil && in.Select != "" && in.Select != "SPECIFIC_ATTRIBUTES":
		return invalid("Cannot specify the ProjectionExpression when choosing to get %s", in.Select)
	case in.ProjectionExpression == nil && in.Select == "SPECIFIC_ATTRIBUTES":
		return invalid("Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES")
	case in.Select == "ALL_PROJECTED_ATTRIBUTES" && in.IndexName == nil:
		return invalid("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
	}
	return nil
}

// source is what is read: a table or one of its indexes.
type source struct {
	table  *table
	index  *index // nil for the table
	schema schema
	tree   *tree
	// fetch has the items of a local index read whole from the table.
	fetch bool
}

// source finds what to read, if it may be read now; the caller holds the lock.
func (s *State) source(in *Read, e *bound) (*source, error) {
	src, err := s.find(in, e)
	if err != nil {
		return nil, err
	}
	return src, src.table.admitRead(src.index)
}

func (s *State) find(in *Read, e *bound) (*source, error) {
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, err
	}
	if in.IndexName == nil {
		return &source{table: t, schema: t.schema, tree: &t.items}, nil
	}
	i, err := t.index(*in.IndexName)
	if err != nil {
		return nil, err
	}
	src := &source{table: t, index: i, schema: i.schema, tree: &i.items}
	if i.local {
		src.fetch = i.projected != nil && (in.Select == "ALL_ATTRIBUTES" || e.projection != nil && i.missing(e.projection.Attributes) != "")
		return src, i.checkFiltered(src, e)
	}
	if in.ConsistentRead {
		return nil, invalid("Consistent reads are not supported on global secondary indexes")
	}
	if in.Select == "ALL_ATTRIBUTES" && i.projected != nil {
		return nil, invalid("One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for global secondary index %s because its projection type is not ALL", i.name)
	}
	return src, i.checkProjected(e)
}

// checkProjected refuses expressions over attributes that a global index lacks.
func (i *index) checkProjected(e *bound) error {
	missing := ""
	if e.filter != nil {
		missing = i.missing(e.filter.Attributes)
	}
	if e.projection != nil && missing == "" {
		missing = i.missing(e.projection.Attributes)
	}
	if missing != "" {
		return invalid("One or more parameter values were invalid: Global secondary index %s does not project [%s]", i.name, missing)
	}
	return nil
}

// checkFiltered refuses a filter over attributes that a local index lacks, unless
// the items are fetched anyway.
func (i *index) checkFiltered(src *source, e *bound) error {
	if src.fetch || e.filter == nil {
		return nil
	}
	if missing := i.missing(e.filter.Attributes); missing != "" {
		return invalid("One or more parameter values were invalid: Local secondary index %s does not project [%s]", i.name, missing)
	}
	return nil
}

// missing is the first attribute of an expression that the index lacks.
func (i *index) missing(attributes func(func(string))) string {
	missing := ""
	attributes(func(name string) {
		if missing == "" && i.projected != nil && !i.projected[name] {
			missing = name
		}
	})
	return missing
}

// lastKey is what ExclusiveStartKey must be to go on after a record.
func (src *source) lastKey(r *record) attribute.Item {
	return src.schema.of(r.item, src.table.schema.of(r.item, attribute.Item{}))
}

// view is what of a record the source holds.
func (src *source) view(r *record) attribute.Item {
	if src.index == nil || src.fetch {
		return r.item
	}
	return src.index.view(r)
}
