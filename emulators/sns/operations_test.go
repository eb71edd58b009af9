package sns_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/sns"
	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

// TestOperations holds the package to its operation table, and the members of inputs to
// being acted on or refused by name.
//
// AWS.md §5: email recorded.
func TestOperations(t *testing.T) {
	s := sns.New(sns.Config{Queue: queues{}})
	config := aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://cloud"), Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient: emulators.Direct{Handler: sns.Handler(s)},
	}
	operationtest.Check(t, config, func(c aws.Config) *sdk.Client { return sdk.NewFromConfig(c) }, func(t *testing.T, c *sdk.Client) {
		topic, err := c.CreateTopic(t.Context(), &sdk.CreateTopicInput{Name: aws.String("t"), Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}})
		require.NoError(t, err)
		actOnSubscriptions(t, c, s, topic.TopicArn)
		actOnTopic(t, c, topic.TopicArn)
		actOnMembers(t, c)
	}, operationtest.Fields(nil))
}

func actOnTopic(t *testing.T, c *sdk.Client, arn *string) {
	ctx := t.Context()
	_, err := c.SetTopicAttributes(ctx, &sdk.SetTopicAttributesInput{TopicArn: arn, AttributeName: aws.String("DisplayName"), AttributeValue: aws.String("Fleet")})
	require.NoError(t, err)
	got, err := c.GetTopicAttributes(ctx, &sdk.GetTopicAttributesInput{TopicArn: arn})
	require.NoError(t, err)
	require.Equal(t, "Fleet", got.Attributes["DisplayName"])
	_, err = c.TagResource(ctx, &sdk.TagResourceInput{ResourceArn: arn, Tags: []types.Tag{{Key: aws.String("c"), Value: aws.String("d")}}})
	require.NoError(t, err)
	_, err = c.UntagResource(ctx, &sdk.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"a"}})
	require.NoError(t, err)
	tags, err := c.ListTagsForResource(ctx, &sdk.ListTagsForResourceInput{ResourceArn: arn})
	require.NoError(t, err)
	require.Equal(t, []types.Tag{{Key: aws.String("c"), Value: aws.String("d")}}, tags.Tags)
	_, err = c.Publish(ctx, &sdk.PublishInput{TopicArn: arn, Message: aws.String("m")})
	require.NoError(t, err)
	batch, err := c.PublishBatch(ctx, &sdk.PublishBatchInput{TopicArn: arn, PublishBatchRequestEntries: []types.PublishBatchRequestEntry{
		{Id: aws.String("a"), Message: aws.String("m")}, {Id: aws.String("b"), Message: aws.String("m"), Subject: aws.String("\a")}}})
	require.NoError(t, err)
	require.Len(t, batch.Successful, 1)
	require.Equal(t, "InvalidParameter", *batch.Failed[0].Code)
	_, err = c.AddPermission(ctx, &sdk.AddPermissionInput{TopicArn: arn, Label: aws.String("l"), AWSAccountId: []string{"111111111111"}, ActionName: []string{"Publish"}})
	require.NoError(t, err)
	_, err = c.RemovePermission(ctx, &sdk.RemovePermissionInput{TopicArn: arn, Label: aws.String("l")})
	require.NoError(t, err)
	_, err = c.ListTopics(ctx, &sdk.ListTopicsInput{})
	require.NoError(t, err)
	_, err = c.DeleteTopic(ctx, &sdk.DeleteTopicInput{TopicArn: arn})
	require.NoError(t, err)
}

func actOnSubscriptions(t *testing.T, c *sdk.Client, s *sns.State, topic *string) {
	ctx := t.Context()
	_, err := c.Subscribe(ctx, &sdk.SubscribeInput{TopicArn: topic, Protocol: aws.String("sqs"), Endpoint: aws.String(queue + "q")})
	require.NoError(t, err)
	waiting, err := c.Subscribe(ctx, &sdk.SubscribeInput{TopicArn: topic, Protocol: aws.String("email"), Endpoint: aws.String("ops@example.com")})
	require.NoError(t, err)
	require.Equal(t, "pending confirmation", *waiting.SubscriptionArn)
	confirmed, err := c.ConfirmSubscription(ctx, &sdk.ConfirmSubscriptionInput{TopicArn: topic, Token: aws.String(tokenIn(t, s.Mails()[0].Text))})
	require.NoError(t, err)
	arn := confirmed.SubscriptionArn
	_, err = c.SetSubscriptionAttributes(ctx, &sdk.SetSubscriptionAttributesInput{SubscriptionArn: arn, AttributeName: aws.String("FilterPolicy"), AttributeValue: aws.String(`{"a":["b"]}`)})
	require.NoError(t, err)
	got, err := c.GetSubscriptionAttributes(ctx, &sdk.GetSubscriptionAttributesInput{SubscriptionArn: arn})
	require.NoError(t, err)
	require.Equal(t, "MessageAttributes", got.Attributes["FilterPolicyScope"])
	all, err := c.ListSubscriptions(ctx, &sdk.ListSubscriptionsInput{})
	require.NoError(t, err)
	require.Len(t, all.Subscriptions, 2)
	_, err = c.ListSubscriptionsByTopic(ctx, &sdk.ListSubscriptionsByTopicInput{TopicArn: topic})
	require.NoError(t, err)
	_, err = c.Unsubscribe(ctx, &sdk.UnsubscribeInput{SubscriptionArn: arn})
	require.NoError(t, err)
}
