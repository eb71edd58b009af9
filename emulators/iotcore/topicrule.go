package iotcore

import (
	"context"
	"regexp"
	"sort"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

const (
	maxRules           = 1000
	maxActions         = 10
	maxRuleName        = 128
	maxRuleDescription = 256
)

var ruleName = regexp.MustCompile(`^[a-zA-Z0-9_]+$`)

// RulePayload is what a topic rule is made of.
// https://docs.aws.amazon.com/iot/latest/apireference/API_TopicRulePayload.html
type RulePayload struct {
	SQL              string       `json:"sql"`
	Description      string       `json:"description"`
	Actions          []RuleAction `json:"actions"`
	RuleDisabled     bool         `json:"ruleDisabled"`
	AwsIotSQLVersion string       `json:"awsIotSqlVersion"`
	ErrorAction      *RuleAction  `json:"errorAction,omitempty"`
}

// CreateTopicRuleInput is the request of CreateTopicRule.
type CreateTopicRuleInput struct {
	RuleName string `json:"-" path:"ruleName"`
	Tags     string `json:"-" header:"X-Amz-Tagging"`
	RulePayload
}

// RuleNameInput is the request of operations on one rule.
type RuleNameInput struct {
	RuleName string `json:"-" path:"ruleName"`
}

// RuleDescription is a rule as GetTopicRule answers it.
type RuleDescription struct {
	RuleName         string       `json:"ruleName"`
	SQL              string       `json:"sql"`
	Description      string       `json:"description,omitempty"`
	CreatedAt        wire.Time    `json:"createdAt"`
	Actions          []RuleAction `json:"actions"`
	RuleDisabled     bool         `json:"ruleDisabled"`
	AwsIotSQLVersion string       `json:"awsIotSqlVersion"`
	ErrorAction      *RuleAction  `json:"errorAction,omitempty"`
}

// GetTopicRuleOutput is the answer of GetTopicRule.
type GetTopicRuleOutput struct {
	RuleArn string          `json:"ruleArn"`
	Rule    RuleDescription `json:"rule"`
}

// ListTopicRulesInput is the request of ListTopicRules.
type ListTopicRulesInput struct {
	MaxResults   int    `json:"-" query:"maxResults"`
	NextToken    string `json:"-" query:"nextToken"`
	RuleDisabled *bool  `json:"-" query:"ruleDisabled"`
}

// RuleItem is one rule of a list.
type RuleItem struct {
	RuleArn      string    `json:"ruleArn"`
	RuleName     string    `json:"ruleName"`
	TopicPattern string    `json:"topicPattern"`
	CreatedAt    wire.Time `json:"createdAt"`
	RuleDisabled bool      `json:"ruleDisabled"`
}

// ListTopicRulesOutput is the answer of ListTopicRules.
type ListTopicRulesOutput struct {
	Rules     []RuleItem `json:"rules"`
	NextToken string     `json:"nextToken,omitempty"`
}

// createRule makes a rule; its tags are the caller's.
func (e *engine) createRule(ctx context.Context, in *CreateTopicRuleInput) (*registry.Empty, error) {
	if len(in.RuleName) > maxRuleName || !ruleName.MatchString(in.RuleName) {
		return nil, invalidRequest("rule name %q must match %s and have at most %d characters", in.RuleName, ruleName, maxRuleName)
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

// replaceRule changes a rule; messages that were already matched keep the old one.
func (e *engine) replaceRule(ctx context.Context, in *CreateTopicRuleInput) (*registry.Empty, error) {
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
func (e *engine) put(ctx context.Context, in *CreateTopicRuleInput, may func(old *rule) error) (*registry.Empty, error) {
	r, err := e.compile(in.RuleName, in.RulePayload)
	if err != nil {
		return nil, err
	}
	e.mu.RLock()
	err = may(e.rules[r.name])
	e.mu.RUnlock()
	if err != nil {
		return nil, err
	}
	if err := e.destinations.Require(ctx, r.posts); err != nil {
		return nil, err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	old := e.rules[r.name]
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

func (e *engine) deleteRule(_ context.Context, in *RuleNameInput) (*registry.Empty, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r, ok := e.rules[in.RuleName]
	if !ok {
		return nil, noRule(in.RuleName)
	}
	e.leave(r)
	return &registry.Empty{}, nil
}

func (e *engine) getRule(_ context.Context, in *RuleNameInput) (*GetTopicRuleOutput, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	r, ok := e.rules[in.RuleName]
	if !ok {
		return nil, noRule(in.RuleName)
	}
	p := r.payload
	return &GetTopicRuleOutput{RuleArn: e.identity.ARN("iot", "rule/"+r.name), Rule: RuleDescription{
		RuleName: r.name, SQL: p.SQL, Description: p.Description, CreatedAt: wire.At(r.created), Actions: p.Actions,
		RuleDisabled: p.RuleDisabled, AwsIotSQLVersion: p.AwsIotSQLVersion, ErrorAction: p.ErrorAction,
	}}, nil
}

func (e *engine) listRules(_ context.Context, in *ListTopicRulesInput) (*ListTopicRulesOutput, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	var rules []*rule
	for _, r := range e.rules {
		if in.RuleDisabled == nil || *in.RuleDisabled == r.payload.RuleDisabled {
			rules = append(rules, r)
		}
	}
	sort.Slice(rules, func(i, j int) bool { return rules[i].name < rules[j].name })
	page, next, err := registry.Page(rules, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &ListTopicRulesOutput{Rules: []RuleItem{}, NextToken: next}
	for _, r := range page {
		out.Rules = append(out.Rules, RuleItem{
			RuleArn: e.identity.ARN("iot", "rule/"+r.name), RuleName: r.name, TopicPattern: r.statement.Filter(),
			CreatedAt: wire.At(r.created), RuleDisabled: r.payload.RuleDisabled,
		})
	}
	return out, nil
}

// enter and leave change the table; the caller holds the lock.
func (e *engine) enter(r *rule) {
	if r.created.IsZero() {
		r.created = time.Now().UTC()
	}
	e.rules[r.name] = r
	if !r.payload.RuleDisabled && r.statement.Filter() != "" {
		e.index.set(r.statement.Filter(), r.name, r)
	}
}

func (e *engine) leave(r *rule) {
	delete(e.rules, r.name)
	e.index.remove(r.statement.Filter(), r.name)
}

func invalidRequest(format string, args ...any) error {
	return wire.Errorf("InvalidRequestException", 400, format, args...)
}

// noRule is AWS's answer for a rule that does not exist: it does not tell it
// from one that the caller may not see.
func noRule(name string) error {
	return wire.Errorf("UnauthorizedException", 401, "Access to topic rule '%s' was denied", name)
}
