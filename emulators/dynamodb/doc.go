// Package dynamodb is an emulator of Amazon DynamoDB: State holds the tables
// and has one method for each operation; Handler is its wire, AWS JSON 1.0.
//
// # Operations
//
// Implemented, with the whole grammar of expressions (package expression) and the
// statements of PartiQL (package partiql):
//
//	CreateTable DescribeTable ListTables UpdateTable DeleteTable
//	TagResource UntagResource ListTagsOfResource
//	UpdateTimeToLive DescribeTimeToLive
//	UpdateContinuousBackups DescribeContinuousBackups
//
//	PutItem GetItem UpdateItem DeleteItem Query Scan
//	BatchGetItem BatchWriteItem
//	TransactWriteItems TransactGetItems
//	ExecuteStatement BatchExecuteStatement ExecuteTransaction
//
//	ListStreams DescribeStream GetShardIterator GetRecords
//
// Refused by name:
//
//	CancelBulkOperation CreateBackup CreateGlobalTable DeleteBackup
//	DeleteResourcePolicy DescribeBackup DescribeBulkOperation
//	DescribeContributorInsights DescribeEndpoints DescribeExport
//	DescribeGlobalTable DescribeGlobalTableSettings DescribeImport
//	DescribeKinesisStreamingDestination DescribeLimits
//	DescribeTableReplicaAutoScaling DisableKinesisStreamingDestination
//	EnableKinesisStreamingDestination ExportTableToPointInTime GetResourcePolicy
//	ImportTable ListBackups ListBulkOperations ListContributorInsights
//	ListExports ListGlobalTables ListImports PutResourcePolicy
//	RestoreTableFromBackup RestoreTableToPointInTime SearchVectors
//	StartBulkPutItems UpdateContributorInsights UpdateGlobalTable
//	UpdateGlobalTableSettings
//	UpdateKinesisStreamingDestination UpdateTableReplicaAutoScaling
//
// A member of a request that is not implemented is a ValidationException that
// names it: the old API (Expected, KeyConditions, …) but for AttributeUpdates,
// keys of a KMS, replicas, resource policies.
//
// Some settings have nothing to act on here and are kept and described: the class of
// a table, which is a price; encryption with AWS's or its managed key, since nothing
// is at rest; warm throughput, since tables are always warm; and point in time
// recovery, which is for RestoreTableToPointInTime: that is refused by name.
//
// # How it behaves
//
// Where the service leaves a choice, this one is the same in every run: items
// of different partitions are ordered by the MD5 of their partition key (so a
// scan is in no useful order, as on AWS), items of an index with equal keys by
// their primary key. Reads of tables and indexes are always consistent. A
// table is usable at once; its creation answers CREATING and the next
// description ACTIVE. An item expires in the second that its TTL attribute
// names, where the service takes up to some days. With
// Config.Enforce the capacity of provisioned tables and indexes holds, with bursts
// of five minutes, and so does the maximum of those on demand, or the account's of
// 40,000 units a second; else it is counted and reported only. A stream has one
// shard, so that all changes of its table are in order, and keeps them for a day, or
// the latest of them: items of 512 MiB.
//
//	table   key = MD5(pk)[:8] pk sk            ──> record ──> item
//	index   key = MD5(ipk)[:8] ipk isk pk sk   ──┘  (only items that have its keys)
//
// A query seeks in a B-tree: its cost is O(log n + page).
//
// See AWS.md §5 and https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/Welcome.html
package dynamodb
