package scenarios_test

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/sim/mqtt"
)

// Sizes of the benchmark: enough to keep both cores busy for seconds.
const (
	benchDevices  = 50
	benchMessages = 20_000
)

// BenchmarkEndToEnd measures messages a second on the real clock from PUBLISH to
// everything stored (archive, Timestream, DynamoDB), and in the same run the same
// broker, fleet and mTLS with no rules. The ratio is what the pipeline costs.
func BenchmarkEndToEnd(b *testing.B) {
	for b.Loop() {
		bare := throughput(b, false)
		whole := throughput(b, true)
		b.ReportMetric(whole, "msg/s-end-to-end")
		b.ReportMetric(bare, "msg/s-no-rules")
		b.ReportMetric(whole/bare, "ratio")
	}
}

// throughput publishes benchMessages from benchDevices as fast as QoS 1 allows
// and waits until the last is stored.
func throughput(b *testing.B, rules bool) float64 {
	ctx := context.Background()
	w, err := scenarios.NewWorld(ctx, scenarios.WorldOptions{})
	require.NoError(b, err)
	defer func() { require.NoError(b, w.Close()) }()
	if !rules {
		control := iot.NewFromConfig(w.AWS)
		list, err := control.ListTopicRules(ctx, &iot.ListTopicRulesInput{})
		require.NoError(b, err)
		for _, r := range list.Rules {
			_, err := control.DeleteTopicRule(ctx, &iot.DeleteTopicRuleInput{RuleName: r.RuleName})
			require.NoError(b, err)
		}
	}
	publishers := make([]*publisher, benchDevices)
	for i := range publishers {
		publishers[i] = connectPublisher(b, w, fmt.Sprintf("bench-%03d", i))
	}
	start := time.Now()
	var running sync.WaitGroup
	for _, p := range publishers {
		running.Go(func() { p.publish(b, benchMessages/benchDevices) })
	}
	running.Wait()
	if rules {
		require.NoError(b, w.Drain(ctx, 2*time.Minute))
	}
	took := time.Since(start)
	for _, p := range publishers {
		p.close()
	}
	if rules {
		require.Equal(b, benchMessages, w.Ledger.Count(ledger.Written), "everything is stored")
	}
	return benchMessages / took.Seconds()
}

// publisher is a device that sends as fast as its 100 unacknowledged messages allow.
type publisher struct {
	thing  string
	client *mqtt.Client
	acked  chan struct{}
	count  atomic.Int64
	cancel context.CancelFunc
	done   sync.WaitGroup
}

func connectPublisher(b *testing.B, w *scenarios.World, thing string) *publisher {
	ctx := context.Background()
	identity, err := w.AddThing(ctx, thing, nil)
	require.NoError(b, err)
	conn, err := w.Secure(ctx, identity, func(ctx context.Context) (net.Conn, error) { return w.Dial(ctx) })
	require.NoError(b, err)
	p := &publisher{thing: thing, acked: make(chan struct{}, 100)}
	p.client, err = mqtt.Connect(ctx, conn, mqtt.Options{ClientID: thing, CleanSession: true, OnAck: func(uint16) {
		p.count.Add(1)
		select {
		case p.acked <- struct{}{}:
		default:
		}
	}})
	require.NoError(b, err)
	running, cancel := context.WithCancel(ctx)
	p.cancel = cancel
	p.done.Go(func() { p.client.Run(running) })
	return p
}

func (p *publisher) publish(b *testing.B, n int) {
	at := time.Now().UnixMilli()
	for i := range n {
		for p.client.Inflight() >= 100 {
			<-p.acked
		}
		payload := fmt.Appendf(nil, `{"deviceId":%q,"timestamp":%d,"seq":%d,"data":{"temperature":21.5,"humidity":50.2,"pressure":1013.1,"battery_pct":87.5}}`, p.thing, at+int64(i), i+1)
		if _, err := p.client.Publish(mqtt.Message{Topic: "devices/" + p.thing + "/telemetry", Payload: payload, QoS: 1}); err != nil {
			b.Error(err)
			return
		}
	}
	for p.count.Load() < int64(n) {
		<-p.acked
	}
}

func (p *publisher) close() {
	p.client.Disconnect()
	p.cancel()
	p.done.Wait()
}
