package lambda

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/shakedown-iot/shakedown/emulators/pause"
)

// queuePoller reads the queue of a mapping. One receives; as many batches as the
// mapping allows are processed meanwhile.
type queuePoller struct {
	state   *State
	mapping *mapping
	slots   chan string    // the free ones; each is a lane of its own
	carried []queueMessage // were received, but did not fit into a batch
	busy    sync.WaitGroup
}

// theQueue is the one shard of a mapping that reads a queue.
const theQueue = "queue"

// longPoll is how long Lambda waits for messages.
// See https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#sqs-polling-behavior
const longPoll = 20 * time.Second

// runQueue polls the queue of a mapping until ctx ends.
func (s *State) runQueue(ctx context.Context, m *mapping) {
	p := s.newQueuePoller(m)
	for failures := 0; ; {
		slot, ok := p.slot(ctx)
		if !ok {
			break
		}
		batch, err := p.gather(ctx)
		switch {
		case len(batch) > 0:
			p.hold(1)
			p.busy.Go(func() {
				p.process(ctx, slot, batch)
				p.hold(-1)
				p.slots <- slot
			})
		case err != nil && ctx.Err() == nil:
			failures++
			s.problem(m, theQueue, "queue: "+err.Error())
			pause.For(ctx, backoff(m.config.UUID, theQueue, failures))
			p.slots <- slot
			continue
		default:
			p.slots <- slot
		}
		failures = 0
	}
	p.busy.Wait()
	if len(p.carried) > 0 {
		p.hide(ctx, p.carried)
	}
	s.mu.Lock()
	m.ready = false
	s.mu.Unlock()
}

func (s *State) newQueuePoller(m *mapping) *queuePoller {
	p := &queuePoller{state: s, mapping: m, slots: make(chan string, m.config.concurrency())}
	for i := range cap(p.slots) {
		p.slots <- strconv.Itoa(i)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.shards[theQueue] == nil {
		m.shards[theQueue] = &shardState{}
	}
	m.ready = true
	return p
}

// slot waits until another batch may be processed; false is that ctx has ended.
func (p *queuePoller) slot(ctx context.Context) (string, bool) {
	if ctx.Err() != nil {
		return "", false
	}
	select {
	case slot := <-p.slots:
		return slot, true
	case <-ctx.Done():
		return "", false
	}
}

// gather takes a batch: what is there when the first message has come, or what comes
// until the batch is full, the window has passed or the queue refuses. No message is an
// empty batch.
func (p *queuePoller) gather(ctx context.Context) ([]queueMessage, error) {
	c := &p.mapping.config
	size := int(c.BatchSize)
	if len(p.carried) == 0 {
		if err := p.receive(ctx, size, longPoll); err != nil || len(p.carried) == 0 {
			return nil, err
		}
		// What was sent at the same instant belongs to the batch.
		if !pause.For(ctx, settle(c.UUID, theQueue)) {
			return nil, ctx.Err()
		}
	}
	end := time.Now().Add(time.Duration(c.MaximumBatchingWindowInSeconds) * time.Second)
	for n := -1; len(p.carried) < size && fitting(p.carried) == len(p.carried); n = len(p.carried) {
		// A queue counts in whole seconds.
		wait := min(time.Until(end).Round(time.Second), longPoll)
		if n == len(p.carried) && wait <= 0 {
			break // nothing more
		}
		if err := p.receive(ctx, size-len(p.carried), max(wait, 0)); ctx.Err() != nil {
			return nil, err
		} else if err != nil {
			break // the next batch finds it again
		}
	}
	n := fitting(p.carried[:min(size, len(p.carried))])
	batch := p.carried[:n:n]
	p.carried = p.carried[n:]
	return p.keep(ctx, batch), nil
}

// fitting is how many of the messages an event of at most 6 MB can take, at least one.
func fitting(messages []queueMessage) int {
	total := 16
	for i, m := range messages {
		if total += len(m.json) + 1; total > maxSyncPayload {
			return max(i, 1)
		}
	}
	return len(messages)
}

// receive takes messages from the queue, waiting for the first of them.
func (p *queuePoller) receive(ctx context.Context, most int, wait time.Duration) error {
	ctx, err := p.as(ctx, "ReceiveMessage")
	if err != nil {
		return err
	}
	p.wait(len(p.carried) == 0)
	defer p.wait(false)
	url := queueURL(p.mapping.config.EventSourceArn)
	out, err := p.state.config.Messages.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
		QueueUrl: &url, MaxNumberOfMessages: int32(min(most, 10)), WaitTimeSeconds: int32(wait / time.Second),
		MessageSystemAttributeNames: []sqstypes.MessageSystemAttributeName{sqstypes.MessageSystemAttributeNameAll},
		MessageAttributeNames:       []string{"All"},
	})
	if err != nil {
		return err
	}
	for _, m := range out.Messages {
		message, err := p.state.queueMessage(p.mapping.config.EventSourceArn, m)
		if err != nil {
			return err
		}
		p.carried = append(p.carried, message)
	}
	return nil
}

// keep drops what the filter does not let through: out of the queue, too.
func (p *queuePoller) keep(ctx context.Context, batch []queueMessage) []queueMessage {
	var kept, dropped []queueMessage
	for _, m := range batch {
		if p.mapping.filter.matches(m.fields) {
			kept = append(kept, m)
		} else {
			dropped = append(dropped, m)
		}
	}
	p.remove(ctx, dropped)
	return kept
}

// remove deletes messages, ten a call. One that cannot be deleted comes again.
func (p *queuePoller) remove(ctx context.Context, messages []queueMessage) {
	var problem error // the first
	for some := range slices.Chunk(messages, 10) {
		if err := p.removeSome(context.WithoutCancel(ctx), some); problem == nil {
			problem = err
		}
	}
	if problem != nil {
		p.state.problem(p.mapping, theQueue, "deleting messages: "+problem.Error())
		p.hide(ctx, messages)
	}
}

// removeSome deletes at most ten messages.
func (p *queuePoller) removeSome(ctx context.Context, messages []queueMessage) error {
	ctx, err := p.as(ctx, "DeleteMessage")
	if err != nil {
		return err
	}
	url := queueURL(p.mapping.config.EventSourceArn)
	in := &sqs.DeleteMessageBatchInput{QueueUrl: &url}
	for i, m := range messages {
		in.Entries = append(in.Entries, sqstypes.DeleteMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), ReceiptHandle: &m.receipt})
	}
	out, err := p.state.config.Messages.DeleteMessageBatch(ctx, in)
	if err == nil && len(out.Failed) > 0 {
		err = fmt.Errorf("%d of %d: %s", len(out.Failed), len(messages), aws.ToString(out.Failed[0].Message))
	}
	return err
}

// wait notes whether the poller waits for messages with none in hand.
func (p *queuePoller) wait(on bool) {
	p.state.mu.Lock()
	defer p.state.mu.Unlock()
	st := p.mapping.shards[theQueue]
	st.waiting, st.since = on, time.Now()
}

// hold counts the batches that are processed.
func (p *queuePoller) hold(n int) {
	p.state.mu.Lock()
	defer p.state.mu.Unlock()
	p.mapping.shards[theQueue].held += n
}
