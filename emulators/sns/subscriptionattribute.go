package sns

import (
	"context"
	"encoding/json"
	"maps"
	"strconv"

	"github.com/shakedown-iot/shakedown/emulators/sns/filter"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// setAll checks attributes and gives them to a subscription, all or none.
func (s *State) setAll(sub *subscription, changed map[string]string) error {
	next := maps.Clone(sub.attributes)
	maps.Copy(next, changed)
	raw := false
	for name, value := range changed {
		if err := s.checkAttribute(sub, name, value); err != nil {
			return err
		}
	}
	if text := next["RawMessageDelivery"]; text != "" {
		raw, _ = strconv.ParseBool(text) // checked before
	}
	policy, err := parseFilter(next["FilterPolicy"], next["FilterPolicyScope"])
	if err != nil {
		return err
	}
	sub.attributes, sub.raw, sub.filter = next, raw, policy
	return nil
}

func parseFilter(text, scope string) (*filter.Policy, error) {
	if scope == "" {
		scope = string(filter.Attributes)
	}
	if text == "" || text == "{}" {
		text = "{}"
	}
	policy, err := filter.Parse(text, filter.Scope(scope))
	if err != nil {
		return nil, invalid("FilterPolicy", err.Error())
	}
	if text == "{}" {
		return nil, nil
	}
	return policy, nil
}

func (s *State) checkAttribute(sub *subscription, name, value string) error {
	switch name {
	case "RawMessageDelivery":
		raw, err := strconv.ParseBool(value)
		if err != nil {
			return invalid("Attributes", "RawMessageDelivery: Invalid value ["+value+"]. Must be true or false.")
		}
		if raw && sub.protocol != "sqs" && sub.protocol != "http" && sub.protocol != "https" {
			return invalid("Attributes", "Delivery protocol ["+sub.protocol+"] does not support raw message delivery.")
		}
	case "FilterPolicyScope":
		if scope := filter.Scope(value); value != "" && scope != filter.Attributes && scope != filter.Body {
			return invalid("Attributes", "FilterPolicyScope: Invalid value ["+value+"]. Please use either MessageBody or MessageAttributes")
		}
	case "FilterPolicy": // read with its scope
	case "RedrivePolicy":
		if _, err := deadLetterOf(value); value != "" && err != nil {
			return err
		}
	default:
		return invalid("Attributes", "attribute "+name+" is not implemented by Shakedown")
	}
	return nil
}

// deadLetterOf reads {"deadLetterTargetArn": …}.
// https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
func deadLetterOf(text string) (string, error) {
	var policy struct {
		DeadLetterTargetArn string `json:"deadLetterTargetArn"`
	}
	bad := invalid("RedrivePolicy", "it must be {\"deadLetterTargetArn\": \"<ARN of an SQS queue>\"}")
	if json.Unmarshal([]byte(text), &policy) != nil {
		return "", bad
	}
	if _, ok := wire.ResourceOf(policy.DeadLetterTargetArn, "sqs"); !ok {
		return "", bad
	}
	return policy.DeadLetterTargetArn, nil
}

// SetSubscriptionAttributesInput changes one attribute; an empty value removes it.
type SetSubscriptionAttributesInput struct{ SubscriptionArn, AttributeName, AttributeValue string }

// SetSubscriptionAttributes changes an attribute of a subscription.
func (s *State) SetSubscriptionAttributes(_ context.Context, in *SetSubscriptionAttributesInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sub, err := s.subscription(in.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	return &Empty{}, s.setAll(sub, map[string]string{in.AttributeName: in.AttributeValue})
}
