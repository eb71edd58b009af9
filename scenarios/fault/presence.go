package fault

import (
	"strconv"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/broker"
	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

// Deliveries says how late each copy of a lifecycle event comes while a
// presence-disorder is active: a third of those it hits come late, a third come
// twice, the second late, and a third come twice, both late.
func (i *Injector) Deliveries(e broker.Lifecycle) []time.Duration {
	copies := []time.Duration{0}
	for _, a := range i.befalling(func(a *active) bool { return a.Kind == simfault.PresenceDisorder }) {
		s := a.about("iot", e.EventType, e.ClientID+" "+strconv.FormatInt(e.Version, 10))
		if !a.hit(s) {
			continue
		}
		a.count()
		late := a.pause(s)
		switch fate := a.draw(s, "fate"); {
		case fate < 1./3:
			copies = []time.Duration{late}
		case fate < 2./3:
			copies = []time.Duration{0, late}
		default:
			copies = []time.Duration{late, late + a.pause(s)/2}
		}
	}
	return copies
}
