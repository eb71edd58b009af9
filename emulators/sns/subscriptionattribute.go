package sns

import (
	"context"
	"maps"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/sns/filter"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// setAll checks attributes and gives them to a subscription, all or none.
func (s *State) setAll(sub *subscription, changed map[string]string) error {
	next := maps.Clone(sub.attributes)
	maps.Copy(next, changed)
	for name, value := range changed {
		if err := s.checkAttribute(sub, name, value); err != nil {
			return err
		}
	}
	raw := strings.EqualFold(next["RawMessageDelivery"], "true")
	policy, err := parseFilter(next["FilterPolicy"], next["FilterPolicyScope"])
	if err != nil {
		return err
	}
	if policy != nil && sub.filter == nil && sub.arn != "" { // a new one may be there already
		if err := s.roomForFilter(sub.topic); err != nil {
			return err
		}
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
		raw := strings.EqualFold(value, "true")
		if !raw && !strings.EqualFold(value, "false") {
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
		return s.checkRedrive(sub.topic, value)
	default:
		return invalid("Attributes", "attribute "+name+" is not implemented by Shakedown")
	}
	return nil
}

// checkRedrive wants a queue of the topic's account and region; a standard topic, whose
// messages are of no group, cannot fill a FIFO queue. Empty is none.
func (s *State) checkRedrive(t *topic, text string) error {
	if text == "" {
		return nil
	}
	target, err := deadLetterOf(text)
	if err != nil {
		return err
	}
	name, _ := wire.ResourceOf(target, "sqs")
	switch own := s.id.ARN("sqs", name); {
	case target != own:
		return invalid("RedrivePolicy", "deadLetterTargetArn "+target+" is of another account or region than the subscription, which is in that of "+own)
	case strings.HasSuffix(target, ".fifo") && !t.fifo:
		return invalid("RedrivePolicy", "deadLetterTargetArn "+target+" is a FIFO queue, the topic is none")
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
	if wire.Strict([]byte(text), &policy) != nil {
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
