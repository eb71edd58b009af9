package lambda

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/pause"
)

// parallel reads a shard with a ParallelizationFactor above 1:
//
//	shard ── reader ──┬── strand 0 ── batch ── function
//	                  ├── strand 1 ── batch ── function
//	                  └── …
//
// One goroutine, that of run, decides what is invoked; the reader reads one time
// when it is asked to, each batch is processed by a goroutine of its own. What
// happens at one instant is decided on together, in the order of the strands, so
// that a run repeats.
type parallel struct {
	reader  *poller
	strands []*strand
	group   sync.WaitGroup

	asked    bool           // the reader reads
	ended    bool           // the shard is read to its end
	failures int            // reads in a row that failed
	results  chan readShard // the reader's answers
	finished chan int       // numbers of strands that are done with a batch

	progress progress // under State.mu
}

// readShard is what a read has found.
type readShard struct {
	records []Record
	err     error
}

// runParallel processes a shard until ctx ends; it reports whether the shard has
// come to its end.
func (s *State) runParallel(ctx context.Context, reader *poller) bool {
	factor := int(reader.mapping.config.ParallelizationFactor)
	c := &parallel{reader: reader, results: make(chan readShard, 1), finished: make(chan int, factor)}
	for n := range factor {
		c.strands = append(c.strands, newStrand(reader, n, c.finish))
	}
	reader.last = reader.checkpoint()
	defer c.hold(0)
	defer c.group.Wait()
	for ctx.Err() == nil {
		c.begin(ctx)
		if c.ended && c.idle() {
			s.endShard(reader.mapping, reader.shard)
			return true
		}
		c.ask(ctx)
		if !c.wait(ctx) {
			return false
		}
	}
	return false
}

// begin invokes the function with what is due.
func (c *parallel) begin(ctx context.Context) {
	for _, s := range c.strands {
		if s.busy || len(s.read) == 0 || !c.ended && time.Now().Before(s.due()) {
			continue
		}
		batch := s.batch()
		c.group.Go(func() {
			// Each strand acts at a nanosecond of its own; see settle.
			if pause.For(ctx, settleMost*time.Duration(s.number)+1) {
				s.process(ctx, work{records: batch})
			}
			c.finished <- s.number
		})
	}
}

func (c *parallel) idle() bool {
	for _, s := range c.strands {
		if s.busy || len(s.read) > 0 {
			return false
		}
	}
	return true
}

// span bounds the records between the checkpoint and the last that was read. A
// strand that fails blocks its shard when so many have come behind it. AWS
// publishes no bound of its own.
func (c *parallel) span() int {
	return max(maxRead, len(c.strands)*int(c.reader.mapping.config.BatchSize))
}

// ask lets the reader read once, if it does not and there is room.
func (c *parallel) ask(ctx context.Context) {
	room := c.span() - c.pending()
	if c.asked || c.ended || room <= 0 {
		return
	}
	most := min(room, maxRead)
	if c.reader.state.config.Poll <= 0 {
		most = min(most, len(c.strands)*int(c.reader.mapping.config.BatchSize))
	}
	c.asked = true
	wait := time.Duration(0)
	if c.failures > 0 {
		wait = backoff(c.reader.mapping.config.UUID, c.reader.name, c.failures)
	}
	c.group.Go(func() {
		if !pause.For(ctx, wait) {
			return
		}
		records, err := c.reader.fetch(ctx, c.reader.last, most)
		c.results <- readShard{records, err}
	})
}

// wait lets time pass until there is something to decide on; false when ctx ended.
func (c *parallel) wait(ctx context.Context) bool {
	timer := time.NewTimer(c.untilDue())
	defer timer.Stop()
	select {
	case r := <-c.results:
		c.take(r)
	case n := <-c.finished:
		c.strands[n].free()
	case <-timer.C:
	case <-ctx.Done():
		return false
	}
	if !pause.For(ctx, settle(c.reader.mapping.config.UUID, c.reader.shard)) {
		return false
	}
	for {
		select {
		case r := <-c.results:
			c.take(r)
		case n := <-c.finished:
			c.strands[n].free()
		default:
			return true
		}
	}
}

// untilDue is how long the first batching window has to go.
func (c *parallel) untilDue() time.Duration {
	wait := time.Hour // there is nothing to wait for
	for _, s := range c.strands {
		if !s.busy && len(s.read) > 0 {
			wait = min(wait, time.Until(s.due()))
		}
	}
	return wait
}

// take hands out what was read.
func (c *parallel) take(r readShard) {
	c.asked = false
	p := c.reader
	switch {
	case errors.Is(r.err, context.Canceled):
		return
	case errors.Is(r.err, ErrShardEnd):
		c.ended = true
		return
	case r.err != nil:
		c.failures++
		p.state.problem(p.mapping, p.shard, "stream: "+r.err.Error())
		return
	}
	c.failures = 0
	kept := p.keep(r.records)
	c.note(r.records, kept)
	table := ofTable(p.mapping.config.EventSourceArn)
	for _, record := range kept {
		c.strands[strandOf(record, table, len(c.strands))].take(record)
	}
}

// note keeps what was read, and moves the checkpoint behind what the filter dropped.
func (c *parallel) note(records, kept []Record) {
	s := c.reader.state
	s.mu.Lock()
	defer s.mu.Unlock()
	c.progress.read(records, kept)
	c.advance()
}

// finish ends records of a strand.
func (c *parallel) finish(records []Record) {
	s := c.reader.state
	s.mu.Lock()
	defer s.mu.Unlock()
	c.progress.done(records)
	c.advance()
}

// advance moves the checkpoint. The caller holds mu.
func (c *parallel) advance() {
	st := c.reader.mapping.shards[c.reader.shard]
	if to := c.progress.checkpoint(); to != "" {
		st.checkpoint = to
	}
	st.held = len(c.progress.open)
}

// pending is how many records stand behind the checkpoint.
func (c *parallel) pending() int {
	s := c.reader.state
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(c.progress.order)
}

func (c *parallel) hold(n int) {
	s := c.reader.state
	s.mu.Lock()
	defer s.mu.Unlock()
	c.reader.mapping.shards[c.reader.shard].held = n
}
