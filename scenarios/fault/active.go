package fault

import (
	"strconv"
	"sync/atomic"
	"time"

	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

// active is a fault between Begin and End.
type active struct {
	simfault.Fault
	id       int
	seed     uint64
	hits     *atomic.Int64
	attempts attempts
	over     chan struct{} // closed by End
}

// subject is what a draw is about: a call, an entry of one, or an invocation.
type subject struct {
	service, operation string
	key                string // what it carries
	attempt            int
}

// about counts the attempt that this is of what it carries.
func (a *active) about(service, operation, key string) subject {
	s := subject{service: service, operation: operation, key: key}
	s.attempt = a.attempts.next(service + "\x00" + operation + "\x00" + key)
	return s
}

// hit draws whether the rate befalls the subject; every one without a rate.
func (a *active) hit(s subject) bool {
	return a.Rate == 0 || a.draw(s, "hit") < float64(a.Rate)
}

// pause is Delay ± Jitter.
func (a *active) pause(s subject) time.Duration {
	if a.Jitter == 0 {
		return a.Delay
	}
	return a.Delay + time.Duration((2*a.draw(s, "jitter")-1)*float64(a.Jitter))
}

func (a *active) draw(s subject, what string) float64 {
	return simfault.Draw(a.seed, strconv.Itoa(a.id), s.service, s.operation, s.key, strconv.Itoa(s.attempt), what)
}

func (a *active) count() { a.hits.Add(1) }
