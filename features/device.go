package features

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/sim/fault"
	"github.com/shakedown-iot/shakedown/sim/mqtt"
)

// patience bounds a wait for the broker.
const patience = 30 * time.Second

// device is an MQTT client with a certificate that steps drive by hand.
type device struct {
	identity *scenarios.Identity
	link     *fault.Link
	client   *mqtt.Client
	cancel   context.CancelFunc
	ended    chan struct{}

	mu       sync.Mutex
	acked    map[uint16]bool
	received []mqtt.Message
	changed  chan struct{} // replaced at each change
}

// dialDevice connects with a client id; identity nil is no certificate.
func dialDevice(ctx context.Context, world *scenarios.World, identity *scenarios.Identity, clientID string) (*device, error) {
	d := &device{
		identity: identity, link: &fault.Link{}, ended: make(chan struct{}),
		acked: map[uint16]bool{}, changed: make(chan struct{}),
	}
	conn, err := world.Secure(ctx, identity, func(ctx context.Context) (net.Conn, error) { return d.link.Dial(ctx, world.Dial) })
	if err != nil {
		return nil, err
	}
	options := mqtt.Options{ClientID: clientID, KeepAlive: time.Minute, CleanSession: true, OnAck: d.onAck, OnPublish: d.onPublish}
	if identity != nil {
		options.Will = &mqtt.Message{Topic: "devices/" + identity.Thing + "/status", Payload: []byte(`{"status":"offline"}`), QoS: 1}
	}
	d.client, err = mqtt.Connect(ctx, conn, options)
	if err != nil {
		conn.Close()
		return nil, err
	}
	running, cancel := context.WithCancel(context.Background())
	d.cancel = cancel
	go func() {
		defer close(d.ended)
		d.client.Run(running)
	}()
	return d, nil
}

func (d *device) onAck(id uint16) { d.change(func() { d.acked[id] = true }) }

func (d *device) onPublish(m mqtt.Message) {
	d.change(func() { d.received = append(d.received, m) })
}

func (d *device) change(f func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f()
	close(d.changed)
	d.changed = make(chan struct{})
}

// wait waits until what is true, or the connection ends.
func (d *device) wait(what string, ok func() bool) error {
	deadline := time.After(patience)
	for {
		d.mu.Lock()
		done, changed := ok(), d.changed
		d.mu.Unlock()
		if done {
			return nil
		}
		select {
		case <-changed:
		case <-d.ended:
			return fmt.Errorf("%s: the connection ended", what)
		case <-deadline:
			return fmt.Errorf("%s: nothing after %s", what, patience)
		}
	}
}

// publish sends at QoS 1 and waits for the PUBACK.
func (d *device) publish(topic string, payload []byte) error {
	id, err := d.client.Publish(mqtt.Message{Topic: topic, Payload: payload, QoS: 1})
	if err != nil {
		return err
	}
	return d.wait("publish to "+topic, func() bool { return d.acked[id] })
}

func (d *device) subscribe(ctx context.Context, filter string) error {
	_, err := d.client.Subscribe(ctx, mqtt.Subscription{Filter: filter, QoS: 1})
	return err
}

// commands are the actions of the commands received so far.
func (d *device) commands() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var actions []string
	for _, m := range d.received {
		var command struct{ Action string }
		if json.Unmarshal(m.Payload, &command) == nil {
			actions = append(actions, command.Action)
		}
	}
	return actions
}

// isEnded waits for the end of the connection.
func (d *device) isEnded() error {
	select {
	case <-d.ended:
		return nil
	case <-time.After(patience):
		return errors.New("the connection still stands")
	}
}

// close ends the connection; a thing that never connected has none.
func (d *device) close() {
	if d.client == nil {
		return
	}
	d.client.Disconnect()
	d.cancel()
	d.client.Close()
	<-d.ended
}
