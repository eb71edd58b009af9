package cost

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime/pprof"
	"time"

	"github.com/google/pprof/profile"

	"github.com/shakedown-iot/shakedown/reports"
)

// Meter measures a run. There is one CPU profile of a process at a time.
type Meter struct {
	cpu, live bytes.Buffer
	before    map[Part]int64 // allocated
	err       error          // of Rest
}

// Start begins to measure. The CPU profile is written to file, too, if it is not nil.
func Start(file io.Writer) (*Meter, error) {
	m := &Meter{}
	before, err := memory("allocs")
	if err != nil {
		return nil, err
	}
	m.before = split(before, "alloc_space")
	var to io.Writer = &m.cpu
	if file != nil {
		to = io.MultiWriter(to, file)
	}
	if err := pprof.StartCPUProfile(to); err != nil {
		return nil, fmt.Errorf("cpu profile: %w", err)
	}
	return m, nil
}

// Rest looks at the memory in use: call it when the fleet is done and all is stored.
func (m *Meter) Rest() {
	m.live.Reset()
	m.err = pprof.Lookup("heap").WriteTo(&m.live, 0)
}

// Stop ends the measurement and answers what each part cost.
func (m *Meter) Stop() ([]reports.Cost, error) {
	pprof.StopCPUProfile()
	cpu, err := profile.ParseData(m.cpu.Bytes())
	if err != nil {
		return nil, errors.Join(m.err, fmt.Errorf("cpu profile: %w", err))
	}
	after, err := memory("allocs")
	if err != nil {
		return nil, err
	}
	live := &profile.Profile{}
	if m.live.Len() > 0 {
		if live, err = profile.ParseData(m.live.Bytes()); err != nil {
			return nil, fmt.Errorf("heap profile: %w", err)
		}
	}
	times, allocated, inUse := split(cpu, "cpu"), split(after, "alloc_space"), split(live, "inuse_space")
	var costs []reports.Cost
	for _, part := range Parts() {
		costs = append(costs, reports.Cost{
			Part: string(part), CPU: time.Duration(times[part]), Allocated: allocated[part] - m.before[part], Live: inUse[part],
		})
	}
	return costs, m.err
}

// Close ends the measurement where nobody asks for it, as after an error.
func (m *Meter) Close() error {
	pprof.StopCPUProfile() // which may have been stopped
	return nil
}

func memory(name string) (*profile.Profile, error) {
	var text bytes.Buffer
	if err := pprof.Lookup(name).WriteTo(&text, 0); err != nil {
		return nil, fmt.Errorf("memory profile: %w", err)
	}
	p, err := profile.ParseData(text.Bytes())
	if err != nil {
		return nil, fmt.Errorf("memory profile: %w", err)
	}
	return p, nil
}
