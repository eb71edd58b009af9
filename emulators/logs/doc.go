// Package logs is CloudWatch Logs: log groups with a retention and tags, their
// streams, and events that are put, got and filtered, over AWS JSON 1.1.
//
//	PutLogEvents ──> group /iot/devices ──> stream TelemetryLog ──> events by time, then by arrival
//	                                                                  │ GetLogEvents: a stream, both ways
//	                                                                  └ FilterLogEvents: all streams, by a pattern
//
// # Operations
//
//	CreateLogGroup CreateLogStream DeleteLogGroup DeleteLogStream
//	DeleteRetentionPolicy DescribeLogGroups DescribeLogStreams FilterLogEvents
//	GetLogEvents ListTagsForResource ListTagsLogGroup PutLogEvents
//	PutRetentionPolicy TagLogGroup TagResource UntagLogGroup UntagResource
//
// Refused by name:
//
//	AssociateKmsKey AssociateSourceToS3TableIntegration CancelExportTask
//	CancelImportTask CreateDelivery CreateExportTask CreateImportTask
//	CreateLogAnomalyDetector CreateLookupTable CreateScheduledQuery
//	DeleteAccountPolicy DeleteDataProtectionPolicy DeleteDelivery
//	DeleteDeliveryDestination DeleteDeliveryDestinationPolicy
//	DeleteDeliverySource DeleteDestination DeleteIndexPolicy DeleteIntegration
//	DeleteLogAnomalyDetector DeleteLookupTable DeleteMetricFilter
//	DeleteQueryDefinition DeleteResourcePolicy DeleteScheduledQuery
//	DeleteSubscriptionFilter DeleteSyslogConfiguration DeleteTransformer
//	DescribeAccountPolicies DescribeConfigurationTemplates DescribeDeliveries
//	DescribeDeliveryDestinations DescribeDeliverySources DescribeDestinations
//	DescribeExportTasks DescribeFieldIndexes DescribeImportTaskBatches
//	DescribeImportTasks DescribeIndexPolicies DescribeLookupTables
//	DescribeMetricFilters DescribeQueries DescribeQueryDefinitions
//	DescribeResourcePolicies DescribeSubscriptionFilters DisassociateKmsKey
//	DisassociateSourceFromS3TableIntegration GetDataProtectionPolicy
//	GetDelivery GetDeliveryDestination GetDeliveryDestinationPolicy
//	GetDeliverySource GetIntegration GetLogAnomalyDetector GetLogFields
//	GetLogGroupFields GetLogObject GetLogRecord GetLookupTable GetQueryResults
//	GetScheduledQuery GetScheduledQueryHistory GetStorageTierPolicy
//	GetTransformer ListAggregateLogGroupSummaries ListAnomalies
//	ListIntegrations ListLogAnomalyDetectors ListLogGroups
//	ListLogGroupsForQuery ListScheduledQueries ListSourcesForS3TableIntegration
//	ListSyslogConfigurations PutAccountPolicy PutBearerTokenAuthentication
//	PutDataProtectionPolicy PutDeliveryDestination PutDeliveryDestinationPolicy
//	PutDeliverySource PutDestination PutDestinationPolicy PutIndexPolicy
//	PutIntegration PutLogGroupDeletionProtection PutMetricFilter
//	PutQueryDefinition PutResourcePolicy PutStorageTierPolicy
//	PutSubscriptionFilter PutSyslogConfiguration PutTransformer StartLiveTail
//	StartQuery StopQuery TestMetricFilter TestTransformer UpdateAnomaly
//	UpdateDeliveryConfiguration UpdateLogAnomalyDetector UpdateLookupTable
//	UpdateScheduledQuery
//
// # Patterns
//
// FilterLogEvents takes terms (ERROR "exact phrase" -without ?or ?else) and, for
// events that are JSON objects, conditions ({ $.a.b[0] = "x*" && $.n >= 40 }) with
// IS NULL, IS TRUE, IS FALSE, NOT EXISTS, && and ||, parentheses and one wildcard a
// selector. A term is a text that the message contains, as a word or within one.
// Refused are regular expressions (%…%) and patterns of space-delimited events
// ([…]).
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
//
// # What is refused
//
// Keys of KMS, log classes but STANDARD, deletion protection, entities, and all that
// acts on events by itself: metric, subscription and data protection filters,
// exports, deliveries, queries, alarms.
//
// # What differs
//
// All is in memory and bounded: when MaxBytes of events are kept, PutLogEvents
// answers ServiceUnavailableException until a group is deleted or its retention has
// let events go. Expired events go at the next call on their group, or when room is
// needed; AWS takes up to 72 hours. Events can be read at once, and a page has as many
// as fit, never none before the end. A stream that a service of the cloud itself writes,
// as Lambda does, has its last 5,000 to 10,000 events; what it writes when MaxBytes are
// kept takes the place of the oldest events of its group. Sequence tokens are ignored, as
// on AWS. A pattern with both ?terms and others ignores the ?terms, as on AWS.
package logs
