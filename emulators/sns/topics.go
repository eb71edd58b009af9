package sns

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// CreateTopicInput declares a topic.
type CreateTopicInput struct {
	Name       string
	Attributes map[string]string
	Tags       []Tag
}

// CreateTopicOutput is the topic's ARN.
type CreateTopicOutput struct{ TopicArn string }

var topicName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,256}$`)

// CreateTopic makes a topic, or finds one with the same attributes.
// https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
func (s *State) CreateTopic(_ context.Context, in *CreateTopicInput) (*CreateTopicOutput, error) {
	base, fifo := strings.CutSuffix(in.Name, ".fifo")
	if !topicName.MatchString(base) || len(in.Name) > 256 {
		return nil, invalid("Topic Name", "it must be 1 to 256 of a-z A-Z 0-9 _ -, and end with .fifo for a FIFO topic")
	}
	if fifo != (in.Attributes["FifoTopic"] == "true") {
		return nil, invalid("Topic Name", "FifoTopic is true for a topic whose name ends with .fifo, and for no other")
	}
	t := &topic{name: in.Name, fifo: fifo, attributes: map[string]string{}, tags: map[string]string{}, fifoState: fifoState{turn: make(chan struct{}, 1)}}
	for name, value := range in.Attributes {
		if err := t.set(name, value, true); err != nil {
			return nil, err
		}
	}
	if err := setTags(t.tags, in.Tags); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.topics[in.Name]; old != nil {
		for name := range in.Attributes {
			if old.attributes[name] != t.attributes[name] {
				return nil, invalid("Attributes", "Topic already exists with different attributes")
			}
		}
		if len(in.Tags) > 0 && !maps.Equal(old.tags, t.tags) {
			return nil, invalid("Tags", "Topic already exists with different tags")
		}
		return &CreateTopicOutput{s.arn(in.Name)}, nil
	}
	if err := s.roomForTopic(fifo); err != nil {
		return nil, err
	}
	s.topics[in.Name] = t
	return &CreateTopicOutput{s.arn(in.Name)}, nil
}

// set changes one attribute of a topic.
func (t *topic) set(name, value string, creating bool) error {
	bad := invalid("Attributes", name+" cannot be "+strconv.Quote(value))
	switch name {
	case "DisplayName":
		if utf8.RuneCountInString(value) > 100 {
			return bad
		}
	case "Policy":
		d, err := parsePolicy(value)
		if err != nil {
			return err
		}
		t.policy = d
	case "FifoTopic":
		if !creating || value != "true" && value != "false" {
			return bad
		}
	case "ContentBasedDeduplication":
		if !slices.Contains([]string{"true", "false"}, value) || !t.fifo && value == "true" {
			return bad
		}
	case "FifoThroughputScope":
		if !t.fifo || value != "Topic" && value != "MessageGroup" {
			return bad
		}
	case "TracingConfig":
		if value != "PassThrough" {
			return bad
		}
	case "MaximumMessageSize":
		if err := t.checkMaximum(value); err != nil {
			return err
		}
	case "SignatureVersion":
		if value != "1" && value != "2" {
			return bad
		}
	default:
		if !isNoFeedback(name, value) {
			return invalid("Attributes", "attribute "+name+" is not implemented by Shakedown")
		}
	}
	t.attributes[name] = value
	return nil
}

// isNoFeedback tells whether an attribute asks for no log of deliveries, which is what
// there is.
// https://docs.aws.amazon.com/sns/latest/dg/topics-attrib.html
func isNoFeedback(name, value string) bool {
	for _, protocol := range []string{"Application", "Firehose", "HTTP", "Lambda", "SQS"} {
		switch name {
		case protocol + "SuccessFeedbackSampleRate":
			return value == "0"
		case protocol + "SuccessFeedbackRoleArn", protocol + "FailureFeedbackRoleArn":
			return value == ""
		}
	}
	return false
}

// TopicRef names a topic.
type TopicRef struct{ TopicArn string }

// DeleteTopic deletes a topic with its subscriptions; one that is gone is no error.
func (s *State) DeleteTopic(_ context.Context, in *TopicRef) (*Empty, error) {
	_, err := s.onTopic(in.TopicArn, func(t *topic) error { delete(s.topics, t.name); return nil })
	if isNotFound(err) {
		err = nil
	}
	return &Empty{}, err
}

// ListTopicsOutput lists topics by name.
type ListTopicsOutput struct {
	Topics    []TopicRef `xml:"Topics>member"`
	NextToken string     `xml:",omitempty"`
}

// ListTopics lists all topics.
func (s *State) ListTopics(_ context.Context, in *Page) (*ListTopicsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &ListTopicsOutput{}
	for name := range s.topics {
		out.Topics = append(out.Topics, TopicRef{s.arn(name)})
	}
	var err error
	out.Topics, out.NextToken, err = page(out.Topics, func(t TopicRef) string { return t.TopicArn }, in.NextToken)
	return out, err
}

// Entry is a pair of a map on the wire.
type Entry struct {
	Key   string `xml:"key"`
	Value string `xml:"value"`
}

// AttributesOutput is a map of attributes, by name.
type AttributesOutput struct {
	Attributes []Entry `xml:"Attributes>entry"`
}

func entries(m map[string]string) *AttributesOutput {
	out := &AttributesOutput{}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		out.Attributes = append(out.Attributes, Entry{name, m[name]})
	}
	return out
}

// GetTopicAttributes describes a topic.
func (s *State) GetTopicAttributes(_ context.Context, in *TopicRef) (*AttributesOutput, error) {
	var out *AttributesOutput
	_, err := s.onTopic(in.TopicArn, func(t *topic) error {
		confirmed, pending := 0, 0
		for _, sub := range t.subscriptions {
			if sub.waits() {
				pending++
			} else {
				confirmed++
			}
		}
		all := map[string]string{
			"TopicArn": s.arn(t.name), "Owner": s.id.Account, "DisplayName": "",
			"SubscriptionsConfirmed": strconv.Itoa(confirmed), "SubscriptionsPending": strconv.Itoa(pending), "SubscriptionsDeleted": "0",
			"Policy": s.policyText(t),
		}
		if t.fifo {
			all["FifoTopic"], all["ContentBasedDeduplication"], all["FifoThroughputScope"] = "true", "false", "Topic"
		}
		for name, value := range t.attributes {
			if value != "" && (name != "FifoTopic" && name != "ContentBasedDeduplication" || t.fifo) {
				all[name] = value
			}
		}
		out = entries(all)
		return nil
	})
	return out, err
}

// defaultPolicy is what AWS gives a topic: its owner may do everything.
func (s *State) defaultPolicy(t *topic) string {
	return `{"Version":"2008-10-17","Id":"__default_policy_ID","Statement":[{"Sid":"__default_statement_ID","Effect":"Allow","Principal":{"AWS":"*"},` +
		`"Action":["SNS:GetTopicAttributes","SNS:SetTopicAttributes","SNS:AddPermission","SNS:RemovePermission","SNS:DeleteTopic","SNS:Subscribe",` +
		`"SNS:ListSubscriptionsByTopic","SNS:Publish"],"Resource":"` + s.arn(t.name) + `","Condition":{"StringEquals":{"AWS:SourceOwner":"` + s.id.Account + `"}}}]}`
}

// SetTopicAttributesInput changes one attribute.
type SetTopicAttributesInput struct{ TopicArn, AttributeName, AttributeValue string }

// SetTopicAttributes changes an attribute of a topic.
func (s *State) SetTopicAttributes(_ context.Context, in *SetTopicAttributesInput) (*Empty, error) {
	return s.onTopic(in.TopicArn, func(t *topic) error { return t.set(in.AttributeName, in.AttributeValue, false) })
}
