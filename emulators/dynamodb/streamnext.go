package dynamodb

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// ErrShardEnd is Next's error for a shard that is closed and read to its end.
var ErrShardEnd = errors.New("dynamodb: the shard is closed and read to its end")

// Start is where a shard is read from when nothing was read yet: Position is
// TRIM_HORIZON, LATEST or AT_TIMESTAMP.
type Start struct {
	Position string
	At       time.Time
}

// Event is a record as a Lambda function is sent it.
// https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
type Event struct {
	SequenceNumber string
	Data           []byte
	At             time.Time
}

// eventRecord is the JSON of an Event: identities are spelled otherwise there.
type eventRecord struct {
	StreamRecord
	UserIdentity   *eventIdentity `json:"userIdentity,omitempty"`
	EventSourceARN string         `json:"eventSourceARN"`
}

type eventIdentity struct {
	PrincipalID string `json:"principalId"`
	Type        string `json:"type"`
}

// ShardIDs lists the shards of a stream.
func (s *State) ShardIDs(arn string) ([]string, error) {
	s.lock()
	defer s.mu.Unlock()
	st, err := s.stream(arn)
	if err != nil {
		return nil, err
	}
	return []string{st.shard}, nil
}

// Next waits until there is a record behind the sequence number after, or from
// start when that is empty, and answers at most max of them.
func (s *State) Next(ctx context.Context, arn, shard, after string, start Start, max int) ([]Event, error) {
	var next uint64
	for first := true; ; first = false {
		s.lock()
		st, err := s.shard(arn, shard)
		if err == nil && first {
			next, err = st.resume(after, start)
		}
		if err != nil {
			s.mu.Unlock()
			return nil, err
		}
		events, err := st.events(s.id.Region, next, max)
		woken, ended := st.woken, !st.closed.IsZero()
		s.mu.Unlock()
		switch {
		case err != nil || len(events) > 0:
			return events, err
		case ended:
			return nil, ErrShardEnd
		}
		if err := s.await(ctx, woken); err != nil {
			return nil, err
		}
	}
}

// await waits until a stream is woken, or an item may have expired.
func (s *State) await(ctx context.Context, woken <-chan struct{}) error {
	var expiry <-chan time.Time
	if at := s.expiry.Load(); at != never {
		timer := time.NewTimer(time.Until(time.Unix(at, 0)))
		defer timer.Stop()
		expiry = timer.C
	}
	select {
	case <-woken:
		time.Sleep(time.Nanosecond) // what else happens now is in the same batch
	case <-expiry:
	case <-ctx.Done():
		return ctx.Err()
	}
	return nil
}

// resume is the number of the change at which reading begins.
func (st *stream) resume(after string, start Start) (uint64, error) {
	if after != "" {
		n, err := sequenceOf(after)
		return max(n+1, st.first), err
	}
	if start.Position == "LATEST" {
		return st.next(), nil
	}
	n := st.first
	for start.Position == "AT_TIMESTAMP" && n < st.next() && st.changes[n-st.first].at.Before(start.At) {
		n++
	}
	return n, nil
}

// events are the records from a number on, of about 6 MB at most: what a function
// is sent.
func (st *stream) events(region string, next uint64, most int) ([]Event, error) {
	var events []Event
	size := 0
	for n := max(next, st.first); n < st.next() && len(events) < most && size < 6<<20; n++ {
		r := eventRecord{StreamRecord: st.record(region, n), EventSourceARN: st.arn}
		if id := r.StreamRecord.UserIdentity; id != nil {
			r.UserIdentity = &eventIdentity{id.PrincipalId, id.Type}
		}
		data, err := json.Marshal(r)
		if err != nil {
			return nil, fmt.Errorf("encoding a record of %s: %w", st.arn, err)
		}
		size += len(data)
		events = append(events, Event{r.Dynamodb.SequenceNumber, data, st.changes[n-st.first].at})
	}
	return events, nil
}
