package scenarios

import (
	"sync/atomic"
	"time"

	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/traffic"
)

// Phase is what a run is doing.
type Phase string

// The phases of a run, in order.
const (
	Deploying Phase = "deploying"
	Running   Phase = "running"
	Draining  Phase = "draining"
	Auditing  Phase = "auditing"
)

// Progress shows a run from outside, also from outside its bubble: it is made
// of atomics. The zero value is ready.
type Progress struct {
	phase       atomic.Value // Phase
	elapsed     atomic.Int64
	signed      atomic.Int64
	provisioned atomic.Int64
	connected   atomic.Int64
	ledger      atomic.Pointer[ledger.Ledger]
	traffic     traffic.Traffic
	found       atomic.Int64
}

// Beat counts what the run has done: a sign of life while time stands still, as it
// does when very many things are provisioned, connect or are read back. It has an
// end: of things, and of the messages that devices may send at one instant.
func (p *Progress) Beat() int64 {
	s := p.Snapshot()
	return int64(s.Signed + s.Provisioned + s.Found + s.Sent + s.Acked + s.Archived + s.Streamed + s.Written + s.StateSet + s.Alerted)
}

// Snapshot is the progress at one moment.
type Snapshot struct {
	Phase       Phase
	Elapsed     time.Duration // in the run's own clock
	Signed      int           // certificates made by this run
	Provisioned int           // things with their certificates
	Connected   int
	// Messages that have reached a stage.
	Sampled, Sent, Acked, Archived, Streamed, Written, StateSet, Alerted int
	// GivenUp by their device, Refused by the broker.
	GivenUp, Refused int
	// Delays from the sample to the stage.
	AckDelays, ArchiveDelays, WriteDelays ledger.Delays
	Traffic                               traffic.Snapshot
	Found                                 int // objects and points read back so far
}

// Snapshot reads the progress.
func (p *Progress) Snapshot() Snapshot {
	s := Snapshot{
		Phase: Deploying, Elapsed: time.Duration(p.elapsed.Load()),
		Signed: int(p.signed.Load()), Provisioned: int(p.provisioned.Load()), Connected: int(p.connected.Load()), Found: int(p.found.Load()),
	}
	if phase, ok := p.phase.Load().(Phase); ok {
		s.Phase = phase
	}
	s.Traffic = p.traffic.Snapshot()
	if l := p.ledger.Load(); l != nil {
		s.read(l)
	}
	return s
}

// read takes the ledger's counts, the last stages first: no message seems to be
// stored before it was sent.
func (s *Snapshot) read(l *ledger.Ledger) {
	s.Alerted, s.StateSet, s.Written = l.Count(ledger.Alerted), l.Count(ledger.StateSet), l.Count(ledger.Written)
	s.Acked, s.Streamed, s.Archived = l.Count(ledger.Acked), l.Count(ledger.Streamed), l.Count(ledger.Archived)
	s.Sent, s.Sampled = l.Count(ledger.Sent), l.Count(ledger.Sampled)
	s.GivenUp, s.Refused = l.Troubles()
	s.AckDelays, s.ArchiveDelays, s.WriteDelays = l.Delays(ledger.Acked), l.Delays(ledger.Archived), l.Delays(ledger.Written)
}
