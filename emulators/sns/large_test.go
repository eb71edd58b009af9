package sns_test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/stretchr/testify/require"
)

// AWS.md §5: SNS: MaximumMessageSize to 1 MiB; excess InvalidParameter.
func TestLargeMessages(t *testing.T) {
	_, c := start()
	ctx := t.Context()
	topic, err := c.CreateTopic(ctx, &sdk.CreateTopicInput{Name: aws.String("large"), Attributes: map[string]string{"MaximumMessageSize": "1048576"}})
	require.NoError(t, err)
	set := func(value string) error {
		_, err := c.SetTopicAttributes(ctx, &sdk.SetTopicAttributesInput{TopicArn: topic.TopicArn, AttributeName: aws.String("MaximumMessageSize"), AttributeValue: &value})
		return err
	}
	// The attributes count, too: name, type and value.
	publish := func(size int) error {
		_, err := c.Publish(ctx, &sdk.PublishInput{TopicArn: topic.TopicArn, Message: aws.String(strings.Repeat("x", size-8)),
			MessageAttributes: map[string]types.MessageAttributeValue{"a": {DataType: aws.String("String"), StringValue: aws.String("b")}}})
		return err
	}
	require.NoError(t, publish(1<<20))
	require.ErrorContains(t, publish(1<<20+1), "InvalidParameter")
	_, err = c.Subscribe(ctx, &sdk.SubscribeInput{TopicArn: topic.TopicArn, Protocol: aws.String("email"), Endpoint: aws.String("a@example.com")})
	require.ErrorContains(t, err, "InvalidParameter")
	for _, value := range []string{"1023", "1048577", "x", ""} {
		require.ErrorContains(t, set(value), "InvalidParameter", value)
	}
	require.NoError(t, set("1024"))
	require.NoError(t, publish(1024))
	require.ErrorContains(t, publish(1025), "Message too long")
	_, err = c.Subscribe(ctx, &sdk.SubscribeInput{TopicArn: topic.TopicArn, Protocol: aws.String("email"), Endpoint: aws.String("a@example.com")})
	require.NoError(t, err)
	require.ErrorContains(t, set("262145"), "InvalidParameter")
	got, err := c.GetTopicAttributes(ctx, &sdk.GetTopicAttributesInput{TopicArn: topic.TopicArn})
	require.NoError(t, err)
	require.Equal(t, "1024", got.Attributes["MaximumMessageSize"])
}
