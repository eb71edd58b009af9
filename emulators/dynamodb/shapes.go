package dynamodb

import "github.com/shakedown-iot/shakedown/emulators/wire"

// AttributeDefinition is the type of a key attribute: S, N or B.
type AttributeDefinition struct {
	AttributeName string
	AttributeType string
}

// KeySchemaElement is a key attribute; KeyType is HASH or RANGE.
type KeySchemaElement struct {
	AttributeName string
	KeyType       string
}

// Projection is what of an item an index holds: ALL, KEYS_ONLY or INCLUDE, the
// latter with NonKeyAttributes.
type Projection struct {
	ProjectionType   string
	NonKeyAttributes []string `json:",omitempty"`
}

// ProvisionedThroughput is the capacity of a provisioned table or index, in
// units; see Config.Enforce.
type ProvisionedThroughput struct {
	ReadCapacityUnits  *int64
	WriteCapacityUnits *int64
}

// Throughput is a capacity as it is kept and described, in units.
type Throughput struct {
	ReadCapacityUnits  int64
	WriteCapacityUnits int64
}

// GlobalSecondaryIndex is an index of a table to be created.
type GlobalSecondaryIndex struct {
	IndexName             string
	KeySchema             []KeySchemaElement
	Projection            *Projection
	ProvisionedThroughput *ProvisionedThroughput
	OnDemandThroughput    *OnDemandThroughput
	WarmThroughput        *WarmThroughput
}

// LocalSecondaryIndex is an index of a table to be created, over the partitions of
// the table with another sort key.
type LocalSecondaryIndex struct {
	IndexName  string
	KeySchema  []KeySchemaElement
	Projection *Projection
}

// ThroughputDescription is the capacity of a table; zero when on demand.
type ThroughputDescription struct {
	NumberOfDecreasesToday int64
	Throughput
}

// BillingModeSummary tells that a table is on demand.
type BillingModeSummary struct {
	BillingMode                       string
	LastUpdateToPayPerRequestDateTime wire.Time
}

// IndexDescription describes a global secondary index. Sizes are in bytes.
type IndexDescription struct {
	IndexName             string
	IndexArn              string
	IndexStatus           string `json:",omitempty"`
	KeySchema             []KeySchemaElement
	Projection            Projection
	ProvisionedThroughput ThroughputDescription
	OnDemandThroughput    *OnDemandThroughput `json:",omitempty"`
	WarmThroughput        *WarmDescription    `json:",omitempty"`
	IndexSizeBytes        int64
	ItemCount             int64
}

// LocalIndexDescription describes a local secondary index. Sizes are in bytes.
type LocalIndexDescription struct {
	IndexName      string
	IndexArn       string
	KeySchema      []KeySchemaElement
	Projection     Projection
	IndexSizeBytes int64
	ItemCount      int64
}

// TableDescription describes a table. Sizes are in bytes; unlike the service's,
// which are six hours old, they are current.
type TableDescription struct {
	TableName                 string
	TableArn                  string
	TableId                   string
	TableStatus               string
	CreationDateTime          wire.Time
	AttributeDefinitions      []AttributeDefinition
	KeySchema                 []KeySchemaElement
	BillingModeSummary        *BillingModeSummary `json:",omitempty"`
	ProvisionedThroughput     ThroughputDescription
	OnDemandThroughput        *OnDemandThroughput     `json:",omitempty"`
	WarmThroughput            *WarmDescription        `json:",omitempty"`
	TableClassSummary         *TableClassSummary      `json:",omitempty"`
	SSEDescription            *SSEDescription         `json:",omitempty"`
	GlobalSecondaryIndexes    []IndexDescription      `json:",omitempty"`
	LocalSecondaryIndexes     []LocalIndexDescription `json:",omitempty"`
	TableSizeBytes            int64
	ItemCount                 int64
	DeletionProtectionEnabled bool
	StreamSpecification       *StreamSpecification `json:",omitempty"`
	LatestStreamArn           string               `json:",omitempty"`
	LatestStreamLabel         string               `json:",omitempty"`
}
