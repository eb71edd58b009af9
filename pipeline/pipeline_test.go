package pipeline_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/pipeline"
)

// calls answers AWS calls: with the status and body that answer chooses by
// operation, and remembers them.
type calls struct {
	made   []string
	answer func(operation, body string) (int, string)
}

func (c *calls) Do(r *http.Request) (*http.Response, error) {
	body := ""
	if r.Body != nil {
		b, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		body = string(b)
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if strings.Contains(body, "Action=Publish") {
		operation = "Publish"
	}
	c.made = append(c.made, operation)
	status, text := 200, "{}"
	if operation == "DescribeEndpoints" {
		text = `{"Endpoints":[{"Address":"cloud","CachePeriodInMinutes":1440}]}`
	} else if c.answer != nil {
		status, text = c.answer(operation, body)
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, Body: io.NopCloser(strings.NewReader(text)), Request: r}, nil
}

func functions(c *calls) map[string]func(context.Context, []byte) ([]byte, error) {
	handlers := map[string]func(context.Context, []byte) ([]byte, error){}
	cfg := aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://cloud"), HTTPClient: c, RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
	}
	for name, h := range pipeline.Functions(func(string) aws.Config { return cfg }, pipeline.Config{}) {
		handlers[name] = h.Invoke
	}
	return handlers
}

// batch is a Kinesis event of payloads, each in the rule's envelope, with the
// sequence numbers 1, 2, …
func batch(payloads ...string) []byte {
	var records []map[string]any
	for i, p := range payloads {
		envelope := fmt.Sprintf(`{"payload":%q,"thing":"s1","topic":"devices/s1/telemetry","received":1767225600012}`, base64.StdEncoding.EncodeToString([]byte(p)))
		records = append(records, map[string]any{
			"eventID": fmt.Sprint("shard:", i+1),
			"kinesis": map[string]any{"sequenceNumber": fmt.Sprint(i + 1), "partitionKey": "s1", "data": base64.StdEncoding.EncodeToString([]byte(envelope))},
		})
	}
	event, _ := json.Marshal(map[string]any{"Records": records})
	return event
}

func reading(ms int, temperature float64) string {
	return fmt.Sprintf(`{"deviceId":"s1","timestamp":%d,"data":{"temperature":%v}}`, 1767225600000+ms, temperature)
}

func failures(t *testing.T, answer []byte) []string {
	var response struct {
		BatchItemFailures []struct{ ItemIdentifier string }
	}
	require.NoError(t, json.Unmarshal(answer, &response))
	list := []string{}
	for _, f := range response.BatchItemFailures {
		list = append(list, f.ItemIdentifier)
	}
	return list
}

// A failure of each call at each step leaves nothing lost: the first record that
// was not stored comes again.
func TestAFailingCallMakesItsRecordComeAgain(t *testing.T) {
	good := []string{reading(0, 20), reading(1000, 55)}
	poison := []string{reading(0, 20), `{"deviceId":`, reading(1000, 21)}
	for _, c := range []struct {
		function, failing string
		payloads          []string
		want              []string
	}{
		{pipeline.StreamProcessor, "", good, []string{}},
		{pipeline.StreamProcessor, "WriteRecords", good, []string{"1"}},
		{pipeline.StreamProcessor, "UpdateItem", good, []string{"1"}},
		{pipeline.StreamProcessor, "", poison, []string{}},
		{pipeline.StreamProcessor, "SendMessage", poison, []string{"2"}},
		{pipeline.AlertHandler, "", good, []string{}},
		{pipeline.AlertHandler, "BatchGetItem", good, []string{"1"}},
		{pipeline.AlertHandler, "PutItem", good, []string{"2"}},
		{pipeline.AlertHandler, "WriteRecords", good, []string{"2"}},
		{pipeline.AlertHandler, "Publish", good, []string{"2"}},
		{pipeline.AlertHandler, "", poison, []string{}},
	} {
		t.Run(c.function+" "+c.failing, func(t *testing.T) {
			cloud := &calls{answer: func(operation, _ string) (int, string) {
				if c.failing != "" && operation == c.failing {
					return 500, `{"__type":"InternalServerError","message":"down"}`
				}
				if operation == "Publish" {
					return 200, `<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>`
				}
				return 200, `{}`
			}}
			answer, err := functions(cloud)[c.function](t.Context(), batch(c.payloads...))
			require.NoError(t, err)
			require.Equal(t, c.want, failures(t, answer), "calls: %v", cloud.made)
		})
	}
}

func TestRejectedPointsAreSetAsideWithAWSsReason(t *testing.T) {
	var letters []string
	cloud := &calls{answer: func(operation, body string) (int, string) {
		switch operation {
		case "WriteRecords":
			return 419, `{"__type":"RejectedRecordsException","Message":"rejected","RejectedRecords":[{"RecordIndex":1,"Reason":"outside the memory store"}]}`
		case "SendMessage":
			letters = append(letters, body)
		}
		return 200, `{}`
	}}
	answer, err := functions(cloud)[pipeline.StreamProcessor](t.Context(), batch(reading(0, 20), reading(1000, 21)))
	require.NoError(t, err)
	require.Empty(t, failures(t, answer))
	require.Len(t, letters, 1)
	require.Contains(t, letters[0], "outside the memory store")
	require.Contains(t, letters[0], "1767225601000")
}

func TestConfigIsChecked(t *testing.T) {
	require.NoError(t, pipeline.Config{}.WithDefaults().Validate())
	_, err := pipeline.FromEnvironment(func(name string) string { return map[string]string{"SILENCE": "soon"}[name] })
	require.ErrorContains(t, err, "SILENCE")
	want := pipeline.Config{
		Account: "123456789012", Database: "d", Telemetry: "t", Alerts: "a", Table: "x", AlertTopic: "topic", DeadLetters: "q", Silence: 3 * time.Minute,
	}.WithDefaults()
	environment := want.Environment()
	got, err := pipeline.FromEnvironment(func(name string) string { return environment[name] })
	require.NoError(t, err)
	require.Equal(t, environment, got.Environment())
	require.Equal(t, []any{want.Account, want.Table, want.DeadLetters, want.Silence}, []any{got.Account, got.Table, got.DeadLetters, got.Silence})
	c, err := pipeline.FromEnvironment(func(name string) string { return map[string]string{"DEVICE_TABLE": "things"}[name] })
	require.NoError(t, err)
	require.Equal(t, "things", c.Table)
}
