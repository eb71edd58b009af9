// Package firehose is Amazon Data Firehose from PutRecord to S3, over AWS JSON 1.1:
// records are buffered by size and time and become objects.
//
//	PutRecord, PutRecordBatch ──> buffer ── SizeInMBs, or IntervalInSeconds after its first record ──>
//	sealed batches ── Run ──> PutObject <prefix><stream>-<version>-<time>-<uuid>[.gz]
//
// A State is run by its caller, and flushed when everything that puts has ended:
//
//	s := firehose.New(firehose.Config{Objects: …})
//	go s.Run(ctx)
//	…
//	err := s.Flush(ctx) // what is still buffered becomes objects
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
// # What is refused
//
// Sources but DirectPut, destinations but S3; in these processors but
// AppendDelimiterToRecord, dynamic partitioning, format conversion, backup, keys of
// KMS, time zones but UTC, compressions but GZIP, and logging to CloudWatch.
//
// # What differs
//
// A stream is ACTIVE at once, and a change of it at once too: what was buffered before
// is delivered as it was configured then. ErrorOutputPrefix is checked and answered,
// as prefixes with expressions need one; it is for records that processing fails on,
// and no processing that is implemented does. Deliveries that fail are tried again
// for 24 hours, as on AWS, under the same key. Buffers hold at most MaxBytes together,
// and 10,000 batches wait for their delivery: then PutRecord answers
// ServiceUnavailableException, and PutRecordBatch lists the entries. A deleted
// stream's buffer is still delivered.
package firehose
