package lambda

import (
	"context"
	"slices"
	"time"
)

// queueBatch is a batch of messages on its way.
type queueBatch struct {
	messages []queueMessage
	payload  []byte
	received time.Time
	attempt  int
	id       string // of the last invocation
}

// process invokes the function with a batch, deletes what is done and leaves the rest
// to the queue, which shows it again when its visibility timeout has passed. An
// invocation that could not begin is tried again until then.
// See https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
func (p *queuePoller) process(ctx context.Context, slot string, messages []queueMessage) {
	b := &queueBatch{messages: messages, payload: queueEvent(messages), received: time.Now()}
	if !pause(ctx, settle(p.mapping.config.UUID, slot)) {
		return
	}
	for ctx.Err() == nil {
		b.attempt++
		result, err := p.invoke(ctx, b)
		if err == nil {
			p.settled(ctx, b, result)
			return
		}
		p.state.problem(p.mapping, theQueue, err.Error())
		p.tell(Failed, b, messages, err.Error())
		p.tell(Retried, b, messages, err.Error())
		wait := backoff(p.mapping.config.UUID, slot, b.attempt)
		hidden := p.hide(ctx, b)
		if time.Until(hidden) < wait || !pause(ctx, wait) {
			return
		}
	}
}

func (p *queuePoller) invoke(ctx context.Context, b *queueBatch) (Result, error) {
	c, err := p.state.prepareValid(ctx, p.mapping.reference(), b.payload, maxSyncPayload)
	if err != nil {
		return Result{}, err
	}
	b.id = c.id
	p.tell(Invoked, b, b.messages, "")
	// A stopping mapping lets the invocation finish: it is bounded by its timeout.
	return p.state.execute(context.WithoutCancel(ctx), c)
}

// settled deletes what an invocation has done.
func (p *queuePoller) settled(ctx context.Context, b *queueBatch, result Result) {
	var failed []queueMessage
	text := errorText(result)
	switch {
	case result.FunctionError != "":
		failed = b.messages
	case len(p.mapping.config.FunctionResponseTypes) > 0:
		failed, text = b.failed(result.Payload), "batch item failures"
	}
	done := slices.DeleteFunc(slices.Clone(b.messages), func(m queueMessage) bool {
		return slices.ContainsFunc(failed, func(f queueMessage) bool { return f.id == m.id })
	})
	if err := p.remove(ctx, done); err != nil {
		p.state.problem(p.mapping, theQueue, "deleting messages: "+err.Error())
	}
	switch {
	case len(failed) == 0:
		p.tell(Succeeded, b, b.messages, "")
		return
	case result.FunctionError != "":
		p.tell(Failed, b, b.messages, text)
	default:
		p.tell(BatchFailed, b, done, text)
	}
	p.hide(ctx, b)
	p.tell(Retried, b, failed, text)
}

// failed are the messages that an answer names; all, where it names one that it
// cannot.
func (b *queueBatch) failed(payload []byte) []queueMessage {
	ids, ok := failedItems(payload)
	if !ok {
		return b.messages
	}
	var failed []queueMessage
	for _, id := range ids {
		i := slices.IndexFunc(b.messages, func(m queueMessage) bool { return m.id == id })
		if i < 0 {
			return b.messages
		}
		failed = append(failed, b.messages[i])
	}
	return failed
}

// hide notes until when messages are hidden in their queue.
func (p *queuePoller) hide(ctx context.Context, b *queueBatch) time.Time {
	visibility, err := p.state.visibility(context.WithoutCancel(ctx), p.mapping.config.EventSourceArn)
	if err != nil {
		visibility = 0 // the queue is gone
	}
	until := b.received.Add(visibility)
	p.state.mu.Lock()
	defer p.state.mu.Unlock()
	if st := p.mapping.shards[theQueue]; st.hidden.Before(until) {
		st.hidden = until
	}
	return until
}

// tell reports a decision about some messages of a batch.
func (p *queuePoller) tell(kind Kind, b *queueBatch, messages []queueMessage, text string) {
	if p.state.config.Tap == nil {
		return
	}
	payload := b.payload
	if len(messages) != len(b.messages) {
		payload = queueEvent(messages)
	}
	p.state.tell(Event{
		Kind: kind, Function: p.mapping.function, Attempt: b.attempt, RequestID: b.id, Payload: payload, Records: len(messages), Err: text,
		Mapping: p.mapping.config.UUID, Shard: theQueue,
	})
}
