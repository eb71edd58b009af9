package sqs

import (
	"context"
	"maps"
	"regexp"
	"sort"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// CreateQueueInput declares a queue.
type CreateQueueInput struct {
	QueueName  string
	Attributes map[string]string
}

// QueueURL is the answer that names a queue.
type QueueURL struct{ QueueUrl string }

var queueName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,80}$`)

// CreateQueue makes a queue, or finds one with the same attributes. Errors:
// QueueNameExists, InvalidAttributeName, InvalidAttributeValue.
func (s *State) CreateQueue(_ context.Context, in *CreateQueueInput) (*QueueURL, error) {
	if strings.HasSuffix(in.QueueName, ".fifo") {
		return nil, wire.Errorf("InvalidParameterValue", 0, "FIFO queues are not implemented by Shakedown")
	}
	if !queueName.MatchString(in.QueueName) {
		return nil, wire.Errorf("InvalidParameterValue", 0, "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
	}
	if err := check(in.Attributes); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if q, ok := s.queues[in.QueueName]; ok {
		for name, value := range in.Attributes {
			if q.attributes[name] != value {
				return nil, wire.Errorf("QueueAlreadyExists", 0, "A queue already exists with the same name and a different value for attribute %s", name)
			}
		}
		return &QueueURL{s.url(q.name)}, nil
	}
	attributes := map[string]string{}
	maps.Copy(attributes, in.Attributes)
	s.queues[in.QueueName] = &queue{name: in.QueueName, created: time.Now(), attributes: attributes, arrived: make(chan struct{})}
	return &QueueURL{s.url(in.QueueName)}, nil
}

// GetQueueUrlInput names a queue.
type GetQueueUrlInput struct{ QueueName, QueueOwnerAWSAccountId string }

// GetQueueUrl finds a queue by name.
func (s *State) GetQueueUrl(_ context.Context, in *GetQueueUrlInput) (*QueueURL, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if in.QueueOwnerAWSAccountId != "" && in.QueueOwnerAWSAccountId != s.id.Account {
		return nil, wire.Errorf("QueueDoesNotExist", 0, "The specified queue does not exist.")
	}
	q, err := s.queue(in.QueueName)
	if err != nil {
		return nil, err
	}
	return &QueueURL{s.url(q.name)}, nil
}

// GetQueueAttributesInput asks for attributes by name, or All.
type GetQueueAttributesInput struct {
	QueueUrl       string
	AttributeNames []string
}

// Attributes are a queue's.
type Attributes struct{ Attributes map[string]string }

// GetQueueAttributes answers the attributes asked for.
func (s *State) GetQueueAttributes(_ context.Context, in *GetQueueAttributesInput) (*Attributes, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.queue(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	all := s.all(q, time.Now())
	out := map[string]string{}
	for _, name := range in.AttributeNames {
		if name == "All" {
			return &Attributes{all}, nil
		}
		if value, ok := all[name]; ok {
			out[name] = value
		} else if name != "Policy" && name != "RedrivePolicy" {
			return nil, wire.Errorf("InvalidAttributeName", 0, "Unknown Attribute %s.", name)
		}
	}
	return &Attributes{out}, nil
}

// SetQueueAttributesInput changes attributes.
type SetQueueAttributesInput struct {
	QueueUrl   string
	Attributes map[string]string
}

// Empty is the answer of operations that answer nothing.
type Empty struct{}

// SetQueueAttributes changes attributes.
func (s *State) SetQueueAttributes(_ context.Context, in *SetQueueAttributesInput) (*Empty, error) {
	if err := check(in.Attributes); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.queue(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	maps.Copy(q.attributes, in.Attributes)
	return &Empty{}, nil
}

// ListQueuesInput filters by prefix.
type ListQueuesInput struct{ QueueNamePrefix string }

// ListQueuesOutput lists URLs by name.
type ListQueuesOutput struct{ QueueUrls []string }

// ListQueues lists the queues.
func (s *State) ListQueues(_ context.Context, in *ListQueuesInput) (*ListQueuesOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &ListQueuesOutput{}
	for name := range s.queues {
		if strings.HasPrefix(name, in.QueueNamePrefix) {
			out.QueueUrls = append(out.QueueUrls, s.url(name))
		}
	}
	sort.Strings(out.QueueUrls)
	return out, nil
}

// QueueRef names a queue by URL.
type QueueRef struct{ QueueUrl string }

// DeleteQueue deletes a queue with its messages.
func (s *State) DeleteQueue(_ context.Context, in *QueueRef) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.queue(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	delete(s.queues, q.name)
	close(q.arrived)
	q.arrived = make(chan struct{})
	return &Empty{}, nil
}

// PurgeQueue deletes a queue's messages.
func (s *State) PurgeQueue(_ context.Context, in *QueueRef) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.queue(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	q.messages = nil
	return &Empty{}, nil
}
