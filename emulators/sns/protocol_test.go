package sns_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/sns"
)

var tokenForm = regexp.MustCompile(`Token=([0-9a-f]+)`)

func tokenIn(t *testing.T, text string) string {
	found := tokenForm.FindStringSubmatch(text)
	require.NotNil(t, found, text)
	return found[1]
}

// endpoints are web servers and functions that remember what they got.
type endpoints struct {
	posts  []*http.Request
	bodies []string
	fails  int // posts that get 503 at first
	events [][]byte
}

func (e *endpoints) Do(r *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(r.Body)
	e.posts, e.bodies = append(e.posts, r), append(e.bodies, string(body))
	status := http.StatusOK
	if e.fails > 0 {
		e.fails--
		status = http.StatusServiceUnavailable
	}
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Body: io.NopCloser(strings.NewReader(""))}, nil
}

func (e *endpoints) InvokeAsync(_ context.Context, function string, payload []byte) error {
	if strings.HasSuffix(function, ":gone") {
		return errors.New("no such function")
	}
	e.events = append(e.events, payload)
	return nil
}

func world() (queues, *endpoints, *sns.State, *sdk.Client) {
	q, e := queues{}, &endpoints{}
	s := sns.New(sns.Config{Queue: q, Web: e, Functions: e, Endpoint: "http://127.0.0.1:4566/"})
	return q, e, s, sdk.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://cloud"), Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient: emulators.Direct{Handler: sns.Handler(s)},
	})
}

func topicOf(t *testing.T, c *sdk.Client, name string, attributes map[string]string) *string {
	out, err := c.CreateTopic(t.Context(), &sdk.CreateTopicInput{Name: &name, Attributes: attributes})
	require.NoError(t, err)
	return out.TopicArn
}

func subscribe(t *testing.T, c *sdk.Client, topic *string, protocol, endpoint string, attributes map[string]string) {
	_, err := c.Subscribe(t.Context(), &sdk.SubscribeInput{TopicArn: topic, Protocol: &protocol, Endpoint: &endpoint, Attributes: attributes})
	require.NoError(t, err)
}

func publish(t *testing.T, c *sdk.Client, topic *string, message string, severity string) {
	_, err := c.Publish(t.Context(), &sdk.PublishInput{TopicArn: topic, Message: &message,
		MessageAttributes: map[string]types.MessageAttributeValue{"severity": {DataType: aws.String("String"), StringValue: &severity}}})
	require.NoError(t, err)
}

