// Package sqs is Simple Queue Service: standard and FIFO queues with visibility
// timeouts, delays, long polling, redrive to dead-letter queues and deduplication,
// over AWS JSON 1.0 and, for clients from before November 2023, the query protocol.
//
// # Operations
//
//	AddPermission CancelMessageMoveTask ChangeMessageVisibility
//	ChangeMessageVisibilityBatch CreateQueue DeleteMessage DeleteMessageBatch
//	DeleteQueue GetQueueAttributes GetQueueUrl ListDeadLetterSourceQueues
//	ListMessageMoveTasks ListQueueTags ListQueues PurgeQueue ReceiveMessage
//	RemovePermission SendMessage SendMessageBatch SetQueueAttributes
//	StartMessageMoveTask TagQueue UntagQueue
//
// # Order
//
// A standard queue hands out messages in the order in which they became visible
// first; AWS promises less. A FIFO queue hands out a message of a group only while
// none before it is in flight, and drops what was sent with a deduplication id of
// the last five minutes.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
//
// A message move task moves the messages that its dead-letter queue had at the start, one
// each second/MaxNumberOfMessagesPerSecond (500 a second unless it says less), as new
// messages with an age, id and sequence number of their own: DelaySeconds and deduplication
// of the destination apply to them.
//
// # Who may
//
// A queue's Policy is evaluated as package policy says: a topic or a bucket needs a
// statement that allows it sqs:SendMessage, every client of the cloud may do what no
// statement denies.
//
// # What differs
//
// Everything is in memory, so that SqsManagedSseEnabled changes
// nothing; keys of KMS are refused. PurgeQueue and DeleteQueue act at once.
package sqs
