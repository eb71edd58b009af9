package lambda

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/pause"
)

// runMapping polls every shard of a mapping until ctx ends. A shard that was made
// of others begins when those are at their end, so that the order of each
// partition key is kept.
func (s *State) runMapping(ctx context.Context, m *mapping) {
	var pollers sync.WaitGroup
	ended := make(chan struct{}, 1) // a shard has
	polled := map[string]bool{}
	for ctx.Err() == nil {
		shards, ok := s.readable(ctx, m, polled)
		if !ok {
			break
		}
		for _, id := range shards {
			polled[id] = true
			pollers.Go(func() {
				if s.runShard(ctx, m, id) {
					select {
					case ended <- struct{}{}:
					default:
					}
				}
			})
		}
		select {
		case <-ended:
		case <-ctx.Done():
		}
	}
	pollers.Wait()
	s.mu.Lock()
	m.ready = false
	s.mu.Unlock()
}

// readable lists the shards that can be read now and are not polled yet.
func (s *State) readable(ctx context.Context, m *mapping, polled map[string]bool) ([]string, bool) {
	shards, ok := s.shardsOf(ctx, m)
	if !ok {
		return nil, false
	}
	var parents map[string][]string
	if p, ok := s.config.Streams.(ShardParents); ok {
		parents, _ = p.Parents(ctx, m.config.EventSourceArn) // a stream that is gone is the pollers' trouble
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range shards {
		if m.shards[id] == nil {
			m.shards[id] = &shardState{}
		}
	}
	var out []string
	for _, id := range shards {
		waits := slices.ContainsFunc(parents[id], func(p string) bool { return slices.Contains(shards, p) && !m.shards[p].ended })
		if st := m.shards[id]; !st.ended && !polled[id] && !waits {
			st.waiting = false
			out = append(out, id)
		}
	}
	m.ready = true
	return out, true
}

func (s *State) shardsOf(ctx context.Context, m *mapping) ([]string, bool) {
	for attempt := 1; ; attempt++ {
		ids, err := s.config.Streams.ShardIDs(ctx, m.config.EventSourceArn)
		if err == nil {
			err = s.reads(m)
		}
		if err == nil {
			return ids, true
		}
		s.problem(m, "", "stream: "+err.Error())
		if !pause.For(ctx, backoff(m.config.UUID, "", attempt)) {
			return nil, false
		}
	}
}

// runShard gathers and processes one batch after the other; it reports whether the
// shard has come to its end.
func (s *State) runShard(ctx context.Context, m *mapping, shard string) bool {
	p := &poller{state: s, mapping: m, shard: shard, name: shard, rules: m.rules()}
	if m.config.TumblingWindowInSeconds == 0 && !p.close(ctx) { // that of former settings
		return false
	}
	if m.config.ParallelizationFactor > 1 {
		return s.runParallel(ctx, p)
	}
	for failures := 0; ctx.Err() == nil; {
		batch, err := p.gather(ctx)
		if ctx.Err() != nil {
			return false
		}
		if errors.Is(err, errWindowOver) {
			p.close(ctx)
			continue
		}
		if errors.Is(err, ErrShardEnd) {
			if !p.close(ctx) {
				return false
			}
			s.endShard(m, shard)
			return true
		}
		if err != nil {
			failures++
			s.problem(m, shard, "stream: "+err.Error())
			if !pause.For(ctx, backoff(m.config.UUID, shard, failures)) {
				return false
			}
			continue
		}
		failures = 0
		if !pause.For(ctx, settle(m.config.UUID, shard)) || !p.enter(ctx, batch) {
			return false
		}
		if p.process(ctx, work{records: batch}); ctx.Err() == nil && len(p.read) == 0 {
			p.advance(p.last) // behind what the filter dropped
		}
	}
	return false
}

// endShard notes that a shard is read to its end. The mapping has to look for what
// comes behind it.
func (s *State) endShard(m *mapping, shard string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m.shards[shard].ended = true
	m.ready = false
}

// poller reads one shard of one mapping.
type poller struct {
	state   *State
	mapping *mapping
	shard   string
	name    string // of the shard or its strand: waits are a function of it
	rules   rules
	read    []Record // what the filter kept and is not yet processed
	last    string   // sequence number of the last record read, kept or not
	// finish ends records that are done or given up; nil moves the checkpoint.
	finish func([]Record)
}

func (p *poller) source() source {
	s := p.state
	s.mu.Lock()
	defer s.mu.Unlock()
	src := source{streamARN: p.mapping.config.EventSourceArn, shard: p.shard, region: s.config.Identity.Region}
	if f := s.functions[p.mapping.function]; f != nil {
		src.role = f.config.Role
	}
	if w := p.mapping.shards[p.shard].window; w != nil {
		src.extra = w.size(src)
	}
	return src
}

var errNoRecords = errors.New("the stream answered no records")

// gather takes a batch: at least one record, then until the batch is full, the
// payload limit is reached or the window has passed since the first record.
func (p *poller) gather(ctx context.Context) ([]Record, error) {
	c := &p.mapping.config
	size := int(c.BatchSize)
	waiting, stop := p.waits(ctx)
	defer stop()
	for len(p.read) == 0 {
		err := p.poll(waiting)
		if ctx.Err() == nil && waiting.Err() != nil && len(p.read) == 0 && !errors.Is(err, ErrShardEnd) {
			return nil, errWindowOver
		}
		if err != nil {
			return nil, err
		}
		if len(p.read) == 0 {
			p.advance(p.last) // the filter kept nothing
		}
	}
	src := p.source()
	window, cancel := context.WithTimeout(ctx, time.Duration(c.MaximumBatchingWindowInSeconds)*time.Second)
	defer cancel()
	for len(p.read) < size && src.fit(p.read) == len(p.read) && p.together(p.read) == len(p.read) && window.Err() == nil {
		more, err := p.next(window, p.last, size-len(p.read), false)
		if window.Err() != nil || errors.Is(err, ErrShardEnd) {
			break
		}
		if err != nil {
			return nil, err
		}
		p.read = append(p.read, p.keep(more)...)
	}
	n := min(src.fit(p.read[:min(len(p.read), size)]), p.together(p.read))
	batch := p.read[:n:n]
	p.read = p.read[n:]
	return batch, nil
}

// maxRead is what one GetRecords returns at most, in records.
const maxRead = 10_000

// poll reads the shard behind the checkpoint.
func (p *poller) poll(ctx context.Context) error {
	most := maxRead
	if p.state.config.Poll <= 0 {
		most = int(p.mapping.config.BatchSize)
	}
	records, err := p.fetch(ctx, p.checkpoint(), most)
	if err != nil {
		return err
	}
	p.read = p.keep(records)
	return nil
}

// fetch reads the shard: at once when the interval is zero, else at the first
// whole multiple of the interval at which there is something to read. All shards
// are read at the same instants, as far apart as they may be elsewhere.
func (p *poller) fetch(ctx context.Context, after string, most int) ([]Record, error) {
	interval := p.state.config.Poll
	records, err := p.next(ctx, after, most, true)
	if err != nil {
		return nil, err
	}
	if interval > 0 {
		now := time.Now()
		if !pause.For(ctx, now.Truncate(interval).Add(interval).Sub(now)) {
			return nil, ctx.Err()
		}
		if records, err = p.next(ctx, after, most, false); err != nil {
			return nil, err
		}
	}
	if gate := p.state.config.Gate; gate != nil {
		if err := gate(ctx, p.mapping.function, p.shard); err != nil {
			return nil, err
		}
	}
	return records, nil
}

// keep is what the mapping's filter keeps of records that were read.
func (p *poller) keep(records []Record) []Record {
	p.last = records[len(records)-1].SequenceNumber
	fields := kinesisFields
	if ofTable(p.mapping.config.EventSourceArn) {
		fields = tableFields
	}
	return p.mapping.filter.keep(records, fields)
}

// next is Streams.Next; idle marks the shard as read to its end meanwhile.
func (p *poller) next(ctx context.Context, after string, max int, idle bool) ([]Record, error) {
	p.wait(idle)
	defer p.wait(false)
	records, err := p.state.config.Streams.Next(ctx, p.mapping.config.EventSourceArn, p.shard, after, p.mapping.start, max)
	if err == nil && len(records) == 0 {
		err = errNoRecords
	}
	if err == nil {
		err = p.state.reads(p.mapping)
	} else if ctx.Err() == nil && p.gone(ctx) {
		err = ErrShardEnd
	}
	return records, err
}

// gone tells whether the stream does not list the shard any more: it was closed, and what
// was in it has expired before the mapping came to it. Its children are read then.
// https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-after-resharding.html
func (p *poller) gone(ctx context.Context) bool {
	ids, err := p.state.config.Streams.ShardIDs(ctx, p.mapping.config.EventSourceArn)
	return err == nil && !slices.Contains(ids, p.shard)
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
	if p.finish != nil {
		p.finish(records)
		return
	}
	p.advance(records[len(records)-1].SequenceNumber)
}

func (p *poller) advance(sequence string) {
	p.state.mu.Lock()
	defer p.state.mu.Unlock()
	p.mapping.shards[p.shard].checkpoint = sequence
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
