package explore

import (
	"fmt"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/sim/fault"
)

// grace is for how long a fault is still felt after its end: retries of a rule's
// action, six of a batch with their back-off, a function's own timeout.
const grace = 4 * time.Minute

// Legitimate says why a schedule asks for more than AWS gives: what cannot be
// stored is set aside, and what cannot be set aside either is lost there, too.
//
//	target broken                                its way to the dead-letter queue
//	kinesis, s3 (a rule's action)                error action -> sns -> sqs
//	timestream, dynamodb, sns, iot-data,         on-failure destination -> sqs
//	a function of the stream
//	nothing: a payload that is no reading        the function itself -> sqs
//
// So no fault on the left overlaps in time with one on its right, and no payload
// is broken while sqs is for longer than the function tries.
func Legitimate(faults []fault.Fault) error {
	for i, a := range faults {
		for _, b := range faults[i+1:] {
			if a.At < b.At+b.For+grace && b.At < a.At+a.For+grace && (breaks(a, b) || breaks(b, a)) {
				return fmt.Errorf("%s of %s and %s of %s break a target and the dead-letter path behind it", a.Kind, a.Target, b.Kind, b.Target)
			}
		}
	}
	return nil
}

// breaks tells whether one fault breaks a target, and the other what is behind it.
func breaks(target, behind fault.Fault) bool {
	return slices.Contains(behindIt(target), behind.Target.Service) && refuses(behind.Kind)
}

// refuses tells whether a fault on a service makes calls fail.
func refuses(k fault.Kind) bool { return k.Place() == fault.OnService }

// behindIt are the services that take what a fault keeps from its target.
func behindIt(f fault.Fault) []string {
	switch f.Kind.Place() {
	case fault.OnService:
		switch f.Target.Service {
		case "kinesis", "s3":
			return []string{"sns", "sqs"}
		case "timestream", "dynamodb", "sns", "iot-data":
			return []string{"sqs"}
		}
	case fault.OnFunction:
		return []string{"sqs"}
	case fault.OnDevice:
		switch f.Kind {
		case fault.PayloadCorruption, fault.Malformed, fault.NonNumeric, fault.OutOfRange, fault.Oversized, fault.ClockSkew:
			return []string{"sqs"}
		}
	}
	return nil
}
