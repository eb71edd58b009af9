// Package sns is Simple Notification Service: standard and FIFO topics, and their
// subscriptions by queues, functions, web servers and e-mail, over the query
// protocol.
//
// # Operations
//
//	AddPermission ConfirmSubscription CreateTopic DeleteTopic
//	GetSubscriptionAttributes GetTopicAttributes ListSubscriptions
//	ListSubscriptionsByTopic ListTagsForResource ListTopics Publish
//	PublishBatch RemovePermission SetSubscriptionAttributes SetTopicAttributes Subscribe TagResource
//	Unsubscribe UntagResource
//
// Refused by name:
//
//	CheckIfPhoneNumberIsOptedOut CreatePlatformApplication
//	CreatePlatformEndpoint CreateSMSSandboxPhoneNumber DeleteEndpoint
//	DeletePlatformApplication DeleteSMSSandboxPhoneNumber
//	GetDataProtectionPolicy GetEndpointAttributes
//	GetPlatformApplicationAttributes GetSMSAttributes
//	GetSMSSandboxAccountStatus ListEndpointsByPlatformApplication
//	ListOriginationNumbers ListPhoneNumbersOptedOut ListPlatformApplications
//	ListSMSSandboxPhoneNumbers OptInPhoneNumber PutDataProtectionPolicy
//	SetEndpointAttributes SetPlatformApplicationAttributes
//	SetSMSAttributes VerifySMSSandboxPhoneNumber
//
// # Delivery
//
//	sqs          at once, before Publish returns, in the order of subscription
//	lambda       an asynchronous invocation, before Publish returns
//	http, https  by [State.Run], after the endpoint has confirmed; three retries 20 s apart,
//	             for which no other delivery waits
//	email        recorded, after confirmation: Mails
//
// Publishers of a FIFO topic take turns: its queues have its messages in one order.
//
// A MessageGroupId goes with a message of a standard topic to standard queues, which are
// fair by it, and of a FIFO topic to FIFO queues. E-mails are from the DisplayName.
//
// A delivery that failed for good goes to the dead-letter queue of the
// subscription's RedrivePolicy; without one it is logged, and the publisher is not
// told, as on AWS. Filter policies decide who gets a message: package filter.
//
// # Who may
//
// A topic's Policy is evaluated as package policy says: a bucket needs a statement that
// allows it sns:Publish, every client of the cloud may do what no statement denies. The
// other way round, a queue needs a policy that allows sns.amazonaws.com
// sqs:SendMessage for the topic, a dead-letter queue too, and a function a permission:
// a delivery without is as one that failed.
//
// # What differs
//
// Signatures of notifications are not made ("EXAMPLE"), of whichever SignatureVersion.
// Delivery policies, logs of deliveries, archives, active tracing, encryption keys, SMS,
// mobile push and Firehose are refused by name.
package sns
