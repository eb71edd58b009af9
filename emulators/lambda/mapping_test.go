package lambda_test

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
	"github.com/cockroachdb/datadriven"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda"
)

// TestMappings runs the transcripts of testdata/mappings. Each begins with the
// settings of a mapping, then has what happens to the stream, and shows every
// decision with the virtual time since the start:
//
//	put=<time> a b! c    appends records; ! marks one that the function fails on
//	enable=<time>, disable=<time>
//
// What stands before a colon in a record is its key; without one it is all of it.
//
// filter=p keeps the records whose data begins with p, by a pattern on their key.
//
// A handler fails on a poisoned record until heal=, by an error, or with
// answer=items by naming it in batchItemFailures.
// AWS.md §3: Mapping: …, BisectBatchOnFunctionError; a failing batch blocks its shard.
// AWS.md §3: ReportBatchItemFailures: … with Bisect too: split at that number; bisecting consumes no retry.
// AWS.md §3: MaximumRetryAttempts −1 = until the record expires;
// ReportBatchItemFailures: the lowest returned sequence number is the checkpoint,
// everything from there is retried.
func TestMappings(t *testing.T) {
	datadriven.RunTest(t, "testdata/mappings", func(t *testing.T, d *datadriven.TestData) string {
		if d.Cmd != "mapping" {
			d.Fatalf(t, "unknown command %s", d.Cmd)
		}
		var out string
		synctest.Test(t, func(t *testing.T) { out = transcript(t, d) })
		return out
	})
}

// poison is how the function of a transcript behaves.
type poison struct {
	start time.Time
	heal  time.Duration
	items bool
	takes time.Duration
}

func (p poison) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	var event events.KinesisEvent
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	time.Sleep(p.takes)
	var failed events.KinesisEventResponse
	for _, r := range event.Records {
		if !strings.HasSuffix(string(r.Kinesis.Data), "!") || p.heal > 0 && time.Since(p.start) >= p.heal {
			continue
		}
		if !p.items {
			return nil, errors.New("poison")
		}
		failed.BatchItemFailures = append(failed.BatchItemFailures, events.KinesisBatchItemFailure{ItemIdentifier: r.Kinesis.SequenceNumber})
	}
	return json.Marshal(failed)
}

func transcript(t *testing.T, d *datadriven.TestData) string {
	start := time.Now()
	stream, dead := newShards("shard-0"), &queue{}
	var mu sync.Mutex
	var out strings.Builder
	s := lambda.New(lambda.Config{Streams: stream, Queue: dead, Tap: func(e lambda.Event) {
		mu.Lock()
		defer mu.Unlock()
		fmt.Fprintf(&out, "%v %s #%d %s", e.At.Sub(start).Round(time.Millisecond), e.Kind, e.Attempt, dataOf(t, e.Payload))
		if e.Err != "" {
			fmt.Fprintf(&out, " (%s)", e.Err)
		}
		out.WriteString("\n")
	}})
	p := poison{start: start}
	in := &lambda.CreateEventSourceMappingInput{FunctionName: "f", EventSourceArn: streamARN, StartingPosition: lambda.TrimHorizon}
	runFor := 5 * time.Minute
	for _, arg := range d.CmdArgs {
		set := func(to **int32) { n := new(int32); arg.Scan(t, 0, n); *to = n }
		switch arg.Key {
		case "batch":
			set(&in.BatchSize)
		case "window":
			set(&in.MaximumBatchingWindowInSeconds)
		case "retries":
			set(&in.MaximumRetryAttempts)
		case "age":
			set(&in.MaximumRecordAgeInSeconds)
		case "parallel":
			set(&in.ParallelizationFactor)
		case "takes":
			p.takes = duration(t, arg.Vals[0])
		case "bisect":
			in.BisectBatchOnFunctionError = new(true)
		case "report":
			in.FunctionResponseTypes = []string{"ReportBatchItemFailures"}
		case "dead":
			in.DestinationConfig = &lambda.DestinationConfig{OnFailure: &lambda.Destination{Destination: queueARN}}
		case "filter":
			in.FilterCriteria = &lambda.FilterCriteria{Filters: []lambda.Filter{{Pattern: `{"partitionKey":[{"prefix":"key-` + arg.Vals[0] + `"}]}`}}}
		case "items":
			p.items = true
		case "heal":
			p.heal = duration(t, arg.Vals[0])
		case "for":
			runFor = duration(t, arg.Vals[0])
		default:
			d.Fatalf(t, "unknown argument %s", arg.Key)
		}
	}
	s.Bind("f", p)
	create(t, s, "f", p.Invoke)
	m, err := s.CreateEventSourceMapping(t.Context(), in)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), runFor)
	defer cancel()
	var group sync.WaitGroup
	group.Go(func() { require.NoError(t, s.Run(ctx)) })
	for line := range strings.Lines(d.Input) {
		fields := strings.Fields(line)
		at, err := time.ParseDuration(strings.SplitN(fields[0], "=", 2)[1])
		require.NoError(t, err)
		time.Sleep(time.Until(start.Add(at)))
		switch verb := strings.SplitN(fields[0], "=", 2)[0]; verb {
		case "put":
			stream.put("shard-0", fields[1:]...)
		default:
			_, err := s.UpdateEventSourceMapping(t.Context(), &lambda.UpdateEventSourceMappingInput{UUID: m.UUID, MappingOptions: lambda.MappingOptions{Enabled: new(verb == "enable")}})
			require.NoError(t, err)
		}
	}
	time.Sleep(time.Until(start.Add(runFor - time.Second)))
	idle := s.Idle()
	cancel()
	group.Wait()
	for _, body := range dead.bodies {
		fmt.Fprintf(&out, "dead letter: %s\n", summary(t, body))
	}
	fmt.Fprintf(&out, "idle: %v\n", idle)
	return out.String()
}

func dataOf(t *testing.T, payload []byte) string {
	var event events.KinesisEvent
	require.NoError(t, json.Unmarshal(payload, &event))
	var data []string
	for _, r := range event.Records {
		data = append(data, string(r.Kinesis.Data))
	}
	return fmt.Sprint(data)
}

func summary(t *testing.T, body string) string {
	var record struct {
		RequestContext struct {
			Condition              string
			ApproximateInvokeCount int
		}
		ResponseContext  *struct{ FunctionError string }
		KinesisBatchInfo struct {
			ShardID                                string
			StartSequenceNumber, EndSequenceNumber string
			BatchSize                              int
		}
	}
	require.NoError(t, json.Unmarshal([]byte(body), &record))
	function := "not invoked"
	if record.ResponseContext != nil {
		function = fmt.Sprintf("%q", record.ResponseContext.FunctionError)
	}
	i := record.KinesisBatchInfo
	return fmt.Sprintf("%s %d invocations, function error %s, %s %s-%s (%d)", record.RequestContext.Condition,
		record.RequestContext.ApproximateInvokeCount, function, i.ShardID, i.StartSequenceNumber, i.EndSequenceNumber, i.BatchSize)
}

func duration(t *testing.T, text string) time.Duration {
	d, err := time.ParseDuration(text)
	require.NoError(t, err)
	return d
}
