package dynamodb

import (
	"context"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Limits of a table and of an account.
// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
const (
	maxTables         = 2500
	maxGlobalIndexes  = 20
	maxLocalIndexes   = 5
	maxProjected      = 100 // non-key attributes of all indexes together
	maxIndexProjected = 20
)

// Billing modes.
const (
	onDemand    = "PAY_PER_REQUEST"
	provisioned = "PROVISIONED"
)

// CreateTableInput is the request of CreateTable. BillingMode is PROVISIONED
// when empty.
type CreateTableInput struct {
	TableName                 string
	AttributeDefinitions      []AttributeDefinition
	KeySchema                 []KeySchemaElement
	BillingMode               string
	ProvisionedThroughput     *ProvisionedThroughput
	OnDemandThroughput        *OnDemandThroughput
	GlobalSecondaryIndexes    []GlobalSecondaryIndex
	LocalSecondaryIndexes     []LocalSecondaryIndex
	Tags                      []Tag
	DeletionProtectionEnabled bool
	StreamSpecification       *StreamSpecification
	SSESpecification          *SSESpecification
	TableClass                string
	WarmThroughput            *WarmThroughput
}

// CreateTableOutput is the answer of CreateTable.
type CreateTableOutput struct{ TableDescription TableDescription }

// CreateTable makes a table with its global secondary indexes.
func (s *State) CreateTable(_ context.Context, in *CreateTableInput) (*CreateTableOutput, error) {
	t, err := in.build()
	if err != nil {
		return nil, err
	}
	t.enforce = s.enforce
	t.arn, t.keyARN = s.id.ARN("dynamodb", "table/"+t.name), s.id.ARN("kms", "alias/aws/dynamodb")
	s.lock()
	defer s.mu.Unlock()
	if _, exists := s.tables[t.name]; exists {
		return nil, wire.Errorf("ResourceInUseException", 0, "Table already exists: %s", t.name)
	}
	if len(s.tables) >= maxTables {
		return nil, wire.Errorf("LimitExceededException", 0, "Subscriber limit exceeded: Number of tables per account exceeds the limit of %d", maxTables)
	}
	s.tables[t.name] = t
	s.setStream(t, in.StreamSpecification)
	return &CreateTableOutput{t.describe("CREATING")}, nil
}

func (in *CreateTableInput) build() (*table, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	if err := in.ProvisionedThroughput.inBounds(""); err != nil {
		return nil, err
	}
	if err := in.StreamSpecification.check(false); err != nil {
		return nil, err
	}
	if err := in.SSESpecification.check(); err != nil {
		return nil, err
	}
	if err := checkClass(in.TableClass); err != nil {
		return nil, err
	}
	t := &table{
		name: in.TableName, id: wire.NewRequestID(), created: time.Now(),
		onDemand: in.BillingMode == onDemand, definitions: in.AttributeDefinitions,
		protected: in.DeletionProtectionEnabled, class: class{name: in.TableClass}, managedKey: in.SSESpecification.enabled(),
	}
	if t.onDemand {
		t.onDemandSince = t.created
	}
	var err error
	if t.tags, err = withTags(nil, in.Tags); err != nil {
		return nil, err
	}
	if t.rates, err = t.allot(asked{in.ProvisionedThroughput, in.OnDemandThroughput, in.WarmThroughput}, ""); err != nil {
		return nil, err
	}
	keys := &definedKeys{types: map[string]attribute.Type{}, used: map[string]bool{}}
	if err := keys.define(in.AttributeDefinitions); err != nil {
		return nil, err
	}
	if t.schema, err = keys.schema(in.KeySchema, true); err != nil {
		return nil, err
	}
	if err := t.addLocal(in.LocalSecondaryIndexes, keys); err != nil {
		return nil, err
	}
	if err := t.addGlobal(in.GlobalSecondaryIndexes, keys); err != nil {
		return nil, err
	}
	return t, keys.unused(len(t.indexes) > 0)
}

// capacity checks the throughput of the table or of the index named.
func (t *table) capacity(p *ProvisionedThroughput, index string) (Throughput, error) {
	where := forIndex(index)
	switch {
	case t.onDemand && p != nil:
		return Throughput{}, invalid("One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST%s", where)
	case t.onDemand:
		return Throughput{}, nil
	case p == nil:
		return Throughput{}, invalid("One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED%s", where)
	}
	return Throughput{*p.ReadCapacityUnits, *p.WriteCapacityUnits}, p.inBounds(index)
}
