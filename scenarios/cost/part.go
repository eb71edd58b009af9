package cost

import (
	"strings"

	"github.com/google/pprof/profile"
)

// Part is a part of the program.
type Part string

// The parts, in the order in which they are shown.
const (
	Simulator Part = "simulator"
	Emulators Part = "emulators"
	Pipeline  Part = "pipeline"
	Ledger    Part = "ledger"
	Collector Part = "garbage collector"
	Other     Part = "other"
)

// Parts are all of them.
func Parts() []Part { return []Part{Simulator, Emulators, Pipeline, Ledger, Collector, Other} }

const module = "github.com/shakedown-iot/shakedown/"

// ours are the folders of this module. What else is called from there is of the
// part that calls it.
var ours = []struct {
	prefix string
	part   Part
}{
	{module + "sim", Simulator}, {module + "hardware", Simulator},
	{module + "emulators", Emulators},
	{module + "pipeline", Pipeline},
	{module, Ledger},
}

// theirs are modules whose own goroutines, and stacks too deep for a profile, show
// nobody of ours.
var theirs = []struct {
	prefix string
	part   Part
}{
	{"github.com/mochi-mqtt/", Emulators}, {"github.com/rclone/gofakes3", Emulators},
	{"github.com/aws/", Pipeline},
}

// collecting are functions of the garbage collector, also where an allocation has
// to help it.
var collecting = []string{"runtime.gcBgMarkWorker", "runtime.gcAssistAlloc", "runtime.bgsweep", "runtime.bgscavenge"}

// partOf finds the part of a sample; its locations begin with the innermost.
func partOf(s *profile.Sample) Part {
	part := Other
	for _, location := range s.Location {
		for _, line := range location.Line {
			if line.Function == nil {
				continue
			}
			name := line.Function.Name
			for _, c := range collecting {
				if strings.HasPrefix(name, c) {
					return Collector
				}
			}
			for _, o := range ours {
				if strings.HasPrefix(name, o.prefix) {
					return o.part
				}
			}
			for _, t := range theirs {
				if part == Other && strings.HasPrefix(name, t.prefix) {
					part = t.part
				}
			}
		}
	}
	return part
}

// split adds up one kind of value of a profile by part.
func split(p *profile.Profile, kind string) map[Part]int64 {
	sums := map[Part]int64{}
	for i, t := range p.SampleType {
		if t.Type != kind {
			continue
		}
		for _, s := range p.Sample {
			sums[partOf(s)] += s.Value[i]
		}
	}
	return sums
}
