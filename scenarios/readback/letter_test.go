package readback

import (
	"crypto/md5"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

func parsed(t *testing.T, body string) letter {
	t.Helper()
	var l letter
	require.NoError(t, json.Unmarshal([]byte(body), &l))
	return l
}

// The error action of a rule: https://docs.aws.amazon.com/iot/latest/developerguide/rule-error-handling.html
func TestLetterOfARule(t *testing.T) {
	l := parsed(t, `{"ruleName":"ArchiveToS3","topic":"devices/s1/telemetry","base64OriginalPayload":"e30=",
		"failures":[{"failedAction":"S3Action","errorMessage":"denied"}]}`)
	require.Equal(t, ledger.DeadLetter{Reason: "rule ArchiveToS3 failed", Detail: "S3Action: denied", Thing: "s1",
		Sinks: []ledger.Sink{ledger.Archive}, Sum: md5.Sum([]byte("{}"))}, l.rule())
}

func TestLetterOfThePipeline(t *testing.T) {
	l := parsed(t, `{"id":"1","function":"iot-stream-processor","reason":"rejected","thing":"s1","measure":"t","timestamp":5,"payload":"e30="}`)
	require.Equal(t, ledger.DeadLetter{ID: "1", Function: "iot-stream-processor", Sinks: []ledger.Sink{ledger.TimeSeries, ledger.State}, Reason: "rejected", Thing: "s1", Measure: "t",
		Timestamp: 5, Sum: md5.Sum([]byte("{}"))}, l.own())
	require.Zero(t, parsed(t, `{"id":"1","reason":"undecodable"}`).own().Sum, "no payload, no sum")
}

// Lambda's record of a batch has a text as timestamp:
// https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
func TestLetterOfABatch(t *testing.T) {
	l := parsed(t, `{"timestamp":"2019-11-14T00:38:06.021Z","requestContext":{"functionArn":"arn:aws:lambda:us-east-1:000000000000:function:iot-alert-handler:$LATEST",
		"condition":"RetryAttemptsExhausted"},"KinesisBatchInfo":{"shardId":"shardId-000000000001","startSequenceNumber":"1","endSequenceNumber":"2"}}`)
	require.Equal(t, &batchInfo{"shardId-000000000001", "1", "2"}, l.KinesisBatchInfo)
	require.Equal(t, "iot-alert-handler", l.function())
}
