package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/sim/mqtt"
)

// flatOut is the rate of publishers that wait for nothing but PUBACKs.
const flatOut = 0

// inflight is how many messages a publisher sends ahead of their PUBACKs: AWS IoT
// takes 100 of a connection.
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits
const inflight = 100

// send lets all publishers send, at a rate together, and counts what they sent
// until the last PUBACK.
func (o Options) send(ctx context.Context, w *scenarios.World, rate float64) (sent int, took time.Duration, err error) {
	publishers := make([]*publisher, o.Publishers)
	for i := range publishers {
		if publishers[i], err = connect(ctx, w, fmt.Sprintf("bench-%03d", i)); err != nil {
			return 0, 0, err
		}
		defer publishers[i].close()
	}
	every := time.Duration(0)
	if rate != flatOut {
		every = time.Duration(float64(o.Publishers) / rate * float64(time.Second))
	}
	began := time.Now()
	ctx, cancel := context.WithTimeout(ctx, o.For+drainTime)
	defer cancel()
	sending, ctx := errgroup.WithContext(ctx)
	for i, p := range publishers {
		sending.Go(func() error {
			if every == 0 {
				return p.flatOut(ctx, began.Add(o.For))
			}
			return p.paced(ctx, w.Ledger, began.Add(every*time.Duration(i)/time.Duration(o.Publishers)), every, began.Add(o.For))
		})
	}
	if err := sending.Wait(); err != nil {
		return 0, 0, err
	}
	for _, p := range publishers {
		sent += int(p.seq)
	}
	return sent, time.Since(began), nil
}

// publisher is a device that does nothing but send.
type publisher struct {
	thing  string
	client *mqtt.Client
	start  time.Time
	seq    uint64
	acked  atomic.Uint64
	acks   chan struct{} // holds one when there is room again
	cancel context.CancelFunc
	done   sync.WaitGroup
}

func connect(ctx context.Context, w *scenarios.World, thing string) (*publisher, error) {
	identity, err := w.AddThing(ctx, thing, nil)
	if err != nil {
		return nil, err
	}
	conn, err := w.Secure(ctx, identity, func(ctx context.Context) (net.Conn, error) { return w.Dial(ctx) })
	if err != nil {
		return nil, err
	}
	p := &publisher{thing: thing, start: time.Now(), acks: make(chan struct{}, 1)}
	p.client, err = mqtt.Connect(ctx, conn, mqtt.Options{ClientID: thing, CleanSession: true, OnAck: func(uint16) {
		p.acked.Add(1)
		select {
		case p.acks <- struct{}{}:
		default:
		}
	}})
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	p.cancel = cancel
	p.done.Go(func() { p.client.Run(running) })
	return p, nil
}

func (p *publisher) close() {
	p.client.Disconnect()
	p.cancel()
	p.done.Wait()
}

// flatOut sends as fast as PUBACKs allow, until a time.
func (p *publisher) flatOut(ctx context.Context, until time.Time) error {
	for time.Now().Before(until) {
		if err := p.wait(ctx, inflight-1); err != nil {
			return err
		}
		if err := p.publish(); err != nil {
			return err
		}
	}
	return p.wait(ctx, 0)
}

// paced sends on a schedule, which waits for nobody. Who is late counts from the
// instant that was meant.
func (p *publisher) paced(ctx context.Context, l *ledger.Ledger, first time.Time, every time.Duration, until time.Time) error {
	for at := first; at.Before(until); at = at.Add(every) {
		time.Sleep(time.Until(at))
		if err := p.wait(ctx, inflight-1); err != nil {
			return err
		}
		p.seq++
		payload := p.payload()
		l.Sample(ledger.ID{Thing: p.thing, Seq: p.seq}, p.topic(), payload, at)
		if _, err := p.client.Publish(mqtt.Message{Topic: p.topic(), Payload: payload, QoS: 1}); err != nil {
			return err
		}
	}
	return p.wait(ctx, 0)
}

func (p *publisher) publish() error {
	p.seq++
	_, err := p.client.Publish(mqtt.Message{Topic: p.topic(), Payload: p.payload(), QoS: 1})
	return err
}

// wait waits until no more than so many messages are without a PUBACK.
func (p *publisher) wait(ctx context.Context, most uint64) error {
	for p.seq-p.acked.Load() > most {
		select {
		case <-p.acks:
		case <-ctx.Done():
			return fmt.Errorf("%s has no PUBACK for %d messages: %w", p.thing, p.seq-p.acked.Load(), context.Cause(ctx))
		}
	}
	return nil
}

func (p *publisher) topic() string { return "devices/" + p.thing + "/telemetry" }

// payload is a reading with a timestamp of its own.
func (p *publisher) payload() []byte {
	return fmt.Appendf(nil, `{"deviceId":%q,"timestamp":%d,"seq":%d,"data":{"temperature":21.5,"humidity":50.2,"pressure":1013.1,"battery_pct":87.5}}`,
		p.thing, p.start.UnixMilli()+int64(p.seq), p.seq)
}
