package iotcore

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
	"github.com/shakedown-iot/shakedown/sim/memnet"
)

const endpoint = "broker:8883"

// fixture is a running Core with a recorder of events and of what its targets got.
type fixture struct {
	t       testing.TB
	core    *Core
	network memnet.Network
	clients sync.WaitGroup
	targets *targets
	ctx     context.Context // until stop
	stop    context.CancelFunc
	unserve func() // ends the connections of the endpoint, and those to come
	running sync.WaitGroup

	mu     sync.Mutex
	events []event.Event
}

// inBubble runs a test of a running Core in virtual time.
func inBubble(t *testing.T, run func(f *fixture)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, Config{})
		defer f.close()
		run(f)
	})
}

func newFixture(t testing.TB, config Config) *fixture {
	f := &fixture{t: t, targets: &targets{}}
	config.Endpoint = endpoint
	config.Targets = action.Targets{Kinesis: f.targets, Lambda: f.targets, S3: f.targets, SNS: f.targets, Web: config.Targets.Web}
	config.Tap = f.hear
	core, err := New(config)
	require.NoError(t, err)
	f.core = core
	ctx, stop := context.WithCancel(context.Background())
	f.ctx, f.stop = ctx, stop
	f.running.Go(func() { require.NoError(t, core.Run(ctx)) })
	f.unserve = f.serve(endpoint)
	return f
}

// serve serves an address until stop, which waits, or until the Core ends.
func (f *fixture) serve(addr string) (stop func()) {
	l, err := f.network.Listen(addr)
	require.NoError(f.t, err)
	ctx, cancel := context.WithCancel(f.ctx)
	served := make(chan struct{})
	f.running.Go(func() {
		defer close(served)
		require.NoError(f.t, f.core.Serve(ctx, l))
	})
	return func() {
		cancel()
		<-served
	}
}

func (f *fixture) close() {
	f.stop()
	f.running.Wait()
	f.clients.Wait()
	require.True(f.t, f.core.Idle(), "the queue was drained")
	require.Zero(f.t, f.core.Connected())
}

func (f *fixture) hear(e event.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events = append(f.events, e)
}

// heard are the events of a kind.
func (f *fixture) heard(kind event.Kind) []event.Event {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []event.Event
	for _, e := range f.events {
		if e.Kind == kind {
			out = append(out, e)
		}
	}
	return out
}

// reasons are the Reasons of the events of a kind.
func (f *fixture) reasons(kind event.Kind) []string {
	var out []string
	for _, e := range f.heard(kind) {
		out = append(out, e.Reason)
	}
	return out
}

// allowAll lets a certificate do everything.
const allowAll = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}`

// thing makes a thing with a certificate and a policy of that document.
func (f *fixture) thing(name, document string) tls.Certificate {
	certPEM, keyPEM, arn, err := f.core.IssueCertificate(name)
	require.NoError(f.t, err)
	if document != "" {
		_, err = f.core.registry.CreatePolicy(context.Background(), &registry.CreatePolicyInput{PolicyName: name, PolicyDocument: document})
		require.NoError(f.t, err)
		_, err = f.core.registry.AttachPolicy(context.Background(), &registry.AttachPolicyInput{PolicyName: name, Target: arn})
		require.NoError(f.t, err)
	}
	cert, err := tls.X509KeyPair(certPEM, keyPEM)
	require.NoError(f.t, err)
	return cert
}

// rule creates a rule that selects everything from a topic filter.
func (f *fixture) rule(name, filter string, actions ...action.Action) {
	f.createRule(name, rule.Payload{SQL: "SELECT * FROM '" + filter + "'", Actions: actions})
}

func (f *fixture) createRule(name string, p rule.Payload) {
	p.AwsIotSQLVersion = sql.Version2016
	_, err := f.core.engine.Create(context.Background(), &rule.CreateInput{RuleName: name, Payload: p})
	require.NoError(f.t, err)
}

// detach takes the policy of that name from its certificates.
func (f *fixture) detach(name string) {
	things, err := f.core.registry.ListThingPrincipals(context.Background(), &registry.ListThingPrincipalsInput{ThingName: name})
	require.NoError(f.t, err)
	for _, arn := range things.Principals {
		_, err = f.core.registry.DetachPolicy(context.Background(), &registry.AttachPolicyInput{PolicyName: name, Target: arn})
		require.NoError(f.t, err)
	}
}

// httpPublish publishes through the data plane.
func (f *fixture) httpPublish(topic string, qos int, payload string) {
	r := httptest.NewRequest("POST", "/topics/"+url.PathEscape(topic)+"?qos="+strconv.Itoa(qos), strings.NewReader(payload))
	w := httptest.NewRecorder()
	f.core.Data().ServeHTTP(w, r)
	require.Equal(f.t, 200, w.Code, w.Body.String())
}

const role = "arn:aws:iam::000000000000:role/rules"

func toKinesis(stream string) action.Action {
	return action.Action{Kinesis: &action.Kinesis{StreamName: stream, PartitionKey: "${topic(2)}", RoleArn: role}}
}

// targets record what actions send, as "service target key payload".
type targets struct {
	mu    sync.Mutex
	calls []string
	fail  map[string]bool // by service
	gate  chan struct{}   // when set, calls wait for it
}

func (t *targets) take(service, target, key string, payload []byte) error {
	if t.gate != nil {
		<-t.gate
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.fail[service] {
		return errors.New(service + " is down")
	}
	t.calls = append(t.calls, fmt.Sprintf("%s %s %s %s", service, target, key, payload))
	return nil
}

func (t *targets) took() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]string(nil), t.calls...)
}

func (t *targets) PutRecord(_ context.Context, in *kinesis.PutRecordInput, _ ...func(*kinesis.Options)) (*kinesis.PutRecordOutput, error) {
	return &kinesis.PutRecordOutput{}, t.take("kinesis", *in.StreamName, *in.PartitionKey, in.Data)
}

func (t *targets) Invoke(_ context.Context, in *lambda.InvokeInput, _ ...func(*lambda.Options)) (*lambda.InvokeOutput, error) {
	return &lambda.InvokeOutput{}, t.take("lambda", *in.FunctionName, string(in.InvocationType), in.Payload)
}

func (t *targets) PutObject(_ context.Context, in *s3.PutObjectInput, _ ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	body, err := io.ReadAll(in.Body)
	if err != nil {
		return nil, err
	}
	return &s3.PutObjectOutput{}, t.take("s3", *in.Bucket, *in.Key, body)
}

func (t *targets) Publish(_ context.Context, in *sns.PublishInput, _ ...func(*sns.Options)) (*sns.PublishOutput, error) {
	return &sns.PublishOutput{MessageId: aws.String("m")}, t.take("sns", *in.TopicArn, aws.ToString(in.MessageStructure), []byte(*in.Message))
}
