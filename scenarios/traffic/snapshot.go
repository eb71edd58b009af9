package traffic

import (
	"cmp"
	"slices"
	"sync/atomic"
)

// Snapshot is the counters at one moment, sorted by name.
type Snapshot struct {
	Rules     []RuleCount
	Functions []FunctionCount
	Shards    []ShardCount
	Readers   []ReaderCount
}

// RuleCount is a Rule at one moment.
type RuleCount struct {
	Name                                                string
	Matched, Filtered, Done, Failed, Reported, Unheeded int64
}

// FunctionCount is a Function at one moment.
type FunctionCount struct {
	Name                                                     string
	Invoked, Succeeded, Failed, Retried, SetAside, Discarded int64
}

// Running is how many invocations have begun and not ended.
func (f FunctionCount) Running() int64 { return max(0, f.Invoked-f.Succeeded-f.Failed) }

// ShardCount is the records put on a shard.
type ShardCount struct {
	Shard
	Put int64
}

// ReaderCount is the records a reader is done with.
type ReaderCount struct {
	Reader
	Done int64
}

// Snapshot reads the counters. A nil Traffic has none.
func (t *Traffic) Snapshot() Snapshot {
	var s Snapshot
	if t == nil {
		return s
	}
	for name, r := range t.rules.all() {
		s.Rules = append(s.Rules, RuleCount{name, r.Matched.Load(), r.Filtered.Load(), r.Done.Load(), r.Failed.Load(), r.Reported.Load(), r.Unheeded.Load()})
	}
	for name, f := range t.functions.all() {
		s.Functions = append(s.Functions, FunctionCount{
			name, f.Invoked.Load(), f.Succeeded.Load(), f.Failed.Load(), f.Retried.Load(), f.SetAside.Load(), f.Discarded.Load()})
	}
	// Readers before shards: nobody seems to have read what was not put.
	readers, shards := t.readers.all(), t.streams.all()
	s.Readers = counts(readers, func(r Reader, n int64) ReaderCount { return ReaderCount{r, n} })
	s.Shards = counts(shards, func(k Shard, n int64) ShardCount { return ShardCount{k, n} })
	s.sort()
	return s
}

func counts[K comparable, C any](counters map[K]*atomic.Int64, count func(K, int64) C) []C {
	var list []C
	for key, n := range counters {
		list = append(list, count(key, n.Load()))
	}
	return list
}

func (s *Snapshot) sort() {
	slices.SortFunc(s.Rules, func(a, b RuleCount) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(s.Functions, func(a, b FunctionCount) int { return cmp.Compare(a.Name, b.Name) })
	slices.SortFunc(s.Shards, func(a, b ShardCount) int { return a.Shard.compare(b.Shard) })
	slices.SortFunc(s.Readers, func(a, b ReaderCount) int { return a.Reader.compare(b.Reader) })
}

// Behind is how many records of a shard a reader that began at its oldest record
// has still to read; unknown where the shard's records are not counted.
func (s Snapshot) Behind(stream string, r Reader) (behind int64, known bool) {
	shard, known := slices.BinarySearchFunc(s.Shards, Shard{stream, r.Shard}, func(c ShardCount, want Shard) int { return c.Shard.compare(want) })
	if !known {
		return 0, false
	}
	behind = s.Shards[shard].Put
	if reader, ok := slices.BinarySearchFunc(s.Readers, r, func(c ReaderCount, want Reader) int { return c.Reader.compare(want) }); ok {
		behind -= s.Readers[reader].Done
	}
	return max(0, behind), true
}

func (s Shard) compare(other Shard) int {
	return cmp.Or(cmp.Compare(s.Stream, other.Stream), cmp.Compare(s.ID, other.ID))
}

func (r Reader) compare(other Reader) int {
	return cmp.Or(cmp.Compare(r.Function, other.Function), cmp.Compare(r.Mapping, other.Mapping), cmp.Compare(r.Shard, other.Shard))
}
