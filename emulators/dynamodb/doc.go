// Package dynamodb is an emulator of Amazon DynamoDB: State holds the tables
// and has one method for each operation; Handler is its wire, AWS JSON 1.0.
//
// There: CreateTable (global secondary indexes with every projection, on-demand
// and provisioned), DescribeTable, ListTables, DeleteTable, PutItem, GetItem,
// UpdateItem, DeleteItem, Query, Scan, BatchGetItem, BatchWriteItem, with the
// whole grammar of expressions (package expression). All other operations, the
// members of the old API (Expected, AttributeUpdates, …), local secondary
// indexes, parallel scans and consumed capacity are refused by name.
//
// Where the service leaves a choice, this one is the same in every run: items
// of different partitions are ordered by the MD5 of their partition key (so a
// scan is in no useful order, as on AWS), items of an index with equal keys by
// their primary key. Reads of tables and indexes are always consistent. A
// table is usable at once; its creation answers CREATING and the next
// description ACTIVE.
//
//	table   key = MD5(pk)[:8] pk sk            ──> record ──> item
//	index   key = MD5(ipk)[:8] ipk isk pk sk   ──┘  (only items that have its keys)
//
// A query seeks in a B-tree: its cost is O(log n + page).
//
// See AWS.md §5 and https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/Welcome.html
package dynamodb
