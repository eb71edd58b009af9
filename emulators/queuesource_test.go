package emulators

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	lambdasdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	sqssdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

// consumer is a function that notes the bodies of its batches with the time, names a
// message "item…" as failed and fails on one "bad…".
type consumer struct {
	start time.Time
	takes time.Duration

	mu      sync.Mutex
	batches []string
	last    events.SQSMessage
	inside  int
	most    int
}

func (c *consumer) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	var event events.SQSEvent
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	c.mu.Lock()
	c.inside++
	c.most = max(c.most, c.inside)
	var bodies []string
	var failed events.SQSEventResponse
	var err error
	for _, r := range event.Records {
		bodies, c.last = append(bodies, r.Body), r
		if strings.HasPrefix(r.Body, "item") {
			failed.BatchItemFailures = append(failed.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: r.MessageId})
		}
		if strings.HasPrefix(r.Body, "bad") {
			err = errors.New("as told")
		}
	}
	c.batches = append(c.batches, fmt.Sprintf("%v %v", time.Since(c.start).Round(time.Second), bodies))
	c.mu.Unlock()
	time.Sleep(c.takes)
	c.mu.Lock()
	c.inside--
	c.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return json.Marshal(failed)
}

func (c *consumer) taken() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := c.batches
	c.batches = nil
	return taken
}

// queueWorld is a cloud with a function and clients.
type queueWorld struct {
	*testing.T
	cloud     *Cloud
	function  *consumer
	functions *lambdasdk.Client
	queues    *sqssdk.Client
}

// withQueues runs a test in virtual time beside the functions' machinery.
func withQueues(t *testing.T, test func(w queueWorld)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		cloud, err := New(Config{})
		require.NoError(t, err)
		w := queueWorld{t, cloud, &consumer{start: time.Now()}, lambdasdk.NewFromConfig(cloud.AWSConfig()), sqssdk.NewFromConfig(cloud.AWSConfig())}
		cloud.Lambda.Bind("f", w.function)
		makeFunction(t, cloud.AWSConfig(), func(in *lambdasdk.CreateFunctionInput) { in.Timeout = aws.Int32(20) })
		var group sync.WaitGroup
		group.Go(func() { require.NoError(t, cloud.Run(ctx)) })
		test(w)
		stop()
		group.Wait()
	})
}

func (w queueWorld) queue(name string, attributes map[string]string) *string {
	made, err := w.queues.CreateQueue(w.Context(), &sqssdk.CreateQueueInput{QueueName: &name, Attributes: attributes})
	require.NoError(w, err)
	return made.QueueUrl
}

func (w queueWorld) send(url *string, bodies ...string) {
	for _, body := range bodies {
		_, err := w.queues.SendMessage(w.Context(), &sqssdk.SendMessageInput{QueueUrl: url, MessageBody: &body})
		require.NoError(w, err)
	}
}

func (w queueWorld) count(url *string) string {
	out, err := w.queues.GetQueueAttributes(w.Context(), &sqssdk.GetQueueAttributesInput{QueueUrl: url, AttributeNames: []sqstypes.QueueAttributeName{"All"}})
	require.NoError(w, err)
	return out.Attributes["ApproximateNumberOfMessages"] + "+" + out.Attributes["ApproximateNumberOfMessagesNotVisible"]
}

func (w queueWorld) mapping(queue string, change func(in *lambdasdk.CreateEventSourceMappingInput)) (*lambdasdk.CreateEventSourceMappingOutput, error) {
	in := &lambdasdk.CreateEventSourceMappingInput{FunctionName: aws.String("f"), EventSourceArn: aws.String("arn:aws:sqs:us-east-1:000000000000:" + queue)}
	if change != nil {
		change(in)
	}
	return w.functions.CreateEventSourceMapping(w.Context(), in)
}

func sleepUntil(w queueWorld, at time.Duration) { time.Sleep(time.Until(w.function.start.Add(at))) }

