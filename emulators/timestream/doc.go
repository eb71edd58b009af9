// Package timestream is Timestream for LiveAnalytics: databases, tables, writes
// and queries, over AWS JSON 1.0.
//
// # Operations
//
//	DescribeEndpoints
//	CreateDatabase DescribeDatabase ListDatabases UpdateDatabase DeleteDatabase
//	CreateTable DescribeTable ListTables UpdateTable DeleteTable
//	TagResource UntagResource ListTagsForResource
//	WriteRecords
//	Query
//
// Refused by name:
//
//	CreateBatchLoadTask DescribeBatchLoadTask ListBatchLoadTasks ResumeBatchLoadTask
//	CreateScheduledQuery DescribeScheduledQuery ListScheduledQueries
//	UpdateScheduledQuery DeleteScheduledQuery ExecuteScheduledQuery
//	DescribeAccountSettings UpdateAccountSettings
//	CancelQuery PrepareQuery
//
// SQL beyond the grammar below is a ValidationException with the position and never
// an empty result; multi-measure records are refused.
//
// # Writing
//
// The rules are AWS.md §4: at most 100 records a call; records that duplicate a
// point with another value and no higher version, that lie outside the memory
// store's retention or more than 15 minutes in the future, are rejected with
// HTTP 419, and the others of the call are written. With magnetic writes enabled
// late records go to the magnetic store. Points older than the magnetic retention
// are trimmed.
//
// # Query
//
//	SELECT expr [AS name], … | * FROM "db"."table" [WHERE cond]
//	[GROUP BY expr, …] [HAVING cond] [ORDER BY expr [ASC|DESC], …] [LIMIT n]
//
// with AND OR NOT, = <> != < <= > >=, BETWEEN, IN, LIKE, IS [NOT] NULL,
// arithmetic (also of times and intervals), casts by :: and CAST, the functions
// bin ago now date_trunc from_milliseconds to_milliseconds abs round lower upper
// coalesce, and the aggregates avg count max min sum max_by min_by
// approx_distinct. Rows without ORDER BY come by series and time.
//
// Points are kept per series (dimensions and measure name), sorted by time: a
// series is matched once for a whole query, and a time range is found by binary
// search. That is what the pipeline's queries need, at a fraction of the memory
// of a row store.
package timestream
