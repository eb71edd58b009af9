package sns_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/sns"
)

// queues remember what was delivered, by queue.
type queues map[string][]string

func (q queues) Deliver(_ context.Context, arn string, m sns.Delivery) error {
	if strings.HasSuffix(arn, ":gone") {
		return errors.New("no such queue")
	}
	q[arn] = append(q[arn], m.Body)
	return nil
}

func start() (queues, *sdk.Client) {
	q := queues{}
	return q, sdk.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://cloud"),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient:  emulators.Direct{Handler: sns.Handler(sns.New(sns.Config{Queue: q}))},
	})
}

const queue = "arn:aws:sqs:us-east-1:000000000000:"

// AWS.md §5: SNS: raw delivery; subscriptions sqs.
func TestPublishReachesEachQueueInItsForm(t *testing.T) {
	q, c := start()
	topic, err := c.CreateTopic(t.Context(), &sdk.CreateTopicInput{Name: aws.String("alerts")})
	require.NoError(t, err)
	subscribe := func(name string, attributes map[string]string) {
		_, err := c.Subscribe(t.Context(), &sdk.SubscribeInput{TopicArn: topic.TopicArn, Protocol: aws.String("sqs"), Endpoint: aws.String(queue + name), Attributes: attributes})
		require.NoError(t, err)
	}
	subscribe("plain", nil)
	subscribe("raw", map[string]string{"RawMessageDelivery": "true"})
	subscribe("gone", nil)
	_, err = c.Publish(t.Context(), &sdk.PublishInput{TopicArn: topic.TopicArn, Subject: aws.String("Hot"), Message: aws.String(`{"a":1}`),
		MessageAttributes: map[string]types.MessageAttributeValue{"kind": {DataType: aws.String("String"), StringValue: aws.String("x")}}})
	require.NoError(t, err)
	require.Equal(t, []string{`{"a":1}`}, q[queue+"raw"])
	var envelope struct {
		Type, TopicArn, Subject, Message string
		MessageAttributes                map[string]struct{ Type, Value string }
	}
	require.NoError(t, json.Unmarshal([]byte(q[queue+"plain"][0]), &envelope))
	require.Equal(t, "Notification", envelope.Type)
	require.Equal(t, "Hot", envelope.Subject)
	require.Equal(t, `{"a":1}`, envelope.Message)
	require.Equal(t, "x", envelope.MessageAttributes["kind"].Value)
	list, err := c.ListSubscriptionsByTopic(t.Context(), &sdk.ListSubscriptionsByTopicInput{TopicArn: topic.TopicArn})
	require.NoError(t, err)
	require.Len(t, list.Subscriptions, 3)
}

