package kinesis

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// ErrShardEnd tells that a closed shard was read to its end: its children go on.
var ErrShardEnd = errors.New("kinesis: the shard is closed and read to its end")

var one = big.NewInt(1)

// add makes an open shard of a range of hash keys.
func (st *stream) add(keys [2]*big.Int, now time.Time, parents ...*shard) *shard {
	sh := &shard{
		id: fmt.Sprintf("shardId-%012d", st.numbers), low: keys[0], high: keys[1],
		made: now, retention: st.retention, origin: originOf(st.numbers, st.created), appended: make(chan struct{}),
	}
	for _, p := range parents {
		sh.parents = append(sh.parents, p.id)
		p.children = append(p.children, sh)
	}
	st.numbers++
	st.shards = append(st.shards, sh)
	at, _ := slices.BinarySearchFunc(st.open, sh, func(a, b *shard) int { return a.low.Cmp(b.low) })
	st.open = slices.Insert(st.open, at, sh)
	return sh
}

// close ends a shard: it takes no more records, and who waits at its end is told.
func (st *stream) close(sh *shard, now time.Time) {
	sh.closed = now
	st.open = slices.DeleteFunc(st.open, func(other *shard) bool { return other == sh })
	close(sh.appended)
	sh.appended = make(chan struct{})
}

// ended tells whether nothing will ever be at or behind a sequence.
func (sh *shard) ended(next uint64) bool { return !sh.closed.IsZero() && next > sh.sequence }

// expire forgets closed shards whose records have all expired.
func (st *stream) expire(now time.Time) {
	st.shards = slices.DeleteFunc(st.shards, func(sh *shard) bool {
		return !sh.closed.IsZero() && now.Sub(sh.closed) > sh.retention
	})
}

func (sh *shard) childShards() []ChildShard {
	var out []ChildShard
	for _, c := range sh.children {
		out = append(out, ChildShard{c.id, c.parents, HashKeyRange{c.low.String(), c.high.String()}})
	}
	return out
}

// Parents are the shards of a stream with those they were made of.
func (s *State) Parents(name string) (map[string][]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(name, "")
	if err != nil {
		return nil, err
	}
	st.expire(time.Now())
	out := map[string][]string{}
	for _, sh := range st.shards {
		out[sh.id] = slices.Clone(sh.parents)
	}
	return out, nil
}

// openShard finds a shard that can be resharded.
func (st *stream) openShard(id string) (*shard, error) {
	sh, ok := st.shard(id)
	switch {
	case !ok:
		return nil, wire.Errorf("ResourceNotFoundException", 0, "Could not find shard %s in stream %s.", id, st.name)
	case !sh.closed.IsZero():
		return nil, wire.Errorf("InvalidArgumentException", 0, "Shard %s in stream %s has already been merged or split, and thus is not eligible for merging or splitting.", id, st.name)
	}
	return sh, nil
}

// SplitShardInput says where a shard is split.
type SplitShardInput struct {
	StreamRef
	ShardToSplit       string
	NewStartingHashKey string
}

// SplitShard closes a shard and makes two of its range. Errors:
// ResourceNotFoundException, InvalidArgumentException, LimitExceededException.
// See https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SplitShard.html
func (s *State) SplitShard(_ context.Context, in *SplitShardInput) (*Empty, error) {
	if err := checkHashKey("newStartingHashKey", in.NewStartingHashKey); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.provisioned(in.StreamRef, "SplitShard")
	if err != nil {
		return nil, err
	}
	sh, err := st.openShard(in.ShardToSplit)
	if err != nil {
		return nil, err
	}
	at, _ := new(big.Int).SetString(in.NewStartingHashKey, 10)
	if new(big.Int).Sub(at, one).Cmp(sh.low) <= 0 || at.Cmp(sh.high) >= 0 {
		return nil, wire.Errorf("InvalidArgumentException", 0, "NewStartingHashKey %s used in SplitShard() on shard %s in stream %s under account %s is not both greater than one plus the shard's StartingHashKey %s and less than the shard's EndingHashKey %s.",
			in.NewStartingHashKey, sh.id, st.name, s.id.Account, sh.low, sh.high)
	}
	if err := s.room(st.mode, 1); err != nil {
		return nil, err
	}
	st.split(sh, at, time.Now())
	return &Empty{}, nil
}

// split closes a shard and makes two of it, the second from a hash key on.
func (st *stream) split(sh *shard, at *big.Int, now time.Time) {
	st.close(sh, now)
	st.add([2]*big.Int{sh.low, new(big.Int).Sub(at, one)}, now, sh)
	st.add([2]*big.Int{at, sh.high}, now, sh)
}

// MergeShardsInput names two shards side by side.
type MergeShardsInput struct {
	StreamRef
	ShardToMerge         string
	AdjacentShardToMerge string
}

// MergeShards closes two adjacent shards and makes one of their ranges.
// See https://docs.aws.amazon.com/kinesis/latest/APIReference/API_MergeShards.html
func (s *State) MergeShards(_ context.Context, in *MergeShardsInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.provisioned(in.StreamRef, "MergeShards")
	if err != nil {
		return nil, err
	}
	a, err := st.openShard(in.ShardToMerge)
	if err != nil {
		return nil, err
	}
	b, err := st.openShard(in.AdjacentShardToMerge)
	if err != nil {
		return nil, err
	}
	if !a.below(b) && !b.below(a) {
		return nil, wire.Errorf("InvalidArgumentException", 0, "Shards %s and %s in stream %s under account %s are not an adjacent pair of shards eligible for merging",
			a.id, b.id, st.name, s.id.Account)
	}
	st.merge(a, b, time.Now())
	return &Empty{}, nil
}

// below tells whether another shard's hash keys begin where this one's end.
func (sh *shard) below(other *shard) bool {
	return new(big.Int).Add(sh.high, one).Cmp(other.low) == 0
}

// merge closes two shards side by side and makes one of them.
func (st *stream) merge(a, b *shard, now time.Time) {
	st.close(a, now)
	st.close(b, now)
	low, high := a, b
	if b.below(a) {
		low, high = b, a
	}
	st.add([2]*big.Int{low.low, high.high}, now, a, b)
}

// provisioned finds a stream whose shards are the caller's to change.
func (s *State) provisioned(ref StreamRef, operation string) (*stream, error) {
	st, err := s.stream(ref.StreamName, ref.StreamARN)
	if err == nil && st.mode != provisionedMode {
		err = wire.Errorf("ValidationException", 0, "Request is invalid. %s is not supported for streams in %s mode.", operation, st.mode)
	}
	return st, err
}
