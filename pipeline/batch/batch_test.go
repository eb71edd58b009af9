package batch_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/pipeline/batch"
)

var _ lambda.Handler = batch.Func(nil)

// TestFuncReadsWhatAWSsTypesWrite holds the records to the event of
// github.com/aws/aws-lambda-go, whatever a key and a payload hold.
func TestFuncReadsWhatAWSsTypesWrite(t *testing.T) {
	var event events.KinesisEvent
	for _, key := range []string{"sensor-00001", `a"b\c`, "ü\x00\n", "<&>\u2028"} {
		event.Records = append(event.Records, events.KinesisEventRecord{EventID: "shardId-0:" + key, Kinesis: events.KinesisRecord{
			PartitionKey: key, SequenceNumber: "49" + key, Data: []byte(key + " \x00\xff"),
			ApproximateArrivalTimestamp: events.SecondsEpochTime{Time: time.UnixMilli(1545084650987)},
		}})
	}
	payload, err := json.Marshal(event)
	require.NoError(t, err)
	var got []batch.Record
	answer, err := batch.Func(func(_ context.Context, records []batch.Record) string {
		got = records
		return records[2].SequenceNumber
	}).Invoke(t.Context(), payload)
	require.NoError(t, err)
	require.Len(t, got, len(event.Records))
	for i, r := range event.Records {
		require.Equal(t, batch.Record{EventID: r.EventID, PartitionKey: r.Kinesis.PartitionKey, SequenceNumber: r.Kinesis.SequenceNumber, Data: r.Kinesis.Data}, got[i])
	}
	var response events.KinesisEventResponse
	require.NoError(t, json.Unmarshal(answer, &response))
	require.Equal(t, []events.KinesisBatchItemFailure{{ItemIdentifier: event.Records[2].Kinesis.SequenceNumber}}, response.BatchItemFailures)
}

func TestFuncAnswersAnEmptyListWhenAllIsDone(t *testing.T) {
	answer, err := batch.Func(func(context.Context, []batch.Record) string { return "" }).Invoke(t.Context(), []byte(`{"Records":[]}`))
	require.NoError(t, err)
	require.JSONEq(t, `{"batchItemFailures":[]}`, string(answer))
}

func TestFuncRefusesWhatIsNoEvent(t *testing.T) {
	for _, payload := range []string{``, `{`, `{"Records":[{}]}`, `{"Records":[{"kinesis":{"sequenceNumber":"1","data":"?"}}]}`, strings.Repeat("[", 6<<20)} {
		_, err := batch.Func(func(context.Context, []batch.Record) string { return "" }).Invoke(t.Context(), []byte(payload))
		require.Error(t, err, "%.80s", payload)
	}
}
