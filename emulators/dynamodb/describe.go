package dynamodb

import (
	"context"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// DescribeTableInput is the request of DescribeTable.
type DescribeTableInput struct{ TableName string }

// DescribeTableOutput is the answer of DescribeTable.
type DescribeTableOutput struct{ Table TableDescription }

// DescribeTable tells how a table was made and how much it holds.
func (s *State) DescribeTable(_ context.Context, in *DescribeTableInput) (*DescribeTableOutput, error) {
	if err := checkTableOnly(in.TableName); err != nil {
		return nil, err
	}
	s.rlock()
	defer s.mu.RUnlock()
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, s.named(err, in.TableName)
	}
	return &DescribeTableOutput{t.describe("ACTIVE")}, nil
}

// named adds the name to the error of a table that is not there, as only the
// operations on tables do.
func (s *State) named(err error, name string) error {
	if wire.IsCode(err, "ResourceNotFoundException") {
		return wire.Errorf("ResourceNotFoundException", 0, "Requested resource not found: Table: %s not found", s.tableName(name))
	}
	return err
}

func (t *table) describe(status string) TableDescription {
	d := TableDescription{
		TableName: t.name, TableArn: t.arn, TableId: t.id, TableStatus: status, CreationDateTime: wire.At(t.created),
		AttributeDefinitions: t.definitions, KeySchema: t.schema.elements(),
		ProvisionedThroughput: ThroughputDescription{Throughput: t.throughput}, OnDemandThroughput: t.most.describe(),
		WarmThroughput: t.describeWarm(t.warmed), TableClassSummary: t.class.describe(),
		TableSizeBytes: t.size, ItemCount: int64(t.items.Len()), DeletionProtectionEnabled: t.protected,
	}
	t.stream.describe(&d)
	if t.managedKey {
		d.SSEDescription = &SSEDescription{"ENABLED", "KMS", t.keyARN}
	}
	if !t.onDemandSince.IsZero() {
		d.BillingModeSummary = &BillingModeSummary{provisioned, wire.At(t.onDemandSince)}
		if t.onDemand {
			d.BillingModeSummary.BillingMode = onDemand
		}
	}
	for _, i := range t.indexes {
		if i.local {
			d.LocalSecondaryIndexes = append(d.LocalSecondaryIndexes, i.describe(t))
			continue
		}
		d.GlobalSecondaryIndexes = append(d.GlobalSecondaryIndexes, IndexDescription{
			IndexName: i.name, IndexArn: t.arn + "/index/" + i.name, IndexStatus: status,
			KeySchema: i.schema.elements(), Projection: i.projection,
			ProvisionedThroughput: ThroughputDescription{Throughput: i.throughput}, OnDemandThroughput: i.most.describe(), WarmThroughput: t.describeWarm(i.warmed),
			IndexSizeBytes: i.size, ItemCount: int64(i.items.Len()),
		})
	}
	return d
}

func (i *index) describe(t *table) LocalIndexDescription {
	return LocalIndexDescription{
		IndexName: i.name, IndexArn: t.arn + "/index/" + i.name, KeySchema: i.schema.elements(), Projection: i.projection,
		IndexSizeBytes: i.size, ItemCount: int64(i.items.Len()),
	}
}

func (s schema) elements() []KeySchemaElement {
	types := [2]string{"HASH", "RANGE"}
	var elements []KeySchemaElement
	for i, k := range s {
		elements = append(elements, KeySchemaElement{k.name, types[i]})
	}
	return elements
}

// DeleteTableInput is the request of DeleteTable.
type DeleteTableInput struct{ TableName string }

// DeleteTableOutput is the answer of DeleteTable.
type DeleteTableOutput struct{ TableDescription TableDescription }

// DeleteTable deletes a table with its items.
func (s *State) DeleteTable(_ context.Context, in *DeleteTableInput) (*DeleteTableOutput, error) {
	if err := checkTableOnly(in.TableName); err != nil {
		return nil, err
	}
	s.lock()
	defer s.mu.Unlock()
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, s.named(err, in.TableName)
	}
	if t.protected {
		return nil, invalid("Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.")
	}
	delete(s.tables, t.name)
	if t.stream != nil && t.stream.closed.IsZero() {
		t.stream.close(time.Now())
	}
	return &DeleteTableOutput{t.describe("DELETING")}, nil
}

// ListTablesInput is the request of ListTables; Limit is 1 to 100.
type ListTablesInput struct {
	ExclusiveStartTableName string
	Limit                   *int
}

// ListTablesOutput is the answer of ListTables.
type ListTablesOutput struct {
	TableNames             []string
	LastEvaluatedTableName string `json:",omitempty"`
}

// ListTables lists the names of tables in order.
func (s *State) ListTables(_ context.Context, in *ListTablesInput) (*ListTablesOutput, error) {
	var v violations
	if in.ExclusiveStartTableName != "" {
		v.name(in.ExclusiveStartTableName, "exclusiveStartTableName")
	}
	limit := v.within100(in.Limit)
	err := v.err()
	if err != nil {
		return nil, err
	}
	s.rlock()
	defer s.mu.RUnlock()
	out := &ListTablesOutput{TableNames: []string{}}
	for name := range s.tables {
		if name > in.ExclusiveStartTableName {
			out.TableNames = append(out.TableNames, name)
		}
	}
	slices.Sort(out.TableNames)
	if len(out.TableNames) > limit {
		out.TableNames = out.TableNames[:limit]
		out.LastEvaluatedTableName = out.TableNames[limit-1]
	}
	return out, nil
}