// AWS.md §5: SNS: Subject ≤ 99 characters UTF-8 without control characters or line breaks; message ≤ 256 KiB.
// AWS.md §5: excess InvalidParameter.
func TestRefusals(t *testing.T) {
	_, c := start()
	topic, err := c.CreateTopic(t.Context(), &sdk.CreateTopicInput{Name: aws.String("alerts")})
	require.NoError(t, err)
	for _, subject := range []string{"line\nbreak", strings.Repeat("x", 100), "bell\a"} {
		_, err := c.Publish(t.Context(), &sdk.PublishInput{TopicArn: topic.TopicArn, Subject: &subject, Message: aws.String("m")})
		var bad *types.InvalidParameterException
		require.True(t, errors.As(err, &bad), "%q: %v", subject, err)
	}
	_, err = c.Publish(t.Context(), &sdk.PublishInput{TopicArn: topic.TopicArn, Message: aws.String(strings.Repeat("x", 256<<10+1))})
	require.ErrorContains(t, err, "Message too long")
	_, err = c.Publish(t.Context(), &sdk.PublishInput{TopicArn: topic.TopicArn, TargetArn: topic.TopicArn, Message: aws.String("m")})
	require.ErrorContains(t, err, "one of them, not both")
	_, err = c.Publish(t.Context(), &sdk.PublishInput{TopicArn: aws.String("arn:aws:sns:us-east-1:000000000000:none"), Message: aws.String("m")})
	var missing *types.NotFoundException
	require.True(t, errors.As(err, &missing), "%v", err)
	for protocol, endpoint := range map[string]string{"sms": "+100", "firehose": "arn:aws:firehose:x", "http": "http://127.0.0.1/", "lambda": "arn:aws:lambda:us-east-1:000000000000:function:f"} {
		_, err = c.Subscribe(t.Context(), &sdk.SubscribeInput{TopicArn: topic.TopicArn, Protocol: &protocol, Endpoint: &endpoint})
		require.ErrorContains(t, err, `protocol "`+protocol+`" is not implemented`)
	}
	for name, value := range map[string]string{"DeliveryPolicy": "{}", "FilterPolicy": `{"a":[]}`, "RedrivePolicy": "{}", "RawMessageDelivery": "perhaps"} {
		_, err = c.Subscribe(t.Context(), &sdk.SubscribeInput{TopicArn: topic.TopicArn, Protocol: aws.String("sqs"), Endpoint: aws.String(queue + "q"), Attributes: map[string]string{name: value}})
		require.ErrorContains(t, err, name)
	}
	_, err = c.Publish(t.Context(), &sdk.PublishInput{TopicArn: topic.TopicArn, Message: aws.String(`{"sqs":"x"}`), MessageStructure: aws.String("json")})
	require.ErrorContains(t, err, "No default entry")
	for _, text := range []string{`{"default":"d","sqs":"s","sqs":"t"}`, `{"default":"d","default":"d"}`, `{"default":"d"} {}`, `["default"]`, `null`} {
		_, err = c.Publish(t.Context(), &sdk.PublishInput{TopicArn: topic.TopicArn, Message: &text, MessageStructure: aws.String("json")})
		require.ErrorContains(t, err, "JSON message body failed to parse", text)
		require.ErrorContains(t, err, "InvalidParameter", text)
	}
	_, err = c.CreateTopic(t.Context(), &sdk.CreateTopicInput{Name: aws.String("keys"), Attributes: map[string]string{"KmsMasterKeyId": "x"}})
	require.ErrorContains(t, err, "KmsMasterKeyId is not implemented")
	_, err = c.CreateTopic(t.Context(), &sdk.CreateTopicInput{Name: aws.String("large"), Attributes: map[string]string{"MaximumMessageSize": "1048577"}})
	require.ErrorContains(t, err, "MaximumMessageSize")
}

// A subscription that could never be delivered to is no success.
func TestEndpointsElsewhereAreRefused(t *testing.T) {
	_, c := start()
	topic, err := c.CreateTopic(t.Context(), &sdk.CreateTopicInput{Name: aws.String("alerts")})
	require.NoError(t, err)
	for _, endpoint := range []string{"arn:aws:sqs:eu-west-1:000000000000:q", "arn:aws:sqs:us-east-1:999999999999:q"} {
		_, err := c.Subscribe(t.Context(), &sdk.SubscribeInput{TopicArn: topic.TopicArn, Protocol: aws.String("sqs"), Endpoint: &endpoint})
		require.ErrorContains(t, err, "InvalidParameter", endpoint)
		require.ErrorContains(t, err, "another account or region", endpoint)
	}
}

// An attribute of a message has one of three types and a value of it, and a topic no tag twice.
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
func TestTypesOfAttributes(t *testing.T) {
	_, c := start()
	topic, err := c.CreateTopic(t.Context(), &sdk.CreateTopicInput{Name: aws.String("alerts")})
	require.NoError(t, err)
	for _, of := range []struct{ kind, value, want string }{
		{"Text", "x", "ParameterValueInvalid"}, {"Stringy", "x", "ParameterValueInvalid"}, {"Number", "warm", "ParameterValueInvalid"}, {"Number", "0x10", "ParameterValueInvalid"},
		{"Number.int", "NaN", "ParameterValueInvalid"}, {"Number", "-1.5e3", ""}, {"Number.int", "12", ""}, {"String.Array", `["x"]`, ""}, {"String", "x", ""}, {"String.own", "x", ""},
	} {
		_, err := c.Publish(t.Context(), &sdk.PublishInput{TopicArn: topic.TopicArn, Message: aws.String("m"),
			MessageAttributes: map[string]types.MessageAttributeValue{"a": {DataType: &of.kind, StringValue: &of.value}}})
		if of.want == "" {
			require.NoError(t, err, "%+v", of)
			continue
		}
		require.ErrorContains(t, err, of.want, "%+v", of)
	}
	tag := types.Tag{Key: aws.String("k"), Value: aws.String("v")}
	_, err = c.TagResource(t.Context(), &sdk.TagResourceInput{ResourceArn: topic.TopicArn, Tags: []types.Tag{tag, tag}})
	require.ErrorContains(t, err, "Duplicated keys are not allowed")
}
