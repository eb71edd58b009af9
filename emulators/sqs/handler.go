package sqs

import (
	"net/http"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Handler is the wire of a State: AWS JSON 1.0, and the query protocol of clients from
// before November 2023.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-json-faqs.html
func Handler(s *State) http.Handler {
	operations := wire.Guard("sqs", map[string]wire.Operation{
		"AddPermission":                wire.Op(s.AddPermission),
		"CancelMessageMoveTask":        wire.Op(s.CancelMessageMoveTask),
		"ChangeMessageVisibility":      wire.Op(s.ChangeMessageVisibility),
		"ChangeMessageVisibilityBatch": wire.Op(s.ChangeMessageVisibilityBatch),
		"CreateQueue":                  wire.Op(s.CreateQueue),
		"DeleteMessage":                wire.Op(s.DeleteMessage),
		"DeleteMessageBatch":           wire.Op(s.DeleteMessageBatch),
		"DeleteQueue":                  wire.Op(s.DeleteQueue),
		"GetQueueAttributes":           wire.Op(s.GetQueueAttributes),
		"GetQueueUrl":                  wire.Op(s.GetQueueUrl),
		"ListDeadLetterSourceQueues":   wire.Op(s.ListDeadLetterSourceQueues),
		"ListMessageMoveTasks":         wire.Op(s.ListMessageMoveTasks),
		"ListQueueTags":                wire.Op(s.ListQueueTags),
		"ListQueues":                   wire.Op(s.ListQueues),
		"PurgeQueue":                   wire.Op(s.PurgeQueue),
		"ReceiveMessage":               wire.Op(s.ReceiveMessage),
		"RemovePermission":             wire.Op(s.RemovePermission),
		"SendMessage":                  wire.Op(s.SendMessage),
		"SendMessageBatch":             wire.Op(s.SendMessageBatch),
		"SetQueueAttributes":           wire.Op(s.SetQueueAttributes),
		"StartMessageMoveTask":         wire.Op(s.StartMessageMoveTask),
		"TagQueue":                     wire.Op(s.TagQueue),
		"UntagQueue":                   wire.Op(s.UntagQueue),
	}, s.may)
	current := wire.JSON{
		TargetPrefix:  "AmazonSQS",
		Version:       "1.0",
		ShapePrefix:   "com.amazonaws.sqs#",
		UnknownMember: "InvalidParameterValue",
		QueryCodes:    queryCodes,
		Operations:    operations,
	}
	older := wire.Query{
		Namespace:     "http://queue.amazonaws.com/doc/2012-11-05/",
		Version:       "2012-11-05",
		Unversioned:   true,
		UnknownMember: "InvalidParameterValue",
		Codes:         queryCodes,
		Path:          "QueueUrl",
		Tagged:        true,
		Flat:          flat,
		Operations:    operations,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Amz-Target") == "" && wire.IsQuery(r) {
			older.ServeHTTP(w, r)
			return
		}
		current.ServeHTTP(w, r)
	})
}

// elements are what the elements of lists and maps are called in the query protocol, as the
// examples of the API reference show; entries of batches and of lists are called after their
// operation.
var elements = map[string]wire.Flat{
	"AWSAccountIds":               {Element: "AWSAccountId"},
	"Actions":                     {Element: "ActionName"},
	"AttributeNames":              {Element: "AttributeName"},
	"Attributes":                  {Element: "Attribute", Key: "Name"},
	"Failed":                      {Element: "BatchResultErrorEntry"},
	"MessageAttributeNames":       {Element: "MessageAttributeName"},
	"MessageAttributes":           {Element: "MessageAttribute", Key: "Name"},
	"MessageSystemAttributeNames": {Element: "MessageSystemAttributeName"},
	"MessageSystemAttributes":     {Element: "MessageSystemAttribute", Key: "Name"},
	"Messages":                    {Element: "Message"},
	"QueueUrls":                   {Element: "QueueUrl"},
	"TagKeys":                     {Element: "TagKey"},
	"Tags":                        {Element: "Tag", Key: "Key"},
	"queueUrls":                   {Element: "QueueUrl"},
}

func flat(operation, member string) wire.Flat {
	switch member {
	case "Entries":
		return wire.Flat{Element: operation + "RequestEntry"}
	case "Successful", "Results":
		return wire.Flat{Element: operation + "ResultEntry"}
	}
	return elements[member]
}

// queryCodes are the codes that clients know from the query protocol.
var queryCodes = map[string]string{
	"AccessDeniedException":        "AccessDenied",
	"BatchEntryIdsNotDistinct":     "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
	"BatchRequestTooLong":          "AWS.SimpleQueueService.BatchRequestTooLong",
	"EmptyBatchRequest":            "AWS.SimpleQueueService.EmptyBatchRequest",
	"InvalidBatchEntryId":          "AWS.SimpleQueueService.InvalidBatchEntryId",
	"MessageNotInflight":           "AWS.SimpleQueueService.MessageNotInflight",
	"PurgeQueueInProgress":         "AWS.SimpleQueueService.PurgeQueueInProgress",
	"QueueDoesNotExist":            "AWS.SimpleQueueService.NonExistentQueue",
	"QueueNameExists":              "QueueAlreadyExists",
	"UnsupportedOperation":         "AWS.SimpleQueueService.UnsupportedOperation",
	"TooManyEntriesInBatchRequest": "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
}
