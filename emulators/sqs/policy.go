package sqs

import (
	"context"
	"net/http"
	"reflect"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// authorize asks a queue's policy. What a service may not is answered with the line
// that allows it, if the queue has no other policy.
func (s *State) authorize(ctx context.Context, q *queue, action string) error {
	denied := q.policy.Authorize(ctx, policy.Request{Account: s.id.Account, Action: action, Resource: s.id.ARN("sqs", q.name)})
	switch {
	case denied == nil:
		return nil
	case denied.Explicit:
		return wire.Errorf("AccessDeniedException", http.StatusForbidden, "%s", denied)
	}
	return wire.Errorf("AccessDeniedException", http.StatusForbidden, "%s; allow it with: aws sqs set-queue-attributes --queue-url %s --attributes %s",
		denied, s.url(q.name), policy.Attribute("Policy", denied.Grant()))
}

// may asks the policy of the queue that a request is about.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
func (s *State) may(ctx context.Context, action string, in any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := s.queueOf(in)
	if q == nil || q.policy == nil {
		return nil // the operation says what is wrong
	}
	return s.authorize(ctx, q, action)
}

// queueOf is the queue that a request is about; nil without one.
func (s *State) queueOf(in any) *queue {
	if url := reflect.ValueOf(in).Elem().FieldByName("QueueUrl"); url.IsValid() {
		q, _ := s.queue(url.String())
		return q
	}
	if arn := reflect.ValueOf(in).Elem().FieldByName("SourceArn"); arn.IsValid() {
		q, _ := s.byARN(arn.String())
		return q
	}
	if task, ok := in.(*TaskHandle); ok {
		if m := s.moveOf(task.TaskHandle); m != nil {
			return m.source
		}
	}
	return nil
}

// PolicyOf is the policy of a queue; nil for none.
func (s *State) PolicyOf(arn string) *policy.Document {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q, ok := s.byARN(arn); ok {
		return q.policy
	}
	return nil
}
