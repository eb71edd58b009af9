package kinesis

import (
	"context"
	"errors"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Bounds of a subscription.
// See https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html
const (
	subscriptionLife = 5 * time.Minute
	subscriptionRest = 5 * time.Second // until another may take over
	eventEvery       = 5 * time.Second // an event without records, at the least
	eventRecords     = 1000
	eventBytes       = 1 << 20
)

// StartingPosition is where a subscription begins: the types of iterators.
type StartingPosition struct {
	Type           string
	SequenceNumber string
	Timestamp      wire.Time
}

// SubscribeToShardInput says what a consumer wants to be sent.
type SubscribeToShardInput struct {
	ConsumerARN      string
	ShardId          string
	StartingPosition StartingPosition
}

// SubscribeToShardEvent is records with how to go on behind them.
type SubscribeToShardEvent struct {
	Records                    []WireRecord
	ContinuationSequenceNumber string `json:",omitempty"` // none at the shard's end
	MillisBehindLatest         int64
	ChildShards                []ChildShard `json:",omitempty"`
}

// subscription is one that runs.
type subscription struct {
	began time.Time
	over  chan struct{} // closed when another takes over
	ended bool
}

// SubscribeToShard answers how to send the records of a shard to a consumer: for
// five minutes, until the shard's end, or until another subscription of the same
// consumer and shard takes over. That it may five seconds after this one began, also
// when this one has ended before. Errors:
// ResourceNotFoundException, ResourceInUseException, InvalidArgumentException.
func (s *State) SubscribeToShard(_ context.Context, in *SubscribeToShardInput) (func(context.Context, wire.EventSender) error, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.consumer(in.ConsumerARN)
	if err != nil {
		return nil, err
	}
	_, sh, err := s.lookup(c.stream, in.ShardId)
	if err != nil {
		return nil, err
	}
	next, err := sh.at(&GetShardIteratorInput{
		ShardIteratorType: in.StartingPosition.Type, StartingSequenceNumber: in.StartingPosition.SequenceNumber, Timestamp: in.StartingPosition.Timestamp,
	})
	if err != nil {
		return nil, err
	}
	now := time.Now()
	if last := c.subscribed[sh.id]; last != nil {
		if now.Sub(last.began) < subscriptionRest {
			return nil, wire.Errorf("ResourceInUseException", 0, "Another active subscription exists for this consumer %s and shard %s", c.name, sh.id)
		}
		if !last.ended {
			close(last.over)
		}
	}
	sub := &subscription{began: now, over: make(chan struct{})}
	c.subscribed[sh.id] = sub
	return func(ctx context.Context, send wire.EventSender) error {
		ctx, cancel := context.WithTimeout(ctx, subscriptionLife)
		defer cancel()
		defer s.unsubscribe(sub)
		return s.feed(ctx, c, sub, sh, next, send)
	}, nil
}

func (s *State) unsubscribe(sub *subscription) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sub.ended = true
}

// feed sends event after event.
func (s *State) feed(ctx context.Context, c *consumer, sub *subscription, sh *shard, next uint64, send wire.EventSender) error {
	for {
		event, ended, err := s.nextEvent(ctx, c, sh, &next)
		if err != nil {
			return err
		}
		select {
		case <-sub.over:
			return wire.Errorf("ResourceInUseException", 0, "Another subscription of this consumer and shard has taken over")
		case <-c.gone:
			return wire.Errorf("ResourceNotFoundException", 0, "Consumer %s is gone", c.arn)
		default:
		}
		if ctx.Err() != nil {
			return nil
		}
		if err := send("SubscribeToShardEvent", event); err != nil || ended {
			return err
		}
	}
}

// nextEvent waits for records, but not for long.
func (s *State) nextEvent(ctx context.Context, c *consumer, sh *shard, next *uint64) (SubscribeToShardEvent, bool, error) {
	event := SubscribeToShardEvent{Records: []WireRecord{}}
	wait, cancel := context.WithTimeout(ctx, eventEvery)
	defer cancel()
	records, err := s.Next(wait, c.stream, sh.id, sh.sequenceNumber(*next-1), Start{}, eventRecords)
	s.mu.Lock()
	defer s.mu.Unlock()
	if errors.Is(err, ErrShardEnd) {
		event.ChildShards = sh.childShards()
		return event, true, nil
	}
	if err != nil && wait.Err() == nil {
		return event, false, err
	}
	size, encryption := 0, s.encryptionOf(c.stream)
	for _, r := range records {
		if size += len(r.Data) + len(r.PartitionKey); size > eventBytes && len(event.Records) > 0 {
			break
		}
		event.Records = append(event.Records, WireRecord{r.SequenceNumber, wire.At(r.ApproximateArrivalTimestamp), r.Data, r.PartitionKey, encryption})
		if n, ok := sh.position(r.SequenceNumber); ok {
			*next = n + 1
		}
	}
	event.ContinuationSequenceNumber = sh.sequenceNumber(*next - 1)
	if rest := sh.from(*next, 1); len(rest) > 0 {
		event.MillisBehindLatest = time.Since(rest[0].ApproximateArrivalTimestamp).Milliseconds()
	}
	return event, false, nil
}

func (s *State) encryptionOf(stream string) string {
	if st := s.streams[stream]; st != nil {
		return st.recordEncryption()
	}
	return ""
}
