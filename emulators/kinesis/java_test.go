package kinesis_test

import (
	"bytes"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
	sdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/kinesis"
	"github.com/shakedown-iot/shakedown/sim/memnet"
)

// jackson writes CBOR as Jackson's generator does for the AWS SDK for Java: maps and
// arrays of indefinite length (bf … ff, 9f … ff), names and short texts of definite
// length, bytes as byte strings, a time as tag 1 with its milliseconds.
func jackson(t *testing.T, parts ...string) []byte {
	var out []byte
	for _, p := range parts {
		if text, ok := strings.CutPrefix(p, "'"); ok {
			require.Less(t, len(text), 256)
			if len(text) < 24 {
				out = append(out, 0x60|byte(len(text)))
			} else {
				out = append(out, 0x78, byte(len(text)))
			}
			out = append(out, text...)
			continue
		}
		raw, err := hex.DecodeString(p)
		require.NoError(t, err)
		out = append(out, raw...)
	}
	return out
}

// TestJacksonsCBOR sends what the AWS SDK for Java sends: maps and arrays without a
// length, and a long text in chunks (7f … ff).
// AWS.md §3: SDK Go v2 speaks JSON 1.1, others CBOR.
func TestJacksonsCBOR(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		state, c := start(t, 1)
		call := func(operation string, body []byte) (int, string) {
			r := httptest.NewRequest("POST", "/", bytes.NewReader(body))
			r.Header.Set("X-Amz-Target", "Kinesis_20131202."+operation)
			r.Header.Set("Content-Type", "application/x-amz-cbor-1.1")
			w := httptest.NewRecorder()
			kinesis.Handler(state).ServeHTTP(w, r)
			return w.Code, w.Body.String()
		}
		status, body := call("PutRecords", jackson(t, "bf", "'Records", "9f",
			"bf", "'Data", "4200ff", "'PartitionKey", "7f", "'par", "'tition", "ff", "ff",
			"bf", "'Data", "40", "'ExplicitHashKey", "'0", "'PartitionKey", "'k", "ff",
			"ff", "'StreamName", "'s", "ff"))
		require.Equal(t, 200, status, body)
		status, body = call("ListShards", jackson(t, "bf", "'ShardFilter", "bf", "'Type", "'AT_TIMESTAMP", "'Timestamp", "c1", "1b000000dc6acfac00", "ff",
			"'MaxResults", "1903e8", "'StreamName", "'s", "ff"))
		require.Equal(t, 200, status, body)
		require.Contains(t, body, "shardId-000000000000")
		status, body = call("GetShardIterator", jackson(t, "bf", "'StreamName", "'s", "'ShardId", "'shardId-000000000000", "'ShardIteratorType", "'TRIM_HORIZON", "'Timestamp", "f6", "ff"))
		require.Equal(t, 200, status, body)
		require.Equal(t, []string{"\x00\xff", ""}, read(t, c, &sdk.GetShardIteratorInput{ShardId: aws.String("shardId-000000000000"), ShardIteratorType: "TRIM_HORIZON"}))
		status, body = call("PutRecords", jackson(t, "bf", "'Records", "9f"))
		require.Equal(t, 400, status, "cut off: %q", body)
	})
}

// TestASubscriptionInCBOR subscribes as the Kinesis Client Library for Java does.
func TestASubscriptionInCBOR(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		state, c := start(t, 1)
		put(t, c, "k", "x")
		made, err := state.RegisterStreamConsumer(t.Context(), &kinesis.RegisterStreamConsumerInput{StreamARN: "arn:aws:kinesis:us-east-1:000000000000:stream/s", ConsumerName: "fan"})
		require.NoError(t, err)
		var network memnet.Network
		listener, err := network.Listen("cloud:80")
		require.NoError(t, err)
		server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: kinesis.Handler(state)}}
		server.Start()
		defer server.Close()
		transport := &http.Transport{DialContext: network.Dial}
		defer transport.CloseIdleConnections()
		r, err := http.NewRequestWithContext(t.Context(), "POST", "http://cloud/", bytes.NewReader(jackson(t, "bf", "'ConsumerARN", "'"+made.Consumer.ConsumerARN,
			"'ShardId", "'shardId-000000000000", "'StartingPosition", "bf", "'Type", "'TRIM_HORIZON", "ff", "ff")))
		require.NoError(t, err)
		r.Header.Set("X-Amz-Target", "Kinesis_20131202.SubscribeToShard")
		r.Header.Set("Content-Type", "application/x-amz-cbor-1.1")
		response, err := (&http.Client{Transport: transport}).Do(r)
		require.NoError(t, err)
		defer response.Body.Close()
		require.Equal(t, "application/vnd.amazon.eventstream", response.Header.Get("Content-Type"))
		decoder := eventstream.NewDecoder()
		first, err := decoder.Decode(response.Body, nil)
		require.NoError(t, err)
		require.Equal(t, "initial-response", first.Headers.Get(":event-type").String())
		require.Equal(t, []byte{0xa0}, first.Payload)
		event, err := decoder.Decode(response.Body, nil)
		require.NoError(t, err)
		require.Equal(t, "application/x-amz-cbor-1.1", event.Headers.Get(":content-type").String())
		require.Contains(t, string(event.Payload), "\x64Data\x41x", "data is a byte string")
		require.Contains(t, string(event.Payload), "ApproximateArrivalTimestamp\xc1\x1b\x00\x00\x00\xdc\x6a\xcf\xac\x00")
	})
}
