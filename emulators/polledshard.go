package emulators

import (
	"context"
	"maps"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	kinesissdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
)

// polledShard is what the readers of a shard share: its reads a second, and how
// far they have come. A place in the shard is the sequence number it is behind.
type polledShard struct {
	mu        sync.Mutex
	next      time.Time            // the next read is not before
	iterators map[string]iterator  // by place
	ends      map[string]time.Time // when a read that found nothing began, by place
}

// iterator is a token and when it was given out: "a shard iterator expires 5
// minutes after it is returned to the requester".
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html
type iterator struct {
	token string
	given time.Time
}

const iteratorLife = 5 * time.Minute

// turn waits until the caller may read.
func (p *polledShard) turn(ctx context.Context) error {
	p.mu.Lock()
	now := time.Now()
	if p.next.Before(now) {
		p.next = now
	}
	wait := p.next.Sub(now)
	p.next = p.next.Add(readInterval)
	p.mu.Unlock()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(wait):
		return ctx.Err()
	}
}

func (p *polledShard) iteratorAt(place string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.iterators[place].token
}

// keep remembers the iterator for what comes behind a read.
func (p *polledShard) keep(place string, read *kinesissdk.GetRecordsOutput) {
	if n := len(read.Records); n > 0 {
		place = aws.ToString(read.Records[n-1].SequenceNumber)
	}
	p.set(place, aws.ToString(read.NextShardIterator))
}

func (p *polledShard) set(place, token string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := time.Now()
	maps.DeleteFunc(p.iterators, func(_ string, i iterator) bool { return now.Sub(i.given) > iteratorLife })
	p.iterators[place] = iterator{token, now}
}

// ended remembers that a read behind place found nothing.
func (p *polledShard) ended(place string, began time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.DeleteFunc(p.ends, func(_ string, at time.Time) bool { return began.Sub(at) > iteratorLife })
	p.ends[place] = began
}

func (p *polledShard) endOf(place string) (time.Time, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	at, ok := p.ends[place]
	return at, ok
}
