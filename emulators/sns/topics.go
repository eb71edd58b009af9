package sns

import (
	"context"
	"net/http"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// CreateTopicInput names a standard topic.
type CreateTopicInput struct{ Name string }

// CreateTopicOutput is the topic's ARN.
type CreateTopicOutput struct{ TopicArn string }

var topicName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,256}$`)

// CreateTopic makes a topic, or finds it.
func (s *State) CreateTopic(_ context.Context, in *CreateTopicInput) (*CreateTopicOutput, error) {
	if strings.HasSuffix(in.Name, ".fifo") {
		return nil, invalid("Name", "FIFO topics are not implemented by Shakedown")
	}
	if !topicName.MatchString(in.Name) {
		return nil, invalid("Name", "Topic Name")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.topics[in.Name] == nil {
		s.topics[in.Name] = &topic{name: in.Name}
	}
	return &CreateTopicOutput{s.arn(in.Name)}, nil
}

func (s *State) arn(name string) string { return s.id.ARN("sns", name) }

func invalid(parameter, reason string) error {
	return wire.Errorf("InvalidParameter", 0, "Invalid parameter: %s Reason: %s", parameter, reason)
}

// topic finds a topic by ARN; the caller holds the lock.
func (s *State) topic(arn string) (*topic, error) {
	name, ok := wire.ResourceOf(arn, "sns")
	if !ok {
		return nil, invalid("TopicArn", "An ARN must have at least 6 elements, not "+arn)
	}
	t := s.topics[name]
	if t == nil {
		return nil, wire.Errorf("NotFound", http.StatusNotFound, "Topic does not exist")
	}
	return t, nil
}

// TopicRef names a topic.
type TopicRef struct{ TopicArn string }

// Empty is the answer of operations that answer nothing.
type Empty struct{}

// DeleteTopic deletes a topic with its subscriptions; one that is gone is no error.
func (s *State) DeleteTopic(_ context.Context, in *TopicRef) (*Empty, error) {
	name, ok := wire.ResourceOf(in.TopicArn, "sns")
	if !ok {
		return nil, invalid("TopicArn", "not the ARN of a topic")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.topics, name)
	return &Empty{}, nil
}

// Page asks for a page of a list; all fits one.
type Page struct{ NextToken string }

// ListTopicsOutput lists topics by name.
type ListTopicsOutput struct {
	Topics []TopicRef `xml:"Topics>member"`
}

// ListTopics lists all topics.
func (s *State) ListTopics(_ context.Context, in *Page) (*ListTopicsOutput, error) {
	if in.NextToken != "" {
		return nil, invalid("NextToken", "it was not given out")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &ListTopicsOutput{}
	for name := range s.topics {
		out.Topics = append(out.Topics, TopicRef{s.arn(name)})
	}
	sort.Slice(out.Topics, func(i, j int) bool { return out.Topics[i].TopicArn < out.Topics[j].TopicArn })
	return out, nil
}

// Entry is a pair of a map on the wire.
type Entry struct {
	Key   string `xml:"key"`
	Value string `xml:"value"`
}

// AttributesOutput is a map of attributes.
type AttributesOutput struct {
	Attributes []Entry `xml:"Attributes>entry"`
}

// GetTopicAttributes describes a topic.
func (s *State) GetTopicAttributes(_ context.Context, in *TopicRef) (*AttributesOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.topic(in.TopicArn)
	if err != nil {
		return nil, err
	}
	return &AttributesOutput{[]Entry{
		{"TopicArn", s.arn(t.name)},
		{"Owner", s.id.Account},
		{"SubscriptionsConfirmed", strconv.Itoa(len(t.subscriptions))},
		{"SubscriptionsPending", "0"},
		{"SubscriptionsDeleted", "0"},
		{"DisplayName", ""},
	}}, nil
}
