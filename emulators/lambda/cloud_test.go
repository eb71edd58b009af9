package lambda_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda"
)

const (
	streamARN = "arn:aws:kinesis:us-east-1:000000000000:stream/readings"
	queueARN  = "arn:aws:sqs:us-east-1:000000000000:dead"
	roleARN   = "arn:aws:iam::000000000000:role/functions"
)

// memory is an HTTP client that calls a handler.
type memory struct{ http.Handler }

func (m memory) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	return w.Result(), nil
}

func sdk(s *lambda.State) *client.Client {
	return client.NewFromConfig(aws.Config{
		Region: "us-east-1", HTTPClient: memory{lambda.Handler(s)}, BaseEndpoint: aws.String("http://lambda.test"),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""), RetryMaxAttempts: 1,
	})
}

// handler makes a function a Handler.
type handler func(ctx context.Context, payload []byte) ([]byte, error)

func (h handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) { return h(ctx, payload) }

func create(t testing.TB, s *lambda.State, name string, h handler) {
	s.Bind(name, h)
	_, err := s.CreateFunction(t.Context(), &lambda.CreateFunctionInput{
		FunctionName: name, Role: roleARN, Runtime: "provided.al2023", Handler: "bootstrap", Code: &lambda.Code{ZipFile: []byte("zip")},
	})
	require.NoError(t, err)
}

func createInput(name string) *client.CreateFunctionInput {
	return &client.CreateFunctionInput{
		FunctionName: aws.String(name), Role: aws.String(roleARN), Runtime: types.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
		Code: &types.FunctionCode{ZipFile: []byte("zip")},
	}
}

// shards is a Streams of one stream, in memory.
type shards struct {
	mu      sync.Mutex
	records map[string][]lambda.Record
	changed chan struct{}
	next    int
}

func newShards(ids ...string) *shards {
	s := &shards{records: map[string][]lambda.Record{}, changed: make(chan struct{}), next: 100}
	for _, id := range ids {
		s.records[id] = nil
	}
	return s
}

func (s *shards) put(shard string, data ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, d := range data {
		s.next++
		key, _, _ := strings.Cut(d, ":")
		s.records[shard] = append(s.records[shard], lambda.Record{
			SequenceNumber: strconv.Itoa(s.next), PartitionKey: "key-" + key, Data: []byte(d), ApproximateArrivalTimestamp: time.Now(),
		})
	}
	close(s.changed)
	s.changed = make(chan struct{})
}

func (s *shards) ShardIDs(_ context.Context, arn string) ([]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if arn != streamARN {
		return nil, fmt.Errorf("stream %s is not there", arn)
	}
	var ids []string
	for _, id := range []string{"shard-0", "shard-1"} {
		if _, ok := s.records[id]; ok {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func (s *shards) Next(ctx context.Context, _, shard, after string, start lambda.Start, max int) ([]lambda.Record, error) {
	for {
		s.mu.Lock()
		var out []lambda.Record
		for _, r := range s.records[shard] {
			if after != "" && r.SequenceNumber <= after || after == "" && start.Position == lambda.AtTimestamp && r.ApproximateArrivalTimestamp.Before(start.At) {
				continue
			}
			if len(out) < max {
				out = append(out, r)
			}
		}
		changed := s.changed
		s.mu.Unlock()
		if len(out) > 0 {
			return out, nil
		}
		select {
		case <-changed:
			time.Sleep(time.Nanosecond)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// queue is a Queue that keeps what it is sent.
type queue struct {
	mu     sync.Mutex
	urls   []string
	bodies []string
	about  []string // attributes, in order
	fail   error
}

func (q *queue) SendMessage(_ context.Context, in *sqs.SendMessageInput, _ ...func(*sqs.Options)) (*sqs.SendMessageOutput, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.fail != nil {
		return nil, q.fail
	}
	q.urls, q.bodies = append(q.urls, *in.QueueUrl), append(q.bodies, *in.MessageBody)
	for _, name := range slices.Sorted(maps.Keys(in.MessageAttributes)) {
		a := in.MessageAttributes[name]
		q.about = append(q.about, name+" "+*a.DataType+" "+*a.StringValue)
	}
	return &sqs.SendMessageOutput{}, nil
}
