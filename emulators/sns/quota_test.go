package sns_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/sns"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// https://docs.aws.amazon.com/general/latest/gr/sns.html
func TestQuotas(t *testing.T) {
	_, _, s, _ := world()
	create := func(name string, attributes map[string]string) (string, error) {
		out, err := s.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: name, Attributes: attributes})
		if err != nil {
			return "", err
		}
		return out.TopicArn, nil
	}
	join := func(topic, protocol, endpoint string, attributes map[string]string) error {
		_, err := s.Subscribe(t.Context(), &sns.SubscribeInput{TopicArn: topic, Protocol: protocol, Endpoint: endpoint, Attributes: attributes})
		return err
	}
	// full does something until it is refused, and says how often it was done.
	full := func(code string, do func(i int) error) int {
		for i := range 20_000 {
			if err := do(i); err != nil {
				require.True(t, wire.IsCode(err, code), "%v", err)
				return i
			}
		}
		return -1
	}
	fifo, err := create("first.fifo", map[string]string{"FifoTopic": "true"})
	require.NoError(t, err)
	require.Equal(t, 999, full("TopicLimitExceeded", func(i int) error {
		_, err := create(fmt.Sprintf("t%d.fifo", i), map[string]string{"FifoTopic": "true"})
		return err
	}))
	_, err = create("first.fifo", map[string]string{"FifoTopic": "true"})
	require.NoError(t, err, "it is there")
	require.Equal(t, 100, full("SubscriptionLimitExceeded", func(i int) error { return join(fifo, "sqs", fmt.Sprintf("%sq%d.fifo", queue, i), nil) }))

	topic, err := create("standard", nil)
	require.NoError(t, err)
	policy := map[string]string{"FilterPolicy": `{"a":["b"]}`}
	require.Equal(t, 200, full("FilterPolicyLimitExceeded", func(i int) error { return join(topic, "sqs", fmt.Sprintf("%sq%d", queue, i), policy) }))
	require.NoError(t, join(topic, "sqs", queue+"q7", policy), "it is there")
	require.NoError(t, join(topic, "sqs", queue+"plain", nil), "without one")
	list, err := s.ListSubscriptionsByTopic(t.Context(), &sns.TopicPage{TopicArn: topic})
	require.NoError(t, err)
	_, err = s.SetSubscriptionAttributes(t.Context(), &sns.SetSubscriptionAttributesInput{SubscriptionArn: list.Subscriptions[0].SubscriptionArn, AttributeName: "FilterPolicy", AttributeValue: `{"a":["c"]}`})
	require.NoError(t, err, "one for another")
	require.Equal(t, 5000, full("SubscriptionLimitExceeded", func(i int) error { return join(topic, "email", fmt.Sprintf("a%d@example.com", i), nil) }))
	require.NoError(t, join(topic, "sqs", queue+"another", nil), "nobody has to confirm it")
}
