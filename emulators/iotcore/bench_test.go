package iotcore

import (
	"context"
	"runtime"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/mochi-mqtt/server/v2/packets"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
)

// BenchmarkPublish is the way of one QoS 1 message from a client over TLS in
// memory through a rule to a target that does nothing; 50 are under way at a time.
func BenchmarkPublish(b *testing.B) {
	core, err := New(Config{Endpoint: endpoint, Targets: action.Targets{Kinesis: &nowhere{}}})
	require.NoError(b, err)
	f := &fixture{t: b, core: core}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = core.Run(ctx) })
	l, err := f.network.Listen(endpoint)
	require.NoError(b, err)
	running.Go(func() { _ = core.Serve(ctx, l) })
	defer running.Wait()
	defer stop()

	f.rule("R", "devices/+/telemetry", toKinesis("s"))
	c := f.dial("a", f.thing("a", allowAll))
	payload := []byte(`{"deviceId":"a","timestamp":1700000000000,"data":{"temperature":21.5,"humidity":48.2,"pressure":1013.1,"battery_pct":88.1}}`)
	window := make(chan struct{}, 50)
	b.ReportAllocs()
	b.ResetTimer()
	var calls sync.WaitGroup
	for range b.N {
		window <- struct{}{}
		calls.Go(func() {
			defer func() { <-window }()
			c.call(packets.Packet{
				FixedHeader: packets.FixedHeader{Type: packets.Publish, Qos: 1}, TopicName: "devices/a/telemetry", Payload: payload,
			})
		})
	}
	calls.Wait()
	for !core.Idle() {
		runtime.Gosched()
	}
	b.StopTimer()
	_ = c.conn.Close()
	f.clients.Wait()
}

// nowhere takes records and forgets them.
type nowhere struct{}

func (*nowhere) PutRecord(context.Context, *kinesis.PutRecordInput, ...func(*kinesis.Options)) (*kinesis.PutRecordOutput, error) {
	return &kinesis.PutRecordOutput{}, nil
}
