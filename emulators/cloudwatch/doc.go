// Package cloudwatch is CloudWatch's metrics: points of custom metrics are put, and
// read as statistics over periods, in Smithy RPC v2 with CBOR and in AWS JSON 1.0,
// as SDKs of 2025 and later speak to it, and in the query protocol of those before.
//
//	PutMetricData ──> metric: namespace, name, dimensions ──> a point a minute (or second) and unit:
//	                                                           count, sum, minimum, maximum, values
//	GetMetricStatistics, GetMetricData <── points of each period <── Vended: a service's own
//
// # Operations
//
//	GetMetricData GetMetricStatistics ListMetrics PutMetricData
//
// Refused by name:
//
//	AssociateDatasetKmsKey CreateResourceMetricsConfiguration
//	DeleteAlarmMuteRule DeleteAlarms DeleteAnomalyDetector DeleteDashboards
//	DeleteInsightRules DeleteMetricStream DeleteResourceMetricsConfiguration
//	DescribeAlarmContributors DescribeAlarmHistory DescribeAlarms
//	DescribeAlarmsForMetric DescribeAnomalyDetectors DescribeInsightRules
//	DisableAlarmActions DisableInsightRules DisassociateDatasetKmsKey
//	EnableAlarmActions EnableInsightRules GetAlarmMuteRule GetDashboard
//	GetDataset GetInsightRuleReport GetMetricStream GetMetricWidgetImage
//	GetOTelEnrichment GetResourceMetricsConfiguration ListAlarmMuteRules
//	ListDashboards ListManagedInsightRules ListMetricStreams
//	ListTagsForResource PutAlarmMuteRule PutAnomalyDetector PutCompositeAlarm
//	PutDashboard PutInsightRule PutLogAlarm PutManagedInsightRules
//	PutMetricAlarm PutMetricStream SetAlarmState StartMetricStreams
//	StartOTelEnrichment StopMetricStreams StopOTelEnrichment TagResource
//	UntagResource UpdateOTelEnrichment UpdateResourceMetricsConfiguration
//
// # What services tell of themselves
//
// A Vended has a namespace such as AWS/Kinesis, and makes points when it is asked. In
// emulators those are the streams of the embedded Kinesis (its package comment says
// which metrics). Other services keep none here: their namespaces are empty, as they are
// in AWS before a service's first point, and to put points there is refused.
//
// # What is refused
//
// Metric math and Metrics Insights (Expression), labels with ${…}, entities, other
// accounts, and statistics but SampleCount, Average, Sum, Minimum, Maximum and
// percentiles (p99.9); alarms, dashboards, streams and all else that acts on metrics.
//
// # What differs
//
// Points are there at once, and keep the resolution at which they came: AWS rolls
// them up with age, but as there, a start long ago needs a period of 60, 300 or
// 3600 s. A percentile is the value of the nearest rank; AWS does not say. At most
// maxSamples values are kept: then PutMetricData answers LimitExceeded, and points
// older than 455 days make room. Periods are counted from the start of a request,
// rounded down as the API reference says.
package cloudwatch
