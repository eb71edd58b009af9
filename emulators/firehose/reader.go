package firehose

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/pause"
)

// How a source is read.
const (
	readRecords = 1000             // at once
	relist      = 10 * time.Second // the shards
	readPause   = 10 * time.Second // after an error
	roomPause   = time.Second      // while buffers are full
)

// reader is where a shard of a source is read.
type reader struct {
	shard, after string
	waiting      bool // in Next with nothing in hand
	ended        bool
	stop         context.CancelFunc
}

// read is what a reader has in hand.
type read struct {
	from    *reader
	records []SourceRecord
	taken   chan struct{} // closed when the records are in
}

// startSources begins to read what is not read yet.
func (s *State) startSources(ctx context.Context, under *sync.WaitGroup) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(s.streams)) {
		st := s.streams[name]
		if st.source == nil || st.stop != nil {
			continue
		}
		var reading context.Context
		reading, st.stop = context.WithCancel(ctx)
		under.Go(func() { s.readSource(reading, st) })
	}
}

// readSource reads all shards of a source, side by side, until ctx ends. What several
// have at one instant is taken in the order of the shards.
func (s *State) readSource(ctx context.Context, st *stream) {
	var under sync.WaitGroup
	defer under.Wait()
	arrived, ended := make(chan *read), make(chan struct{}, 1)
	for {
		s.followShards(ctx, st, func(r *reader, reading context.Context) {
			under.Go(func() { s.readShard(reading, st, r, arrived, ended) })
		})
		again := time.NewTimer(relist)
	waiting:
		for {
			select {
			case <-ctx.Done():
				again.Stop()
				return
			case <-ended:
				break waiting
			case <-again.C:
				break waiting
			case first := <-arrived:
				s.takeAll(ctx, st, first, arrived)
			}
		}
		again.Stop()
	}
}

// followShards begins to read the shards that are new and whose parents are read to
// their ends, and stops at those that are gone.
func (s *State) followShards(ctx context.Context, st *stream, begin func(*reader, context.Context)) {
	ids, err := s.config.Streams.ShardIDs(ctx, st.source.KinesisStreamARN)
	var parents map[string][]string
	if err == nil {
		parents, err = s.config.Streams.Parents(ctx, st.source.KinesisStreamARN)
	}
	if err != nil {
		if ctx.Err() == nil {
			s.config.Log.Warn("source cannot be read", "stream", st.name, "source", st.source.KinesisStreamARN, "error", err)
		}
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, r := range st.readers {
		if !slices.Contains(ids, id) {
			r.stop()
			delete(st.readers, id)
		}
	}
	unread := func(id string) bool {
		return slices.Contains(ids, id) && (st.readers[id] == nil || !st.readers[id].ended)
	}
	for _, id := range ids {
		if st.readers[id] == nil && !slices.ContainsFunc(parents[id], unread) {
			r := &reader{shard: id}
			var reading context.Context
			reading, r.stop = context.WithCancel(ctx)
			st.readers[id] = r
			begin(r, reading)
		}
	}
	st.listed = true
}

// readShard hands over what is in a shard, one read after the other.
func (s *State) readShard(ctx context.Context, st *stream, r *reader, arrived chan<- *read, ended chan<- struct{}) {
	for ctx.Err() == nil {
		s.waits(r, true)
		records, err := s.config.Streams.Next(ctx, st.source.KinesisStreamARN, r.shard, r.after, st.created, readRecords)
		s.waits(r, false)
		if err == nil {
			err = s.mayRead(st.name, st.source)
		}
		switch {
		case errors.Is(err, ErrShardEnd):
			s.end(st, r)
			select {
			case ended <- struct{}{}:
			default:
			}
			return
		case ctx.Err() != nil:
			return
		case err != nil:
			s.config.Log.Warn("shard cannot be read", "stream", st.name, "source", st.source.KinesisStreamARN, "shard", r.shard, "error", err)
			pause.For(ctx, readPause)
			continue
		}
		in := &read{r, records, make(chan struct{})}
		select {
		case arrived <- in:
		case <-ctx.Done():
			return
		}
		<-in.taken
	}
}

func (s *State) waits(r *reader, on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.waiting = on
}

// end notes that a shard is read to its end; it may have children.
func (s *State) end(st *stream, r *reader) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r.ended, st.listed = true, false
	r.stop()
}

// takeAll takes what has arrived at this instant.
func (s *State) takeAll(ctx context.Context, st *stream, first *read, arrived <-chan *read) {
	all := []*read{first}
	time.Sleep(time.Nanosecond)
	for more := true; more; {
		select {
		case in := <-arrived:
			all = append(all, in)
		default:
			more = false
		}
	}
	slices.SortFunc(all, func(a, b *read) int { return cmp.Compare(a.from.shard, b.from.shard) })
	for _, in := range all {
		s.take(ctx, st, in)
		close(in.taken)
	}
}

// take waits for room for each record and admits it.
func (s *State) take(ctx context.Context, st *stream, in *read) {
	for _, r := range in.records {
		for !s.takeOne(st, in.from, r) {
			if !pause.For(ctx, roomPause) {
				return
			}
		}
	}
}

func (s *State) takeOne(st *stream, from *reader, r SourceRecord) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.room(st, len(r.Data)) {
		return false
	}
	if !st.deleted {
		s.admit(st, r.Data, &origin{from.shard, r.PartitionKey, r.SequenceNumber, r.Arrived})
		from.after = r.SequenceNumber
	}
	return true
}

// readToTheEnd tells that nothing of a stream's source is left to be read. The caller
// holds the lock.
func (s *State) readToTheEnd(st *stream) bool {
	if st.source == nil {
		return true
	}
	for _, r := range st.readers {
		if !r.ended && (!r.waiting || !s.config.Streams.AtEnd(st.source.KinesisStreamARN, r.shard, r.after)) {
			return false
		}
	}
	return st.listed
}
