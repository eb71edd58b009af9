package iotcore

import (
	"context"
	"net/url"
	"sort"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// createTaggedRule creates a rule with the tags of its X-Amz-Tagging header, which
// the registry keeps; with bad tags there is no rule.
func (c *Core) createTaggedRule(ctx context.Context, in *rule.CreateInput) (*registry.Empty, error) {
	values, err := url.ParseQuery(in.Tags)
	if err != nil {
		return nil, invalid("CreateTopicRule %s: the tags %q are not key=value pairs", in.RuleName, in.Tags)
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
	out, err := c.engine.Create(ctx, in)
	if err != nil || len(tags) == 0 {
		return out, err
	}
	return c.registry.TagResource(ctx, &registry.TagResourceInput{ResourceArn: c.ruleARN(in.RuleName), Tags: tags})
}

// deleteTaggedRule deletes a rule and its tags.
func (c *Core) deleteTaggedRule(ctx context.Context, in *rule.NameInput) (*registry.Empty, error) {
	out, err := c.engine.Delete(ctx, in)
	if err == nil {
		c.registry.DropTags(c.ruleARN(in.RuleName))
	}
	return out, err
}

func (c *Core) enableRule(_ context.Context, in *rule.NameInput) (*registry.Empty, error) {
	return c.engine.Switch(in.RuleName, false)
}

func (c *Core) disableRule(_ context.Context, in *rule.NameInput) (*registry.Empty, error) {
	return c.engine.Switch(in.RuleName, true)
}

func (c *Core) ruleARN(name string) string { return c.config.Identity.ARN("iot", "rule/"+name) }

// isRule tells whether an ARN is that of a rule that exists.
func (c *Core) isRule(arn string) bool {
	resource, _ := wire.ResourceOf(arn, "iot")
	name, ok := strings.CutPrefix(resource, "rule/")
	if !ok {
		return false
	}
	return c.engine.Has(name)
}
