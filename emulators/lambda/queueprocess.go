package lambda

import (
	"context"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/pause"
)

// queueBatch is a batch of messages on its way.
type queueBatch struct {
	messages []queueMessage
	payload  []byte
	attempt  int
	id       string // of the last invocation
}

// process invokes the function with a batch, deletes what is done and leaves the rest
// to the queue, which shows it again when its visibility timeout has passed. An
// invocation that could not begin is tried again until then.
// See https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
func (p *queuePoller) process(ctx context.Context, slot string, messages []queueMessage) {
	b := &queueBatch{messages: messages, payload: queueEvent(messages)}
	if !pause.For(ctx, settle(p.mapping.config.UUID, slot)) {
		p.hide(ctx, messages)
		return
	}
	for {
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
		hidden := p.hide(ctx, messages)
		if time.Until(hidden) < wait || !pause.For(ctx, wait) {
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
	return p.state.execute(context.WithoutCancel(ctx), &c)
}

// settled deletes what an invocation has done.
func (p *queuePoller) settled(ctx context.Context, b *queueBatch, result Result) {
	done, failed, text := b.messages, []queueMessage(nil), "batch item failures"
	switch {
	case result.FunctionError != "":
		done, failed, text = nil, b.messages, errorText(result)
	case len(p.mapping.config.FunctionResponseTypes) > 0:
		done, failed = b.split(result.Payload)
	}
	if result.FunctionError == "" {
		p.state.result(p.mapping, "") // a queue's mapping answers problems alone
	}
	p.remove(ctx, done)
	switch {
	case len(failed) == 0:
		p.tell(Succeeded, b, b.messages, "")
		return
	case result.FunctionError != "":
		p.tell(Failed, b, b.messages, text)
	default:
		p.tell(BatchFailed, b, done, text)
	}
	p.hide(ctx, failed)
	p.tell(Retried, b, failed, text)
}

// split tells what is done from what an answer names as failed: all, where it names
// what it cannot.
func (b *queueBatch) split(payload []byte) (done, failed []queueMessage) {
	ids, ok := failedItems(payload)
	if !ok {
		return nil, b.messages
	}
	named := map[string]bool{}
	for _, m := range b.messages {
		named[m.id] = false
	}
	for _, id := range ids {
		if _, ours := named[id]; !ours {
			return nil, b.messages
		}
		named[id] = true
	}
	for _, m := range b.messages {
		if named[m.id] {
			failed = append(failed, m)
		} else {
			done = append(done, m)
		}
	}
	return done, failed
}

// hide notes until when messages that are not done are hidden in their queue, and
// answers when the first of them shows again.
func (p *queuePoller) hide(ctx context.Context, messages []queueMessage) time.Time {
	visibility, err := p.state.visibility(context.WithoutCancel(ctx), p.mapping.config.EventSourceArn)
	if err != nil {
		visibility = 0 // the queue is gone
	}
	until := messages[len(messages)-1].received.Add(visibility)
	p.state.mu.Lock()
	defer p.state.mu.Unlock()
	if st := p.mapping.shards[theQueue]; st.hidden.Before(until) {
		st.hidden = until
	}
	return messages[0].received.Add(visibility)
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
