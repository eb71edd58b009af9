package device

import (
	"context"
	"net"

	"github.com/shakedown-iot/shakedown/sim/memnet"
	"github.com/shakedown-iot/shakedown/sim/mqtt"
)

// session is one connection, from the dial on. A goroutine of its own dials and
// connects; whoever finds something to read then reads. It tells the device's goroutine through news; the
// last news of a session is its end.
type session struct {
	cancel context.CancelFunc
	client *mqtt.Client // nil until it is up
	conn   net.Conn
}

// news is what a session tells.
type news struct {
	session *session
	client  *mqtt.Client // it is up
	conn    net.Conn
	acked   uint16
	command *mqtt.Message
	ended   bool
	err     error
}

// reset breaks the connection, which ends the session, or ends the dial.
func (s *session) reset() {
	if s.conn == nil {
		s.cancel()
		return
	}
	_ = memnet.Reset(s.conn) // an error means that it is broken already
}

// vanish ends the session as a power loss does.
func (s *session) vanish() {
	if s.conn == nil {
		s.cancel()
		return
	}
	vanish(s.conn)
}

// vanish ends a connection, possibly inside TLS, so that the other end hears
// nothing of it; one that cannot do that is reset.
func vanish(c net.Conn) {
	for inner := c; ; {
		switch one := inner.(type) {
		case interface{ Vanish() error }:
			_ = one.Vanish() // an error means that it has ended already
			return
		case interface{ NetConn() net.Conn }:
			inner = one.NetConn()
		default:
			_ = memnet.Reset(c)
			return
		}
	}
}

// open starts a session, which ends after the ended news was taken. The goroutine that
// dials and connects does not read: a handshake needs a large stack, which ends with it.
func (r *runner) open(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	s := &session{cancel: cancel}
	r.session = s
	end := func(err error) {
		r.inbox <- news{session: s, ended: true, err: err}
		cancel()
	}
	r.sessions.Go(func() {
		client, conn, err := r.connect(ctx, s)
		if err != nil {
			end(err)
			return
		}
		r.inbox <- news{session: s, client: client, conn: conn}
		r.sessions.Add(1)
		client.Start(ctx, func(err error) {
			end(err)
			r.sessions.Done()
		})
	})
}

func (r *runner) connect(ctx context.Context, s *session) (*mqtt.Client, net.Conn, error) {
	dialing, cancel := context.WithTimeout(ctx, r.config.Timeout)
	conn, err := r.config.Dial(dialing)
	cancel()
	if err != nil {
		return nil, nil, err
	}
	client, err := mqtt.Connect(ctx, conn, mqtt.Options{
		ClientID:      r.config.ClientID,
		KeepAlive:     r.config.KeepAlive,
		CleanSession:  true,
		Will:          &mqtt.Message{Topic: r.topics.status, Payload: will, QoS: 1},
		Subscriptions: []mqtt.Subscription{{Filter: r.topics.commands, QoS: 1}},
		Inflight:      maxInflight,
		Timeout:       r.config.Timeout,
		OnPublish:     func(m mqtt.Message) { r.inbox <- news{session: s, command: &m} },
		OnAck:         func(id uint16) { r.inbox <- news{session: s, acked: id} },
	})
	return client, conn, err
}
