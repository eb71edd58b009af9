package sns

import (
	"cmp"
	"context"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/policy/permission"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// shared are the actions that a permission can name.
// https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
var shared = []string{
	"AddPermission", "DeleteTopic", "GetTopicAttributes", "ListSubscriptionsByTopic", "Publish", "Receive", "RemovePermission",
	"SetTopicAttributes", "Subscribe",
}

// AddPermissionInput allows accounts some actions on a topic.
type AddPermissionInput struct {
	TopicArn, Label          string
	AWSAccountId, ActionName []string
}

// AddPermission writes a statement into a topic's policy.
// https://docs.aws.amazon.com/sns/latest/api/API_AddPermission.html
func (s *State) AddPermission(_ context.Context, in *AddPermissionInput) (*Empty, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	return s.onTopic(in.TopicArn, func(t *topic) error {
		p := permission.Permission{Label: in.Label, Accounts: in.AWSAccountId, Resource: in.TopicArn}
		for _, action := range in.ActionName {
			p.Actions = append(p.Actions, "SNS:"+action)
		}
		text, added, err := permission.Add(s.policyText(t), "", p)
		switch {
		case err != nil:
			return err
		case !added:
			return invalid("Label", "Statement already exists")
		}
		return t.set("Policy", text, false)
	})
}

func (in *AddPermissionInput) check() error {
	switch {
	case in.Label == "":
		return invalid("Label", "it must not be empty")
	case len(in.AWSAccountId) == 0:
		return invalid("AWSAccountId", "it must not be empty")
	case len(in.ActionName) == 0:
		return invalid("ActionName", "it must not be empty")
	}
	for _, id := range in.AWSAccountId {
		if !wire.IsAccount(id) {
			return invalid("AWSAccountId", "it must be 12 digits")
		}
	}
	for _, action := range in.ActionName {
		if !slices.Contains(shared, action) {
			return invalid("ActionName", "Policy statement action out of service scope: "+action)
		}
	}
	return nil
}

// RemovePermissionInput names a statement by its label.
type RemovePermissionInput struct{ TopicArn, Label string }

// RemovePermission takes a statement out of a topic's policy. One that is not there is no
// error; without the last one the topic has the policy that AWS gives it.
func (s *State) RemovePermission(_ context.Context, in *RemovePermissionInput) (*Empty, error) {
	if in.Label == "" {
		return nil, invalid("Label", "it must not be empty")
	}
	return s.onTopic(in.TopicArn, func(t *topic) error {
		text, removed, err := permission.Remove(s.policyText(t), in.Label)
		if err != nil || !removed {
			return err
		}
		return t.set("Policy", text, false)
	})
}

// policyText is a topic's policy, which AWS gives it when it has none of its own.
func (s *State) policyText(t *topic) string {
	return cmp.Or(t.attributes["Policy"], s.defaultPolicy(t))
}
