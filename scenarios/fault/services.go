package fault

// service is what the injector knows of an AWS service.
type service struct {
	// throttle and broken are its errors for too many calls and for a failure of
	// its own.
	throttle, broken failure
	format           format
	// uses are the operations that the pipeline calls, functions and rules
	// together; others are those that somebody else may call, or another rule.
	uses, others []string
}

// services are those whose calls can fail, by the name that targets use. Codes
// and statuses are those of the API references.
var services = map[string]service{
	// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
	"dynamodb": {
		throttle: failure{"ProvisionedThroughputExceededException", 400,
			"The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API."},
		broken: failure{"InternalServerError", 500, "Internal server error"},
		format: dynamoDBFormat{jsonFormat{version: "1.0", prefix: "com.amazonaws.dynamodb.v20120810#", checksum: true}},
		uses:   []string{"GetItem", "PutItem", "Query", "UpdateItem"},
		others: []string{"BatchGetItem", "BatchWriteItem", "CreateTable", "DeleteItem", "DeleteTable", "DescribeTable", "ListTables", "Scan"},
	},
	// A stream whose limits are exceeded is unavailable.
	// https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecord.html
	"firehose": {
		throttle: failure{"ServiceUnavailableException", 500, "Slow down."},
		broken:   failure{"InternalFailure", 500, "The request processing has failed because of an unknown error, exception or failure."},
		format:   jsonFormat{version: "1.1"},
		others: []string{"CreateDeliveryStream", "DeleteDeliveryStream", "DescribeDeliveryStream", "ListDeliveryStreams", "ListTagsForDeliveryStream",
			"PutRecord", "PutRecordBatch", "TagDeliveryStream", "UntagDeliveryStream", "UpdateDestination"},
	},
	// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_Publish.html
	"iot-data": {
		throttle: failure{"ThrottlingException", 429, "Rate exceeded"},
		broken:   failure{"InternalFailureException", 500, "An unexpected error has occurred."},
		format:   jsonFormat{},
		uses:     []string{"Publish"},
		others:   []string{"DeleteThingShadow", "GetThingShadow", "UpdateThingShadow"},
	},
	// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
	"kinesis": {
		throttle: failure{"ProvisionedThroughputExceededException", 400, "Rate exceeded for the shard."},
		broken:   failure{"InternalFailureException", 500, "Internal service failure."},
		format:   jsonFormat{version: "1.1"},
		uses:     []string{"PutRecord"},
		others: []string{"CreateStream", "DeleteStream", "DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator",
			"ListShards", "ListStreams", "PutRecords"},
	},
	// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
	"lambda": {
		throttle: failure{"TooManyRequestsException", 429, "Rate Exceeded."},
		broken:   failure{"ServiceException", 500, "The AWS Lambda service encountered an internal error."},
		format:   jsonFormat{},
		uses:     []string{"Invoke"},
	},
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
	// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/CommonErrors.html
	"logs": {
		throttle: failure{"ThrottlingException", 400, "Rate exceeded"},
		broken:   failure{"ServiceUnavailableException", 500, "The service cannot complete the request."},
		format:   jsonFormat{version: "1.1"},
		others: []string{"CreateLogGroup", "CreateLogStream", "DeleteLogGroup", "DeleteLogStream", "DescribeLogGroups", "DescribeLogStreams",
			"FilterLogEvents", "GetLogEvents", "PutLogEvents", "PutRetentionPolicy"},
	},
	// CloudWatch's metrics. It throttles with an error common to its actions.
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CommonErrors.html
	"monitoring": {
		throttle: failure{"ThrottlingException", 400, "Rate exceeded"},
		broken:   failure{"InternalServiceFault", 500, "Request processing has failed because of an unknown error, exception or failure."},
		format:   metricsFormat{},
		others:   []string{"GetMetricData", "GetMetricStatistics", "ListMetrics", "PutMetricData"},
	},
	// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
	"s3": {
		throttle: failure{"SlowDown", 503, "Please reduce your request rate."},
		broken:   failure{"InternalError", 500, "We encountered an internal error. Please try again."},
		format:   s3Format{},
		uses:     []string{"PutObject"},
		others: []string{"CopyObject", "CreateBucket", "DeleteBucket", "DeleteObject", "DeleteObjects", "GetObject", "HeadBucket", "HeadObject",
			"ListBuckets", "ListObjects", "ListObjectsV2"},
	},
	// SNS throttles with an error common to its actions, not with one of Publish.
	// https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html
	// https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
	"sns": {
		throttle: failure{"ThrottlingException", 400, "Rate exceeded"},
		broken:   failure{"InternalError", 500, "Internal service error"},
		format:   queryFormat{namespace: snsNamespace},
		uses:     []string{"Publish"},
		others: []string{"CreateTopic", "DeleteTopic", "GetSubscriptionAttributes", "GetTopicAttributes", "ListSubscriptions",
			"ListSubscriptionsByTopic", "ListTopics", "PublishBatch", "SetSubscriptionAttributes", "Subscribe", "Unsubscribe"},
	},
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
	"sqs": {
		throttle: failure{"RequestThrottled", 400, "The request was denied due to request throttling."},
		broken:   failure{"InternalFailure", 500, "The request processing has failed because of an unknown error, exception or failure."},
		format:   jsonFormat{version: "1.0", prefix: "com.amazonaws.sqs#"},
		uses:     []string{"SendMessage"},
		others: []string{"ChangeMessageVisibility", "CreateQueue", "DeleteMessage", "DeleteMessageBatch", "DeleteQueue", "GetQueueAttributes",
			"GetQueueUrl", "ListQueues", "PurgeQueue", "ReceiveMessage", "SendMessageBatch", "SetQueueAttributes"},
	},
	// Writing and querying are one service with one signature.
	// https://docs.aws.amazon.com/timestream/latest/APIReference/API_WriteRecords.html
	// https://docs.aws.amazon.com/timestream/latest/APIReference/API_query_Query.html
	"timestream": {
		throttle: failure{"ThrottlingException", 400, "Rate exceeded"},
		broken:   failure{"InternalServerException", 500, "Timestream was unable to fully process this request because of an internal server error."},
		format:   jsonFormat{version: "1.0", prefix: "com.amazonaws.timestream.v20181101#"},
		uses:     []string{"WriteRecords"},
		others: []string{"CreateDatabase", "CreateTable", "DeleteDatabase", "DeleteTable", "DescribeDatabase", "DescribeEndpoints", "DescribeTable",
			"ListDatabases", "ListTables", "Query"},
	},
}
