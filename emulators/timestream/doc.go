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
//	Query CancelQuery PrepareQuery
//
// Refused by name:
//
//	CreateBatchLoadTask DescribeBatchLoadTask ListBatchLoadTasks ResumeBatchLoadTask
//	CreateScheduledQuery DescribeScheduledQuery ListScheduledQueries
//	UpdateScheduledQuery DeleteScheduledQuery ExecuteScheduledQuery
//	DescribeAccountSettings UpdateAccountSettings
//
// SQL beyond the grammar (package sql) is a ValidationException with the line and column,
// never an empty result.
//
// # Writing
//
// The rules are AWS.md §4: at most 100 records a call; records that duplicate a
// point with another value and no higher version, that lie outside the memory
// store's retention or more than 15 minutes in the future, that are not of their
// type, or go beyond a limit, are rejected with HTTP 419, and the others of the call
// are written. With magnetic writes enabled late records go to the magnetic store.
// Points older than the magnetic retention are trimmed. The measures of a
// multi-measure record are columns of the table.
//
// # Query
//
// The grammar is that of the guide's page "Supported SQL": WITH, SELECT [DISTINCT],
// FROM with tables, sub-queries, VALUES, UNNEST and all joins (ON, USING), WHERE,
// GROUP BY, HAVING, UNION, INTERSECT and EXCEPT [ALL], ORDER BY [NULLS FIRST|LAST],
// OFFSET, LIMIT; sub-queries also as values and in IN, EXISTS, ANY and ALL, and they
// may see the row around them; CASE, CAST, TRY_CAST, LIKE, BETWEEN, IS [NOT] NULL,
// IS [NOT] DISTINCT FROM; rows as values and their fields; lambda expressions; FILTER;
// window functions with IGNORE NULLS and frames of ROWS and RANGE; SHOW DATABASES,
// TABLES, MEASURES; DESCRIBE. Functions are those of the guide's pages, listed in
// testdata/functions.txt. Rows without ORDER BY come by series and time.
//
// Not implemented, and refused by name: UNLOAD, grouping sets, NATURAL and LATERAL
// joins, ORDER BY within an aggregate, patterns with look-around. Approximate
// aggregates are exact. A query is bounded by its length, its nesting, the rows it
// looks at, the bytes it keeps and those of a single value.
//
//	text ─ package sql ─ statement (a tree)
//	                        │ planner, scope: names and types
//	                      relation ─ run ─ rows of package value
//
// Points are kept per series (dimensions and measure name), sorted by time: a
// series is matched once for a whole query, and a time range is found by binary
// search. That is what the pipeline's queries need, at a fraction of the memory
// of a row store. A query reads each table as it was when it named it first, and
// writes go on beside it: they append behind what a query sees, or copy the series
// that they change. At most four queries run at a time.
package timestream
