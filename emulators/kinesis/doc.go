// Package kinesis is Kinesis Data Streams: streams of shards, put, iterators and
// get, resharding, and consumers, over AWS JSON 1.1 and CBOR.
//
// A [State] is pure; [Handler] is its wire. Besides the API a State has Next, by
// which an event source mapping waits for records without polling.
//
// # Operations
//
//	CreateStream DescribeStream DescribeStreamSummary ListStreams DeleteStream
//	ListShards DescribeLimits
//
//	PutRecord PutRecords GetShardIterator GetRecords
//
//	SplitShard MergeShards UpdateShardCount UpdateStreamMode UpdateMaxRecordSize
//	IncreaseStreamRetentionPeriod DecreaseStreamRetentionPeriod
//
//	RegisterStreamConsumer DescribeStreamConsumer ListStreamConsumers
//	DeregisterStreamConsumer SubscribeToShard
//
//	AddTagsToStream RemoveTagsFromStream ListTagsForStream TagResource
//	UntagResource ListTagsForResource StartStreamEncryption StopStreamEncryption
//
// Refused by name:
//
//	CreateChannel DeleteChannel DeleteResourcePolicy DescribeAccountSettings
//	DescribeChannel DisableEnhancedMonitoring EnableEnhancedMonitoring
//	GetResourcePolicy ListChannels PutResourcePolicy UpdateAccountSettings
//	UpdateChannel UpdateStreamRecordDistributionStrategy
//	UpdateStreamWarmThroughput
//
// # How it behaves
//
// Streams and consumers are ACTIVE at once, and resharding is done at once: a
// closed shard is read to its end, which names its children, and is gone when its
// records have expired. A record's shard is the MD5 of its partition key in the
// shard's hash range (AWS.md §3). Retention is 24 hours unless changed.
//
// On demand a stream has four shards and does not grow. Encryption is answered, but
// records stay as they are, in memory. SubscribeToShard needs a network connection:
// in process, answers are whole, so it is refused there.
//
// UpdateShardCount splits and merges as an owner would. Java's clients speak CBOR, in
// SubscribeToShard's events too.
//
// CloudWatch has IncomingRecords, IncomingBytes and, with Config.Enforce,
// WriteProvisionedThroughputExceeded and ReadProvisionedThroughputExceeded of each
// stream in AWS/Kinesis, for as long as the records are kept, or a day; each record is a
// sample, and its bytes are those of its data. What readers do (GetRecords.*, the age of
// iterators) and shards by themselves (EnableEnhancedMonitoring) are not counted.
//
// With Config.Enforce a shard takes 1,000 records or 1 MiB, five reads or 2 MiB and
// five requests for iterators a second, as in AWS, and in 24 hours a stream is scaled
// ten times and changes its mode twice; without, any number. A record of more than 1 MiB
// bursts through a shard that has taken nothing, and the seconds behind it make up for it.
package kinesis
