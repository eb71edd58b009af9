package sqs

import (
	"context"
	"net/http"
	"reflect"
	"strings"

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

// guarded has each operation on a queue ask its policy before it begins. Those of a
// batch are the same action.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
func (s *State) guarded(operations map[string]wire.Operation) map[string]wire.Operation {
	for name, op := range operations {
		action := "sqs:" + strings.TrimSuffix(name, "Batch")
		operations[name] = op.Guarded(func(ctx context.Context, in any) error {
			url := reflect.ValueOf(in).Elem().FieldByName("QueueUrl")
			if !url.IsValid() {
				return nil
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			q, err := s.queue(url.String())
			if err != nil || q.policy == nil {
				return nil // the operation says what is wrong
			}
			return s.authorize(ctx, q, action)
		})
	}
	return operations
}
