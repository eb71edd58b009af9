package kinesis

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// DescribeLimitsOutput is the account's limits and what is used of them.
type DescribeLimitsOutput struct {
	ShardLimit, OpenShardCount                    int
	OnDemandStreamCount, OnDemandStreamCountLimit int
}

// shardLimit is how many shards the provisioned streams of an account have together. AWS
// says 1,000 or 6,000 for other regions than those of 20,000, and not which has which.
// https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
func (s *State) shardLimit() int {
	switch s.id.Region {
	case "us-east-1", "us-west-2", "eu-west-1":
		return 20_000
	}
	return 1000
}

// onDemandStreams is how many on-demand streams an account may have.
const onDemandStreams = 50

// DescribeLimits answers limits and usage.
func (s *State) DescribeLimits(context.Context, *Empty) (*DescribeLimitsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &DescribeLimitsOutput{ShardLimit: s.shardLimit(), OnDemandStreamCountLimit: onDemandStreams}
	out.OpenShardCount, out.OnDemandStreamCount = s.used()
	return out, nil
}

// used is the open shards of provisioned streams, and the streams on demand.
func (s *State) used() (shards, onDemand int) {
	for _, st := range s.streams {
		if st.mode == onDemandMode {
			onDemand++
			continue
		}
		shards += len(st.open)
	}
	return shards, onDemand
}

// room refuses what would be more than the account may have: so many shards more, or
// one stream more on demand.
func (s *State) room(mode string, more int) error {
	shards, onDemand := s.used()
	switch {
	case mode == onDemandMode && onDemand >= onDemandStreams:
		return wire.Errorf("LimitExceededException", 0, "This request would exceed the on-demand stream limit for the account %s. Current on-demand stream count: %d. Limit: %d.", s.id.Account, onDemand, onDemandStreams)
	case mode != onDemandMode && shards+more > s.shardLimit():
		return wire.Errorf("LimitExceededException", 0, "This request would exceed the shard limit for the account %s in %s. Current shard count for the account: %d. Limit: %d. Number of additional shards that would have resulted from this request: %d.",
			s.id.Account, s.id.Region, shards, s.shardLimit(), more)
	}
	return nil
}
