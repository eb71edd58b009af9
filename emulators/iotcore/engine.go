package iotcore

import (
	"context"
	"log/slog"
	"sort"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/destination"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// engine is the rules engine: a table of rules and what happens to a message.
// It has no goroutines of its own; the queue's workers call process.
type engine struct {
	identity     wire.Identity
	targets      Targets
	roles        Roles
	registry     *registry.State    // of get_registry_data
	destinations *destination.State // of http actions
	emit         func(Event)
	// deliver hands a republished message to its subscribers.
	deliver func(*message)
	// respond acts on a message republished to a reserved topic.
	respond func(*message) []*message
	log     *slog.Logger
	logs    *logging.State

	mu    sync.RWMutex
	rules map[string]*rule
	index filters[*rule] // of enabled rules
}

// process runs all rules for a message and for what they republish.
func (e *engine) process(ctx context.Context, m *message) {
	for backlog := []*message{m}; len(backlog) > 0; backlog = backlog[1:] {
		m := backlog[0]
		for _, r := range e.matching(m) {
			for _, next := range e.fire(ctx, r, m) {
				backlog = append(backlog, e.admit(next)...)
			}
		}
	}
}

// admit takes in a republished message and what services publish about it.
func (e *engine) admit(m *message) []*message {
	all := []*message{m}
	if isReserved(m.topic) {
		all = append(all, e.respond(m)...)
	}
	for _, m := range all {
		m.at = time.Now()
		e.emit(m.event(Accepted))
		e.deliver(m)
	}
	return all
}

// matching are the rules whose topic filter matches, by name.
func (e *engine) matching(m *message) []*rule {
	if name, _, ok := ingested(m.topic); ok {
		return e.addressed(m, name)
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	var rules []*rule
	e.index.match(m.topic, func(_ string, r *rule) { rules = append(rules, r) })
	sort.Slice(rules, func(i, j int) bool { return rules[i].name < rules[j].name })
	return rules
}

// fire evaluates one rule for one message and runs its actions. It returns what
// the rule republishes.
func (e *engine) fire(ctx context.Context, r *rule, m *message) []*message {
	a := &activation{rule: r, owner: e.identity, roles: e.roles, message: m, input: m.input(e.identity.Account, r.name)}
	if e.logs.On() {
		e.logs.Write(ruleEntry("RuleMatch", m, r.name))
	}
	if r.fetches {
		a.input.Fetcher = fetcher{e, ctx, a}
	}
	result, err := r.statement.Eval(a.input)
	if err != nil {
		e.fail(a, "", err)
		return nil
	}
	if !result.Fired {
		e.tell(a, Filtered, "", outcome{}, nil)
		return nil
	}
	e.tell(a, Matched, "", outcome{}, nil)
	if failures := e.act(ctx, a, result.Payload); len(failures) > 0 {
		e.report(ctx, a, failures)
	}
	return a.republished
}

// act runs the actions in their order; one that fails does not stop the others.
func (e *engine) act(ctx context.Context, a *activation, payload []byte) []failure {
	ctx, cancel := context.WithTimeout(ctx, actionTimeout)
	defer cancel()
	var failures []failure
	for _, act := range a.rule.actions {
		if e.logs.On() {
			entry := ruleEntry("StartingRuleExecution", a.message, a.rule.name)
			entry.RuleAction = actionNames[act.kind()]
			e.logs.Write(entry)
		}
		o, err := act.run(ctx, a, payload)
		if err != nil {
			e.log.Warn("action failed", "rule", a.rule.name, "topic", a.message.topic, "action", act.kind(), "error", err)
			e.tell(a, ActionFailed, act.kind(), o, err)
			failures = append(failures, newFailure(act.kind(), o, a.message, err))
			continue
		}
		e.tell(a, ActionDone, act.kind(), o, nil)
	}
	return failures
}

// report runs the error action once for all failed actions of one message.
func (e *engine) report(ctx context.Context, a *activation, failures []failure) {
	act := a.rule.errorAction
	if act == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, actionTimeout)
	defer cancel()
	o, err := act.run(ctx, a, errorMessage(a, failures))
	if err != nil {
		e.fail(a, act.kind(), err)
		return
	}
	e.tell(a, ErrorActionDone, act.kind(), o, nil)
}

func (e *engine) fail(a *activation, kind string, err error) {
	e.log.Warn("rule failed", "rule", a.rule.name, "topic", a.message.topic, "action", kind, "error", err)
	e.tell(a, RuleFailed, kind, outcome{}, err)
}

func (e *engine) tell(a *activation, kind EventKind, action string, o outcome, err error) {
	if e.logs.On() {
		e.logExecution(a, kind, action, o, err)
	}
	event := a.message.event(kind)
	event.Rule, event.Action, event.Resource = a.rule.name, action, o.made
	if err != nil {
		event.Reason = err.Error()
	}
	e.emit(event)
}
