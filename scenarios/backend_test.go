package scenarios_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

const onEndpoint = `
name: on-endpoint
duration: 900ms
drain: 20s
pipeline: {silence: 5s, sweep: 1s}
fleet: [{name: s, count: 3, interval: 300ms}]
`

// runOn runs the scenario on the stores of a cloud behind a socket; between stands
// between the socket and the cloud.
func runOn(t *testing.T, between func(http.Handler) http.Handler) (*scenarios.Outcome, *emulators.Cloud) {
	stores, err := emulators.New(emulators.Config{})
	require.NoError(t, err)
	server := httptest.NewServer(between(stores))
	t.Cleanup(server.Close)
	scenario := parse(t, onEndpoint)
	outcome, err := scenarios.Run(t.Context(), scenarios.RunOptions{Scenario: scenario, Backend: scenarios.Backend{Endpoint: server.URL}})
	require.NoError(t, err)
	return outcome, stores
}

// requireAll requires one fate of all messages in a sink.
func requireAll(t *testing.T, r *reports.Result, sink ledger.Sink, fate ledger.Fate) {
	t.Helper()
	for _, s := range r.Sinks {
		if s.Name == sink.String() {
			require.Greater(t, s.Expected, 5)
			require.Equal(t, map[string]int{string(fate): s.Expected}, s.Fates, s.Name)
			return
		}
	}
	require.FailNow(t, "no sink "+sink.String())
}

func TestARunOnAnEndpointIsProvedAndLeavesNothing(t *testing.T) {
	t.Parallel()
	outcome, stores := runOn(t, func(h http.Handler) http.Handler { return h })
	require.True(t, outcome.Result.Passed(), "%v", outcome.Result.Failures)
	requireAll(t, outcome.Result, ledger.Archive, ledger.Stored)
	requireAll(t, outcome.Result, ledger.TimeSeries, ledger.Stored)
	ctx, cfg := t.Context(), stores.AWSConfig()
	streams, err := kinesis.NewFromConfig(cfg).ListStreams(ctx, &kinesis.ListStreamsInput{})
	require.NoError(t, err)
	require.Empty(t, streams.StreamNames)
	tables, err := dynamodb.NewFromConfig(cfg).ListTables(ctx, &dynamodb.ListTablesInput{})
	require.NoError(t, err)
	require.Empty(t, tables.TableNames)
	buckets, err := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true }).ListBuckets(ctx, &s3.ListBucketsInput{})
	require.NoError(t, err)
	require.Empty(t, buckets.Buckets)
	topics, err := sns.NewFromConfig(cfg).ListTopics(ctx, &sns.ListTopicsInput{})
	require.NoError(t, err)
	require.Empty(t, topics.Topics)
	queues, err := sqs.NewFromConfig(cfg).ListQueues(ctx, &sqs.ListQueuesInput{})
	require.NoError(t, err)
	require.Empty(t, queues.QueueUrls)
}

// isList tells the read-back of the archive.
func isList(r *http.Request) bool {
	return r.Method == http.MethodGet && r.URL.Query().Has("list-type")
}

func TestWhatAnEndpointRefusesToShowIsUnobservedAndFailsTheRun(t *testing.T) {
	t.Parallel()
	outcome, _ := runOn(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if isList(r) {
				w.WriteHeader(http.StatusForbidden)
				io.WriteString(w, `<Error><Code>AccessDenied</Code><Message>not yours</Message></Error>`)
				return
			}
			h.ServeHTTP(w, r)
		})
	})
	requireAll(t, outcome.Result, ledger.Archive, ledger.Unobserved)
	requireAll(t, outcome.Result, ledger.TimeSeries, ledger.Stored)
	require.False(t, outcome.Result.Passed())
	failures := strings.Join(outcome.Result.Failures, "\n")
	require.Contains(t, failures, "evidence: read back archive")
	require.Contains(t, failures, "left behind on http://127.0.0.1")
}

func TestETagsThatProveNothingAreNoEvidence(t *testing.T) {
	t.Parallel()
	outcome, _ := runOn(t, func(h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if !isList(r) {
				h.ServeHTTP(w, r)
				return
			}
			recorded := httptest.NewRecorder()
			h.ServeHTTP(recorded, r)
			body := regexp.MustCompile(`<ETag>[^<]*</ETag>`).ReplaceAll(recorded.Body.Bytes(), []byte(`<ETag>"sealed-with-kms"</ETag>`))
			w.WriteHeader(recorded.Code)
			io.Copy(w, bytes.NewReader(body))
		})
	})
	requireAll(t, outcome.Result, ledger.Archive, ledger.Unobserved)
	require.True(t, outcome.Result.Passed(), "%v", outcome.Result.Failures)
	require.Contains(t, strings.Join(outcome.Result.Findings, "\n"), "unobserved: archive: ")
}

func TestVirtualTimeStaysAtHome(t *testing.T) {
	scenario := parse(t, strings.Replace(onEndpoint, "name: on-endpoint", "clock: virtual", 1))
	_, err := scenarios.Run(t.Context(), scenarios.RunOptions{Scenario: scenario, Backend: scenarios.Backend{Endpoint: "http://127.0.0.1:1"}})
	require.ErrorIs(t, err, scenarios.ErrVirtualBackend)
}
