package sns

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// SubscribeInput subscribes an endpoint to a topic.
type SubscribeInput struct {
	TopicArn, Protocol, Endpoint string
	Attributes                   map[string]string
	ReturnSubscriptionArn        bool
}

// SubscribeOutput is the subscription's ARN, or "pending confirmation".
type SubscribeOutput struct{ SubscriptionArn string }

const pending = "pending confirmation"

// Subscribe subscribes an endpoint, once. Web servers and e-mail have to confirm.
// https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
func (s *State) Subscribe(_ context.Context, in *SubscribeInput) (*SubscribeOutput, error) {
	if err := s.checkEndpoint(in.Protocol, in.Endpoint); err != nil {
		return nil, err
	}
	sub := &subscription{protocol: in.Protocol, endpoint: in.Endpoint, attributes: map[string]string{}}
	var (
		from  sender
		waits bool
	)
	_, err := s.onTopic(in.TopicArn, func(t *topic) (err error) {
		from, sub.topic = s.sender(t), t
		if err := s.setAll(sub, in.Attributes); err != nil {
			return err
		}
		if sub, err = s.add(t, sub, len(in.Attributes) > 0); err == nil && sub.waits() {
			waits, sub.asked = true, time.Now()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	if waits {
		s.ask(from, sub)
		if !in.ReturnSubscriptionArn {
			return &SubscribeOutput{pending}, nil
		}
	}
	return &SubscribeOutput{sub.arn}, nil
}

// add gives a topic a subscription, or finds the one of the same endpoint.
func (s *State) add(t *topic, sub *subscription, attributes bool) (*subscription, error) {
	for _, old := range t.subscriptions {
		if old.protocol != sub.protocol || old.endpoint != sub.endpoint {
			continue
		}
		for name, value := range sub.attributes {
			if attributes && old.attributes[name] != value {
				return nil, invalid("Attributes", "Subscription already exists with different attributes")
			}
		}
		return old, nil
	}
	confirms := sub.protocol != "sqs" && sub.protocol != "lambda"
	if err := s.roomForSubscription(t, confirms && !sub.confirmed, sub.filter != nil); err != nil {
		return nil, err
	}
	switch {
	case t.maximum() > usualMessage && (len(t.subscriptions) >= maxLargeSubscriptions || !takesLarge(sub.protocol)):
		return nil, largeOnly()
	case t.fifo && sub.protocol != "sqs":
		return nil, invalid("Protocol", "Invalid protocol type: "+sub.protocol+" for a FIFO topic")
	case !t.fifo && strings.HasSuffix(sub.endpoint, ".fifo"):
		return nil, invalid("Endpoint", "FIFO SQS Queues can not be subscribed to standard SNS topics")
	}
	t.subscriptions = append(t.subscriptions, sub)
	if sub.arn != "" { // it is back
		return sub, nil
	}
	s.count++
	sub.arn = fmt.Sprintf("%s:%08d-0000-4000-8000-000000000000", s.arn(t.name), s.count)
	if confirms {
		sub.token, sub.slots = newToken(), make(chan struct{}, webAtOnce)
	}
	return sub, nil
}

// newToken is what an endpoint confirms a subscription with.
func newToken() string {
	var b [64]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// checkEndpoint holds an endpoint to its protocol.
func (s *State) checkEndpoint(protocol, endpoint string) error {
	unsupported := invalid("Protocol", fmt.Sprintf("protocol %q is not implemented by Shakedown here, only sqs, lambda, http, https and email", protocol))
	bad := invalid("Endpoint", fmt.Sprintf("%q is no endpoint of protocol %s", endpoint, protocol))
	switch protocol {
	case "sqs":
		name, ok := wire.ResourceOf(endpoint, "sqs")
		if !ok {
			return invalid("Endpoint", "SQS endpoint ARN "+endpoint)
		}
		return s.checkOwn(endpoint, s.id.ARN("sqs", name))
	case "lambda":
		if s.config.Functions == nil {
			return unsupported
		}
		resource, ok := wire.ResourceOf(endpoint, "lambda")
		if !ok || !strings.HasPrefix(resource, "function:") {
			return bad
		}
		return s.checkOwn(endpoint, s.id.ARN("lambda", resource))
	case "http", "https":
		if s.config.Web == nil {
			return unsupported
		}
		if u, err := url.Parse(endpoint); err != nil || u.Scheme != protocol || u.Host == "" {
			return bad
		}
	case "email", "email-json":
		if name, domain, ok := strings.Cut(endpoint, "@"); !ok || name == "" || domain == "" || strings.ContainsAny(endpoint, " \r\n") {
			return bad
		}
	default:
		return unsupported
	}
	return nil
}

// checkOwn refuses an endpoint of another account or region: nothing here is there to
// deliver to.
func (s *State) checkOwn(endpoint, own string) error {
	if endpoint != own {
		return invalid("Endpoint", endpoint+" is of another account or region, which is not implemented by Shakedown: here it is "+own)
	}
	return nil
}

// SubscriptionRef names a subscription.
type SubscriptionRef struct{ SubscriptionArn string }

func (s *State) subscription(arn string) (*subscription, error) {
	if _, ok := wire.ResourceOf(arn, "sns"); !ok {
		return nil, invalid("SubscriptionArn", "An ARN must have at least 6 elements, not "+strconv.Itoa(len(strings.Split(arn, ":"))))
	}
	for _, t := range s.topics {
		for _, sub := range t.subscriptions {
			if sub.arn == arn {
				return sub, nil
			}
		}
	}
	return nil, wire.Errorf("NotFound", http.StatusNotFound, "Subscription does not exist")
}

// Subscription describes a subscription.
type Subscription struct{ TopicArn, Protocol, SubscriptionArn, Owner, Endpoint string }

// ListSubscriptionsOutput lists subscriptions.
type ListSubscriptionsOutput struct {
	Subscriptions []Subscription `xml:"Subscriptions>member"`
	NextToken     string         `xml:",omitempty"`
}

// ListSubscriptions lists all subscriptions by ARN.
func (s *State) ListSubscriptions(_ context.Context, in *Page) (*ListSubscriptionsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &ListSubscriptionsOutput{}
	var all []*subscription
	for _, t := range s.topics {
		all = append(all, t.subscriptions...)
	}
	all, next, err := page(all, arnOf, in.NextToken)
	out.Subscriptions, out.NextToken = s.describe(all), next
	return out, err
}

func arnOf(sub *subscription) string { return sub.arn }

func (s *State) describe(list []*subscription) []Subscription {
	var out []Subscription
	for _, sub := range list {
		arn := sub.arn
		if sub.waits() {
			arn = "PendingConfirmation"
		}
		out = append(out, Subscription{s.arn(sub.topic.name), sub.protocol, arn, s.id.Account, sub.endpoint})
	}
	return out
}

// TopicPage asks for a page of a topic's list.
type TopicPage struct{ TopicArn, NextToken string }

// ListSubscriptionsByTopic lists a topic's subscriptions.
func (s *State) ListSubscriptionsByTopic(_ context.Context, in *TopicPage) (*ListSubscriptionsOutput, error) {
	out := &ListSubscriptionsOutput{}
	_, err := s.onTopic(in.TopicArn, func(t *topic) error {
		list, next, err := page(t.subscriptions, arnOf, in.NextToken)
		out.Subscriptions, out.NextToken = s.describe(list), next
		return err
	})
	return out, err
}

// GetSubscriptionAttributes describes a subscription.
func (s *State) GetSubscriptionAttributes(_ context.Context, in *SubscriptionRef) (*AttributesOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sub, err := s.subscription(in.SubscriptionArn)
	if err != nil {
		return nil, err
	}
	all := map[string]string{
		"SubscriptionArn": sub.arn, "TopicArn": s.arn(sub.topic.name), "Owner": s.id.Account, "Protocol": sub.protocol, "Endpoint": sub.endpoint,
		"RawMessageDelivery": strconv.FormatBool(sub.raw), "PendingConfirmation": strconv.FormatBool(sub.waits()),
		"ConfirmationWasAuthenticated": strconv.FormatBool(!sub.waits()), "SubscriptionPrincipal": "arn:aws:iam::" + s.id.Account + ":root",
	}
	for name, value := range sub.attributes {
		if value != "" {
			all[name] = value
		}
	}
	if all["FilterPolicy"] != "" && all["FilterPolicyScope"] == "" {
		all["FilterPolicyScope"] = "MessageAttributes"
	}
	return entries(all), nil
}
