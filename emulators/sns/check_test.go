package sns_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/stretchr/testify/require"
)

func text(value string) types.MessageAttributeValue {
	return types.MessageAttributeValue{DataType: aws.String("String"), StringValue: &value}
}

// https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
func TestNamesOfAttributes(t *testing.T) {
	_, _, _, c := world()
	topic := topicOf(t, c, "t", nil)
	for name, good := range map[string]bool{
		"a": true, "a.b-c_9": true, "AWS.SNS.SMS.SMSType": true, "AWS.SNS.MOBILE.APNS.TTL": true, strings.Repeat("x", 256): true,
		"a b": false, "ä": false, ".a": false, "a.": false, "a..b": false, "aws.own": false, "Amazon.own": false, strings.Repeat("x", 257): false,
	} {
		_, err := c.Publish(t.Context(), &sdk.PublishInput{TopicArn: topic, Message: aws.String("m"), MessageAttributes: map[string]types.MessageAttributeValue{name: text("x")}})
		if good {
			require.NoError(t, err, name)
			continue
		}
		var bad *types.InvalidParameterValueException
		require.ErrorAs(t, err, &bad, name)
	}
}

// A batch is as large as its bodies and attributes, and one message without what each
// needs refuses it as a whole.
// https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
func TestBatchesAreRefusedAsAWhole(t *testing.T) {
	q, _, _, c := world()
	topic := topicOf(t, c, "t", nil)
	subscribe(t, c, topic, "sqs", queue+"q", nil)
	half := strings.Repeat("x", 128<<10-2)
	entry := func(id string, attribute string) types.PublishBatchRequestEntry {
		return types.PublishBatchRequestEntry{Id: &id, Message: &half, MessageAttributes: map[string]types.MessageAttributeValue{"a": text(attribute)}}
	}
	_, err := c.PublishBatch(t.Context(), &sdk.PublishBatchInput{TopicArn: topic, PublishBatchRequestEntries: []types.PublishBatchRequestEntry{entry("1", "x"), entry("2", "x")}})
	var long *types.BatchRequestTooLongException
	require.ErrorAs(t, err, &long, "the attributes count")
	_, err = c.PublishBatch(t.Context(), &sdk.PublishBatchInput{TopicArn: topic, PublishBatchRequestEntries: []types.PublishBatchRequestEntry{
		{Id: aws.String("1"), Message: aws.String("good")}, {Id: aws.String("2"), Message: aws.String("m"), MessageAttributes: map[string]types.MessageAttributeValue{"..": text("x")}}}})
	var bad *types.InvalidParameterValueException
	require.ErrorAs(t, err, &bad)

	fifo := topicOf(t, c, "t.fifo", map[string]string{"FifoTopic": "true"})
	subscribe(t, c, fifo, "sqs", queue+"q.fifo", nil)
	good := types.PublishBatchRequestEntry{Id: aws.String("1"), Message: aws.String("m"), MessageGroupId: aws.String("g"), MessageDeduplicationId: aws.String("d")}
	for want, entry := range map[string]types.PublishBatchRequestEntry{
		"Invalid parameter: The MessageGroupId parameter is required for FIFO topics": {Id: aws.String("2"), Message: aws.String("m"), MessageDeduplicationId: aws.String("e")},
		"Invalid parameter: The topic should either have ContentBasedDeduplication":   {Id: aws.String("2"), Message: aws.String("m"), MessageGroupId: aws.String("g")},
	} {
		_, err = c.PublishBatch(t.Context(), &sdk.PublishBatchInput{TopicArn: fifo, PublishBatchRequestEntries: []types.PublishBatchRequestEntry{good, entry}})
		var invalid *types.InvalidParameterException
		require.ErrorAs(t, err, &invalid)
		require.Contains(t, invalid.ErrorMessage(), want)
	}
	require.Empty(t, q, "none of a batch that is refused is published")
}

// A dead-letter queue is one of the account and region; messages of a standard topic, which
// are of no group, would never reach a FIFO queue.
// https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
func TestDeadLetterQueuesOfSubscriptions(t *testing.T) {
	_, _, _, c := world()
	topic := topicOf(t, c, "t", nil)
	for policy, good := range map[string]bool{
		`{"deadLetterTargetArn":"` + queue + `dead"}`:                              true,
		`{"deadLetterTargetArn":"arn:aws:sqs:eu-west-1:000000000000:dead"}`:        false,
		`{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:111122223333:dead"}`:        false,
		`{"deadLetterTargetArn":"` + queue + `dead.fifo"}`:                         false,
		`{"deadLetterTargetArn":"` + queue + `dead","maxReceiveCount":3}`:          false,
		`{"deadLetterTargetArn":"arn:aws:sns:us-east-1:000000000000:other-topic"}`: false,
	} {
		_, err := c.Subscribe(t.Context(), &sdk.SubscribeInput{TopicArn: topic, Protocol: aws.String("sqs"), Endpoint: aws.String(queue + "q"), Attributes: map[string]string{"RedrivePolicy": policy}})
		if good {
			require.NoError(t, err, policy)
			continue
		}
		var bad *types.InvalidParameterException
		require.ErrorAs(t, err, &bad, policy)
		require.Contains(t, bad.ErrorMessage(), "RedrivePolicy")
	}
}

