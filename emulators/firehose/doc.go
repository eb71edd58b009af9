// Package firehose is Amazon Data Firehose from PutRecord, or a Kinesis stream, to S3,
// over AWS JSON 1.1: records are transformed by a function where one is named,
// buffered by size and time, and become objects.
//
//	PutRecord, PutRecordBatch ─┐      ┌── function ──┬── failed ──> buffer ─┐
//	shards of a Kinesis stream ┴──────┴──────────────┴── Ok ──────> buffer ─┴─ Run ──> PutObject
//
// A function is called with BufferSizeInMBs of records, or BufferIntervalInSeconds after
// the first of them; a buffer is delivered with SizeInMBs, or IntervalInSeconds after
// its first record, as <prefix><stream>-<version>-<time>-<uuid>[.gz].
//
// A State is run by its caller, and flushed when everything that puts has ended:
//
//	s := firehose.New(firehose.Config{Objects: …, Functions: …, Streams: …})
//	go s.Run(ctx)
//	…
//	err := s.Flush(ctx) // what is still buffered becomes objects
//
// The shards of a source are read side by side, those of a split or merge when what
// they were made of is read to its end.
//
// Of each stream one invocation and one delivery is under way at a time, of all of
// them 16: streams do not wait for each other.
//
// # Operations
//
//	CreateDeliveryStream DeleteDeliveryStream DescribeDeliveryStream
//	ListDeliveryStreams ListTagsForDeliveryStream PutRecord PutRecordBatch
//	TagDeliveryStream UntagDeliveryStream UpdateDestination
//
// Refused by name:
//
//	StartDeliveryStreamEncryption StopDeliveryStreamEncryption
//
// # Prefixes
//
// Prefix and ErrorOutputPrefix have !{timestamp:…} with the letters y M d D H h m s S
// a E and 'text' of Java's DateTimeFormatter, !{firehose:random-string}, and the rules
// of the guide: a prefix without a timestamp has yyyy/MM/dd/HH/ appended. The instant
// is the arrival of the oldest record, for the name too.
// https://docs.aws.amazon.com/firehose/latest/dev/s3-prefixes.html
//
// # Transformation
//
// A Lambda processor calls its function with the event of aws-lambda-go's
// KinesisFirehoseEvent; each record comes back by its id as Ok, Dropped or
// ProcessingFailed. An invocation that fails is tried again NumberOfRetries times (3),
// after 5 s and then twice as long each time, a minute at most. Records that
// failed become lines of JSON below ErrorOutputPrefix, each with its data.
// https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html
//
// # A Kinesis stream as the source
//
// It is read from the instant on at which the Firehose stream was made. Shards are read
// side by side; new ones are found when one ends, or after 10 seconds. While buffers are
// full the records stay in the stream. PutRecord is refused then.
//
// # What is refused
//
// Sources but DirectPut and KinesisStreamAsSource, destinations but S3; in these
// processors but Lambda and AppendDelimiterToRecord, dynamic partitioning, format
// conversion, backup, keys of KMS, time zones but UTC, compressions but GZIP, and logging
// to CloudWatch.
//
// # What differs
//
// A stream is ACTIVE at once, and a change of it at once too: what was buffered before
// is delivered as it was configured then. Deliveries that fail are tried again
// for 24 hours, as on AWS, under the same key. Buffers hold at most MaxBytes together,
// and 10,000 batches wait for their function or delivery: then PutRecord answers
// ServiceUnavailableException, and PutRecordBatch lists the entries. A deleted
// stream's buffer is still delivered. Records that the Kinesis Producer Library has
// aggregated are not taken apart.
//
// Roles must exist and trust firehose.amazonaws.com when they are named. What they may do
// is asked when the source is named and read, when a function is invoked and for each
// object; an object that the role may not put is tried again, as any other. How often AWS
// asks is not documented.
package firehose
