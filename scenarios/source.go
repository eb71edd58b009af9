package scenarios

import (
	"crypto/md5"
	"fmt"
	"maps"
	"slices"

	"github.com/goccy/go-yaml"

	"github.com/shakedown-iot/shakedown/sim/sensor"
)

// maxRecordings bounds the recordings of a scenario together, in bytes: the journal's
// first line holds them.
const maxRecordings = 4 << 20

// maxShown is up to which length a recording is shown in reports, in bytes.
const maxShown = 4 << 10

// source is the scenario as reports show it, with every default. Of a long recording
// they say what it is; the journal holds it.
func source(s *Scenario) string {
	shown := *s
	shown.Fleet = slices.Clone(s.Fleet)
	for i := range shown.Fleet {
		g := &shown.Fleet[i]
		g.Signals = abridged(g.Signals)
		g.Only = maps.Clone(g.Only)
		for thing, signals := range g.Only {
			g.Only[thing] = abridged(signals)
		}
	}
	text, _ := yaml.Marshal(shown)
	return string(text)
}

// abridged are signals without their long recordings.
func abridged(signals map[string]sensor.Spec) map[string]sensor.Spec {
	shown := maps.Clone(signals)
	for name, spec := range shown {
		if r := spec.Replay; r != nil && len(r.CSV) > maxShown {
			spec.Replay = &sensor.Replay{CSV: fmt.Sprintf("%d bytes, MD5 %x: the run's journal has them", len(r.CSV), md5.Sum([]byte(r.CSV))), Every: r.Every}
			shown[name] = spec
		}
	}
	return shown
}

// recordings is the length of all recordings together, in bytes.
func (s *Scenario) recordings() (n int) {
	add := func(signals map[string]sensor.Spec) {
		for _, spec := range signals {
			if spec.Replay != nil {
				n += len(spec.Replay.CSV)
			}
		}
	}
	for _, g := range s.Fleet {
		add(g.Signals)
		for _, signals := range g.Only {
			add(signals)
		}
	}
	return n
}
