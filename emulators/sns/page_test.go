package sns_test

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/stretchr/testify/require"
)

// Who deletes what a page lists before asking for the next, as scripts that clean up do,
// misses nothing.
func TestPagesWhileWhatTheyListIsDeleted(t *testing.T) {
	_, _, _, c := world()
	topic := topicOf(t, c, "t", nil)
	for i := range 250 {
		topicOf(t, c, fmt.Sprintf("t%d", i), nil)
		subscribe(t, c, topic, "sqs", fmt.Sprintf("%sq%d", queue, i), nil)
	}
	var token *string
	ended := 0
	for pages := 1; pages == 1 || token != nil; pages++ {
		require.LessOrEqual(t, pages, 3)
		out, err := c.ListSubscriptionsByTopic(t.Context(), &sdk.ListSubscriptionsByTopicInput{TopicArn: topic, NextToken: token})
		require.NoError(t, err)
		for _, sub := range out.Subscriptions {
			_, err := c.Unsubscribe(t.Context(), &sdk.UnsubscribeInput{SubscriptionArn: sub.SubscriptionArn})
			require.NoError(t, err)
			ended++
		}
		token = out.NextToken
	}
	require.Equal(t, 250, ended)
	deleted := 0
	for pages := 1; pages == 1 || token != nil; pages++ {
		out, err := c.ListTopics(t.Context(), &sdk.ListTopicsInput{NextToken: token})
		require.NoError(t, err)
		for _, of := range out.Topics {
			_, err := c.DeleteTopic(t.Context(), &sdk.DeleteTopicInput{TopicArn: of.TopicArn})
			require.NoError(t, err)
			deleted++
		}
		token = out.NextToken
	}
	require.Equal(t, 251, deleted)
	for _, junk := range []string{"100", "junk", "MTAw"} {
		_, err := c.ListTopics(t.Context(), &sdk.ListTopicsInput{NextToken: aws.String(junk)})
		require.ErrorContains(t, err, "NextToken", junk)
		_, err = c.ListSubscriptions(t.Context(), &sdk.ListSubscriptionsInput{NextToken: aws.String(junk)})
		require.ErrorContains(t, err, "NextToken", junk)
	}
}
