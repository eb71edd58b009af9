package iam

import (
	"sync"
	"sync/atomic"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// maxDecisions bounds what is remembered, and maxRemembered the length of each resource in
// bytes: of no ARN that names one.
const (
	maxDecisions  = 4096
	maxRemembered = 2048
)

// decisions remembers what was decided since roles and policies last changed.
type decisions struct {
	generation atomic.Uint64 // counts the changes

	mu   sync.RWMutex
	of   uint64 // the generation that made is of
	made map[policy.Use]error
}

// forget ends the validity of all decisions; the caller holds the lock of the State.
func (d *decisions) forget() { d.generation.Add(1) }

func (d *decisions) find(u policy.Use) (decided error, ok bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if d.of != d.generation.Load() {
		return nil, false
	}
	decided, ok = d.made[u]
	return decided, ok
}

// keep remembers a decision of a generation.
func (d *decisions) keep(u policy.Use, decided error, generation uint64) {
	if len(u.Role)+len(u.Resource) > maxRemembered {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.made == nil || d.of != generation || len(d.made) >= maxDecisions {
		d.made, d.of = map[policy.Use]error{}, generation
	}
	d.made[u] = decided
}
