package kinesis_test

import (
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/kinesis"
)

// TestCBOR speaks to the service as the AWS SDK for Java does, in bytes written
// down by RFC 8949: data as byte strings, times as milliseconds under tag 1.
// AWS.md §3: SDK Go v2 speaks JSON 1.1, others CBOR.
func TestCBOR(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		state, _ := start(t, 1)
		h := kinesis.Handler(state)
		call := func(operation, body string) (int, http.Header, string) {
			raw, err := hex.DecodeString(strings.ReplaceAll(body, " ", ""))
			require.NoError(t, err)
			r := httptest.NewRequest("POST", "/", strings.NewReader(string(raw)))
			r.Header.Set("X-Amz-Target", "Kinesis_20131202."+operation)
			r.Header.Set("Content-Type", "application/x-amz-cbor-1.1")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			require.Equal(t, "application/x-amz-cbor-1.1", w.Header().Get("Content-Type"))
			return w.Code, w.Header(), hex.EncodeToString(w.Body.Bytes())
		}
		// {"StreamName": "s", "PartitionKey": "k", "Data": h'00ff'}
		status, _, body := call("PutRecord", "a3 6a53747265616d4e616d65 6173 6c506172746974696f6e4b6579 616b 6444617461 4200ff")
		require.Equal(t, 200, status, body)
		// {"StreamName": "s", "ShardId": "shardId-000000000000", "ShardIteratorType": "AT_TIMESTAMP", "Timestamp": 1(946684800000)}
		status, _, body = call("GetShardIterator", "a4 6a53747265616d4e616d65 6173 67536861726449 64 7473686172644964 2d303030303030303030303030"+
			" 715368617264497465726174 6f7254797065 6c41545f54494d455354414d50 6954696d657374616d70 c1 1b 000000dc6acfac00")
		require.Equal(t, 200, status, body)
		raw, err := hex.DecodeString(body)
		require.NoError(t, err)
		_, token, ok := strings.Cut(string(raw), "ShardIterator")
		require.True(t, ok)
		token = token[2:] // one byte of type, one of length
		// {"ShardIterator": token}
		status, _, body = call("GetRecords", "a1 6d53686172644974657261746f72"+hex.EncodeToString(append([]byte{0x78, byte(len(token))}, token...)))
		require.Equal(t, 200, status, body)
		require.Contains(t, body, hex.EncodeToString([]byte("Data"))+"4200ff", "data is a byte string")
		// 2000-01-01T00:00:00Z, where a bubble begins, in milliseconds.
		require.Contains(t, body, hex.EncodeToString([]byte("ApproximateArrivalTimestamp"))+"c11b000000dc6acfac00")

		status, header, body := call("PutRecord", "a2 6a53747265616d4e616d65 626e6f 6c506172746974696f6e4b6579 616b")
		require.Equal(t, 400, status)
		require.Equal(t, "ResourceNotFoundException", header.Get("X-Amzn-Errortype"))
		require.Contains(t, body, hex.EncodeToString([]byte("__type"))+"7819"+hex.EncodeToString([]byte("ResourceNotFoundException")))
		for name, body := range map[string]string{
			"nothing":        "ff",
			"not a map":      "01",
			"unknown member": "a1 66436f6c6f7572 63726564",
			"undefined":      "a1 6a53747265616d4e616d65 f7",
			"too deep":       strings.Repeat("81", 1000) + "01",
		} {
			status, _, _ := call("PutRecord", body)
			require.Equal(t, 400, status, name)
		}
	})
}

func FuzzCBOR(f *testing.F) {
	h := kinesis.Handler(kinesis.New(kinesis.Config{}))
	f.Add([]byte("\xa1\x6aStreamName\x61s"))
	f.Fuzz(func(t *testing.T, body []byte) {
		r := httptest.NewRequest("POST", "/", strings.NewReader(string(body)))
		r.Header.Set("X-Amz-Target", "Kinesis_20131202.PutRecords")
		r.Header.Set("Content-Type", "application/x-amz-cbor-1.1")
		h.ServeHTTP(httptest.NewRecorder(), r)
	})
}
