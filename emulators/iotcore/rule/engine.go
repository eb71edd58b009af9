package rule

import (
	"context"
	"log/slog"
	"sort"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/destination"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/topic"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// actionTimeout is that of all actions of one message; AWS does not state one.
const actionTimeout = 30 * time.Second

// Config is what an Engine needs. All but Roles is required.
type Config struct {
	Identity wire.Identity
	Targets  action.Targets
	// Roles decides what a rule may do: everything when nil.
	Roles    action.Roles
	Registry Registry
	// Destinations are those of http actions.
	Destinations *destination.State
	// Emit is told every decision.
	Emit func(event.Event)
	// Deliver hands a republished message to its subscribers.
	Deliver func(*message.Message)
	// Respond acts on a message republished to a reserved topic, and returns what is
	// published about it.
	Respond func(*message.Message) []*message.Message
	Log     *slog.Logger
	Logs    *logging.State
	// QueueLimit bounds the messages that wait, per lane.
	QueueLimit int
	// Lanes is the number of workers.
	Lanes int
}

// Registry answers get_registry_data.
type Registry interface {
	DescribeThing(context.Context, *registry.DescribeThingInput) (*registry.DescribeThingOutput, error)
	ListThingGroupsForThing(context.Context, *registry.ListGroupsForThingInput) (*registry.ListThingGroupsOutput, error)
}

// Engine is the rules engine: a queue, a table of rules and what happens to a message.
type Engine struct {
	config Config
	queue  *queue

	mu    sync.RWMutex
	rules map[string]*rule
	index topic.Filters[*rule] // of enabled rules
}

// New makes an engine without rules. Nothing is processed before Run.
func New(config Config) *Engine {
	return &Engine{config: config, queue: newQueue(config.Lanes, config.QueueLimit), rules: map[string]*rule{}}
}

// Enqueue enters a message: it waits for room until cancel, then calls accepted
// (before a worker can see the message) and returns nil.
func (e *Engine) Enqueue(cancel <-chan struct{}, m *message.Message, accepted func()) error {
	return e.queue.put(cancel, m, accepted)
}

// Run processes messages until Close. It blocks.
func (e *Engine) Run(ctx context.Context) {
	var workers sync.WaitGroup
	for i := range e.queue.lanes {
		l := &e.queue.lanes[i]
		workers.Go(func() {
			e.queue.work(l, func(m *message.Message) { e.process(ctx, m) })
		})
	}
	workers.Wait()
}

// Close refuses messages from now on, and ends Run when those that were accepted are
// processed. It is called once.
func (e *Engine) Close() { e.queue.close() }

// Idle tells that no accepted message waits or is being processed.
func (e *Engine) Idle() bool { return e.queue.pending.Load() == 0 }

// process runs all rules for a message and for what they republish.
func (e *Engine) process(ctx context.Context, m *message.Message) {
	for backlog := []*message.Message{m}; len(backlog) > 0; backlog = backlog[1:] {
		m := backlog[0]
		for _, r := range e.matching(m) {
			for _, next := range e.fire(ctx, r, m) {
				backlog = append(backlog, e.admit(next)...)
			}
		}
	}
}

// admit takes in a republished message and what services publish about it.
func (e *Engine) admit(m *message.Message) []*message.Message {
	all := []*message.Message{m}
	if topic.IsReserved(m.Topic) {
		all = append(all, e.config.Respond(m)...)
	}
	for _, m := range all {
		m.At = time.Now()
		e.config.Emit(m.Event(event.Accepted))
		e.config.Deliver(m)
	}
	return all
}

// matching are the rules whose topic filter matches, by name.
func (e *Engine) matching(m *message.Message) []*rule {
	if name, _, ok := topic.Ingested(m.Topic); ok {
		return e.addressed(m, name)
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	var rules []*rule
	e.index.Match(m.Topic, func(_ string, r *rule) { rules = append(rules, r) })
	sort.Slice(rules, func(i, j int) bool { return rules[i].Name < rules[j].Name })
	return rules
}

// fire evaluates one rule for one message and runs its actions. It returns what
// the rule republishes.
func (e *Engine) fire(ctx context.Context, r *rule, m *message.Message) []*message.Message {
	a := &action.Firing{Rule: &r.Rule, Owner: e.config.Identity, Roles: e.config.Roles, Message: m, Input: inputOf(m, e.config.Identity.Account, r.Name)}
	if e.config.Logs.On() {
		e.config.Logs.Write(ruleEntry("RuleMatch", m, r.Name))
	}
	if r.fetches {
		a.Input.Fetcher = fetcher{e, ctx, a}
	}
	result, err := r.statement.Eval(a.Input)
	if err != nil {
		e.fail(a, "", err)
		return nil
	}
	if !result.Fired {
		e.tell(a, event.Filtered, "", action.Outcome{}, nil)
		return nil
	}
	e.tell(a, event.Matched, "", action.Outcome{}, nil)
	if failures := e.act(ctx, r, a, result.Payload); len(failures) > 0 {
		e.report(ctx, r, a, failures)
	}
	return a.Republished
}

// inputOf makes the rule's view of the message.
func inputOf(m *message.Message, account, rule string) *sql.Message {
	var n uint64
	return &sql.Message{
		Payload: m.Payload, Topic: m.Topic, ClientID: m.ClientID, Principal: m.Principal,
		SourceIP: m.SourceIP, TraceID: m.Trace, Account: account, Time: m.At, MQTT: m.MQTT, Properties: m.Properties,
		UUID: func() string {
			n++
			return message.DeriveUUID(m.Trace, rule, m.Topic, n)
		},
	}
}

// act runs the actions in their order; one that fails does not stop the others.
func (e *Engine) act(ctx context.Context, r *rule, a *action.Firing, payload []byte) []failure {
	ctx, cancel := context.WithTimeout(ctx, actionTimeout)
	defer cancel()
	var failures []failure
	for _, act := range r.actions {
		if e.config.Logs.On() {
			entry := ruleEntry("StartingRuleExecution", a.Message, a.Rule.Name)
			entry.RuleAction = actionNames[act.Kind()]
			e.config.Logs.Write(entry)
		}
		o, err := act.Run(ctx, a, payload)
		if err != nil {
			e.config.Log.Warn("action failed", "rule", a.Rule.Name, "topic", a.Message.Topic, "action", act.Kind(), "error", err)
			e.tell(a, event.ActionFailed, act.Kind(), o, err)
			failures = append(failures, newFailure(act.Kind(), o, a.Message, err))
			continue
		}
		e.tell(a, event.ActionDone, act.Kind(), o, nil)
	}
	return failures
}

// report runs the error action once for all failed actions of one message.
func (e *Engine) report(ctx context.Context, r *rule, a *action.Firing, failures []failure) {
	act := r.errorAction
	if act == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, actionTimeout)
	defer cancel()
	o, err := act.Run(ctx, a, errorMessage(a, failures))
	if err != nil {
		e.fail(a, act.Kind(), err)
		return
	}
	e.tell(a, event.ErrorActionDone, act.Kind(), o, nil)
}

func (e *Engine) fail(a *action.Firing, kind string, err error) {
	e.config.Log.Warn("rule failed", "rule", a.Rule.Name, "topic", a.Message.Topic, "action", kind, "error", err)
	e.tell(a, event.RuleFailed, kind, action.Outcome{}, err)
}

func (e *Engine) tell(a *action.Firing, kind event.Kind, action string, o action.Outcome, err error) {
	if e.config.Logs.On() {
		e.logExecution(a, kind, action, o, err)
	}
	told := a.Message.Event(kind)
	told.Rule, told.Action, told.Resource = a.Rule.Name, action, o.Made
	if err != nil {
		told.Reason = err.Error()
	}
	e.config.Emit(told)
}
