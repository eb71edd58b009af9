package lambda

import (
	"context"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Asynchronous invocation: the waits before the first and the second retry, and
// the defaults (AWS.md §3).
// See https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
const (
	asyncRetryWait    = time.Minute
	defaultAsyncTries = 2
	defaultAsyncAge   = 6 * time.Hour
	throttleMost      = 5 * time.Minute
)

// attempt invokes one event once and decides what becomes of it.
func (s *State) attempt(ctx context.Context, l *lane, e *asyncEvent) {
	settings := s.asyncSettings(l.function)
	if time.Since(e.accepted) > settings.age {
		s.giveUp(ctx, l, e, settings, conditionAge, "")
		return
	}
	c, err := s.prepare(l.function, e.payload, maxAsyncPayload)
	if err != nil {
		s.giveUp(ctx, l, e, settings, conditionRetries, err.Error())
		return
	}
	c.id = e.id
	s.tell(e.event(Invoked, l, ""))
	// A stopping Run lets the invocation finish: it is bounded by its timeout.
	result, err := s.execute(context.WithoutCancel(ctx), c)
	if err != nil {
		s.throttled(l, e, err)
		return
	}
	e.attempts++
	e.throttle = 0
	e.last = result
	if result.FunctionError == "" {
		s.tell(e.done(Succeeded, l, ""))
		s.forget()
		return
	}
	s.tell(e.done(Failed, l, errorText(result)))
	wait := asyncRetryWait * time.Duration(e.attempts)
	switch {
	case e.attempts > settings.retries:
		s.giveUp(ctx, l, e, settings, conditionRetries, errorText(result))
	case time.Since(e.accepted)+wait > settings.age:
		s.giveUp(ctx, l, e, settings, conditionAge, errorText(result))
	default:
		s.tell(e.done(Retried, l, errorText(result)))
		s.requeue(l, e, wait)
	}
}

// throttled puts an event back that could not be invoked; that uses no retry.
func (s *State) throttled(l *lane, e *asyncEvent, err error) {
	e.throttle++
	wait := min(time.Second<<min(e.throttle-1, 9), throttleMost)
	s.tell(e.event(Failed, l, err.Error()))
	s.tell(e.event(Retried, l, err.Error()))
	s.requeue(l, e, wait)
}

func (s *State) requeue(l *lane, e *asyncEvent, wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e.due = time.Now().Add(wait)
	s.push(l.function, e)
}

// giveUp sends an event to the on-failure queue, or discards it.
func (s *State) giveUp(ctx context.Context, l *lane, e *asyncEvent, settings asyncSettings, condition, cause string) {
	kind, text := Discarded, condition
	if cause != "" {
		text += ": " + cause
	}
	if settings.onFailure != "" {
		body, err := asyncFailure(s.arn(l.function), condition, e)
		if err == nil {
			err = s.send(context.WithoutCancel(ctx), settings.onFailure, body)
		}
		if err != nil {
			text += "; destination: " + err.Error()
		} else {
			kind = DeadLettered
		}
	}
	s.tell(e.done(kind, l, text))
	s.forget()
}

// event is an Event of the attempt to come, done of the last one.
func (e *asyncEvent) event(kind Kind, l *lane, text string) Event {
	return Event{Kind: kind, Function: l.function, Async: true, Attempt: e.attempts + 1, RequestID: e.id, Payload: e.payload, Err: text}
}

func (e *asyncEvent) done(kind Kind, l *lane, text string) Event {
	event := e.event(kind, l, text)
	event.Attempt = e.attempts
	return event
}

// eventInvokeConfig is a function's own settings; nil members are defaults.
type eventInvokeConfig struct {
	retries   *int32
	age       *int32
	onFailure string
	modified  wire.Time
}

type asyncSettings struct {
	retries   int
	age       time.Duration
	onFailure string
}

func (s *State) asyncSettings(function string) asyncSettings {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := asyncSettings{retries: defaultAsyncTries, age: defaultAsyncAge}
	f := s.functions[function]
	if f == nil || f.invoke == nil {
		return out
	}
	if f.invoke.retries != nil {
		out.retries = int(*f.invoke.retries)
	}
	if f.invoke.age != nil {
		out.age = time.Duration(*f.invoke.age) * time.Second
	}
	out.onFailure = f.invoke.onFailure
	return out
}
