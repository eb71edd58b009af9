package iotcore

import (
	"context"
	"net/url"
	"sort"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// createTaggedRule creates a rule with the tags of its X-Amz-Tagging header, which
// the registry keeps; with bad tags there is no rule.
func (c *Core) createTaggedRule(ctx context.Context, in *CreateTopicRuleInput) (*registry.Empty, error) {
	values, err := url.ParseQuery(in.Tags)
	if err != nil {
		return nil, invalidRequest("CreateTopicRule %s: the tags %q are not key=value pairs", in.RuleName, in.Tags)
	}
	var tags []registry.Tag
	for key, all := range values {
		for _, v := range all {
			tags = append(tags, registry.Tag{Key: key, Value: v})
		}
	}
	sort.Slice(tags, func(i, j int) bool { return tags[i].Key < tags[j].Key })
	if err := registry.CheckTags(tags); err != nil {
		return nil, err
	}
	out, err := c.engine.createRule(ctx, in)
	if err != nil || len(tags) == 0 {
		return out, err
	}
	return c.registry.TagResource(ctx, &registry.TagResourceInput{ResourceArn: c.ruleARN(in.RuleName), Tags: tags})
}

// deleteTaggedRule deletes a rule and its tags.
func (c *Core) deleteTaggedRule(ctx context.Context, in *RuleNameInput) (*registry.Empty, error) {
	out, err := c.engine.deleteRule(ctx, in)
	if err == nil {
		c.registry.DropTags(c.ruleARN(in.RuleName))
	}
	return out, err
}

func (c *Core) enableRule(_ context.Context, in *RuleNameInput) (*registry.Empty, error) {
	return c.engine.switchRule(in.RuleName, false)
}

func (c *Core) disableRule(_ context.Context, in *RuleNameInput) (*registry.Empty, error) {
	return c.engine.switchRule(in.RuleName, true)
}

// switchRule puts the rule's like in its place, under one lock: a rule that is
// replaced meanwhile stays replaced.
func (e *engine) switchRule(name string, disabled bool) (*registry.Empty, error) {
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

func (c *Core) ruleARN(name string) string { return c.config.Identity.ARN("iot", "rule/"+name) }

// isRule tells whether an ARN is that of a rule that exists.
func (c *Core) isRule(arn string) bool {
	resource, _ := wire.ResourceOf(arn, "iot")
	name, ok := strings.CutPrefix(resource, "rule/")
	if !ok {
		return false
	}
	c.engine.mu.RLock()
	defer c.engine.mu.RUnlock()
	_, ok = c.engine.rules[name]
	return ok
}
