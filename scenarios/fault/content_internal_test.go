package fault

import (
	"hash/crc32"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCanonical(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{`{"x":{"a":1,"b":[2,{"d":0.10,"c":12345678901234567890}]}}`, `{ "x":{"b":[2,{"c":12345678901234567890,"d":0.10}],"a":1} }`},
		{
			"Action=Publish&M.entry.1.Name=a&M.entry.1.Value.StringValue=1&M.entry.2.Name=b&M.entry.2.Value.StringValue=2",
			"Action=Publish&M.entry.2.Name=a&M.entry.2.Value.StringValue=1&M.entry.1.Name=b&M.entry.1.Value.StringValue=2",
		},
		{"Action=Subscribe&A.entry.1.key=a&A.entry.1.value=1&A.entry.2.key=b&A.entry.2.value=2",
			"Action=Subscribe&A.entry.1.key=b&A.entry.1.value=2&A.entry.2.key=a&A.entry.2.value=1"},
		{"", "  "},
	} {
		require.Equal(t, string(canonical([]byte(c.a))), string(canonical([]byte(c.b))))
	}
	for _, same := range []string{`{"a":`, `[1] [2]`, "plain", "\x00\xff", "Action=%zz"} {
		require.Equal(t, same, string(canonical([]byte(same))))
	}
	require.Equal(t, `{"b":1,"a":1}]`, string(canonical([]byte(`{"b":1,"a":1}]`))), "not JSON: as it is")
	require.NotEqual(t, canonical([]byte(`{"a":1.0}`)), canonical([]byte(`{"a":1}`)))
	require.NotEqual(t, canonical([]byte("Action=P&M.entry.1.Name=a")), canonical([]byte("Action=P&M.entry.1.Name=b")))
}

// TestDynamoDBAnswersHaveTheirChecksum, errors and partial answers alike.
func TestDynamoDBAnswersHaveTheirChecksum(t *testing.T) {
	m := message{Request: httptest.NewRequest(http.MethodPost, "/", nil)}
	write, err := readWrites([]byte(`{"RequestItems":{"t":[{"DeleteRequest":{"Key":{"PK":{"S":"a"}}}},{"DeleteRequest":{"Key":{"PK":{"S":"b"}}}}]}}`))
	require.NoError(t, err)
	for _, answer := range []*http.Response{
		services["dynamodb"].format.refuse(m, services["dynamodb"].throttle),
		write.answer(m, &reply{200, []byte(`{"UnprocessedItems":{}}`)}, []bool{true, false}),
	} {
		body, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		require.Equal(t, strconv.FormatUint(uint64(crc32.ChecksumIEEE(body)), 10), answer.Header.Get("X-Amz-Crc32"))
		require.EqualValues(t, len(body), answer.ContentLength)
	}
}

// TestAttemptsAreBounded: what is tried again and again is never forgotten.
func TestAttemptsAreBounded(t *testing.T) {
	var tries attempts
	for n := range 3 * maxAttempts {
		tries.next(strconv.Itoa(n))
		if n%1000 == 0 {
			require.Equal(t, n/1000, tries.next("often"))
		}
	}
	require.LessOrEqual(t, len(tries.recent)+len(tries.before), 2*maxAttempts)
	require.Zero(t, tries.next("0"), "forgotten")
}

// TestOperationOf names what SDKs and others send.
func TestOperationOf(t *testing.T) {
	for _, c := range []struct{ service, method, path, want string }{
		{"s3", "GET", "/", "ListBuckets"},
		{"s3", "PUT", "/bucket", "CreateBucket"},
		{"s3", "HEAD", "/bucket/", "HeadBucket"},
		{"s3", "GET", "/bucket?list-type=2&prefix=a", "ListObjectsV2"},
		{"s3", "GET", "/bucket", "ListObjects"},
		{"s3", "POST", "/bucket?delete", "DeleteObjects"},
		{"s3", "PUT", "/bucket/a/b?x-id=PutObject", "PutObject"},
		{"s3", "PUT", "/bucket/a/b", "PutObject"},
		{"s3", "GET", "/bucket/a/b", "GetObject"},
		{"s3", "HEAD", "/bucket/a", "HeadObject"},
		{"s3", "DELETE", "/bucket/a", "DeleteObject"},
		{"s3", "PATCH", "/bucket/a", ""},
		{"iot-data", "POST", "/topics/devices%2Fa?qos=1", "Publish"},
		{"iot-data", "GET", "/things/a/shadow", "GetThingShadow"},
		{"iot-data", "GET", "/retainedMessage", ""},
		{"lambda", "POST", "/2015-03-31/functions/f/invocations", "Invoke"},
		{"lambda", "GET", "/2015-03-31/functions/f", ""},
		{"sns", "POST", "/?Action=ListTopics", "ListTopics"},
	} {
		require.Equal(t, c.want, operationOf(c.service, httptest.NewRequest(c.method, c.path, nil), nil), c)
	}
	r := httptest.NewRequest("PUT", "/bucket/b", nil)
	r.Header.Set("X-Amz-Copy-Source", "bucket/a")
	require.Equal(t, "CopyObject", operationOf("s3", r, nil))
}

// FuzzBatches: no body breaks the reading of a batch; cut, it can be read again,
// with the entries that were left.
func FuzzBatches(f *testing.F) {
	f.Add(`{"Records":[{"Data":"YQ=="},{"Data":"YQ=="}]}`, `{"Records":[{"ShardId":"s"}]}`)
	f.Add(`{"RequestItems":{"t":[{"PutRequest":{"Item":{}}}],"u":[{},{}]}}`, `{"UnprocessedItems":null}`)
	f.Add(`{"RequestItems":{"t":{"Keys":[{},{}],"ConsistentRead":true}}}`, `{"UnprocessedKeys":{"other":{"Keys":[{}]}}}`)
	f.Add(`{"Entries":[{"Id":"1"},7]}`, `{"Failed":[{}]}`)
	f.Add(`{"Entries":[{},{}],"RequestItems":{"t":[{},{}]}}`, "null")
	f.Add(`{"RequestItems":{"t":{"Keys":[{},{}]}}}`, "null")
	f.Add("Action=PublishBatch&PublishBatchRequestEntries.member.3.Id=a&PublishBatchRequestEntries.member.12.Id=b", "<x/>")
	f.Fuzz(func(t *testing.T, body, answer string) {
		m := message{httptest.NewRequest(http.MethodPost, "/", nil), []byte(body)}
		for what, read := range batches {
			b, err := read([]byte(body))
			if err != nil || len(b.keys()) == 0 {
				continue
			}
			failed := make([]bool, len(b.keys()))
			for i := range failed {
				failed[i] = i%2 == 0
			}
			rest, err := read(b.without(failed))
			require.NoError(t, err, what)
			require.Len(t, rest.keys(), len(pick(failed, failed, false)), what)
			_ = b.answer(m, &reply{200, []byte(answer)}, failed)
			_ = b.answer(m, &reply{419, []byte(answer)}, failed)
			for i := range failed {
				failed[i] = true
			}
			require.NotNil(t, b.answer(m, nil, failed), what)
		}
	})
}
