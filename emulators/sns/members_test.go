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
		batch, err := c.PublishBatch(t.Context(), &sdk.PublishBatchInput{TopicArn: topic, PublishBatchRequestEntries: []types.PublishBatchRequestEntry{
			{Id: aws.String("a"), Message: aws.String("m"), MessageAttributes: attributes}}})
		require.NoError(t, err)
		require.Empty(t, batch.Successful)
		require.Contains(t, *batch.Failed[0].Message, want)
	}
}
