package lambda

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/pause"
)

// errWindowOver is gather's error when an open window has had no more records for
// as long as it waits.
var errWindowOver = errors.New("the tumbling window is over")

// window is the shard's open window, or nil. Only the shard's poller changes it.
func (p *poller) window() *window {
	p.state.mu.Lock()
	defer p.state.mu.Unlock()
	return p.mapping.shards[p.shard].window
}

// setWindow opens a window, or closes it with nil. A shard with an open window has
// an invocation to come: it is not idle.
func (p *poller) setWindow(w *window) {
	p.state.mu.Lock()
	defer p.state.mu.Unlock()
	st := p.mapping.shards[p.shard]
	st.window, st.held = w, 0
	if w != nil {
		st.held = 1
	}
}

// enter makes the window of these records the open one. It closes the former, and
// answers false when ctx ended before that was done.
func (p *poller) enter(ctx context.Context, records []Record) bool {
	seconds := p.mapping.config.TumblingWindowInSeconds
	if seconds == 0 {
		return true
	}
	if w := p.window(); w != nil && w.covers(records) > 0 {
		return p.bound(ctx, w)
	}
	if !p.close(ctx) {
		return false
	}
	w := windowAt(records[0].ApproximateArrivalTimestamp, seconds)
	p.setWindow(&w)
	return true
}

// close makes the final invocation of the open window, if there is one.
func (p *poller) close(ctx context.Context) bool {
	w := p.window()
	if w == nil {
		return true
	}
	if !p.conclude(ctx, w, true) {
		return false
	}
	p.setWindow(nil)
	return true
}

// waits bounds ctx by the time until which an open window waits for records. What is
// in the shard already is read even when that time has passed.
func (p *poller) waits(ctx context.Context) (context.Context, context.CancelFunc) {
	w := p.window()
	if w == nil {
		return ctx, func() {}
	}
	// A little later than what else happens at a whole second.
	until := w.end.Add(windowWait + settleMost + settle(p.mapping.config.UUID, p.shard))
	soon := time.Now().Add(p.state.config.Poll + time.Second)
	if until.Before(soon) {
		until = soon
	}
	return context.WithDeadline(ctx, until)
}

// together is how many leading records may be in one batch: those of one window.
func (p *poller) together(records []Record) int {
	seconds := p.mapping.config.TumblingWindowInSeconds
	if seconds == 0 || len(records) == 0 {
		return len(records)
	}
	if w := p.window(); w != nil {
		if n := w.covers(records); n > 0 {
			return n
		}
	}
	w := windowAt(records[0].ApproximateArrivalTimestamp, seconds)
	return w.covers(records)
}

// event is the payload of an invocation with these records.
func (p *poller) event(records []Record) ([]byte, error) {
	src := p.source()
	event, err := src.event(records)
	if w := p.window(); w != nil && err == nil {
		event = w.extend(event, src, false, false)
	}
	return event, err
}

// answered looks for the state in what the function answered.
func (p *poller) answered(c call, result Result) Result {
	if p.window() == nil || result.FunctionError != "" {
		return result
	}
	state, ok := stateOf(result.Payload)
	switch {
	case !ok:
		return functionError{ErrorMessage: "the response of a function with a tumbling window must have the property state"}.result(c)
	case len(state) > maxSyncPayload/2: // it could not be handed on, with a record
		return functionError{ErrorMessage: "the state of the tumbling window is too large to be given to the function again"}.result(c)
	}
	return result
}

// aggregate keeps the state behind records that are done. One that is too large
// terminates the window early: the function gets it once more, and the window goes
// on with a fresh state. False is that ctx ended before.
// See https://pkg.go.dev/github.com/aws/aws-lambda-go/events#TimeWindowProperties
func (p *poller) aggregate(ctx context.Context, records []Record, result Result) bool {
	w := p.window()
	if w == nil || len(records) == 0 {
		return true
	}
	state, _ := stateOf(result.Payload)
	w.add(records, slices.Clone(state))
	return p.bound(ctx, w)
}

// bound terminates a window early whose state is too large.
func (p *poller) bound(ctx context.Context, w *window) bool {
	if len(w.state) <= maxState {
		return true
	}
	if !p.conclude(ctx, w, false) {
		return false
	}
	w.fresh()
	return true
}

// conclude invokes the function with a window's state and no records, at its end or
// because the state is too large. Until that succeeds nothing else of the shard is
// processed: "if invocation is unsuccessful, your Lambda function suspends further
// processing until a successful invocation". MaximumRetryAttempts bounds that; the
// age of records does not, because the window waited for them to be so old.
func (p *poller) conclude(ctx context.Context, win *window, final bool) bool {
	src := p.source()
	event, err := src.event(nil)
	if err != nil {
		return false
	}
	w := work{payload: win.extend(event, src, final, !final)}
	for ctx.Err() == nil {
		result, c, err := p.invoke(ctx, w)
		if err != nil {
			w.refusals++
			p.state.problem(p.mapping, p.shard, err.Error())
			p.note(Failed, w, err.Error())
			p.note(Retried, w, err.Error())
			pause.For(ctx, backoff(p.mapping.config.UUID, p.name, w.refusals))
			continue
		}
		w.invoked++
		w.requestID, w.version, w.refusals = c.id, c.version, 0
		w.last = p.answered(c, result)
		if w.last.FunctionError == "" {
			p.note(Succeeded, w, "")
			p.state.result(p.mapping, "OK")
			return true
		}
		text := errorText(w.last)
		p.note(Failed, w, text)
		p.state.problem(p.mapping, p.shard, "Function call failed")
		if p.rules.retries >= 0 && w.retries >= p.rules.retries {
			p.surrender(ctx, w, win)
			return true
		}
		p.note(Retried, w, text)
		w.retries++
		pause.For(ctx, backoff(p.mapping.config.UUID, p.name, w.retries))
	}
	return false
}

// surrender gives a window's state up: the destination is told of the records that
// went into it.
func (p *poller) surrender(ctx context.Context, w work, win *window) {
	kind, text := Discarded, conditionStreamRetries+": "+errorText(w.last)
	if win.records > 0 {
		of := w
		of.records, of.stands = []Record{win.first, win.last}, win.records
		kind, text = p.hand(ctx, of, conditionStreamRetries, text)
	}
	p.note(kind, w, text)
}

// note reports a decision about a window, which has no records.
func (p *poller) note(kind Kind, w work, text string) {
	p.state.tell(Event{
		Kind: kind, Function: p.mapping.function, Attempt: max(w.invoked, 1), RequestID: w.requestID, Payload: w.payload,
		Err: text, Mapping: p.mapping.config.UUID, Shard: p.shard,
	})
}