// settle lets time pass, and everything that it brings about.
func settle(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// A web server gets nothing before it has confirmed; what fails is tried again
// every 20 s, three times, and ends in the dead-letter queue.
// https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.prepare.html
// AWS.md §5: SNS: http(s) with confirmation.
func TestWebServersConfirmAndAreTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, e, s, c := world()
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- s.Run(ctx) }()
		topic := topicOf(t, c, "t", nil)
		subscribe(t, c, topic, "http", "http://127.0.0.1:9000/hook", map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"` + queue + `dead"}`})
		publish(t, c, topic, "too early", "x")
		settle(time.Second)
		require.Len(t, e.posts, 1)
		require.Equal(t, "SubscriptionConfirmation", e.posts[0].Header.Get("X-Amz-Sns-Message-Type"))
		var asked struct{ Token, SubscribeURL, TopicArn string }
		require.NoError(t, json.Unmarshal([]byte(e.bodies[0]), &asked))
		link, err := url.Parse(asked.SubscribeURL)
		require.NoError(t, err)
		require.Equal(t, "127.0.0.1:4566", link.Host)
		_, err = c.ConfirmSubscription(t.Context(), &sdk.ConfirmSubscriptionInput{TopicArn: topic, Token: aws.String(link.Query().Get("Token"))})
		require.NoError(t, err)

		e.fails = 2
		publish(t, c, topic, "hello", "x")
		require.False(t, s.Idle())
		settle(41 * time.Second)
		require.True(t, s.Idle())
		require.Len(t, e.posts, 4, "twice 503, then 200")
		require.Empty(t, q)
		e.fails = 4
		publish(t, c, topic, "lost", "x")
		settle(61 * time.Second)
		require.Len(t, e.posts, 8)
		require.Len(t, q[queue+"dead"], 1)
		require.Contains(t, q[queue+"dead"][0], `"Message":"lost"`)
		stop()
		require.NoError(t, <-done)
	})
}

// AWS.md §5: SNS: subscriptions … lambda.
func TestFunctionsGetTheEventOfAWS(t *testing.T) {
	q, e, _, c := world()
	topic := topicOf(t, c, "t", nil)
	subscribe(t, c, topic, "lambda", "arn:aws:lambda:us-east-1:000000000000:function:f", nil)
	subscribe(t, c, topic, "lambda", "arn:aws:lambda:us-east-1:000000000000:function:gone", map[string]string{"RedrivePolicy": `{"deadLetterTargetArn":"` + queue + `dead"}`})
	publish(t, c, topic, "hello", "CRITICAL")
	var event events.SNSEvent
	require.NoError(t, json.Unmarshal(e.events[0], &event))
	require.Equal(t, "hello", event.Records[0].SNS.Message)
	require.Equal(t, *topic, event.Records[0].SNS.TopicArn)
	require.Equal(t, map[string]any{"Type": "String", "Value": "CRITICAL"}, event.Records[0].SNS.MessageAttributes["severity"])
	require.Len(t, q[queue+"dead"], 1)
}

// AWS.md §5: SNS: filter policies (MessageAttributes and MessageBody).
func TestFilterPoliciesDecide(t *testing.T) {
	q, _, _, c := world()
	topic := topicOf(t, c, "t", nil)
	subscribe(t, c, topic, "sqs", queue+"critical", map[string]string{"FilterPolicy": `{"severity":["CRITICAL"]}`, "RawMessageDelivery": "true"})
	subscribe(t, c, topic, "sqs", queue+"hot", map[string]string{"FilterPolicy": `{"t":[{"numeric":[">",40]}]}`, "FilterPolicyScope": "MessageBody", "RawMessageDelivery": "true"})
	publish(t, c, topic, `{"t":41}`, "WARNING")
	publish(t, c, topic, `{"t":10}`, "CRITICAL")
	require.Equal(t, []string{`{"t":10}`}, q[queue+"critical"])
	require.Equal(t, []string{`{"t":41}`}, q[queue+"hot"])
}

func TestEachProtocolHasItsText(t *testing.T) {
	q, _, _, c := world()
	topic := topicOf(t, c, "t", nil)
	subscribe(t, c, topic, "sqs", queue+"q", map[string]string{"RawMessageDelivery": "true"})
	for _, text := range []string{`{"default":"d","sqs":"s"}`, `{"default":"d","email":"e"}`} {
		_, err := c.Publish(t.Context(), &sdk.PublishInput{TopicArn: topic, Message: &text, MessageStructure: aws.String("json")})
		require.NoError(t, err)
	}
	require.Equal(t, []string{"s", "d"}, q[queue+"q"])
}

func TestFIFOTopicsDeduplicate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, _, _, c := world()
		topic := topicOf(t, c, "t.fifo", map[string]string{"FifoTopic": "true", "ContentBasedDeduplication": "true"})
		subscribe(t, c, topic, "sqs", queue+"q.fifo", map[string]string{"RawMessageDelivery": "true"})
		send := func() *sdk.PublishOutput {
			out, err := c.Publish(t.Context(), &sdk.PublishInput{TopicArn: topic, Message: aws.String("m"), MessageGroupId: aws.String("g")})
			require.NoError(t, err)
			return out
		}
		first := send()
		require.Equal(t, *first.SequenceNumber, *send().SequenceNumber)
		require.Len(t, q[queue+"q.fifo"], 1)
		time.Sleep(5 * time.Minute)
		require.Greater(t, *send().SequenceNumber, *first.SequenceNumber)
		_, err := c.Publish(t.Context(), &sdk.PublishInput{TopicArn: topic, Message: aws.String("m")})
		require.ErrorContains(t, err, "MessageGroupId")
		_, err = c.Subscribe(t.Context(), &sdk.SubscribeInput{TopicArn: topic, Protocol: aws.String("email"), Endpoint: aws.String("a@b.c")})
		require.ErrorContains(t, err, "FIFO topic")
	})
}
