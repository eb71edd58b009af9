package sns_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/sns"
)

// deliveries remember what was delivered last, by queue.
type deliveries map[string]sns.Delivery

func (d deliveries) Deliver(_ context.Context, arn string, m sns.Delivery) error {
	d[arn] = m
	return nil
}

func deliver() (deliveries, *sns.State, *sdk.Client) {
	d := deliveries{}
	s := sns.New(sns.Config{Queue: d})
	return d, s, sdk.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://cloud"), Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient: emulators.Direct{Handler: sns.Handler(s)},
	})
}

// TestGroupsReachQueues publishes with a group: a standard topic hands it to standard
// queues, which are fair by it; a FIFO topic to FIFO queues only.
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
// https://docs.aws.amazon.com/sns/latest/dg/fifo-message-grouping.html
func TestGroupsReachQueues(t *testing.T) {
	d, _, c := deliver()
	raw := map[string]string{"RawMessageDelivery": "true"}
	standard, fifo := topicOf(t, c, "t", nil), topicOf(t, c, "t.fifo", map[string]string{"FifoTopic": "true"})
	subscribe(t, c, standard, "sqs", queue+"fair", raw)
	subscribe(t, c, fifo, "sqs", queue+"plain", nil)
	subscribe(t, c, fifo, "sqs", queue+"q.fifo", nil)
	_, err := c.Publish(t.Context(), &sdk.PublishInput{TopicArn: standard, Message: aws.String("m"), MessageGroupId: aws.String("tenant"), MessageAttributes: twoAttributes})
	require.NoError(t, err)
	require.Equal(t, sns.Delivery{Body: "m", Group: "tenant", Attributes: map[string]sns.Attribute{
		"n": {DataType: "Number", StringValue: "7"}, "b": {DataType: "Binary", BinaryValue: []byte{0xff, 0}},
	}}, d[queue+"fair"])
	_, err = c.Publish(t.Context(), &sdk.PublishInput{TopicArn: fifo, Message: aws.String("m"), MessageGroupId: aws.String("g"), MessageDeduplicationId: aws.String("d")})
	require.NoError(t, err)
	require.Empty(t, d[queue+"plain"].Group+d[queue+"plain"].Deduplication)
	require.Equal(t, []string{"g", "d"}, []string{d[queue+"q.fifo"].Group, d[queue+"q.fifo"].Deduplication})
}

// TestTopicsSignAndAreNamed reads SignatureVersion and DisplayName where endpoints see
// them.
// https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
func TestTopicsSignAndAreNamed(t *testing.T) {
	d, s, c := deliver()
	topic := topicOf(t, c, "t", map[string]string{"SignatureVersion": "2", "DisplayName": "Fleet"})
	subscribe(t, c, topic, "sqs", queue+"q", nil)
	subscribe(t, c, topic, "email", "ops@example.com", nil)
	_, err := c.ConfirmSubscription(t.Context(), &sdk.ConfirmSubscriptionInput{TopicArn: topic, Token: aws.String(tokenIn(t, s.Mails()[0].Text))})
	require.NoError(t, err)
	publish(t, c, topic, "m", "INFO")
	var envelope struct{ SignatureVersion string }
	require.NoError(t, json.Unmarshal([]byte(d[queue+"q"].Body), &envelope))
	require.Equal(t, "2", envelope.SignatureVersion)
	mails := s.Mails()
	require.Equal(t, []string{"AWS Notifications", "Fleet"}, []string{mails[0].From, mails[1].From})
}
