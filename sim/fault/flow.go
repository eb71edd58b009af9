package fault

import (
	"errors"
	"time"
)

// backlog bounds what waits in one direction of a connection, in bytes.
const backlog = 16 << 20

// errGaveUp says that TCP gives up a segment that nobody acknowledged.
var errGaveUp = errors.New("gave up")

// flow is one direction of a connection under conditions: a queue without locks,
// clocks or goroutines.
//
//	add ──> │ wire: bandwidth │ ──> │ flight: latency, loss │ ──> take
//	          start … crossed         due, in order
//
// Whatever is late is late by whole milliseconds after it was sent. So what a
// device sends in its lane arrives in its lane, also when a thousand links heal
// at one instant (DESIGN.md §3). What is sent at one instant is one segment:
// how it was cut into writes and reads is up to the scheduler.
type flow struct {
	way     way
	numbers func() uint64 // of the link's segments in this direction
	now     *conditions
	queue   []*segment
	size    int       // bytes in queue
	wire    time.Time // when it is free
	last    time.Time // when the last segment was sent, and its number
	number  uint64
	ended   bool
}

// segment is what was sent at one instant.
type segment struct {
	data       []byte
	end        error // after data the connection ends: io.EOF, or why
	number     uint64
	generation int
	sent       time.Time
	start      time.Time // when the byte after crossed gets on the wire
	crossed    int       // bytes that had passed the wire by then
	total, out int       // bytes in all, and taken
	losses     int
	retry      time.Time // not before, because it was lost
	after      time.Time // not before, because something has just ended
	through    bool      // it was not lost
}

// add sends bytes. It keeps data.
func (f *flow) add(now time.Time, data []byte) {
	f.size += len(data)
	if tail := f.tail(); tail != nil && tail.sent.Equal(now) && !tail.through && tail.end == nil {
		tail.data = append(tail.data, data...)
		tail.total += len(data)
		f.wire = f.cross(tail, tail.total)
		return
	}
	s := f.segment(now)
	s.data, s.total = data, len(data)
	f.wire = f.cross(s, s.total)
}

// finish sends the end; nothing comes after it.
func (f *flow) finish(now time.Time, end error) {
	if f.ended {
		return
	}
	f.ended = true
	f.segment(now).end = end
}

func (f *flow) segment(now time.Time) *segment {
	if !f.last.Equal(now) || f.number == 0 {
		f.last, f.number = now, f.numbers()
	}
	s := &segment{number: f.number, generation: f.now.generation, sent: now, start: later(now, f.wire)}
	f.queue = append(f.queue, s)
	return s
}

func (f *flow) tail() *segment {
	if len(f.queue) == 0 {
		return nil
	}
	return f.queue[len(f.queue)-1]
}

// cross is when so many bytes of a segment have passed the wire.
func (f *flow) cross(s *segment, bytes int) time.Time {
	return s.start.Add(f.now.transfer(bytes - s.crossed))
}

// piece is how many bytes of a segment come next.
func (f *flow) piece(s *segment) int {
	if f.now.bandwidth > 0 {
		return min(mss, len(s.data))
	}
	return len(s.data)
}

// due is when the next piece of a segment arrives if it is not lost or held.
func (f *flow) due(s *segment) time.Time {
	at := f.cross(s, s.out+f.piece(s)).Add(f.now.delay(f.way, s.number, s.generation))
	at = later(later(at, s.after), s.retry)
	late := max(at.Sub(s.sent), 0)
	return s.sent.Add((late + time.Millisecond - 1) / time.Millisecond * time.Millisecond)
}

// next is when to take again; zero: when something has changed.
func (f *flow) next() time.Time {
	if len(f.queue) == 0 {
		return time.Time{}
	}
	at := f.due(f.queue[0])
	if f.now.held {
		at = at.Add(giveUp)
	}
	return at
}

// take hands over what has arrived: bytes, or the end as io.EOF or another error.
// Neither means that nothing has. errGaveUp means that TCP has given up.
func (f *flow) take(now time.Time) ([]byte, error) {
	if len(f.queue) == 0 {
		return nil, nil
	}
	s := f.queue[0]
	at := f.due(s)
	switch {
	case now.Before(at):
		return nil, nil
	case f.now.held && now.Before(at.Add(giveUp)):
		return nil, nil
	case f.now.held:
		return nil, errGaveUp
	case s.losses > retries:
		return nil, errGaveUp
	case !s.through && f.now.lost(f.way, s.number, s.losses):
		s.losses++
		s.retry = later(at, now).Add(rto(minRTO, s.losses))
		return nil, nil
	}
	s.through = true
	n := f.piece(s)
	data := s.data[:n:n]
	s.data = s.data[n:]
	s.out += n
	f.size -= n
	if len(s.data) > 0 {
		return data, nil
	}
	f.queue[0] = nil
	f.queue = f.queue[1:]
	return data, s.end
}

// change puts the flow under new conditions. What has ended has ended for what
// waits too: a delay, a loss, a hold.
func (f *flow) change(now time.Time, c *conditions) {
	old := *f
	f.now = c
	eased := c.generation == old.now.generation // something ended
	f.wire = now
	for _, s := range f.queue {
		f.relay(&old, s, now)
		if eased {
			s.after = now
			if len(c.drops) == 0 {
				s.losses, s.retry = 0, time.Time{}
			}
		}
	}
}

// relay puts the rest of a segment on a wire of another bandwidth.
func (f *flow) relay(old *flow, s *segment, now time.Time) {
	end := old.cross(s, s.total)
	if !end.After(now) {
		s.start, s.crossed = end, s.total
		return
	}
	if s.start.Before(now) {
		s.crossed += old.now.crossed(now.Sub(s.start), s.total-s.crossed)
	}
	s.start = f.wire
	f.wire = f.cross(s, s.total)
}

// drop forgets what waits.
func (f *flow) drop() { f.queue, f.size = nil, 0 }

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
