// Package kinesis is Kinesis Data Streams: streams of provisioned shards, put,
// iterators and get, over AWS JSON 1.1.
//
// A [State] is pure; [Handler] is its wire. Besides the API a State has Next, by
// which an event source mapping waits for records without polling.
//
// # Operations
//
//	CreateStream DescribeStream DescribeStreamSummary ListStreams DeleteStream
//	ListShards PutRecord PutRecords GetShardIterator GetRecords
//
// Refused by name:
//
//	AddTagsToStream CreateChannel DecreaseStreamRetentionPeriod
//	DeleteChannel DeleteResourcePolicy DeregisterStreamConsumer
//	DescribeAccountSettings DescribeChannel DescribeLimits
//	DescribeStreamConsumer DisableEnhancedMonitoring
//	EnableEnhancedMonitoring GetResourcePolicy IncreaseStreamRetentionPeriod
//	ListChannels ListStreamConsumers ListTagsForResource ListTagsForStream
//	MergeShards PutResourcePolicy RegisterStreamConsumer
//	RemoveTagsFromStream SplitShard StartStreamEncryption
//	StopStreamEncryption SubscribeToShard TagResource UntagResource
//	UpdateAccountSettings UpdateChannel UpdateMaxRecordSize UpdateShardCount
//	UpdateStreamMode UpdateStreamRecordDistributionStrategy
//	UpdateStreamWarmThroughput
//
// Streams are ACTIVE at once, with
// 24 hours of retention. A record's shard is the MD5 of its partition key in the
// shard's hash range (AWS.md §3).
//
// With Config.Enforce a shard takes 1,000 records or 1 MiB and five reads or 2 MiB
// a second, as in AWS; without, any number.
package kinesis
