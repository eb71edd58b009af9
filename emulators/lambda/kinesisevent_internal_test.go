package lambda

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/stretchr/testify/require"
)

// TestKinesisEventIsWhatAWSsTypesRead holds the event to the types of
// github.com/aws/aws-lambda-go, whatever a partition key and a payload hold.
func TestKinesisEventIsWhatAWSsTypesRead(t *testing.T) {
	src := source{streamARN: "arn:aws:kinesis:us-east-1:000000000000:stream/s", shard: "shardId-000000000001", region: "us-east-1", role: "arn:aws:iam::000000000000:role/r"}
	at := time.UnixMilli(1545084650987)
	var records []Record
	for _, key := range []string{"sensor-00001", `a"b\c`, "ü\x00\n", "<&>\u2028", "\xff"} {
		records = append(records, Record{SequenceNumber: "49590338271490256608559692538361571095921575989136588898", PartitionKey: key, Data: []byte(key + " \x00\xff"), ApproximateArrivalTimestamp: at})
	}
	for n := range len(records) + 1 {
		text, err := src.event(records[:n])
		require.NoError(t, err)
		require.True(t, json.Valid(text), "%s", text)
		require.LessOrEqual(t, len(text), 16+n*600)
		var event events.KinesisEvent
		require.NoError(t, json.Unmarshal(text, &event))
		require.Len(t, event.Records, n)
		for i, r := range event.Records {
			require.Equal(t, records[i].Data, r.Kinesis.Data)
			require.Equal(t, records[i].SequenceNumber, r.Kinesis.SequenceNumber)
			require.Equal(t, src.shard+":"+records[i].SequenceNumber, r.EventID)
			require.InDelta(t, at.UnixMilli(), r.Kinesis.ApproximateArrivalTimestamp.UnixMilli(), 1) // it reads a float
			require.Equal(t, []string{"1.0", "1.0", "aws:kinesis", "aws:kinesis:record", src.role, src.region, src.streamARN},
				[]string{r.Kinesis.KinesisSchemaVersion, r.EventVersion, r.EventSource, r.EventName, r.InvokeIdentityArn, r.AwsRegion, r.EventSourceArn})
			if records[i].PartitionKey != "\xff" { // no Unicode: it becomes U+FFFD, as in any JSON
				require.Equal(t, records[i].PartitionKey, r.Kinesis.PartitionKey)
			}
		}
	}
}
