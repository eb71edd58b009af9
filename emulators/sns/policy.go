package sns

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// parsePolicy reads a topic's policy; empty is none of its own.
func parsePolicy(text string) (*policy.Document, error) {
	if text == "" {
		return nil, nil
	}
	d, err := policy.Parse([]byte(text), "sns")
	if err != nil {
		return nil, wire.Errorf("InvalidParameter", 0, "Invalid parameter: Policy Error: %s", err)
	}
	return d, nil
}

// authorize asks a topic's policy; the one that AWS gives it allows its owner only.
// What a service may not is answered with the line that allows it.
func (s *State) authorize(ctx context.Context, t *topic, action string) error {
	denied := t.policy.Authorize(ctx, policy.Request{Account: s.id.Account, Action: action, Resource: s.arn(t.name)})
	switch {
	case denied == nil:
		return nil
	case denied.Explicit:
		return wire.Errorf("AuthorizationError", http.StatusForbidden, "%s", denied)
	}
	return wire.Errorf("AuthorizationError", http.StatusForbidden, "%s; allow it with: aws sns set-topic-attributes --topic-arn %s --attribute-name Policy --attribute-value '%s'",
		denied, s.arn(t.name), denied.Grant())
}

// may asks the policy of the topic that a request is about.
// https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-language-api-permissions-reference.html
func (s *State) may(ctx context.Context, action string, in any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.topic(topicOf(in))
	if err != nil || t.policy == nil {
		return nil // the operation says what is wrong
	}
	return s.authorize(ctx, t, action)
}

// topicOf is the ARN of the topic, or of the topic of the subscription, that a request
// is about.
func topicOf(in any) string {
	for _, name := range []string{"TopicArn", "TargetArn", "ResourceArn", "SubscriptionArn"} {
		if f := reflect.ValueOf(in).Elem().FieldByName(name); f.IsValid() && f.String() != "" {
			parts := strings.SplitN(f.String(), ":", 7)
			return strings.Join(parts[:min(len(parts), 6)], ":")
		}
	}
	return ""
}

// PolicyOf is the policy of a topic; nil for none of its own. The one that AWS gives a
// topic allows no role.
func (s *State) PolicyOf(arn string) *policy.Document {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.topic(arn)
	if err != nil {
		return nil
	}
	return t.policy
}
