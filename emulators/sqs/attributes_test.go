package sqs_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

// A policy of redrive has two members; another would be taken and ignored.
func TestRedrivePoliciesThatAreNone(t *testing.T) {
	c := start(t)
	url := create(t, c, "q", nil)
	create(t, c, "dead", nil)
	set := func(name, value string) error {
		_, err := c.SetQueueAttributes(t.Context(), &sdk.SetQueueAttributesInput{QueueUrl: url, Attributes: map[string]string{name: value}})
		return err
	}
	const target = `"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead"`
	for value, reason := range map[string]string{
		`{` + target + `,"maxReceiveCount":3,"delay":5}`: "Only following attributes are supported: [deadLetterTargetArn, maxReceiveCount].",
		`{` + target + `}`:                        "does not contain mandatory attribute: maxReceiveCount.",
		`{"maxReceiveCount":3}`:                   "does not contain mandatory attribute: deadLetterTargetArn.",
		`{` + target + `,"maxReceiveCount":1001}`: "Invalid value for maxReceiveCount: 1001, valid values are from 1 to 1000 both inclusive.",
		`[]`: "not a valid JSON map",
	} {
		err := set("RedrivePolicy", value)
		require.ErrorContains(t, err, "InvalidParameterValue", value)
		require.ErrorContains(t, err, reason, value)
	}
	require.NoError(t, set("RedrivePolicy", `{`+target+`,"maxReceiveCount":3}`))
	require.ErrorContains(t, set("RedriveAllowPolicy", `{"redrivePermission":"denyAll","until":"tomorrow"}`), "RedriveAllowPolicy is invalid")
	require.NoError(t, set("RedriveAllowPolicy", `{"redrivePermission":"denyAll"}`))
}

// The two attributes of high throughput hold together, whichever is changed.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
func TestHighThroughputHoldsTogether(t *testing.T) {
	c := start(t)
	url := create(t, c, "q.fifo", map[string]string{"FifoQueue": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"})
	set := func(attributes map[string]string) error {
		_, err := c.SetQueueAttributes(t.Context(), &sdk.SetQueueAttributesInput{QueueUrl: url, Attributes: attributes})
		return err
	}
	require.ErrorContains(t, set(map[string]string{"DeduplicationScope": "queue"}), "only when the value for DeduplicationScope is messageGroup")
	require.NoError(t, set(map[string]string{"DeduplicationScope": "queue", "FifoThroughputLimit": "perQueue"}))
	require.ErrorContains(t, set(map[string]string{"FifoThroughputLimit": "perMessageGroupId"}), "only when the value for DeduplicationScope is messageGroup")
}

// "the number of times a message has been received across all queues but not deleted"
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
func TestReceiveCountAcrossQueues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		const policy = `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:`
		last := create(t, c, "last", nil)
		dead := create(t, c, "dead", map[string]string{"VisibilityTimeout": "1", "RedrivePolicy": policy + `last","maxReceiveCount":2}`})
		url := create(t, c, "q", map[string]string{"VisibilityTimeout": "1", "RedrivePolicy": policy + `dead","maxReceiveCount":3}`})
		_, err := c.SendMessage(t.Context(), &sdk.SendMessageInput{QueueUrl: url, MessageBody: aws.String("poison")})
		require.NoError(t, err)
		counts := ""
		for _, url := range []*string{url, url, url, url, dead, dead, dead, last} {
			out, err := c.ReceiveMessage(t.Context(), &sdk.ReceiveMessageInput{QueueUrl: url, MessageSystemAttributeNames: []types.MessageSystemAttributeName{"ApproximateReceiveCount"}})
			require.NoError(t, err)
			for _, m := range out.Messages {
				counts += m.Attributes["ApproximateReceiveCount"]
			}
			time.Sleep(2 * time.Second)
		}
		require.Equal(t, "123456", counts)
	})
}

// Tags have so many characters, not bytes, and no key of AWS's own.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-tags.html
func TestTagsOfQueues(t *testing.T) {
	c := start(t)
	url := create(t, c, "q", nil)
	tag := func(key, value string) error {
		_, err := c.TagQueue(t.Context(), &sdk.TagQueueInput{QueueUrl: url, Tags: map[string]string{key: value}})
		return err
	}
	require.NoError(t, tag(strings.Repeat("ä", 128), strings.Repeat("ö", 256)))
	require.Error(t, tag(strings.Repeat("a", 129), ""))
	require.Error(t, tag("a", strings.Repeat("a", 257)))
	require.ErrorContains(t, tag("AWS:owner", "me"), "reserved prefix")
}
