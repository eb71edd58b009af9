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

// add makes an open shard of a range of hash keys.
func (st *stream) add(keys [2]*big.Int, now time.Time, parents ...*shard) *shard {
	sh := &shard{
		id: fmt.Sprintf("shardId-%012d", st.numbers), index: st.numbers, low: keys[0], high: keys[1],
		made: now, retention: st.retention, appended: make(chan struct{}),
	}
	for _, p := range parents {
		sh.parents = append(sh.parents, p.id)
		p.children = append(p.children, sh)
	}
	st.numbers++
	st.shards = append(st.shards, sh)
	st.open = append(st.open, sh)
	slices.SortFunc(st.open, func(a, b *shard) int { return a.low.Cmp(b.low) })
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
	at, ok := new(big.Int).SetString(in.NewStartingHashKey, 10)
	if !ok || at.Cmp(sh.low) <= 0 || at.Cmp(sh.high) > 0 {
		return nil, wire.Errorf("InvalidArgumentException", 0, "NewStartingHashKey %s used in SplitShard() on shard %s in stream %s under account %s is not both greater than one plus the shard's StartingHashKey %s and less than the shard's EndingHashKey %s.",
			in.NewStartingHashKey, sh.id, st.name, s.id.Account, sh.low, sh.high)
	}
	if len(st.open) >= maxShards {
		return nil, wire.Errorf("LimitExceededException", 0, "SplitShard: stream %s has %d open shards", st.name, maxShards)
	}
	now := time.Now()
	st.close(sh, now)
	st.add([2]*big.Int{sh.low, new(big.Int).Sub(at, big.NewInt(1))}, now, sh)
	st.add([2]*big.Int{at, sh.high}, now, sh)
	return &Empty{}, nil
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
	low, high := a, b
	if low.low.Cmp(high.low) > 0 {
		low, high = b, a
	}
	if new(big.Int).Add(low.high, big.NewInt(1)).Cmp(high.low) != 0 {
		return nil, wire.Errorf("InvalidArgumentException", 0, "Shards %s and %s in stream %s under account %s are not an adjacent pair of shards eligible for merging",
			a.id, b.id, st.name, s.id.Account)
	}
	now := time.Now()
	st.close(a, now)
	st.close(b, now)
	st.add([2]*big.Int{low.low, high.high}, now, a, b)
	return &Empty{}, nil
}

// UpdateShardCountInput says how many shards a stream shall have.
type UpdateShardCountInput struct {
	StreamRef
	TargetShardCount int
	ScalingType      string
}

// UpdateShardCountOutput says how many it had.
type UpdateShardCountOutput struct {
	StreamName, StreamARN               string
	CurrentShardCount, TargetShardCount int
}

// UpdateShardCount closes all shards and makes as many even ones, at most twice and
// at least half as many as there were. AWS gets there by splits and merges of
// pairs; here a new shard's parents are the shards that its range was in.
// See https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html
func (s *State) UpdateShardCount(_ context.Context, in *UpdateShardCountInput) (*UpdateShardCountOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.provisioned(in.StreamRef, "UpdateShardCount")
	if err != nil {
		return nil, err
	}
	had, target := len(st.open), in.TargetShardCount
	switch {
	case in.ScalingType != "UNIFORM_SCALING":
		return nil, wire.Errorf("ValidationException", 0, "ScalingType %q is not UNIFORM_SCALING", in.ScalingType)
	case target < 1 || target == had:
		return nil, wire.Errorf("InvalidArgumentException", 0, "TargetShardCount %d is the present number of shards, or not positive", target)
	case target > 2*had:
		return nil, wire.Errorf("InvalidArgumentException", 0, "UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: %d Target shard count: %d", had, target)
	case 2*target < had:
		return nil, wire.Errorf("InvalidArgumentException", 0, "UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: %d Target shard count: %d", had, target)
	case target > maxShards:
		return nil, wire.Errorf("LimitExceededException", 0, "TargetShardCount %d is more than %d", target, maxShards)
	}
	now := time.Now()
	before := slices.Clone(st.open)
	for _, sh := range before {
		st.close(sh, now)
	}
	for _, keys := range evenly(target) {
		st.add(keys, now, slices.DeleteFunc(slices.Clone(before), func(sh *shard) bool {
			return sh.high.Cmp(keys[0]) < 0 || sh.low.Cmp(keys[1]) > 0
		})...)
	}
	return &UpdateShardCountOutput{st.name, s.arn(st.name), had, target}, nil
}

// provisioned finds a stream whose shards are the caller's to change.
func (s *State) provisioned(ref StreamRef, operation string) (*stream, error) {
	st, err := s.stream(ref.StreamName, ref.StreamARN)
	if err == nil && st.mode != provisionedMode {
		err = wire.Errorf("ValidationException", 0, "Request is invalid. %s is not supported for streams in %s mode.", operation, st.mode)
	}
	return st, err
}
