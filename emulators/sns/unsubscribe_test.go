package sns_test

import (
	"context"
	"encoding/json"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	sdk "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/stretchr/testify/require"
)

// A web server is told that it gets nothing any more, and may have its subscription back.
// https://docs.aws.amazon.com/sns/latest/dg/http-unsubscribe-confirmation-json.html
func TestUnsubscribedWebServersAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, e, s, c := world()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Run(ctx) }()
		topic := topicOf(t, c, "t", nil)
		subscribe(t, c, topic, "http", "http://127.0.0.1:9000/hook", map[string]string{"RawMessageDelivery": "true", "RedrivePolicy": `{"deadLetterTargetArn":"` + queue + `dead"}`})
		settle(time.Second)
		confirm := func() (string, error) {
			var asked struct{ Type, Token, TopicArn, SubscribeURL string }
			require.NoError(t, json.Unmarshal([]byte(e.bodies[len(e.bodies)-1]), &asked))
			link, err := url.Parse(asked.SubscribeURL)
			require.NoError(t, err)
			require.Equal(t, asked.Token, link.Query().Get("Token"))
			out, err := c.ConfirmSubscription(t.Context(), &sdk.ConfirmSubscriptionInput{TopicArn: &asked.TopicArn, Token: &asked.Token})
			if err != nil {
				return "", err
			}
			return *out.SubscriptionArn, nil
		}
		arn, err := confirm()
		require.NoError(t, err)

		e.fails = 1
		_, err = c.Unsubscribe(t.Context(), &sdk.UnsubscribeInput{SubscriptionArn: &arn})
		require.NoError(t, err)
		settle(21 * time.Second)
		require.Len(t, e.posts, 3, "asked, told in vain, told")
		told := e.posts[2]
		require.Equal(t, "UnsubscribeConfirmation", told.Header.Get("X-Amz-Sns-Message-Type"))
		require.Equal(t, arn, told.Header.Get("X-Amz-Sns-Subscription-Arn"))
		publish(t, c, topic, "in between", "x")
		settle(time.Second)
		require.Len(t, e.posts, 3)

		again, err := confirm()
		require.NoError(t, err)
		require.Equal(t, arn, again)
		publish(t, c, topic, "back", "x")
		settle(time.Second)
		require.Equal(t, "back", e.bodies[3], "with the attributes it had")

		_, err = c.Unsubscribe(t.Context(), &sdk.UnsubscribeInput{SubscriptionArn: &arn})
		require.NoError(t, err)
		settle(48 * time.Hour)
		_, err = confirm()
		require.ErrorContains(t, err, "Token", "it was good for two days")
		require.Len(t, e.posts, 5)
		require.Empty(t, q)
		stop()
		require.NoError(t, <-done)
	})
}
