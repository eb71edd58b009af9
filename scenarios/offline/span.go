package offline

import (
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/sim/fault"
)

// span is a stretch of a thing's life in one state; it ends where the next begins.
type span struct {
	from  int64 // Unix ns
	state state
	cause string // a kind of fault, or words; empty when up
}

// state is what a device was.
type state uint8

const (
	// up: it has a connection, and nothing lies on it.
	up state = iota
	// reconnecting: it works and is on its way back, as all are after the broker's
	// restart. To call it offline is a false alarm.
	reconnecting
	// out: it is powered off, cut off, half-open, or has no good certificate.
	out
)

// outs are the kinds of faults that take a device out, the worst first: that one
// is the cause.
var outs = []fault.Kind{fault.PowerLoss, fault.CertificateRevoked, fault.CertificateExpired, fault.Partition, fault.HalfOpen, fault.ConnectionReset}

// disturbs are those after which a device without a connection is reconnecting.
var disturbs = []fault.Kind{fault.BrokerRestart, fault.DuplicateClient, fault.Drop, fault.Latency, fault.Bandwidth}

// Causes that are no fault's.
const (
	rebooted = "reboot"
	lostLink = "lost connection"
	churned  = "left"
)

// lingers is how long after a fault's end a lost connection is still its doing.
const lingers = 2 * time.Minute

// fold is a thing's condition while its events are gone through.
type fold struct {
	faults    []fault.Fault
	active    []int32
	seen      bool // connected once
	connected bool
	dead      bool  // the connection is half-open for good
	away      bool  // it has left for a while
	ended     int32 // the last fault that ended, or began for an instant
	endedAt   int64
	cause     string
	spans     []span
}

// spansOf makes spans of events, which are in order.
func spansOf(events []event, faults []fault.Fault, end int64) []span {
	f := fold{faults: faults, ended: -1}
	for _, e := range events {
		if e.at > end {
			break
		}
		f.take(e)
		if f.seen {
			f.note(e.at)
		}
	}
	return f.spans
}

func (f *fold) take(e event) {
	switch e.what {
	case faultBegan:
		f.active = append(f.active, e.fault)
		switch f.faults[e.fault].Kind {
		case fault.HalfOpen:
			f.dead = f.connected
		case fault.PowerLoss:
			f.connected, f.dead = false, false
		case fault.ConnectStorm: // an instant, whatever its length
			f.ended, f.endedAt = e.fault, e.at
		}
	case faultEnded:
		f.active = slices.DeleteFunc(f.active, func(i int32) bool { return i == e.fault })
		f.ended, f.endedAt = e.fault, e.at
	case deviceLeft:
		f.away = true
	case connectionMade:
		f.seen, f.connected, f.dead, f.away = true, true, false, false
	case connectionLost:
		if !f.dead {
			f.cause = f.causeOfLoss(e)
		}
		f.connected, f.dead = false, false
	}
}

// causeOfLoss says why a connection went.
func (f *fold) causeOfLoss(e event) string {
	if k, ok := f.worst(outs); ok {
		return string(k)
	}
	if e.clean {
		return rebooted
	}
	if k, ok := f.worst(disturbs); ok {
		return string(k)
	}
	if f.ended >= 0 && e.at-f.endedAt <= int64(lingers) {
		return string(f.faults[f.ended].Kind)
	}
	return lostLink
}

// worst is the first of the kinds that is active.
func (f *fold) worst(kinds []fault.Kind) (fault.Kind, bool) {
	for _, k := range kinds {
		for _, i := range f.active {
			if f.faults[i].Kind == k {
				return k, true
			}
		}
	}
	return "", false
}

// note begins a span where the state has changed.
func (f *fold) note(at int64) {
	s := span{from: at}
	kind, isOut := f.worst(outs)
	switch {
	case isOut:
		s.state, s.cause = out, string(kind)
		f.cause = s.cause
	case f.away:
		s.state, s.cause = out, churned
		f.cause = s.cause
	case f.dead:
		s.state, s.cause = out, string(fault.HalfOpen)
		f.cause = s.cause
	case !f.connected:
		s.state, s.cause = reconnecting, f.cause
	}
	if n := len(f.spans); n > 0 {
		last := f.spans[n-1]
		if last.state == s.state && last.cause == s.cause {
			return
		}
		if last.from == at { // of no length
			f.spans = f.spans[:n-1]
			f.note(at)
			return
		}
	}
	f.spans = append(f.spans, s)
}
