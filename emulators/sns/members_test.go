package sns_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/stretchr/testify/require"
)

// TestAttributesHaveTheValueOfTheirType publishes some that have another, or both: a queue
// would refuse the message that the topic took.
func TestAttributesHaveTheValueOfTheirType(t *testing.T) {
	_, c := start()
	topic := topicOf(t, c, "t", nil)
	for want, a := range map[string]types.MessageAttributeValue{
		"has a StringValue":         {DataType: aws.String("Binary"), StringValue: aws.String("x"), BinaryValue: []byte{1}},
		"has a BinaryValue":         {DataType: aws.String("String"), StringValue: aws.String("x"), BinaryValue: []byte{1}},
		"a type and a non-empty va": {DataType: aws.String("String")},
	} {
		attributes := map[string]types.MessageAttributeValue{"a": a}
		_, err := c.Publish(t.Context(), &sdk.PublishInput{TopicArn: topic, Message: aws.String("m"), MessageAttributes: attributes})
		require.ErrorContains(t, err, "InvalidParameter: Invalid parameter: MessageAttributes Reason: The message attribute 'a'")
		require.ErrorContains(t, err, want)
		_, err = c.PublishBatch(t.Context(), &sdk.PublishBatchInput{TopicArn: topic, PublishBatchRequestEntries: []types.PublishBatchRequestEntry{
			{Id: aws.String("a"), Message: aws.String("m"), MessageAttributes: attributes}}})
		require.ErrorContains(t, err, want, "a batch as a whole")
	}
}

// actOnMembers uses what else the inputs have.
func actOnMembers(t *testing.T, c *sdk.Client) {
	ctx, topic := t.Context(), topicOf(t, c, "members", nil)
	fifo := topicOf(t, c, "members.fifo", map[string]string{"FifoTopic": "true"})
	waiting, err := c.Subscribe(ctx, &sdk.SubscribeInput{
		TopicArn: topic, Protocol: aws.String("email"), Endpoint: aws.String("ops@example.com"), ReturnSubscriptionArn: true})
	require.NoError(t, err)
	require.Contains(t, *waiting.SubscriptionArn, *topic+":")
	list, err := c.ListSubscriptionsByTopic(ctx, &sdk.ListSubscriptionsByTopicInput{TopicArn: topic})
	require.NoError(t, err)
	require.Len(t, list.Subscriptions, 1)
	_, err = c.Publish(ctx, &sdk.PublishInput{TopicArn: topic, Message: aws.String("m"), Subject: aws.String("s"), MessageGroupId: aws.String("g"), MessageAttributes: twoAttributes})
	require.NoError(t, err)
	_, err = c.Publish(ctx, &sdk.PublishInput{TopicArn: fifo, Message: aws.String(`{"default":"m"}`), MessageStructure: aws.String("json"), MessageGroupId: aws.String("g"), MessageDeduplicationId: aws.String("d")})
	require.NoError(t, err)
	batch, err := c.PublishBatch(ctx, &sdk.PublishBatchInput{TopicArn: fifo, PublishBatchRequestEntries: []types.PublishBatchRequestEntry{{
		Id: aws.String("a"), Message: aws.String(`{"default":"m"}`), Subject: aws.String("s"), MessageStructure: aws.String("json"),
		MessageAttributes: twoAttributes, MessageGroupId: aws.String("g"), MessageDeduplicationId: aws.String("e"),
	}}})
	require.NoError(t, err)
	require.Empty(t, batch.Failed)
	for want, in := range map[string]*sdk.PublishInput{
		"TargetArn Reason: endpoints of mobile push": {TargetArn: aws.String("arn:aws:sns:us-east-1:000000000000:endpoint/GCM/app/1"), Message: aws.String("m")},
		"PhoneNumber":            {PhoneNumber: aws.String("+15550100"), Message: aws.String("m")},
		"MessageGroupId":         {TopicArn: topic, Message: aws.String("m"), MessageGroupId: aws.String("a b")},
		"MessageDeduplicationId": {TopicArn: topic, Message: aws.String("m"), MessageDeduplicationId: aws.String("d")},
	} {
		_, err := c.Publish(ctx, in)
		require.ErrorContains(t, err, "InvalidParameter")
		require.ErrorContains(t, err, want)
	}
}

var twoAttributes = map[string]types.MessageAttributeValue{
	"n": {DataType: aws.String("Number"), StringValue: aws.String("7")}, "b": {DataType: aws.String("Binary"), BinaryValue: []byte{0xff, 0}},
}
