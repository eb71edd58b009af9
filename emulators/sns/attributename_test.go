package sns_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/stretchr/testify/require"
)

// attribute is one that AWS has, with a value that is taken and one that is refused; the
// first is empty for one that is refused whatever its value.
type attribute struct{ name, good, bad string }

// ofTopics are the names that CreateTopic and SetTopicAttributes document.
// https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
var ofTopics = []attribute{
	{"DeliveryPolicy", "", `{"http":{"defaultHealthyRetryPolicy":{"numRetries":5}}}`},
	{"DisplayName", "Fleet", "a name of more than a hundred characters a name of more than a hundred characters a name of more than"},
	{"MaximumMessageSize", "1024", "1023"},
	{"Policy", `{"Statement":{"Effect":"Allow","Principal":"*","Action":"sns:Publish","Resource":"*"}}`, "{"},
	{"TracingConfig", "PassThrough", "Active"},
	{"HTTPSuccessFeedbackRoleArn", "", "arn:aws:iam::000000000000:role/r"}, {"HTTPSuccessFeedbackSampleRate", "0", "100"}, {"HTTPFailureFeedbackRoleArn", "", "arn:aws:iam::000000000000:role/r"},
	{"FirehoseSuccessFeedbackRoleArn", "", "arn:aws:iam::000000000000:role/r"}, {"FirehoseSuccessFeedbackSampleRate", "0", "100"}, {"FirehoseFailureFeedbackRoleArn", "", "arn:aws:iam::000000000000:role/r"},
	{"LambdaSuccessFeedbackRoleArn", "", "arn:aws:iam::000000000000:role/r"}, {"LambdaSuccessFeedbackSampleRate", "0", "100"}, {"LambdaFailureFeedbackRoleArn", "", "arn:aws:iam::000000000000:role/r"},
	{"ApplicationSuccessFeedbackRoleArn", "", "arn:aws:iam::000000000000:role/r"}, {"ApplicationSuccessFeedbackSampleRate", "0", "100"}, {"ApplicationFailureFeedbackRoleArn", "", "arn:aws:iam::000000000000:role/r"},
	{"SQSSuccessFeedbackRoleArn", "", "arn:aws:iam::000000000000:role/r"}, {"SQSSuccessFeedbackSampleRate", "0", "100"}, {"SQSFailureFeedbackRoleArn", "", "arn:aws:iam::000000000000:role/r"},
	{"KmsMasterKeyId", "", "alias/aws/sns"},
	{"SignatureVersion", "2", "3"},
	{"ArchivePolicy", "", `{"MessageRetentionPeriod":"30"}`},
	{"ContentBasedDeduplication", "true", "perhaps"},
	{"FifoThroughputScope", "MessageGroup", "Queue"},
	{"shakedown-unknown", "", "x"},
}

// TestTopicAttributes has each name of AWS's list read back or refused by its name.
func TestTopicAttributes(t *testing.T) {
	_, c := start()
	arn := topicOf(t, c, "t.fifo", map[string]string{"FifoTopic": "true"})
	for _, a := range ofTopics {
		_, err := c.CreateTopic(t.Context(), &sdk.CreateTopicInput{Name: aws.String("new.fifo"), Attributes: map[string]string{"FifoTopic": "true", a.name: a.bad}})
		refusesAttribute(t, err, a)
		_, err = c.SetTopicAttributes(t.Context(), &sdk.SetTopicAttributesInput{TopicArn: arn, AttributeName: &a.name, AttributeValue: &a.bad})
		refusesAttribute(t, err, a)
		if a.good == "" {
			continue
		}
		_, err = c.SetTopicAttributes(t.Context(), &sdk.SetTopicAttributesInput{TopicArn: arn, AttributeName: &a.name, AttributeValue: &a.good})
		require.NoError(t, err, a.name)
		got, err := c.GetTopicAttributes(t.Context(), &sdk.GetTopicAttributesInput{TopicArn: arn})
		require.NoError(t, err)
		require.Equal(t, a.good, got.Attributes[a.name], a.name)
	}
}

func refusesAttribute(t *testing.T, err error, a attribute) {
	require.ErrorContains(t, err, "InvalidParameter", a.name)
	require.ErrorContains(t, err, a.name)
}

// ofSubscriptions are the names that Subscribe and SetSubscriptionAttributes document.
// https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
var ofSubscriptions = []attribute{
	{"DeliveryPolicy", "", `{"healthyRetryPolicy":{"numRetries":5}}`},
	{"FilterPolicy", `{"a":["b"]}`, `{"a":[]}`},
	{"FilterPolicyScope", "MessageBody", "Subject"},
	{"RawMessageDelivery", "true", "perhaps"},
	{"RedrivePolicy", `{"deadLetterTargetArn":"` + queue + `dead"}`, "{}"},
	{"SubscriptionRoleArn", "", "arn:aws:iam::000000000000:role/r"},
	{"ReplayPolicy", "", `{"PointType":"Timestamp","StartingPoint":"2024-01-01T00:00:00Z"}`},
	{"shakedown-unknown", "", "x"},
}

// TestSubscriptionAttributes has each name of AWS's list read back or refused by its name.
func TestSubscriptionAttributes(t *testing.T) {
	_, c := start()
	topic, protocol := topicOf(t, c, "t", nil), aws.String("sqs")
	sub, err := c.Subscribe(t.Context(), &sdk.SubscribeInput{TopicArn: topic, Protocol: protocol, Endpoint: aws.String(queue + "q")})
	require.NoError(t, err)
	for _, a := range ofSubscriptions {
		_, err := c.Subscribe(t.Context(), &sdk.SubscribeInput{TopicArn: topic, Protocol: protocol, Endpoint: aws.String(queue + "new"), Attributes: map[string]string{a.name: a.bad}})
		refusesAttribute(t, err, a)
		_, err = c.SetSubscriptionAttributes(t.Context(), &sdk.SetSubscriptionAttributesInput{SubscriptionArn: sub.SubscriptionArn, AttributeName: &a.name, AttributeValue: &a.bad})
		refusesAttribute(t, err, a)
		if a.good == "" {
			continue
		}
		_, err = c.SetSubscriptionAttributes(t.Context(), &sdk.SetSubscriptionAttributesInput{SubscriptionArn: sub.SubscriptionArn, AttributeName: &a.name, AttributeValue: &a.good})
		require.NoError(t, err, a.name)
		got, err := c.GetSubscriptionAttributes(t.Context(), &sdk.GetSubscriptionAttributesInput{SubscriptionArn: sub.SubscriptionArn})
		require.NoError(t, err)
		require.Equal(t, a.good, got.Attributes[a.name], a.name)
	}
}
