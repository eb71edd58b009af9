package explore_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/pipeline"
	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/explore"
)

// swallowed is a handler that checkpoints past what it could not do: it drops the
// names of the records that must come again.
type swallowed struct{ lambda.Handler }

func (s swallowed) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	if _, err := s.Handler.Invoke(ctx, payload); err != nil {
		return nil, err
	}
	return []byte(`{"batchItemFailures":[]}`), nil
}

// caller does something to calls of one kind.
type caller struct {
	next scenarios.HTTPClient
	is   func(r *http.Request, body string) bool
	do   func(next scenarios.HTTPClient, r *http.Request, body string) (*http.Response, error)
}

func (c caller) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		return c.next.Do(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r = with(r, string(body))
	if c.is(r, string(body)) {
		return c.do(c.next, r, string(body))
	}
	return c.next.Do(r)
}

func with(r *http.Request, body string) *http.Request {
	r = r.Clone(r.Context())
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader([]byte(body))), int64(len(body))
	return r
}

// planted are three bugs that a pipeline like ours may well have.
var planted = []struct {
	name    string
	subject explore.Subject
	promise explore.Promise
	sink    string
}{
	{"checkpoint past a failed record", explore.Subject{WrapFunction: func(name string, h lambda.Handler) lambda.Handler {
		if name == pipeline.StreamProcessor {
			return swallowed{h}
		}
		return h
	}}, explore.NotLost, "time series"},

	{"state without a condition", explore.Subject{Wrap: func(next scenarios.HTTPClient) scenarios.HTTPClient {
		return caller{next, func(r *http.Request, body string) bool {
			return r.Header.Get("X-Amz-Target") == "DynamoDB_20120810.UpdateItem" && strings.Contains(body, `"STATE"`) && strings.Contains(body, ":timestamp")
		}, func(next scenarios.HTTPClient, r *http.Request, body string) (*http.Response, error) {
			var call map[string]any
			if err := json.Unmarshal([]byte(body), &call); err != nil {
				return nil, err
			}
			delete(call, "ConditionExpression")
			plain, err := json.Marshal(call)
			if err != nil {
				return nil, err
			}
			return next.Do(with(r, string(plain)))
		}}
	}}, explore.Forward, ""},

	{"an alert twice", explore.Subject{Wrap: func(next scenarios.HTTPClient) scenarios.HTTPClient {
		return caller{next, func(_ *http.Request, body string) bool {
			return strings.Contains(body, "Action=Publish") && strings.Contains(body, "iot-alerts")
		}, func(next scenarios.HTTPClient, r *http.Request, body string) (*http.Response, error) {
			if answer, err := next.Do(with(r, body)); err != nil || answer.StatusCode != http.StatusOK {
				return answer, err
			}
			return next.Do(with(r, body))
		}}
	}}, explore.Once, ""},
}

// seedsToFind bounds the seeds within which a planted bug must show.
const seedsToFind = 150

func TestPlantedBugsAreFoundAndShrunk(t *testing.T) {
	for _, bug := range planted {
		t.Run(bug.name, func(t *testing.T) {
			if testing.Short() && bug.promise != explore.Once {
				t.Skip("one search is enough with -short: this one takes many seeds")
			}
			report := search(bug.subject, bug.promise)
			require.NotEmpty(t, report.Finds, "not found within %d seeds", report.Seeds)
			find := report.Finds[len(report.Finds)-1]
			t.Logf("seed %d of %d, %d runs: %s", find.Seed, report.Seeds, find.Runs, find.Failure)
			require.Equal(t, bug.promise, find.Failure.Promise)
			require.LessOrEqual(t, len(find.Scenario.Faults), 3)
			folder := t.TempDir()
			files, err := find.Write(folder, "test")
			require.NoError(t, err)
			again, err := scenarios.Load(files[0])
			require.NoError(t, err)
			trial := bug.subject.Try(again, nil)
			require.Contains(t, trial.Failures, find.Failure)
			require.Empty(t, explore.Subject{}.Try(again, nil).Failures, "without the bug it passes")
		})
	}
}

// search ends with the first find that breaks the promise.
func search(subject explore.Subject, p explore.Promise) explore.Report {
	var found atomic.Bool
	return explore.Run(explore.Options{
		Subject: subject, From: 1, Seeds: seedsToFind, Workers: 1, Interrupted: found.Load,
		Found: func(f *explore.Find) { found.Store(found.Load() || f.Failure.Promise == p) },
	})
}
