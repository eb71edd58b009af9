package fault

import "time"

// drop loses transmissions at rate. TCP repeats them: after 200 ms, then twice as
// long each time, at most 120 s.
type drop struct {
	id   int
	rate float64
}

func (d drop) on(c *conditions) { c.drops = append(c.drops, d) }

// TCP's retransmission as Linux does it (TCP_RTO_MIN, TCP_RTO_MAX, tcp_retries2 and
// TCP_TIMEOUT_INIT for the SYN).
const (
	minRTO  = 200 * time.Millisecond
	maxRTO  = 120 * time.Second
	retries = 15
	synRTO  = time.Second
)

// rto is the wait after so many losses in a row, 1 or more.
func rto(first time.Duration, losses int) time.Duration {
	d := first
	for range losses - 1 {
		d = min(2*d, maxRTO)
	}
	return d
}
