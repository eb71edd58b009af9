package kinesis

import (
	"context"
	"math/big"
	"strconv"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

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

// maxTarget is how many shards UpdateShardCount makes of a stream at most.
const maxTarget = 10_000

// UpdateShardCount divides the hash keys evenly into at most twice and at least half
// as many shards as there are, and with Enforce ten times in 24 hours. It splits and
// merges shards as their owner would, which makes some that are closed at once; one
// that is right stays.
// See https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html
func (s *State) UpdateShardCount(_ context.Context, in *UpdateShardCountInput) (*UpdateShardCountOutput, error) {
	if in.ScalingType != "UNIFORM_SCALING" {
		return nil, constraint("scalingType", in.ScalingType, "satisfy enum value set: [UNIFORM_SCALING]")
	}
	if in.TargetShardCount < 1 {
		return nil, constraint("targetShardCount", strconv.Itoa(in.TargetShardCount), "have value greater than or equal to 1")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.provisioned(in.StreamRef, "UpdateShardCount")
	if err != nil {
		return nil, err
	}
	had, target := len(st.open), in.TargetShardCount
	switch {
	case target > 2*had:
		return nil, wire.Errorf("InvalidArgumentException", 0, "UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: %d Target shard count: %d", had, target)
	case 2*target < had:
		return nil, wire.Errorf("InvalidArgumentException", 0, "UpdateShardCount cannot scale down below half your current open shard count. Current open shard count: %d Target shard count: %d", had, target)
	case target > maxTarget:
		return nil, wire.Errorf("LimitExceededException", 0, "UpdateShardCount cannot scale to more than %d shards. Target shard count: %d", maxTarget, target)
	case target == had:
		return nil, wire.Errorf("InvalidArgumentException", 0, "Target shard count %d is the current open shard count", target)
	}
	if err := s.room(st.mode, target-had); err != nil {
		return nil, err
	}
	now := time.Now()
	if s.enforce && !st.scalings.take(now, scalingsPerDay) {
		return nil, wire.Errorf("LimitExceededException", 0, "UpdateShardCount: stream %s under account %s was scaled %d times within 24 hours.", st.name, s.id.Account, scalingsPerDay)
	}
	st.scale(evenly(target), now)
	return &UpdateShardCountOutput{st.name, s.arn(st.name), had, target}, nil
}

// scale makes the open shards those of the ranges: it splits where one begins within a
// shard, and then merges what lies in the same one, from the lowest hash key up.
//
//	2 to 3:   ┌───0───┬───1───┐
//	          ├──2─┬─3┼4─┬─5──┤
//	          └──2─┴──6──┴─5──┘
func (st *stream) scale(ranges [][2]*big.Int, now time.Time) {
	for _, keys := range ranges {
		if sh := st.openAt(keys[0]); sh.low.Cmp(keys[0]) != 0 {
			st.split(sh, keys[0], now)
		}
	}
	for _, keys := range ranges {
		for sh := st.openAt(keys[0]); sh.high.Cmp(keys[1]) < 0; sh = st.openAt(keys[0]) {
			st.merge(sh, st.openAt(new(big.Int).Add(sh.high, one)), now)
		}
	}
}
