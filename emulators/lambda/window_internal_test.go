package lambda

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The event is the example of
// https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
func TestTheEventOfAWindowIsThatOfThePage(t *testing.T) {
	src := source{
		streamARN: "arn:aws:kinesis:us-east-1:123456789012:stream/lambda-stream", shard: "shardId-000000000006",
		region: "us-east-1", role: "arn:aws:iam::123456789012:role/lambda-kinesis-role",
	}
	record := Record{
		SequenceNumber: "49590338271490256608559692538361571095921575989136588898", PartitionKey: "1",
		Data: []byte("Hello, this is a test."), ApproximateArrivalTimestamp: time.Unix(1607497475, 0),
	}
	w := windowAt(record.ApproximateArrivalTimestamp, 120)
	w.add([]Record{record}, []byte(`{"1":282,"2":715}`))
	src.extra = w.size(src)
	event, err := src.event([]Record{record})
	require.NoError(t, err)
	got := w.extend(event, src, false, false)
	want, err := os.ReadFile("testdata/timewindow.json")
	require.NoError(t, err)
	require.JSONEq(t, string(want), string(got))
	require.LessOrEqual(t, len(got), 16+src.size(record)+src.extra)
}

func TestStateOf(t *testing.T) {
	for answer, want := range map[string]string{
		`{"state":{"a":"1"},"batchItemFailures":[]}`: `{"a":"1"}`,
		`{"state":{}}`:      `{}`,
		`{"state":null}`:    `{}`,
		`{"State":{"a":1}}`: "",
		`{}`:                "",
		`null`:              "",
		``:                  "",
		`[1]`:               "",
	} {
		got, ok := stateOf([]byte(answer))
		require.Equal(t, want, string(got), answer)
		require.Equal(t, want != "", ok, answer)
	}
}
