package kinesis

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// ListShardsInput pages through the shards of a stream, or goes on with a token.
type ListShardsInput struct {
	StreamRef
	NextToken               string
	ExclusiveStartShardId   string
	MaxResults              *int
	StreamCreationTimestamp wire.Time
	ShardFilter             *ShardFilter
}

// ShardFilter selects shards by when they were open.
// See https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ShardFilter.html
type ShardFilter struct {
	Type      string
	ShardId   string
	Timestamp wire.Time
}

// ListShardsOutput is one page.
type ListShardsOutput struct {
	Shards    []Shard
	NextToken string `json:",omitempty"`
}

// shardsToken is where a list of shards goes on; it travels as base64.
type shardsToken struct {
	Stream  string
	After   string
	Filter  *ShardFilter `json:",omitempty"`
	Expires int64        // Unix ns
}

// ListShards lists at most MaxResults shards, or 1,000. Errors:
// ExpiredNextTokenException, InvalidArgumentException, ResourceNotFoundException.
func (s *State) ListShards(_ context.Context, in *ListShardsInput) (*ListShardsOutput, error) {
	limit, err := most(in.MaxResults, "MaxResults", maxPage, 1000)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	at, err := s.listFrom(in, now)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(at.Stream, in.StreamARN)
	if err != nil {
		return nil, err
	}
	if err := st.checkCreated(in.StreamCreationTimestamp); err != nil {
		return nil, err
	}
	st.expire(now)
	out := &ListShardsOutput{Shards: []Shard{}}
	for _, sh := range st.shards {
		switch {
		case sh.id <= at.After || !at.Filter.selects(st, sh, now):
		case len(out.Shards) == limit:
			at.Stream, at.After, at.Expires = st.name, out.Shards[limit-1].ShardId, now.Add(iteratorLife).UnixNano()
			text, _ := json.Marshal(at) // strings and numbers always encode
			out.NextToken = base64.StdEncoding.EncodeToString(text)
			return out, nil
		default:
			out.Shards = append(out.Shards, sh.describe())
		}
	}
	return out, nil
}

// listFrom is where a list begins or goes on.
func (s *State) listFrom(in *ListShardsInput, now time.Time) (shardsToken, error) {
	if in.NextToken == "" {
		return shardsToken{Stream: in.StreamName, After: in.ExclusiveStartShardId, Filter: in.ShardFilter}, cmp.Or(checkStart(in.ExclusiveStartShardId), in.ShardFilter.check())
	}
	var at shardsToken
	if in.StreamName != "" || in.ShardFilter != nil || in.ExclusiveStartShardId != "" || !in.StreamCreationTimestamp.IsZero() {
		return at, wire.Errorf("InvalidArgumentException", 0, "NextToken and StreamName cannot be provided together.")
	}
	text, err := base64.StdEncoding.DecodeString(in.NextToken)
	if err == nil {
		err = json.Unmarshal(text, &at)
	}
	if err != nil {
		return at, wire.Errorf("InvalidArgumentException", 0, "NextToken is not one that ListShards gave.")
	}
	if now.UnixNano() > at.Expires {
		return at, wire.Errorf("ExpiredNextTokenException", 0, "NextToken has expired: it is valid for %s", iteratorLife)
	}
	return at, nil
}

func (f *ShardFilter) check() error {
	if f == nil {
		return nil
	}
	if f.ShardId != "" && f.Type != "AFTER_SHARD_ID" {
		return wire.Errorf("InvalidArgumentException", 0, "ShardFilter: ShardId can only be used with the type AFTER_SHARD_ID, not with %s", f.Type)
	}
	if !f.Timestamp.IsZero() && f.Type != "AT_TIMESTAMP" && f.Type != "FROM_TIMESTAMP" {
		return wire.Errorf("InvalidArgumentException", 0, "ShardFilter: Timestamp can only be used with the types AT_TIMESTAMP and FROM_TIMESTAMP, not with %s", f.Type)
	}
	switch f.Type {
	case "AFTER_SHARD_ID":
		if f.ShardId == "" {
			return wire.Errorf("InvalidArgumentException", 0, "ShardFilter AFTER_SHARD_ID needs a ShardId")
		}
		return checkName("shardFilter.shardId", f.ShardId)
	case "AT_TIMESTAMP", "FROM_TIMESTAMP":
		if f.Timestamp.IsZero() {
			return wire.Errorf("InvalidArgumentException", 0, "ShardFilter %s needs a Timestamp", f.Type)
		}
	case "AT_TRIM_HORIZON", "FROM_TRIM_HORIZON", "AT_LATEST":
	default:
		return wire.Errorf("ValidationException", 0, "ShardFilter type %q is none of AFTER_SHARD_ID, AT_TRIM_HORIZON, FROM_TRIM_HORIZON, AT_LATEST, AT_TIMESTAMP, FROM_TIMESTAMP", f.Type)
	}
	return nil
}

// selects tells whether a shard is one that the filter asks for; a nil filter asks
// for all.
func (f *ShardFilter) selects(st *stream, sh *shard, now time.Time) bool {
	if f == nil {
		return true
	}
	horizon := now.Add(-st.retention)
	if horizon.Before(st.created) {
		horizon = st.created
	}
	openSince := func(t time.Time) bool { return sh.closed.IsZero() || !sh.closed.Before(t) }
	openAt := func(t time.Time) bool { return !sh.made.After(t) && openSince(t) }
	switch f.Type {
	case "AFTER_SHARD_ID":
		return sh.id > f.ShardId
	case "AT_TRIM_HORIZON":
		return openAt(horizon)
	case "FROM_TRIM_HORIZON":
		return openSince(horizon)
	case "AT_TIMESTAMP":
		return openAt(f.Timestamp.Time)
	case "FROM_TIMESTAMP":
		return openSince(f.Timestamp.Time)
	}
	return sh.closed.IsZero() // AT_LATEST
}
