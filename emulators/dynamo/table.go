package dynamodb

import (
	"context"
	"regexp"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/tidwall/btree"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Config is what a State needs.
type Config struct{ Identity wire.Identity }

// State is the tables of one account and region.
type State struct {
	id     wire.Identity
	mu     sync.RWMutex
	tables map[string]*table
	parsed cache
}

// New makes an empty State.
func New(c Config) *State {
	return &State{id: c.Identity.OrDefault(), tables: map[string]*table{}}
}

// keySchema names the key attributes of a table or index.
type keySchema struct{ hash, sort string }

// table is the items in the order of their keys, and its indexes.
type table struct {
	name    string
	created time.Time
	billing string
	through *ProvisionedThroughput
	types   map[string]string
	key     keySchema
	items   *btree.BTreeG[*row]
	indexes map[string]*index
	size    int
}

// index is a sparse copy of the table's order by other keys.
type index struct {
	name       string
	key        keySchema
	projection Projection
	through    *ProvisionedThroughput
	items      *btree.BTreeG[*row]
}

// row is an item; the trees share it.
type row struct{ item Item }

// newTree orders rows by hash key, sort key and, in an index, the table's keys.
func newTree(k keySchema, rest keySchema) *btree.BTreeG[*row] {
	names := []string{k.hash, k.sort, rest.hash, rest.sort}
	return btree.NewBTreeGOptions(func(a, b *row) bool {
		for _, name := range names {
			if name == "" {
				continue
			}
			x, ok := a.item[name]
			y, also := b.item[name]
			if !ok || !also {
				if ok != also {
					return also // a probe without the attribute comes first
				}
				continue
			}
			if c := compare(x, y); c != 0 {
				return c < 0
			}
		}
		return false
	}, btree.Options{NoLocks: true})
}

// AttributeDefinition, KeySchemaElement, Projection and ProvisionedThroughput are
// the API's.
type (
	AttributeDefinition struct{ AttributeName, AttributeType string }
	KeySchemaElement    struct{ AttributeName, KeyType string }
	Projection          struct {
		ProjectionType   string
		NonKeyAttributes []string `json:",omitempty"`
	}
	ProvisionedThroughput struct{ ReadCapacityUnits, WriteCapacityUnits int64 }
	GlobalSecondaryIndex  struct {
		IndexName             string
		KeySchema             []KeySchemaElement
		Projection            Projection
		ProvisionedThroughput *ProvisionedThroughput
	}
)

// CreateTableInput declares a table.
type CreateTableInput struct {
	TableName              string
	AttributeDefinitions   []AttributeDefinition
	KeySchema              []KeySchemaElement
	GlobalSecondaryIndexes []GlobalSecondaryIndex
	BillingMode            string
	ProvisionedThroughput  *ProvisionedThroughput
}

// IndexDescription describes an index.
type IndexDescription struct {
	IndexName, IndexStatus, IndexArn string
	KeySchema                        []KeySchemaElement
	Projection                       Projection
	ItemCount                        int
	IndexSizeBytes                   int
	ProvisionedThroughput            ProvisionedThroughput
}

// BillingModeSummary says how capacity is paid for.
type BillingModeSummary struct{ BillingMode string }

// TableDescription describes a table.
type TableDescription struct {
	TableName, TableStatus, TableArn string
	AttributeDefinitions             []AttributeDefinition
	KeySchema                        []KeySchemaElement
	CreationDateTime                 wire.Time
	ItemCount, TableSizeBytes        int
	ProvisionedThroughput            ProvisionedThroughput
	BillingModeSummary               *BillingModeSummary `json:",omitempty"`
	GlobalSecondaryIndexes           []IndexDescription  `json:",omitempty"`
	DeletionProtectionEnabled        bool
}

var tableName = regexp.MustCompile(`^[a-zA-Z0-9_.-]{3,255}$`)

// schema reads a key schema and checks that its attributes are defined.
func schema(elements []KeySchemaElement, types map[string]string, used map[string]bool) (keySchema, error) {
	var k keySchema
	if len(elements) < 1 || len(elements) > 2 || elements[0].KeyType != "HASH" || len(elements) == 2 && elements[1].KeyType != "RANGE" {
		return k, validation("Invalid KeySchema: The first KeySchemaElement is HASH, the second, if any, RANGE")
	}
	for i, e := range elements {
		if types[e.AttributeName] == "" {
			return k, validation("One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [%s]", e.AttributeName)
		}
		used[e.AttributeName] = true
		if i == 0 {
			k.hash = e.AttributeName
		} else {
			k.sort = e.AttributeName
		}
	}
	return k, nil
}

func (k keySchema) elements() []KeySchemaElement {
	list := []KeySchemaElement{{k.hash, "HASH"}}
	if k.sort != "" {
		list = append(list, KeySchemaElement{k.sort, "RANGE"})
	}
	return list
}

// TableOutput wraps a description where AWS calls it TableDescription.
type TableOutput struct{ TableDescription TableDescription }

// CreateTable makes a table, ACTIVE at once. Errors: ResourceInUseException,
// ValidationException.
func (s *State) CreateTable(_ context.Context, in *CreateTableInput) (*TableOutput, error) {
	t, err := in.table()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.tables[t.name]; ok {
		return nil, wire.Errorf("ResourceInUseException", 0, "Table already exists: %s", t.name)
	}
	s.tables[t.name] = t
	return &TableOutput{s.describe(t)}, nil
}

func (in *CreateTableInput) table() (*table, error) {
	if !tableName.MatchString(in.TableName) {
		return nil, validation("TableName must be at least 3 characters long and at most 255 characters long of a-z, A-Z, 0-9, '_' (underscore), '-' (dash), and '.' (dot)")
	}
	t := &table{name: in.TableName, created: time.Now(), billing: in.BillingMode, through: in.ProvisionedThroughput, types: map[string]string{}, indexes: map[string]*index{}}
	switch in.BillingMode {
	case "PAY_PER_REQUEST":
		if in.ProvisionedThroughput != nil {
			return nil, validation("One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST")
		}
	case "", "PROVISIONED":
		if in.ProvisionedThroughput == nil {
			return nil, validation("One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED")
		}
	default:
		return nil, validation("BillingMode %q is neither PROVISIONED nor PAY_PER_REQUEST", in.BillingMode)
	}
	for _, a := range in.AttributeDefinitions {
		if a.AttributeType != "S" && a.AttributeType != "N" && a.AttributeType != "B" {
			return nil, validation("AttributeType %q is none of S, N, B", a.AttributeType)
		}
		t.types[a.AttributeName] = a.AttributeType
	}
	used := map[string]bool{}
	var err error
	if t.key, err = schema(in.KeySchema, t.types, used); err != nil {
		return nil, err
	}
	t.items = newTree(t.key, keySchema{})
	for _, g := range in.GlobalSecondaryIndexes {
		if err := t.addIndex(g, used); err != nil {
			return nil, err
		}
	}
	if len(used) != len(t.types) {
		return nil, validation("One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions")
	}
	return t, nil
}

func (t *table) addIndex(g GlobalSecondaryIndex, used map[string]bool) error {
	k, err := schema(g.KeySchema, t.types, used)
	if err != nil {
		return err
	}
	switch g.Projection.ProjectionType {
	case "ALL", "KEYS_ONLY", "INCLUDE":
	default:
		return validation("One or more parameter values were invalid: Unknown ProjectionType: %s", g.Projection.ProjectionType)
	}
	if _, there := t.indexes[g.IndexName]; there || g.IndexName == "" {
		return validation("One or more parameter values were invalid: Duplicate index name: %s", g.IndexName)
	}
	t.indexes[g.IndexName] = &index{g.IndexName, k, g.Projection, g.ProvisionedThroughput, newTree(k, t.key)}
	return nil
}

func (s *State) describe(t *table) TableDescription {
	d := TableDescription{
		TableName: t.name, TableStatus: "ACTIVE", TableArn: s.id.ARN("dynamodb", "table/"+t.name),
		KeySchema: t.key.elements(), CreationDateTime: wire.At(t.created), ItemCount: t.items.Len(), TableSizeBytes: t.size,
	}
	if t.through != nil {
		d.ProvisionedThroughput = *t.through
	}
	if t.billing == "PAY_PER_REQUEST" {
		d.BillingModeSummary = &BillingModeSummary{t.billing}
	}
	for name, typ := range t.types {
		d.AttributeDefinitions = append(d.AttributeDefinitions, AttributeDefinition{name, typ})
	}
	sort.Slice(d.AttributeDefinitions, func(i, j int) bool {
		return d.AttributeDefinitions[i].AttributeName < d.AttributeDefinitions[j].AttributeName
	})
	for _, x := range t.indexes {
		i := IndexDescription{IndexName: x.name, IndexStatus: "ACTIVE", IndexArn: d.TableArn + "/index/" + x.name, KeySchema: x.key.elements(), Projection: x.projection, ItemCount: x.items.Len()}
		if x.through != nil {
			i.ProvisionedThroughput = *x.through
		}
		d.GlobalSecondaryIndexes = append(d.GlobalSecondaryIndexes, i)
	}
	sort.Slice(d.GlobalSecondaryIndexes, func(i, j int) bool {
		return d.GlobalSecondaryIndexes[i].IndexName < d.GlobalSecondaryIndexes[j].IndexName
	})
	return d
}

// TableRef names a table.
type TableRef struct{ TableName string }

func (s *State) table(name string) (*table, error) {
	if resource, ok := wire.ResourceOf(name, "dynamodb"); ok {
		name = strings.TrimPrefix(resource, "table/")
	}
	t, ok := s.tables[name]
	if !ok {
		return nil, wire.Errorf("ResourceNotFoundException", 0, "Requested resource not found: Table: %s not found", name)
	}
	return t, nil
}

// DescribeTableOutput wraps a description where AWS calls it Table.
type DescribeTableOutput struct{ Table TableDescription }

// DescribeTable describes a table.
func (s *State) DescribeTable(_ context.Context, in *TableRef) (*DescribeTableOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, err
	}
	return &DescribeTableOutput{s.describe(t)}, nil
}

// ListTablesInput pages through tables by name.
type ListTablesInput struct {
	ExclusiveStartTableName string
	Limit                   int
}

// ListTablesOutput is one page.
type ListTablesOutput struct {
	TableNames             []string
	LastEvaluatedTableName string `json:",omitempty"`
}

// ListTables lists the tables by name.
func (s *State) ListTables(_ context.Context, in *ListTablesInput) (*ListTablesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := &ListTablesOutput{TableNames: []string{}}
	for name := range s.tables {
		if name > in.ExclusiveStartTableName {
			out.TableNames = append(out.TableNames, name)
		}
	}
	sort.Strings(out.TableNames)
	limit := in.Limit
	if limit <= 0 || limit > 100 {
		limit = 100
	}
	if len(out.TableNames) > limit {
		out.TableNames = out.TableNames[:limit]
		out.LastEvaluatedTableName = out.TableNames[limit-1]
	}
	return out, nil
}

// DeleteTable deletes a table with its items.
func (s *State) DeleteTable(_ context.Context, in *TableRef) (*TableOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, err
	}
	delete(s.tables, t.name)
	d := s.describe(t)
	d.TableStatus = "DELETING"
	return &TableOutput{d}, nil
}
