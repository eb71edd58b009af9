package lambda_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
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
//	tumble=<time> n      sets TumblingWindowInSeconds
//
// What stands before a colon in a record is its key; without one it is all of it.
//
// filter=p keeps the records whose data begins with p, by a pattern on their key.
//
// A handler fails on a poisoned record until heal=, by an error, or with
// items by naming it in batchItemFailures.
// AWS.md §3: Mapping: …, BisectBatchOnFunctionError; a failing batch blocks its shard.
// AWS.md §3: Mapping: …, TumblingWindow.
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
	state string // what is wrong with the state of a tumbling window
}

func (p poison) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	var event events.KinesisTimeWindowEvent
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
	if event.Window.End.IsZero() || p.state == "none" {
		return json.Marshal(failed)
	}
	if event.IsFinalInvokeForWindow && p.state == "final" && time.Since(p.start) < p.heal {
		return nil, errors.New("not stored")
	}
	return json.Marshal(events.KinesisTimeWindowEventResponse{
		TimeWindowEventResponseProperties: events.TimeWindowEventResponseProperties{State: p.aggregate(event)}, BatchItemFailures: failed.BatchItemFailures,
	})
}

// aggregate counts the records of each key before the first that fails.
func (p poison) aggregate(event events.KinesisTimeWindowEvent) map[string]string {
	state := event.State
	for _, r := range event.Records {
		if strings.HasSuffix(string(r.Kinesis.Data), "!") {
			break
		}
		n, _ := strconv.Atoi(state[r.Kinesis.PartitionKey])
		state[r.Kinesis.PartitionKey] = strconv.Itoa(n + 1)
		if strings.HasPrefix(string(r.Kinesis.Data), "big") {
			state["big"] = strings.Repeat("x", 1<<20)
		}
	}
	return state
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
		case "tumbling":
			set(&in.TumblingWindowInSeconds)
		case "state":
			p.state = arg.Vals[0]
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
		case "tumble":
			n, err := strconv.Atoi(fields[1])
			require.NoError(t, err)
			_, err = s.UpdateEventSourceMapping(t.Context(), &lambda.UpdateEventSourceMappingInput{UUID: m.UUID, MappingOptions: lambda.MappingOptions{TumblingWindowInSeconds: new(int32(n))}})
			require.NoError(t, err)
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
	var event events.KinesisTimeWindowEvent
	require.NoError(t, json.Unmarshal(payload, &event))
	data := make([]string, 0, len(event.Records))
	for _, r := range event.Records {
		data = append(data, string(r.Kinesis.Data))
	}
	if event.Window.End.IsZero() {
		return fmt.Sprint(data)
	}
	require.Equal(t, "shard-0", event.ShardID)
	require.Equal(t, streamARN, event.EventSourceARN)
	for key, value := range event.State {
		event.State[key] = value[:min(len(value), 3)]
	}
	text := fmt.Sprint(data, " ", event.Window.Start.Format("05"), "-", event.Window.End.Format("05"), " ", event.State)
	if event.IsFinalInvokeForWindow {
		text += " final"
	}
	if event.IsWindowTerminatedEarly {
		text += " early"
	}
	return text
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
