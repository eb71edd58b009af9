package fault

import (
	"errors"
	"fmt"
	"time"
)

// Fault is one entry of a schedule.
type Fault struct {
	// At is the time after the fleet's start, such as 6s.
	At time.Duration `yaml:"at" json:"at"`
	// For is how long it lasts; to the end of the run when zero.
	For        time.Duration `yaml:"for,omitempty" json:"for,omitempty"`
	Kind       Kind          `yaml:"kind" json:"kind"`
	Target     Target        `yaml:"target,omitempty" json:"target,omitempty"`
	Parameters `yaml:",inline"`
}

// Validate says everything that is wrong with the fault.
func (f Fault) Validate() error {
	if err := f.Kind.validate(); err != nil {
		return err
	}
	var errs []error
	if f.At < 0 {
		errs = append(errs, fmt.Errorf("at: %s is negative", f.At))
	}
	if f.For < 0 {
		errs = append(errs, fmt.Errorf("for: %s is negative", f.For))
	}
	if f.For == 0 && contracts[f.Kind].lasts {
		errs = append(errs, fmt.Errorf("for: is missing; %s needs it", f.Kind))
	}
	return errors.Join(append(errs, f.Target.validate(f.Kind), f.Parameters.validate(f.Kind))...)
}

// Until is when the fault ends, counted as At; end when it lasts to the end.
func (f Fault) Until(end time.Duration) time.Duration {
	if f.For == 0 || f.At+f.For > end {
		return end
	}
	return f.At + f.For
}
