package sqs

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

type redrive struct {
	target string // ARN
	max    int
}

// parseRedrive reads {"deadLetterTargetArn":…,"maxReceiveCount":…}; the count is
// a number or a text, as in AWS's own examples.
func parseRedrive(text string) (redrive, error) {
	var policy struct {
		DeadLetterTargetArn string          `json:"deadLetterTargetArn"`
		MaxReceiveCount     json.RawMessage `json:"maxReceiveCount"`
	}
	bad := func(reason string) error {
		return invalid("Value %s for parameter RedrivePolicy is invalid. Reason: %s", text, reason)
	}
	switch err := wire.Strict([]byte(text), &policy); {
	case err != nil && strings.Contains(err.Error(), "unknown field"):
		return redrive{}, bad("Only following attributes are supported: [deadLetterTargetArn, maxReceiveCount].")
	case err != nil:
		return redrive{}, bad("Redrive policy is not a valid JSON map.")
	case policy.DeadLetterTargetArn == "":
		return redrive{}, bad("Redrive policy does not contain mandatory attribute: deadLetterTargetArn.")
	case policy.MaxReceiveCount == nil:
		return redrive{}, bad("Redrive policy does not contain mandatory attribute: maxReceiveCount.")
	}
	count := strings.Trim(string(policy.MaxReceiveCount), `"`)
	n, err := strconv.Atoi(count)
	if err != nil || n < 1 || n > 1000 {
		return redrive{}, bad("Invalid value for maxReceiveCount: " + count + ", valid values are from 1 to 1000 both inclusive.")
	}
	return redrive{policy.DeadLetterTargetArn, n}, nil
}

// checkRedrive wants a target that is there, of the same type, and that allows the
// queue to give up messages to it.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
func (s *State) checkRedrive(q *queue, text string) error {
	policy, err := parseRedrive(text)
	if err != nil {
		return err
	}
	target, ok := s.byARN(policy.target)
	switch {
	case !ok:
		return invalid("Value %s for parameter RedrivePolicy is invalid. Reason: Dead letter target does not exist.", text)
	case target.fifo != q.fifo:
		return invalid("Value %s for parameter RedrivePolicy is invalid. Reason: Dead-letter queue must be same type of queue as the source.", text)
	}
	allow, err := parseAllow(target.attributes["RedriveAllowPolicy"])
	if err == nil && !allow.allows(s.id.ARN("sqs", q.name)) {
		return invalid("Value %s for parameter RedrivePolicy is invalid. Reason: Dead-letter queue does not allow this source queue.", text)
	}
	return nil
}

// allowance says which queues may give up messages to a queue.
type allowance struct {
	RedrivePermission string   `json:"redrivePermission"`
	SourceQueueArns   []string `json:"sourceQueueArns"`
}

func parseAllow(text string) (allowance, error) {
	a := allowance{RedrivePermission: "allowAll"}
	if text == "" {
		return a, nil
	}
	bad := invalid("Value %s for parameter RedriveAllowPolicy is invalid.", text)
	if wire.Strict([]byte(text), &a) != nil || !slices.Contains([]string{"allowAll", "denyAll", "byQueue"}, a.RedrivePermission) {
		return a, bad
	}
	if byQueue := a.RedrivePermission == "byQueue"; byQueue != (len(a.SourceQueueArns) > 0) || len(a.SourceQueueArns) > 10 {
		return a, bad
	}
	return a, nil
}

func (a allowance) allows(arn string) bool {
	return a.RedrivePermission == "allowAll" || slices.Contains(a.SourceQueueArns, arn)
}

// giveUp moves a message that was received too often to the dead-letter queue; it
// reports whether it is gone. Its age goes on in a standard queue and begins anew
// in a FIFO queue, as on AWS, where its deduplication id is its id.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
func (s *State) giveUp(q *queue, m *message, policy redrive, now time.Time) bool {
	if policy.target == "" || m.received < policy.max {
		return false
	}
	target, ok := s.byARN(policy.target)
	if !ok {
		return false
	}
	moved := *m
	moved.visible, moved.receipt, moved.source = time.Time{}, "", s.id.ARN("sqs", q.name)
	moved.before, moved.received = m.before+m.received, 0 // the count is "across all queues"
	if target.fifo {
		moved.sent, moved.dedup = now, m.id
	}
	if target.push(&moved, now) != nil {
		return false
	}
	q.drop(m)
	return true
}

// ListDeadLetterSourceQueuesInput names a dead-letter queue.
type ListDeadLetterSourceQueuesInput struct {
	QueueUrl   string
	MaxResults *int
	NextToken  string
}

// ListDeadLetterSourceQueuesOutput lists URLs by name.
type ListDeadLetterSourceQueuesOutput struct {
	QueueUrls []string `json:"queueUrls"`
	NextToken string   `json:",omitempty"`
}

// ListDeadLetterSourceQueues lists the queues that give up messages to a queue.
func (s *State) ListDeadLetterSourceQueues(_ context.Context, in *ListDeadLetterSourceQueuesInput) (*ListDeadLetterSourceQueuesOutput, error) {
	out := &ListDeadLetterSourceQueuesOutput{}
	_, err := s.on(in.QueueUrl, func(q *queue) (err error) {
		urls := []string{} // a member that is always there
		for _, source := range s.sourcesOf(q) {
			urls = append(urls, s.url(source.name))
		}
		out.QueueUrls, out.NextToken, err = s.page(urls, in.MaxResults, in.NextToken)
		return err
	})
	return out, err
}

// sourcesOf are the queues that give up messages to a queue, by name.
func (s *State) sourcesOf(q *queue) []*queue {
	var sources []*queue
	for _, name := range slices.Sorted(maps.Keys(s.queues)) {
		source := s.queues[name]
		policy, err := parseRedrive(source.attributes["RedrivePolicy"])
		if err == nil && policy.target == s.id.ARN("sqs", q.name) {
			sources = append(sources, source)
		}
	}
	return sources
}
