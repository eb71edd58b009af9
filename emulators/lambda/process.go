package lambda

import (
	"context"
	"fmt"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/pause"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// process takes a batch to its end: every record is done or given up when it
// returns, unless ctx has ended.
func (p *poller) process(ctx context.Context, w work) {
	for queue := []work{w}; len(queue) > 0 && ctx.Err() == nil; {
		w, queue = p.trim(ctx, queue[0]), queue[1:]
		if len(w.records) == 0 {
			continue
		}
		next, ok := p.try(ctx, w)
		if !ok {
			return
		}
		queue = append(next, queue...)
	}
}

// trim gives up the leading records that are too old.
func (p *poller) trim(ctx context.Context, w work) work {
	now := time.Now()
	if n := p.rules.expired(w, now); n > 0 {
		old := w
		old.records = w.records[:n]
		p.giveUp(ctx, old, conditionStreamAge)
		w.records = w.records[n:]
	}
	// What has left the stream cannot be retried. [inf] AWS names no condition
	// for it, so nothing is sent.
	retention := p.retention(ctx, w, now)
	if n := olderThan(w.records, now, retention); n > 0 {
		p.tell(Discarded, w, w.records[:n], "the records have left the stream, which keeps them for "+retention.String())
		p.done(w.records[:n])
		w.records = w.records[n:]
	}
	return w
}

// retention is for how long the stream keeps records. It is asked only where that matters:
// no stream keeps them for less than a day.
func (p *poller) retention(ctx context.Context, w work, now time.Time) time.Duration {
	r, ok := p.state.config.Streams.(StreamRetention)
	if !ok || olderThan(w.records, now, defaultRetention) == 0 {
		return defaultRetention
	}
	if d, err := r.Retention(ctx, p.mapping.config.EventSourceArn); err == nil && d > 0 {
		return d
	}
	return defaultRetention
}

// try invokes the function once and answers what comes next; false when ctx
// has ended during a wait.
func (p *poller) try(ctx context.Context, w work) ([]work, bool) {
	s := p.state
	payload, err := p.event(w.records)
	if err != nil {
		return p.refused(ctx, w, err)
	}
	w.payload, w.inPayload = payload, len(w.records)
	if len(payload) > maxSyncPayload {
		p.giveUpTooLarge(ctx, w)
		return nil, true
	}
	result, c, err := p.invoke(ctx, w)
	if err != nil {
		return p.refused(ctx, w, err)
	}
	w.invoked++
	result = p.answered(c, result)
	w.requestID, w.version, w.last, w.refusals = c.id, c.version, result, 0
	plan := p.rules.decide(w, result)
	p.report(w, plan, result)
	p.done(w.records[:plan.done])
	if !p.aggregate(ctx, w.records[:plan.done], result) {
		return nil, false
	}
	rest := w
	rest.records = w.records[plan.done:]
	text := errorText(result)
	if plan.partial {
		text = "batch item failure at " + rest.records[0].SequenceNumber
	}
	switch {
	case len(rest.records) == 0:
		s.result(p.mapping, "OK")
	case plan.discard:
		s.problem(p.mapping, p.shard, "Function call failed")
		p.giveUp(ctx, rest, conditionStreamRetries)
	case plan.wait:
		s.problem(p.mapping, p.shard, "Function call failed")
		p.tell(Retried, rest, rest.records, text)
		return plan.next, pause.For(ctx, backoff(p.mapping.config.UUID, p.name, plan.next[0].retries))
	default:
		s.problem(p.mapping, p.shard, "Function call failed")
		p.tell(Bisected, rest, rest.records, text)
	}
	return plan.next, true
}

// report tells how an invocation ended.
func (p *poller) report(w work, plan plan, result Result) {
	switch {
	case plan.partial:
		p.tell(BatchFailed, w, w.records[:plan.done], "batch item failure at "+w.records[plan.done].SequenceNumber)
	case result.FunctionError != "":
		p.tell(Failed, w, w.records, errorText(result))
	default:
		p.tell(Succeeded, w, w.records, "")
	}
}

// refused waits after an invocation that could not begin. That is not an error
// of the function: it uses no retry and bisects nothing.
func (p *poller) refused(ctx context.Context, w work, err error) ([]work, bool) {
	w.refusals++
	p.state.problem(p.mapping, p.shard, err.Error())
	p.tell(Failed, w, w.records, err.Error())
	p.tell(Retried, w, w.records, err.Error())
	return []work{w}, pause.For(ctx, backoff(p.mapping.config.UUID, p.name, w.refusals))
}

// giveUpTooLarge gives up what the function cannot be given, a record that is too large
// alone: "for records larger than 6 MiBs, Lambda processes them using an on-failure
// destination". [inf] AWS does not name the condition.
// https://docs.aws.amazon.com/streams/latest/dev/large-records.html#record-compatability
func (p *poller) giveUpTooLarge(ctx context.Context, w work) {
	text := fmt.Sprintf("%d byte payload is too large for the limit of %d bytes", len(w.payload), maxSyncPayload)
	w.last = functionError{ErrorType: codeTooLarge, ErrorMessage: text}.result(call{})
	p.state.problem(p.mapping, p.shard, codeTooLarge+": "+text)
	p.tell(Failed, w, w.records, errorText(w.last))
	p.giveUp(ctx, w, conditionStreamRetries)
}

func (p *poller) invoke(ctx context.Context, w work) (Result, call, error) {
	s := p.state
	c, err := s.prepareValid(ctx, p.mapping.reference(), w.payload, maxSyncPayload)
	if err != nil {
		return Result{}, c, err
	}
	s.tell(Event{
		Kind: Invoked, Function: p.mapping.function, Attempt: w.invoked + 1, RequestID: c.id, Payload: w.payload,
		Records: len(w.records), Mapping: p.mapping.config.UUID, Shard: p.shard,
	})
	// A stopping mapping lets the invocation finish: it is bounded by its timeout.
	result, err := s.execute(context.WithoutCancel(ctx), &c)
	return result, c, err
}

// giveUp sends records to the on-failure queue, or discards them, and goes on
// behind them.
func (p *poller) giveUp(ctx context.Context, w work, condition string) {
	text := condition
	if w.last.FunctionError != "" {
		text += ": " + errorText(w.last)
	}
	kind, text := p.hand(ctx, w, condition, text)
	p.tell(kind, w, w.records, text)
	p.done(w.records)
}

// hand sends what is given up to the destination on failure, if there is one. It
// answers what became of it, and the text with the destination's own error.
func (p *poller) hand(ctx context.Context, w work, condition, text string) (Kind, string) {
	arn := p.mapping.onFailure
	if arn == "" {
		return Discarded, text
	}
	m, err := p.failure(arn, condition, w)
	if err == nil {
		role, _ := p.state.roleOf(p.mapping.function, p.mapping.qualifier)
		err = p.state.send(context.WithoutCancel(ctx), role, arn, m)
	}
	if err != nil {
		return Discarded, text + "; destination: " + err.Error()
	}
	return DeadLettered, text
}

// failure is the message about records that are given up. In S3 it has the records
// themselves.
func (p *poller) failure(arn, condition string, w work) (message, error) {
	var payload []byte
	if _, ok := wire.ResourceOf(arn, "s3"); ok && w.stands > 0 {
		payload = w.payload
	} else if ok {
		var err error
		if payload, err = p.source().event(w.records); err != nil {
			return message{}, err
		}
	}
	body, err := streamFailure(p.mapping.config.FunctionArn, p.mapping.config.EventSourceArn, p.shard, condition, w, payload)
	return message{body: body, key: objectKey("aws/lambda/"+p.mapping.config.UUID+"/"+p.shard, time.Now())}, err
}

// tell reports a decision about some records of a batch.
func (p *poller) tell(kind Kind, w work, records []Record, text string) {
	if p.state.config.Tap == nil {
		return
	}
	payload := w.payload
	if len(records) != w.inPayload || &records[0] != &w.records[0] {
		payload, _ = p.source().event(records)
	}
	p.state.tell(Event{
		Kind: kind, Function: p.mapping.function, Attempt: max(w.invoked, 1), RequestID: w.requestID, Payload: payload,
		Records: len(records), Err: text, Mapping: p.mapping.config.UUID, Shard: p.shard,
	})
}