// A batch is what is there, ten at most; what fails is the queue's again when its
// visibility timeout has passed, and goes to the dead-letter queue in the end.
func TestAFunctionReadsAQueue(t *testing.T) {
	withQueues(t, func(w queueWorld) {
		dead := w.queue("dead", nil)
		url := w.queue("work", map[string]string{"VisibilityTimeout": "60", "RedrivePolicy": `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":2}`})
		made, err := w.mapping("work", nil)
		require.NoError(w, err)
		require.Equal(w, int32(10), *made.BatchSize)
		require.Equal(w, "Creating", *made.State)
		require.Nil(w, made.MaximumRetryAttempts, "a queue has none")
		require.Empty(w, made.StartingPosition)
		sleepUntil(w, time.Second)
		_, err = w.queues.SendMessage(w.Context(), &sqssdk.SendMessageInput{QueueUrl: url, MessageBody: aws.String("first"), MessageAttributes: map[string]sqstypes.MessageAttributeValue{
			"site": {DataType: aws.String("String"), StringValue: aws.String("hall")}, "raw": {DataType: aws.String("Binary"), BinaryValue: []byte{1, 2}}}})
		require.NoError(w, err)
		sleepUntil(w, 2*time.Second)
		require.Equal(w, []string{"1s [first]"}, w.function.taken())
		got := w.function.last
		require.Equal(w, "hall", *got.MessageAttributes["site"].StringValue)
		require.Equal(w, []byte{1, 2}, got.MessageAttributes["raw"].BinaryValue)
		require.Equal(w, []string{"aws:sqs", "arn:aws:sqs:us-east-1:000000000000:work", "us-east-1", "1"}, []string{got.EventSource, got.EventSourceARN, got.AWSRegion, got.Attributes["ApproximateReceiveCount"]})
		require.Equal(w, "8b04d5e3775d298e78455efc5ca404d5", got.Md5OfBody, "of first")
		require.NotEmpty(w, got.ReceiptHandle)
		require.NotEmpty(w, got.Attributes["SentTimestamp"])
		w.send(url, strings.Fields("a b c d e f g h i j k l")...)
		sleepUntil(w, 3*time.Second)
		require.ElementsMatch(w, []string{"2s [a b c d e f g h i j]", "2s [k l]"}, w.function.taken())
		require.Equal(w, "0+0", w.count(url), "what is done is deleted")
		require.True(w, w.cloud.Lambda.Idle())
		w.send(url, "good", "bad")
		sleepUntil(w, 4*time.Second)
		require.Equal(w, []string{"3s [good bad]"}, w.function.taken())
		require.False(w, w.cloud.Lambda.Idle(), "the messages come again")
		sleepUntil(w, 70*time.Second)
		require.Equal(w, []string{"1m3s [good bad]"}, w.function.taken())
		sleepUntil(w, 3*time.Minute)
		require.Empty(w, w.function.taken())
		require.Equal(w, "2+0", w.count(dead), "without partial batch responses all of a batch fail")
		require.True(w, w.cloud.Lambda.Idle())
	})
}

// AWS.md §3: ReportBatchItemFailures; a window, filters, concurrency and what an update
// changes, of a queue.
func TestTheOptionsOfAQueuesMapping(t *testing.T) {
	withQueues(t, func(w queueWorld) {
		url := w.queue("work", map[string]string{"VisibilityTimeout": "30"})
		made, err := w.mapping("work", func(in *lambdasdk.CreateEventSourceMappingInput) {
			in.BatchSize, in.MaximumBatchingWindowInSeconds = aws.Int32(12), aws.Int32(5)
			in.FunctionResponseTypes = []lambdatypes.FunctionResponseType{"ReportBatchItemFailures"}
			in.FilterCriteria = &lambdatypes.FilterCriteria{Filters: []lambdatypes.Filter{
				{Pattern: aws.String(`{"body":[{"anything-but":["drop"]}]}`)}, {Pattern: aws.String(`{"body":{"t":[{"numeric":[">",40]}]}}`)}}}
			in.ScalingConfig = &lambdatypes.ScalingConfig{MaximumConcurrency: aws.Int32(2)}
		})
		require.NoError(w, err)
		sleepUntil(w, time.Second)
		w.send(url, "a", "item", "drop", `{"t":41}`, `{"t":40}`)
		sleepUntil(w, 3*time.Second)
		w.send(url, "b")
		sleepUntil(w, 10*time.Second)
		require.Equal(w, []string{`6s [a item {"t":41} {"t":40} b]`}, w.function.taken(), "an object is no text but drop")
		require.Equal(w, "0+1", w.count(url), "only the item that failed stays")
		sleepUntil(w, 38*time.Second)
		require.Equal(w, []string{"36s [item]"}, w.function.taken())
		update := func(change lambdasdk.UpdateEventSourceMappingInput) *lambdasdk.UpdateEventSourceMappingOutput {
			change.UUID = made.UUID
			out, err := w.functions.UpdateEventSourceMapping(w.Context(), &change)
			require.NoError(w, err)
			time.Sleep(25 * time.Second) // a long poll ends
			return out
		}
		out := update(lambdasdk.UpdateEventSourceMappingInput{FilterCriteria: &lambdatypes.FilterCriteria{}, BatchSize: aws.Int32(1), MaximumBatchingWindowInSeconds: aws.Int32(0)})
		require.Nil(w, out.FilterCriteria)
		require.Equal(w, int32(2), *out.ScalingConfig.MaximumConcurrency)
		_, err = w.queues.PurgeQueue(w.Context(), &sqssdk.PurgeQueueInput{QueueUrl: url})
		require.NoError(w, err)
		w.function.taken()
		w.function.takes = 3 * time.Second
		w.send(url, strings.Fields("1 2 3 4 5 6")...)
		time.Sleep(10 * time.Second)
		require.Len(w, w.function.taken(), 6)
		require.Equal(w, 2, w.function.most)
		out = update(lambdasdk.UpdateEventSourceMappingInput{Enabled: aws.Bool(false), ScalingConfig: &lambdatypes.ScalingConfig{}})
		require.Equal(w, "Disabling", *out.State)
		require.Nil(w, out.ScalingConfig)
		w.send(url, "later")
		time.Sleep(time.Minute)
		require.Empty(w, w.function.taken())
		update(lambdasdk.UpdateEventSourceMappingInput{Enabled: aws.Bool(true)})
		require.Len(w, w.function.taken(), 1)
	})
}

