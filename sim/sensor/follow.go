package sensor

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// Follow lets a metric follow another of the same device:
//
//	factor × (other(t − lag) − other's base)
//
// is added to it. It follows what the other measures, spikes included, not how its
// sensor reports that: rounding and stuck times are the other's own.
type Follow struct {
	Metric string  `yaml:"metric" json:"metric"`
	Factor float64 `yaml:"factor" json:"factor"`
	// Lag is how much later it happens.
	Lag time.Duration `yaml:"lag,omitempty" json:"lag,omitempty"`
}

// maxFactor keeps readings finite, together with maxMagnitude.
const maxFactor = 1e6

func (f Follow) validate() error {
	var errs []error
	if f.Metric == "" {
		errs = append(errs, errors.New("follows.metric: is missing"))
	}
	if !(math.Abs(f.Factor) <= maxFactor) || f.Factor == 0 {
		errs = append(errs, fmt.Errorf("follows.factor: %v is not between -1e+06 and 1e+06, or is 0", f.Factor))
	}
	if f.Lag < 0 {
		errs = append(errs, fmt.Errorf("follows.lag: %s is negative", f.Lag))
	}
	return errors.Join(errs...)
}

// acyclic refuses metrics that follow each other in a circle, or one that is not
// there.
func acyclic(specs map[string]Spec) error {
	followed := map[string]bool{} // to an end
	for _, name := range slices.Sorted(maps.Keys(specs)) {
		var way []string
		for at := name; !followed[at]; at = specs[at].Follows.Metric {
			if slices.Contains(way, at) {
				return fmt.Errorf("signal %s: follows: %s is a circle", name, strings.Join(append(way, at), " → "))
			}
			way = append(way, at)
			f := specs[at].Follows
			if f == nil {
				break
			}
			if _, ok := specs[f.Metric]; !ok {
				return fmt.Errorf("signal %s: follows.metric: the device has no %q", at, f.Metric)
			}
		}
		for _, at := range way {
			followed[at] = true
		}
	}
	return nil
}
