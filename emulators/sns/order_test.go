package sns_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/sns"
)

// slowQueue takes its time with the first message, and remembers all that it got.
type slowQueue struct {
	mu  sync.Mutex
	got []string
}

func (q *slowQueue) Deliver(_ context.Context, _ string, m sns.Delivery) error {
	if m.Body == "first" {
		time.Sleep(time.Second)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.got = append(q.got, m.Body)
	return nil
}

// Queues have the messages of a FIFO topic in the order of their sequence numbers, also
// where several publish at once.
// https://docs.aws.amazon.com/sns/latest/dg/fifo-topic-message-ordering.html
func TestPublishersOfAFIFOTopicTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &slowQueue{}
		s := sns.New(sns.Config{Queue: q})
		topic, err := s.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: "t.fifo", Attributes: map[string]string{"FifoTopic": "true"}})
		require.NoError(t, err)
		_, err = s.Subscribe(t.Context(), &sns.SubscribeInput{TopicArn: topic.TopicArn, Protocol: "sqs", Endpoint: queue + "q.fifo", Attributes: map[string]string{"RawMessageDelivery": "true"}})
		require.NoError(t, err)
		sequences := map[string]string{}
		var wait sync.WaitGroup
		var mu sync.Mutex
		for i, text := range []string{"first", "second", "third"} {
			wait.Go(func() {
				time.Sleep(time.Duration(i) * time.Millisecond)
				out, err := s.Publish(t.Context(), &sns.PublishInput{TopicArn: topic.TopicArn, Message: sns.Message{Message: text, MessageGroupId: "g", MessageDeduplicationId: text}})
				mu.Lock()
				defer mu.Unlock()
				require.NoError(t, err)
				sequences[text] = out.SequenceNumber
			})
		}
		wait.Wait()
		require.Equal(t, []string{"first", "second", "third"}, q.got)
		require.Less(t, sequences["first"], sequences["second"])
		require.Less(t, sequences["second"], sequences["third"])
	})
}

// unreachable is a web in which one server never answers.
type unreachable struct {
	mu  sync.Mutex
	got map[string]int
}

func (w *unreachable) Do(r *http.Request) (*http.Response, error) {
	if r.URL.Path == "/dead" {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.got[r.Header.Get("X-Amz-Sns-Message-Type")]++
	return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(""))}, nil
}

// A web server that does not answer holds up what is for it, and for nobody else.
func TestADeadEndpointHoldsUpNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		web := &unreachable{got: map[string]int{}}
		s := sns.New(sns.Config{Queue: queues{}, Web: web})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Run(ctx) }()
		for _, name := range []string{"dead", "alive"} {
			topic, err := s.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: name})
			require.NoError(t, err)
			for i := range 100 { // each asks to confirm
				_, err = s.Subscribe(t.Context(), &sns.SubscribeInput{TopicArn: topic.TopicArn, Protocol: "http", Endpoint: "http://127.0.0.1:9000/" + name})
				require.NoError(t, err, i)
			}
		}
		settle(time.Second)
		require.Equal(t, map[string]int{"SubscriptionConfirmation": 100}, web.got)
		stop()
		require.NoError(t, <-done)
		require.True(t, s.Idle())
	})
}

// What is set while messages are published is seen by a message as a whole; the race
// detector says so.
func TestAttributesChangeWhileMessagesArePublished(t *testing.T) {
	s := sns.New(sns.Config{Queue: &slowQueue{}, Web: &endpoints{}})
	topic, err := s.CreateTopic(t.Context(), &sns.CreateTopicInput{Name: "t"})
	require.NoError(t, err)
	in := &sns.SubscribeInput{TopicArn: topic.TopicArn, Protocol: "sqs", Endpoint: queue + "q"}
	sub, err := s.Subscribe(t.Context(), in)
	require.NoError(t, err)
	var wait sync.WaitGroup
	for i := range 100 {
		wait.Go(func() {
			raw := map[bool]string{true: "true", false: "false"}[i%2 == 0]
			_, _ = s.SetSubscriptionAttributes(t.Context(), &sns.SetSubscriptionAttributesInput{SubscriptionArn: sub.SubscriptionArn, AttributeName: "RawMessageDelivery", AttributeValue: raw})
		})
		wait.Go(func() {
			_, _ = s.Publish(t.Context(), &sns.PublishInput{TopicArn: topic.TopicArn, Message: sns.Message{Message: "m"}})
		})
	}
	wait.Wait()

	mail := &sns.SubscribeInput{TopicArn: topic.TopicArn, Protocol: "email", Endpoint: "a@example.com"}
	_, err = s.Subscribe(t.Context(), mail)
	require.NoError(t, err)
	token := tokenIn(t, s.Mails()[0].Text)
	for range 20 {
		wait.Go(func() { _, _ = s.Subscribe(t.Context(), mail) })
		wait.Go(func() {
			_, _ = s.ConfirmSubscription(t.Context(), &sns.ConfirmSubscriptionInput{TopicArn: topic.TopicArn, Token: token})
		})
	}
	wait.Wait()
}
