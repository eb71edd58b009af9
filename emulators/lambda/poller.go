package lambda

import (
	"context"
	"errors"
	"sync"
	"time"
)

// runMapping polls every shard of a mapping until ctx ends.
func (s *State) runMapping(ctx context.Context, m *mapping) {
	shards, ok := s.shardsOf(ctx, m)
	if !ok {
		return
	}
	s.mu.Lock()
	for _, id := range shards {
		if m.shards[id] == nil {
			m.shards[id] = &shardState{}
		}
		m.shards[id].waiting = false
	}
	m.ready = true
	s.mu.Unlock()
	var pollers sync.WaitGroup
	for _, id := range shards {
		pollers.Go(func() { s.runShard(ctx, m, id) })
	}
	pollers.Wait()
	s.mu.Lock()
	m.ready = false
	s.mu.Unlock()
}

func (s *State) shardsOf(ctx context.Context, m *mapping) ([]string, bool) {
	for attempt := 1; ; attempt++ {
		ids, err := s.config.Streams.ShardIDs(ctx, m.config.EventSourceArn)
		if err == nil {
			return ids, true
		}
		s.problem(m, "", "stream: "+err.Error())
		if !pause(ctx, backoff(m.config.UUID, "", attempt)) {
			return nil, false
		}
	}
}

// runShard gathers and processes one batch after the other.
func (s *State) runShard(ctx context.Context, m *mapping, shard string) {
	p := &poller{state: s, mapping: m, shard: shard, rules: m.rules()}
	for failures := 0; ctx.Err() == nil; {
		batch, err := p.gather(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			failures++
			s.problem(m, shard, "stream: "+err.Error())
			if !pause(ctx, backoff(m.config.UUID, shard, failures)) {
				return
			}
			continue
		}
		failures = 0
		if !pause(ctx, settle(m.config.UUID, shard)) {
			return
		}
		p.process(ctx, work{records: batch})
	}
}

// poller reads one shard of one mapping.
type poller struct {
	state   *State
	mapping *mapping
	shard   string
	rules   rules
}

func (p *poller) source() source {
	s := p.state
	s.mu.Lock()
	defer s.mu.Unlock()
	src := source{streamARN: p.mapping.config.EventSourceArn, shard: p.shard, region: s.config.Identity.Region}
	if f := s.functions[p.mapping.function]; f != nil {
		src.role = f.config.Role
	}
	return src
}

var errNoRecords = errors.New("the stream answered no records")

// gather reads a batch: at least one record, then until the batch is full, the
// payload limit is reached or the window has passed since the first record.
func (p *poller) gather(ctx context.Context) ([]Record, error) {
	c := &p.mapping.config
	size := int(c.BatchSize)
	records, err := p.next(ctx, p.checkpoint(), size, true)
	if err != nil {
		return nil, err
	}
	src := p.source()
	window, cancel := context.WithTimeout(ctx, time.Duration(c.MaximumBatchingWindowInSeconds)*time.Second)
	defer cancel()
	for len(records) < size && src.fit(records) == len(records) && window.Err() == nil {
		more, err := p.next(window, records[len(records)-1].SequenceNumber, size-len(records), false)
		if window.Err() != nil {
			break
		}
		if err != nil {
			return nil, err
		}
		records = append(records, more...)
	}
	return records[:src.fit(records)], nil
}

// next is Streams.Next; idle marks the shard as read to its end meanwhile.
func (p *poller) next(ctx context.Context, after string, max int, idle bool) ([]Record, error) {
	p.wait(idle)
	defer p.wait(false)
	records, err := p.state.config.Streams.Next(ctx, p.mapping.config.EventSourceArn, p.shard, after, p.mapping.start, max)
	if err == nil && len(records) == 0 {
		err = errNoRecords
	}
	return records, err
}

func (p *poller) wait(on bool) {
	p.state.mu.Lock()
	defer p.state.mu.Unlock()
	st := p.mapping.shards[p.shard]
	st.waiting, st.since = on, time.Now()
}

func (p *poller) checkpoint() string {
	p.state.mu.Lock()
	defer p.state.mu.Unlock()
	return p.mapping.shards[p.shard].checkpoint
}

// done moves the checkpoint past these records.
func (p *poller) done(records []Record) {
	if len(records) == 0 {
		return
	}
	p.state.mu.Lock()
	defer p.state.mu.Unlock()
	p.mapping.shards[p.shard].checkpoint = records[len(records)-1].SequenceNumber
}

// problem keeps what the API answers as LastProcessingResult.
func (s *State) problem(m *mapping, shard, text string) {
	s.config.Log.Warn("event source mapping", "function", m.function, "mapping", m.config.UUID, "shard", shard, "problem", text)
	s.result(m, "PROBLEM: "+text)
}

func (s *State) result(m *mapping, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m.config.LastProcessingResult = text
}
