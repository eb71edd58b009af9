package scenarios

import (
	"sync/atomic"
	"time"

	"github.com/shakedown-iot/shakedown/scenarios/ledger"
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
	phase     atomic.Value // Phase
	elapsed   atomic.Int64
	connected atomic.Int64
	ledger    atomic.Pointer[ledger.Ledger]
	found     atomic.Int64
}

// Beat counts what the read-back finds: a sign of life while time stands still.
func (p *Progress) Beat() *atomic.Int64 { return &p.found }

// Snapshot is the progress at one moment.
type Snapshot struct {
	Phase                                     Phase
	Elapsed                                   time.Duration // in the run's own clock
	Connected, Sent, Acked, Archived, Written int
	Found                                     int // objects and points read back so far
}

// Snapshot reads the progress.
func (p *Progress) Snapshot() Snapshot {
	s := Snapshot{Phase: Deploying, Elapsed: time.Duration(p.elapsed.Load()), Connected: int(p.connected.Load())}
	s.Found = int(p.found.Load())
	if phase, ok := p.phase.Load().(Phase); ok {
		s.Phase = phase
	}
	if l := p.ledger.Load(); l != nil {
		s.Sent, s.Acked = l.Count(ledger.Sent), l.Count(ledger.Acked)
		s.Archived, s.Written = l.Count(ledger.Archived), l.Count(ledger.Written)
	}
	return s
}
