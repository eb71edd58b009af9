// Package dynamodb is DynamoDB: tables with global secondary indexes, items and
// expressions, over AWS JSON 1.0.
//
// # Operations
//
//	CreateTable DescribeTable ListTables DeleteTable
//	PutItem GetItem UpdateItem DeleteItem Query Scan
//
// with condition, filter, key condition, projection and update expressions in
// full. Every other operation, the legacy parameters (AttributeUpdates, Expected,
// …), local secondary indexes, streams and consumed capacity are refused by name.
// Tables are ACTIVE at once, reads always consistent.
//
// Numbers are decimals of 38 digits and sort as numbers. A table is a B-tree in
// the order of its keys, each index another over the same rows, sparse where an
// item lacks its keys: a page costs its own size. See AWS.md §5.
package dynamodb
