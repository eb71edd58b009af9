package rule

import (
	"context"
	"sort"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/topic"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

const (
	maxRules           = 1000
	maxActions         = 10
	maxRuleDescription = 256
)

// Payload is what a topic rule is made of.
// https://docs.aws.amazon.com/iot/latest/apireference/API_TopicRulePayload.html
type Payload struct {
	SQL              string          `json:"sql"`
	Description      string          `json:"description"`
	Actions          []action.Action `json:"actions"`
	RuleDisabled     bool            `json:"ruleDisabled"`
	AwsIotSQLVersion string          `json:"awsIotSqlVersion"`
	ErrorAction      *action.Action  `json:"errorAction,omitempty"`
}

// CreateInput is the request of CreateTopicRule.
type CreateInput struct {
	RuleName string `json:"-" path:"ruleName"`
	Tags     string `json:"-" header:"X-Amz-Tagging"`
	Payload
}

// NameInput is the request of operations on one rule.
type NameInput struct {
	RuleName string `json:"-" path:"ruleName"`
}

// Description is a rule as GetTopicRule answers it.
type Description struct {
	RuleName         string          `json:"ruleName"`
	SQL              string          `json:"sql"`
	Description      string          `json:"description,omitempty"`
	CreatedAt        wire.Time       `json:"createdAt"`
	Actions          []action.Action `json:"actions"`
	RuleDisabled     bool            `json:"ruleDisabled"`
	AwsIotSQLVersion string          `json:"awsIotSqlVersion"`
	ErrorAction      *action.Action  `json:"errorAction,omitempty"`
}

// GetOutput is the answer of GetTopicRule.
type GetOutput struct {
	RuleArn string      `json:"ruleArn"`
	Rule    Description `json:"rule"`
}

// ListInput is the request of ListTopicRules.
type ListInput struct {
	MaxResults   int    `json:"-" query:"maxResults"`
	NextToken    string `json:"-" query:"nextToken"`
	RuleDisabled *bool  `json:"-" query:"ruleDisabled"`
}

// Item is one rule of a list.
type Item struct {
	RuleArn      string    `json:"ruleArn"`
	RuleName     string    `json:"ruleName"`
	TopicPattern string    `json:"topicPattern"`
	CreatedAt    wire.Time `json:"createdAt"`
	RuleDisabled bool      `json:"ruleDisabled"`
}

// ListOutput is the answer of ListTopicRules.
type ListOutput struct {
	Rules     []Item `json:"rules"`
	NextToken string `json:"nextToken,omitempty"`
}

// Create makes a rule; its tags are the caller's.
func (e *Engine) Create(ctx context.Context, in *CreateInput) (*registry.Empty, error) {
	if err := topic.CheckRuleName(in.RuleName); err != nil {
		return nil, invalidRequest("%s", err)
	}
	return e.put(ctx, in, func(old *rule) error {
		switch {
		case old != nil:
			return wire.Errorf("ResourceAlreadyExistsException", 409, "Rule already exists: %s", in.RuleName)
		case len(e.rules) >= maxRules:
			return invalidRequest("CreateTopicRule %s: the account has %d rules already", in.RuleName, maxRules)
		}
		return nil
	})
}

// Replace changes a rule; messages that were already matched keep the old one.
func (e *Engine) Replace(ctx context.Context, in *CreateInput) (*registry.Empty, error) {
	if in.Tags != "" {
		return nil, invalidRequest("ReplaceTopicRule has no tags")
	}
	return e.put(ctx, in, func(old *rule) error {
		if old == nil {
			return noRule(in.RuleName)
		}
		return nil
	})
}

// put enters a rule that may be entered, with the lock held, in place of an old one,
// and makes the destinations that it needs: before, because there may be no more.
func (e *Engine) put(ctx context.Context, in *CreateInput, may func(old *rule) error) (*registry.Empty, error) {
	r, err := e.compile(in.RuleName, in.Payload)
	if err != nil {
		return nil, err
	}
	e.mu.RLock()
	err = may(e.rules[r.Name])
	e.mu.RUnlock()
	if err != nil {
		return nil, err
	}
	if err := e.config.Destinations.Require(ctx, r.posts); err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	old := e.rules[r.Name]
	if err := may(old); err != nil {
		return nil, err
	}
	if old != nil {
		e.leave(old)
		r.created = old.created
	}
	e.enter(r)
	return &registry.Empty{}, nil
}

func (e *Engine) Delete(_ context.Context, in *NameInput) (*registry.Empty, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r, ok := e.rules[in.RuleName]
	if !ok {
		return nil, noRule(in.RuleName)
	}
	e.leave(r)
	return &registry.Empty{}, nil
}

func (e *Engine) Get(_ context.Context, in *NameInput) (*GetOutput, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	r, ok := e.rules[in.RuleName]
	if !ok {
		return nil, noRule(in.RuleName)
	}
	p := r.payload
	return &GetOutput{RuleArn: e.config.Identity.ARN("iot", "rule/"+r.Name), Rule: Description{
		RuleName: r.Name, SQL: p.SQL, Description: p.Description, CreatedAt: wire.At(r.created), Actions: p.Actions,
		RuleDisabled: p.RuleDisabled, AwsIotSQLVersion: p.AwsIotSQLVersion, ErrorAction: p.ErrorAction,
	}}, nil
}

// Has tells whether there is a rule of that name.
func (e *Engine) Has(name string) bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	_, ok := e.rules[name]
	return ok
}

func (e *Engine) List(_ context.Context, in *ListInput) (*ListOutput, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	var rules []*rule
	for _, r := range e.rules {
		if in.RuleDisabled == nil || *in.RuleDisabled == r.payload.RuleDisabled {
			rules = append(rules, r)
		}
	}
	sort.Slice(rules, func(i, j int) bool { return rules[i].Name < rules[j].Name })
	page, next, err := registry.Page(rules, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &ListOutput{Rules: []Item{}, NextToken: next}
	for _, r := range page {
		out.Rules = append(out.Rules, Item{
			RuleArn: e.config.Identity.ARN("iot", "rule/"+r.Name), RuleName: r.Name, TopicPattern: r.statement.Filter(),
			CreatedAt: wire.At(r.created), RuleDisabled: r.payload.RuleDisabled,
		})
	}
	return out, nil
}

// Switch puts the rule's like in its place, under one lock: a rule that is
// replaced meanwhile stays replaced.
func (e *Engine) Switch(name string, disabled bool) (*registry.Empty, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	old, ok := e.rules[name]
	if !ok {
		return nil, noRule(name)
	}
	next := *old
	next.payload.RuleDisabled = disabled
	e.leave(old)
	e.enter(&next)
	return &registry.Empty{}, nil
}

// enter and leave change the table; the caller holds the lock.
func (e *Engine) enter(r *rule) {
	if r.created.IsZero() {
		r.created = time.Now().UTC()
	}
	e.rules[r.Name] = r
	if !r.payload.RuleDisabled && r.statement.Filter() != "" {
		e.index.Set(r.statement.Filter(), r.Name, r)
	}
}

func (e *Engine) leave(r *rule) {
	delete(e.rules, r.Name)
	e.index.Remove(r.statement.Filter(), r.Name)
}

func invalidRequest(format string, args ...any) error {
	return wire.Errorf("InvalidRequestException", 400, format, args...)
}

// noRule is AWS's answer for a rule that does not exist: it does not tell it
// from one that the caller may not see.
func noRule(name string) error {
	return wire.Errorf("UnauthorizedException", 401, "Access to topic rule '%s' was denied", name)
}
