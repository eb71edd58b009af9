// Package sqs is Simple Queue Service: standard and FIFO queues with visibility
// timeouts, delays, long polling, redrive to dead-letter queues and deduplication,
// over AWS JSON 1.0.
//
// # Operations
//
//	ChangeMessageVisibility ChangeMessageVisibilityBatch CreateQueue
//	DeleteMessage DeleteMessageBatch DeleteQueue GetQueueAttributes
//	GetQueueUrl ListDeadLetterSourceQueues ListQueueTags ListQueues PurgeQueue
//	ReceiveMessage SendMessage SendMessageBatch SetQueueAttributes TagQueue
//	UntagQueue
//
// Refused by name:
//
//	AddPermission CancelMessageMoveTask ListMessageMoveTasks RemovePermission
//	StartMessageMoveTask
//
// # Order
//
// A standard queue hands out messages in the order in which they became visible
// first; AWS promises less. A FIFO queue hands out a message of a group only while
// none before it is in flight, and drops what was sent with a deduplication id of
// the last five minutes.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
//
// # What differs
//
// A queue's Policy is kept and answered but not evaluated: any caller on loopback
// may use any queue. Everything is in memory, so that SqsManagedSseEnabled changes
// nothing; keys of KMS are refused. PurgeQueue and DeleteQueue act at once.
package sqs
