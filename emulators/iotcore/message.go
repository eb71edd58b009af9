package iotcore

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/provisioning"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// offMQTT is clientid() of a message that did not come over MQTT.
const offMQTT = "n/a"

// message is a message on its way through rules and to subscribers. It is not
// changed after it was accepted.
type message struct {
	topic   string
	payload []byte
	qos     byte
	retain  bool

	properties *sql.Properties // of MQTT 5; nil is without
	expires    time.Time       // zero is never

	// only is the one client that may have the message, or empty: it is for no rule, no
	// shared subscription and no event's payload.
	only string

	mqtt      bool   // published over MQTT
	clientID  string // publisher, or offMQTT
	thing     string
	principal string
	sourceIP  string
	from      *peer // as log entries have it; nil of what IoT Core itself publishes
	trace     string
	at        time.Time // when the rules engine saw it

	// source and seq order the messages of one instant. source is the client that
	// the message is from or about, or empty.
	source string
	seq    uint64
	hops   int // republishes so far
}

func (m *message) event(kind EventKind) Event {
	e := Event{
		Kind: kind, ClientID: m.clientID, Thing: m.thing,
		Topic: m.topic, QoS: m.qos, Payload: m.payload, Trace: m.trace, from: m.from,
	}
	if m.secret() {
		e.Payload = nil
	}
	return e
}

// secret tells whether a private key or the token that owns a certificate may be in
// the message: no event has its payload. (No rule may select from such topics.)
func (m *message) secret() bool {
	return m.only != "" || isReserved(m.topic) && provisioning.IsRequest(m.topic)
}

// input makes the rule's view of the message.
func (m *message) input(account, rule string) *sql.Message {
	var n uint64
	return &sql.Message{
		Payload: m.payload, Topic: m.topic, ClientID: m.clientID, Principal: m.principal,
		SourceIP: m.sourceIP, TraceID: m.trace, Account: account, Time: m.at, MQTT: m.mqtt, Properties: m.properties,
		UUID: func() string {
			n++
			return deriveUUID(m.trace, rule, m.topic, n)
		},
	}
}

// deriveUUID makes a version 4 UUID out of its arguments, so that a run in
// virtual time that is repeated has the same ones.
func deriveUUID(parts ...any) string {
	h := sha256.New()
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			h.Write([]byte(p))
			h.Write([]byte{0})
		case uint64:
			h.Write(binary.BigEndian.AppendUint64(nil, p))
		}
	}
	b := h.Sum(nil)[:16]
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	x := hex.EncodeToString(b)
	return x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
}
