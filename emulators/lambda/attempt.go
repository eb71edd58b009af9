package lambda

import (
	"context"
	"strconv"
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
	settings := s.asyncSettings(l.function, e.qualifier)
	if time.Since(e.accepted) > settings.age {
		s.giveUp(ctx, l, e, settings, conditionAge, "")
		return
	}
	if settings.stopped {
		e.refusal = errStopped
		s.giveUp(ctx, l, e, settings, conditionStopped, errStopped.Message)
		return
	}
	c, err := s.prepare(ctx, l.reference(e), e.payload, maxAsyncPayload)
	if err != nil {
		e.refusal = err
		s.giveUp(ctx, l, e, settings, conditionRetries, err.Error())
		return
	}
	c.id = e.id
	s.tell(e.event(Invoked, l, ""))
	// A stopping Run lets the invocation finish: it is bounded by its timeout.
	result, err := s.execute(context.WithoutCancel(ctx), &c)
	if err != nil {
		s.throttled(l, e, err)
		return
	}
	e.attempts++
	e.throttle = 0
	e.last, e.version = result, c.version
	if result.FunctionError == "" {
		s.tell(e.done(Succeeded, l, s.succeeded(ctx, l, e, settings)))
		s.forget(e)
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
	e.refusal = err
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
	for _, to := range []struct {
		arn  string
		make func() (message, error)
	}{
		{settings.to.onFailure, func() (message, error) { return s.asyncMessage(l, e, condition) }},
		{settings.deadLetters, func() (message, error) { return e.deadLetter(), nil }},
	} {
		if to.arn == "" {
			continue
		}
		m, err := to.make()
		if err == nil {
			err = s.send(context.WithoutCancel(ctx), settings.role, to.arn, m)
		}
		if err != nil {
			text += "; destination: " + err.Error()
		} else {
			kind = DeadLettered
		}
	}
	s.tell(e.done(kind, l, text))
	s.forget(e)
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

// succeeded sends a result to the on-success destination; it answers what went
// wrong with that.
func (s *State) succeeded(ctx context.Context, l *lane, e *asyncEvent, settings asyncSettings) string {
	if settings.to.onSuccess == "" {
		return ""
	}
	m, err := s.asyncMessage(l, e, conditionSuccess)
	if err == nil {
		err = s.send(context.WithoutCancel(ctx), settings.role, settings.to.onSuccess, m)
	}
	if err != nil {
		return "destination: " + err.Error()
	}
	return ""
}

func (s *State) asyncMessage(l *lane, e *asyncEvent, condition string) (message, error) {
	body, err := asyncRecord(s.arn(l.function), condition, e)
	return message{body: body, key: objectKey("aws/lambda/async/"+l.function, time.Now()), chain: e.chain + 1}, err
}

// errStopped is the refusal of an event for a function whose reserved concurrency is zero:
// it goes "to the configured dead-letter queue or the on-failure event destination, without
// any retries".
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
var errStopped = wire.Errorf(codeThrottle, 429, "Function not invoked. Function is configured with zero reserved concurrent executions")

// deadLetter is the event itself, with the error as attributes: the function's, or why it
// was never invoked.
// See https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
func (e *asyncEvent) deadLetter() message {
	status, text := 200, errorText(e.last)
	if e.attempts == 0 && e.refusal != nil {
		refused := wire.AsError(e.refusal)
		status, text = refused.HTTPStatus(), refused.Message
	}
	m := message{body: e.payload, attributes: map[string]attribute{"RequestID": {"String", e.id}, "ErrorCode": {"Number", strconv.Itoa(status)}}}
	if text != "" {
		m.attributes["ErrorMessage"] = attribute{"String", text[:min(len(text), 1024)]}
	}
	return m
}

// reference is the function of an event with its qualifier.
func (l *lane) reference(e *asyncEvent) string {
	if e.qualifier == "" {
		return l.function
	}
	return l.function + ":" + e.qualifier
}

type asyncSettings struct {
	retries     int
	age         time.Duration
	to          destinations
	deadLetters string
	role        string // sends to them
	stopped     bool   // the function's reserved concurrency is zero
}

func (s *State) asyncSettings(function, qualifier string) asyncSettings {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := asyncSettings{retries: defaultAsyncTries, age: defaultAsyncAge}
	f := s.functions[function]
	if f == nil {
		return out
	}
	// "Function versions use the same dead-letter queue settings as the unpublished version."
	out.deadLetters, out.stopped = f.config.deadLetters(), f.reserved != nil && *f.reserved == 0
	if v := f.at(qualifier); v != nil {
		out.role = v.config.Role
	}
	c := f.invokes[settingsKey(qualifier)]
	if c == nil {
		return out
	}
	if c.retries != nil {
		out.retries = int(*c.retries)
	}
	if c.age != nil {
		out.age = time.Duration(*c.age) * time.Second
	}
	out.to = c.to
	return out
}
