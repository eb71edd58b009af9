package console

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"

	"github.com/shakedown-iot/shakedown/scenarios/traffic"
)

// Rule is a topic rule with what it has counted.
type Rule struct {
	Name, SQL   string
	Enabled     bool
	Actions     []string
	ErrorAction string
	Count       *traffic.RuleCount // nil where nobody counts
}

// mostRules bounds the rules of the page.
const mostRules = 200

// rules are the topic rules by name, and whether there are more.
func (c *Console) rules(ctx context.Context) (list []Rule, more bool, err error) {
	pages := iot.NewListTopicRulesPaginator(c.registry, &iot.ListTopicRulesInput{})
	var names []string
	for pages.HasMorePages() && len(names) <= mostRules {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, false, fmt.Errorf("list rules: %w", err)
		}
		for _, r := range page.Rules {
			names = append(names, aws.ToString(r.RuleName))
		}
	}
	slices.Sort(names)
	counted, counting := c.counted()
	for _, name := range names[:min(len(names), mostRules)] {
		out, err := c.registry.GetTopicRule(ctx, &iot.GetTopicRuleInput{RuleName: &name})
		if err != nil {
			return nil, false, fmt.Errorf("get rule %s: %w", name, err)
		}
		rule := ruleOf(out.Rule)
		if counting {
			rule.Count = &traffic.RuleCount{Name: name}
			for _, n := range counted.Rules {
				if n.Name == name {
					rule.Count = &n
				}
			}
		}
		list = append(list, rule)
	}
	return list, len(names) > mostRules, nil
}

// counted are the counters, if there are any.
func (c *Console) counted() (traffic.Snapshot, bool) {
	if c.config.Traffic == nil {
		return traffic.Snapshot{}, false
	}
	return c.config.Traffic(), true
}

func ruleOf(r *types.TopicRule) Rule {
	rule := Rule{Name: aws.ToString(r.RuleName), SQL: aws.ToString(r.Sql), Enabled: !aws.ToBool(r.RuleDisabled)}
	for _, a := range r.Actions {
		rule.Actions = append(rule.Actions, actionText(a))
	}
	if r.ErrorAction != nil {
		rule.ErrorAction = actionText(*r.ErrorAction)
	}
	return rule
}

// actionText names an action and what it acts on.
func actionText(a types.Action) string {
	switch {
	case a.Kinesis != nil:
		return "Kinesis stream " + aws.ToString(a.Kinesis.StreamName) + ", key " + aws.ToString(a.Kinesis.PartitionKey)
	case a.S3 != nil:
		return "S3 bucket " + aws.ToString(a.S3.BucketName) + ", key " + aws.ToString(a.S3.Key)
	case a.Lambda != nil:
		return "Lambda function " + lastPart(aws.ToString(a.Lambda.FunctionArn))
	case a.Sns != nil:
		return "SNS topic " + lastPart(aws.ToString(a.Sns.TargetArn))
	case a.Republish != nil:
		return "republish to " + aws.ToString(a.Republish.Topic)
	}
	return "an action of another service"
}

// lastPart is the resource's own name in an ARN.
func lastPart(arn string) string { return arn[strings.LastIndexAny(arn, ":/")+1:] }
