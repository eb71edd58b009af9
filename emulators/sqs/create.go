package sqs

import (
	"context"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// CreateQueueInput declares a queue.
type CreateQueueInput struct {
	QueueName  string
	Attributes map[string]string
	Tags       map[string]string `json:"tags"`
}

// QueueURL is the answer that names a queue.
type QueueURL struct{ QueueUrl string }

var queueName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,80}$`)

// CreateQueue makes a queue, or finds one with the same attributes. Errors:
// QueueNameExists, InvalidAttributeName, InvalidAttributeValue.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html
func (s *State) CreateQueue(_ context.Context, in *CreateQueueInput) (*QueueURL, error) {
	base, fifo := strings.CutSuffix(in.QueueName, ".fifo")
	if !queueName.MatchString(base) || len(in.QueueName) > 80 {
		return nil, invalid("Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length")
	}
	if declared, err := strconv.ParseBool(in.Attributes["FifoQueue"]); fifo != (err == nil && declared) {
		return nil, invalid("The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length; FifoQueue is true for it and for no other queue.")
	}
	if err := checkTags(in.Tags); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q := newQueue(in.QueueName, time.Now())
	q.fifo = fifo
	if err := s.set(q, in.Attributes, true); err != nil {
		return nil, err
	}
	if old, ok := s.queues[in.QueueName]; ok {
		for name := range in.Attributes {
			if old.attribute(name) != q.attribute(name) {
				return nil, wire.Errorf("QueueNameExists", 0, "A queue already exists with the same name and a different value for attribute %s", name)
			}
		}
		return &QueueURL{s.url(old.name)}, nil
	}
	maps.Copy(q.tags, in.Tags)
	s.queues[q.name] = q
	return &QueueURL{s.url(q.name)}, nil
}

// GetQueueUrlInput names a queue.
type GetQueueUrlInput struct{ QueueName, QueueOwnerAWSAccountId string }

// GetQueueUrl finds a queue by name.
func (s *State) GetQueueUrl(_ context.Context, in *GetQueueUrlInput) (*QueueURL, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if in.QueueOwnerAWSAccountId != "" && in.QueueOwnerAWSAccountId != s.id.Account {
		return nil, errNoQueue
	}
	if s.queues[in.QueueName] == nil {
		return nil, errNoQueue
	}
	return &QueueURL{s.url(in.QueueName)}, nil
}

// ListQueuesInput filters by prefix; without MaxResults up to 1,000 are answered, and no
// token for more.
type ListQueuesInput struct {
	QueueNamePrefix string
	MaxResults      *int
	NextToken       string
}

// ListQueuesOutput lists URLs by name.
type ListQueuesOutput struct {
	QueueUrls []string `json:",omitempty"`
	NextToken string   `json:",omitempty"`
}

// ListQueues lists the queues.
func (s *State) ListQueues(_ context.Context, in *ListQueuesInput) (*ListQueuesOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var urls []string
	for name := range s.queues {
		if strings.HasPrefix(name, in.QueueNamePrefix) {
			urls = append(urls, s.url(name))
		}
	}
	urls, next, err := s.page(urls, in.MaxResults, in.NextToken)
	return &ListQueuesOutput{urls, next}, err
}

// QueueRef names a queue by URL.
type QueueRef struct{ QueueUrl string }

// DeleteQueue deletes a queue with its messages.
func (s *State) DeleteQueue(_ context.Context, in *QueueRef) (*Empty, error) {
	return s.on(in.QueueUrl, func(q *queue) error {
		delete(s.queues, q.name)
		s.moves = slices.DeleteFunc(s.moves, func(m *move) bool { return m.source == q })
		q.notify()
		return nil
	})
}

// purgePause is between two purges of a queue.
const purgePause = time.Minute

// PurgeQueue deletes a queue's messages, once in a minute.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html
func (s *State) PurgeQueue(_ context.Context, in *QueueRef) (*Empty, error) {
	return s.on(in.QueueUrl, func(q *queue) error {
		if !q.purged.IsZero() && time.Since(q.purged) < purgePause {
			return wire.Errorf("PurgeQueueInProgress", http.StatusForbidden, "Only one PurgeQueue operation on %s is allowed every 60 seconds.", q.name)
		}
		q.purged = time.Now()
		q.messages, q.gone = nil, 0
		clear(q.receipts)
		return nil
	})
}