// "If you specify this data type for Lambda endpoints, it's passed as the String data type"
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
func TestTypesThatFunctionsGet(t *testing.T) {
	q, e, _, c := world()
	topic := topicOf(t, c, "t", nil)
	subscribe(t, c, topic, "lambda", "arn:aws:lambda:us-east-1:000000000000:function:f", nil)
	subscribe(t, c, topic, "sqs", queue+"q", nil)
	value := func(kind, value string) types.MessageAttributeValue {
		return types.MessageAttributeValue{DataType: &kind, StringValue: &value}
	}
	_, err := c.Publish(t.Context(), &sdk.PublishInput{TopicArn: topic, Message: aws.String("m"), MessageAttributes: map[string]types.MessageAttributeValue{
		"n": value("Number", "7"), "l": value("String.Array", `["a"]`), "b": {DataType: aws.String("Binary"), BinaryValue: []byte{1}}}})
	require.NoError(t, err)
	var event events.SNSEvent
	require.NoError(t, json.Unmarshal(e.events[0], &event))
	require.Equal(t, map[string]any{
		"n": map[string]any{"Type": "String", "Value": "7"}, "l": map[string]any{"Type": "String", "Value": `["a"]`}, "b": map[string]any{"Type": "Binary", "Value": "AQ=="},
	}, event.Records[0].SNS.MessageAttributes)
	require.Contains(t, q[queue+"q"][0], `"n":{"Type":"Number","Value":"7"}`, "queues get the types")
}

// A String.Array is as many values as it has elements to a filter policy.
func TestElementsOfAnArrayAreFiltered(t *testing.T) {
	q, _, _, c := world()
	topic := topicOf(t, c, "t", nil)
	subscribe(t, c, topic, "sqs", queue+"rugby", map[string]string{"FilterPolicy": `{"interests":["rugby", 7, true]}`, "RawMessageDelivery": "true"})
	for _, list := range []string{`["golf","rugby"]`, `["golf"]`, `[7]`, `["7"]`, `[null, true]`, `rugby`, `[]`} {
		_, err := c.Publish(t.Context(), &sdk.PublishInput{TopicArn: topic, Message: &list, MessageAttributes: map[string]types.MessageAttributeValue{
			"interests": {DataType: aws.String("String.Array"), StringValue: &list}}})
		require.NoError(t, err)
	}
	require.Equal(t, []string{`["golf","rugby"]`, `[7]`, `[null, true]`}, q[queue+"rugby"])
}

// "Confirmation tokens are valid for two days."
// https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
func TestTokensAreGoodForTwoDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, _, s, c := world()
		topic := topicOf(t, c, "t", nil)
		confirm := func() error {
			mails := s.Mails()
			_, err := c.ConfirmSubscription(t.Context(), &sdk.ConfirmSubscriptionInput{TopicArn: topic, Token: aws.String(tokenIn(t, mails[len(mails)-1].Text))})
			return err
		}
		subscribe(t, c, topic, "email", "a@example.com", nil)
		time.Sleep(48 * time.Hour)
		require.ErrorContains(t, confirm(), "Invalid parameter: Token")
		subscribe(t, c, topic, "email", "a@example.com", nil)
		time.Sleep(48*time.Hour - time.Second)
		require.NoError(t, confirm())
		time.Sleep(48 * time.Hour)
		require.NoError(t, confirm(), "again is no error")
	})
}

// What is no ARN is not found either, and the error says which parameter it is.
func TestARNsOfSubscriptionsThatAreNone(t *testing.T) {
	_, _, _, c := world()
	for _, arn := range []string{"x", "arn:aws:sqs:us-east-1:000000000000:t"} {
		_, err := c.Unsubscribe(t.Context(), &sdk.UnsubscribeInput{SubscriptionArn: &arn})
		require.ErrorContains(t, err, "Invalid parameter: SubscriptionArn", arn)
		_, err = c.GetSubscriptionAttributes(t.Context(), &sdk.GetSubscriptionAttributesInput{SubscriptionArn: &arn})
		require.ErrorContains(t, err, "Invalid parameter: SubscriptionArn", arn)
	}
	_, err := c.Unsubscribe(t.Context(), &sdk.UnsubscribeInput{SubscriptionArn: aws.String("arn:aws:sns:us-east-1:000000000000:t:1")})
	require.NoError(t, err, "one that is gone")
}

// Tags have so many characters, not bytes, and no key of AWS's own.
// https://docs.aws.amazon.com/sns/latest/dg/sns-tags.html
func TestTagsOfTopics(t *testing.T) {
	_, _, _, c := world()
	topic := topicOf(t, c, "t", nil)
	tag := func(key, value string) error {
		_, err := c.TagResource(t.Context(), &sdk.TagResourceInput{ResourceArn: topic, Tags: []types.Tag{{Key: &key, Value: &value}}})
		return err
	}
	require.NoError(t, tag(strings.Repeat("ä", 128), strings.Repeat("ö", 256)))
	require.ErrorContains(t, tag(strings.Repeat("a", 129), ""), "InvalidParameter")
	require.ErrorContains(t, tag("aws:owner", "me"), "aws: prefixed")
}