// A group of a FIFO queue waits while one of its messages is in flight.
func TestAFunctionReadsAFIFOQueue(t *testing.T) {
	withQueues(t, func(w queueWorld) {
		url := w.queue("orders.fifo", map[string]string{"FifoQueue": "true", "ContentBasedDeduplication": "true", "VisibilityTimeout": "30"})
		for _, body := range []string{"a1", "a2", "a3", "b1"} {
			_, err := w.queues.SendMessage(w.Context(), &sqssdk.SendMessageInput{QueueUrl: url, MessageBody: &body, MessageGroupId: aws.String(body[:1])})
			require.NoError(w, err)
		}
		w.function.takes = 5 * time.Second
		// The mapping comes last: a poll in between would see a part of them.
		_, err := w.mapping("orders.fifo", func(in *lambdasdk.CreateEventSourceMappingInput) { in.BatchSize = aws.Int32(2) })
		require.NoError(w, err)
		sleepUntil(w, 20*time.Second)
		require.Equal(w, []string{"0s [a1 a2]", "0s [b1]", "5s [a3]"}, w.function.taken())
		require.Equal(w, "a", w.function.last.Attributes["MessageGroupId"])
		require.NotEmpty(w, w.function.last.Attributes["SequenceNumber"])
	})
}

func TestAQueuesMappingIsRefused(t *testing.T) {
	withQueues(t, func(w queueWorld) {
		w.queue("short", map[string]string{"VisibilityTimeout": "19"})
		w.queue("work", nil)
		w.queue("orders.fifo", map[string]string{"FifoQueue": "true"})
		type input = *lambdasdk.CreateEventSourceMappingInput
		for want, of := range map[string]struct {
			queue  string
			change func(in input)
		}{
			"The queue of the event source":                      {"nosuch", nil},
			"Queue visibility timeout: 19 seconds is less than":  {"short", nil},
			"StartingPosition is not for an SQS queue":           {"work", func(in input) { in.StartingPosition = "LATEST" }},
			"BisectBatchOnFunctionError is not for an SQS queue": {"work", func(in input) { in.BisectBatchOnFunctionError = aws.Bool(true) }},
			"MaximumRetryAttempts is not for an SQS queue":       {"work", func(in input) { in.MaximumRetryAttempts = aws.Int32(1) }},
			"MaximumRecordAgeInSeconds is not for an SQS queue":  {"work", func(in input) { in.MaximumRecordAgeInSeconds = aws.Int32(60) }},
			"ParallelizationFactor is not for an SQS queue":      {"work", func(in input) { in.ParallelizationFactor = aws.Int32(2) }},
			"TumblingWindowInSeconds is not for an SQS queue":    {"work", func(in input) { in.TumblingWindowInSeconds = aws.Int32(60) }},
			"DestinationConfig is not for an SQS queue":          {"work", func(in input) { in.DestinationConfig = &lambdatypes.DestinationConfig{} }},
			"must be greater than 0 if maximum batch size":       {"work", func(in input) { in.BatchSize = aws.Int32(11) }},
			"BatchSize 11 is not between 1 and 10":               {"orders.fifo", func(in input) { in.BatchSize = aws.Int32(11) }},
			"MaximumBatchingWindowInSeconds is not for a FIFO":   {"orders.fifo", func(in input) { in.MaximumBatchingWindowInSeconds = aws.Int32(1) }},
			"MaximumConcurrency 1 is not between 2 and 1000":     {"work", func(in input) { in.ScalingConfig = &lambdatypes.ScalingConfig{MaximumConcurrency: aws.Int32(1)} }},
			"ProvisionedPollerConfig": {"work", func(in input) {
				in.ProvisionedPollerConfig = &lambdatypes.ProvisionedPollerConfig{MinimumPollers: aws.Int32(2)}
			}},
		} {
			_, err := w.mapping(of.queue, of.change)
			require.ErrorContains(w, err, want)
			require.ErrorContains(w, err, "InvalidParameterValueException", want)
		}
	})
}
