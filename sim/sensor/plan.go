package sensor

import (
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"time"
)

// Plan is the sensors of devices that are alike: they share all but their seeds.
type Plan struct{ signals []planned }

// planned is one signal of a plan.
type planned struct {
	name   string
	stream uint64 // the metric's own of a device's seed
	curve  *curve
	other  int // the place of the one that it follows; -1 when it follows none
}

// maxSignals bounds a plan.
const maxSignals = 64

// NewPlan prepares sensors for a run that starts at start.
func NewPlan(specs map[string]Spec, start time.Time) (*Plan, error) {
	if len(specs) > maxSignals {
		return nil, fmt.Errorf("sensor suite: %d signals are more than %d", len(specs), maxSignals)
	}
	if err := acyclic(specs); err != nil {
		return nil, fmt.Errorf("sensor suite: %w", err)
	}
	names := slices.SortedFunc(maps.Keys(specs), inPayload)
	p := &Plan{}
	for _, name := range names {
		c, err := newCurve(specs[name], start)
		if err != nil {
			return nil, fmt.Errorf("signal %s: sensor model: %w", name, err)
		}
		other := -1
		if f := c.Follows; f != nil {
			other, c.otherBase = slices.Index(names, f.Metric), specs[f.Metric].Base
		}
		h := fnv.New64a()
		_, _ = h.Write([]byte(name))
		p.signals = append(p.signals, planned{name, h.Sum64(), c, other})
	}
	return p, nil
}

// Suite makes the sensors of one device.
func (p *Plan) Suite(seed uint64) Suite {
	s, formulas := make(Suite, len(p.signals)), make([]formula, len(p.signals))
	for i, one := range p.signals {
		formulas[i] = formula{curve: one.curve, seed: mix(seed) ^ one.stream}
		if one.other >= 0 {
			formulas[i].other = &formulas[one.other]
		}
		s[i] = Signal{one.name, &formulas[i]}
	}
	return s
}

// inPayload compares metrics by their places in the payload.
func inPayload(a, b string) int {
	if d := rank(a) - rank(b); d != 0 {
		return d
	}
	return strings.Compare(a, b)
}

func rank(name string) int {
	if i := slices.Index(order, name); i >= 0 {
		return i
	}
	return len(order)
}
