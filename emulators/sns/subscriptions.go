package sns

import (
	"context"
	"fmt"
	"net/http"
	"sort"
	"strconv"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// SubscribeInput subscribes a queue to a topic.
type SubscribeInput struct {
	TopicArn, Protocol, Endpoint string
	Attributes                   map[string]string
	ReturnSubscriptionArn        bool
}

// SubscribeOutput is the subscription's ARN; it needs no confirmation.
type SubscribeOutput struct{ SubscriptionArn string }

// Subscribe subscribes an SQS queue, once.
func (s *State) Subscribe(_ context.Context, in *SubscribeInput) (*SubscribeOutput, error) {
	if in.Protocol != "sqs" {
		return nil, invalid("Protocol", fmt.Sprintf("protocol %q is not implemented by Shakedown, only sqs", in.Protocol))
	}
	if _, ok := wire.ResourceOf(in.Endpoint, "sqs"); !ok {
		return nil, invalid("Endpoint", "SQS endpoint ARN "+in.Endpoint)
	}
	raw, err := rawDelivery(in.Attributes)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.topic(in.TopicArn)
	if err != nil {
		return nil, err
	}
	for _, sub := range t.subscriptions {
		if sub.endpoint != in.Endpoint {
			continue
		}
		if sub.raw != raw {
			return nil, invalid("Attributes", "Subscription already exists with different attributes")
		}
		return &SubscribeOutput{sub.arn}, nil
	}
	s.count++
	sub := &subscription{arn: fmt.Sprintf("%s:%08d-0000-4000-8000-000000000000", s.arn(t.name), s.count), endpoint: in.Endpoint, topic: t, raw: raw}
	t.subscriptions = append(t.subscriptions, sub)
	return &SubscribeOutput{sub.arn}, nil
}

func rawDelivery(attributes map[string]string) (bool, error) {
	raw := false
	for name, value := range attributes {
		if name != "RawMessageDelivery" {
			return false, invalid("Attributes", "attribute "+name+" is not implemented by Shakedown")
		}
		b, err := strconv.ParseBool(value)
		if err != nil {
			return false, invalid("Attributes", "RawMessageDelivery: Invalid value ["+value+"]. Must be true or false.")
		}
		raw = b
	}
	return raw, nil
}

// SubscriptionRef names a subscription.
type SubscriptionRef struct{ SubscriptionArn string }

func (s *State) subscription(arn string) (*subscription, error) {
	for _, t := range s.topics {
		for _, sub := range t.subscriptions {
			if sub.arn == arn {
				return sub, nil
			}
		}
	}
	return nil, wire.Errorf("NotFound", http.StatusNotFound, "Subscription does not exist")
}

// Unsubscribe ends a subscription; one that is gone is no error.
func (s *State) Unsubscribe(_ context.Context, in *SubscriptionRef) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sub, err := s.subscription(in.SubscriptionArn); err == nil {
		t := sub.topic
		for i := range t.subscriptions {
			if t.subscriptions[i] == sub {
				t.subscriptions = append(t.subscriptions[:i:i], t.subscriptions[i+1:]...)
				break
			}
		}
	}
	return &Empty{}, nil
}

// Subscription describes a subscription.
type Subscription struct{ TopicArn, Protocol, SubscriptionArn, Owner, Endpoint string }

// ListSubscriptionsOutput lists subscriptions.
type ListSubscriptionsOutput struct {
	Subscriptions []Subscription `xml:"Subscriptions>member"`
}

// ListSubscriptions lists all subscriptions by ARN.
func (s *State) ListSubscriptions(_ context.Context, in *Page) (*ListSubscriptionsOutput, error) {
	if in.NextToken != "" {
		return nil, invalid("NextToken", "it was not given out")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &ListSubscriptionsOutput{}
	for _, t := range s.topics {
		out.Subscriptions = append(out.Subscriptions, s.describe(t)...)
	}
	sort.Slice(out.Subscriptions, func(i, j int) bool {
		return out.Subscriptions[i].SubscriptionArn < out.Subscriptions[j].SubscriptionArn
	})
	return out, nil
}

func (s *State) describe(t *topic) []Subscription {
	var list []Subscription
	for _, sub := range t.subscriptions {
		list = append(list, Subscription{s.arn(t.name), "sqs", sub.arn, s.id.Account, sub.endpoint})
	}
	return list
}

// TopicPage asks for a page of a topic's list.
type TopicPage struct{ TopicArn, NextToken string }

// ListSubscriptionsByTopic lists a topic's subscriptions.
func (s *State) ListSubscriptionsByTopic(_ context.Context, in *TopicPage) (*ListSubscriptionsOutput, error) {
	if in.NextToken != "" {
		return nil, invalid("NextToken", "it was not given out")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.topic(in.TopicArn)
	if err != nil {
		return nil, err
	}
	return &ListSubscriptionsOutput{s.describe(t)}, nil
}

// GetSubscriptionAttributes describes a subscription.
func (s *State) GetSubscriptionAttributes(_ context.Context, in *SubscriptionRef) (*AttributesOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sub, err := s.subscription(in.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	return &AttributesOutput{[]Entry{
		{"SubscriptionArn", sub.arn}, {"TopicArn", s.arn(sub.topic.name)}, {"Owner", s.id.Account},
		{"Protocol", "sqs"}, {"Endpoint", sub.endpoint}, {"RawMessageDelivery", strconv.FormatBool(sub.raw)},
		{"PendingConfirmation", "false"}, {"ConfirmationWasAuthenticated", "true"},
	}}, nil
}

// SetSubscriptionAttributesInput changes one attribute.
type SetSubscriptionAttributesInput struct{ SubscriptionArn, AttributeName, AttributeValue string }

// SetSubscriptionAttributes changes RawMessageDelivery.
func (s *State) SetSubscriptionAttributes(_ context.Context, in *SetSubscriptionAttributesInput) (*Empty, error) {
	raw, err := rawDelivery(map[string]string{in.AttributeName: in.AttributeValue})
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	sub, err := s.subscription(in.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	sub.raw = raw
	return &Empty{}, nil
}
