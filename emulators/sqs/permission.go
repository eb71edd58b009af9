package sqs

import (
	"context"
	"regexp"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/policy/permission"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxActions is how many actions a permission has at most.
const maxActions = 7

// shared are the actions that the owner of a queue can share. Those of batches go with
// them.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-using-identity-based-policies.html
var shared = []string{
	"*", "ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ListDeadLetterSourceQueues", "PurgeQueue",
	"ReceiveMessage", "SendMessage",
}

var permissionLabel = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,80}$`)

// AddPermissionInput allows accounts some actions on a queue.
type AddPermissionInput struct {
	QueueUrl, Label        string
	AWSAccountIds, Actions []string
}

// AddPermission writes a statement into a queue's policy.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html
func (s *State) AddPermission(_ context.Context, in *AddPermissionInput) (*Empty, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	return s.on(in.QueueUrl, func(q *queue) error {
		arn := s.id.ARN("sqs", q.name)
		p := permission.Permission{Label: in.Label, Accounts: in.AWSAccountIds, Resource: arn}
		for _, action := range in.Actions {
			p.Actions = append(p.Actions, "SQS:"+action)
		}
		text, added, err := permission.Add(q.attributes["Policy"], arn+"/SQSDefaultPolicy", p)
		if err == nil && !added {
			err = invalid("Value %s for parameter Label is invalid. Reason: Already exists.", in.Label)
		}
		return s.replacePolicy(q, text, err)
	})
}

func (in *AddPermissionInput) check() error {
	switch {
	case !permissionLabel.MatchString(in.Label):
		return invalid("Value %s for parameter Label is invalid. Reason: Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.", in.Label)
	case len(in.AWSAccountIds) == 0:
		return missing("AWSAccountIds")
	case len(in.Actions) == 0:
		return missing("Actions")
	case len(in.Actions) > maxActions:
		return wire.Errorf("OverLimit", 0, "%d Actions were found, maximum allowed is %d.", len(in.Actions), maxActions)
	}
	for _, id := range in.AWSAccountIds {
		if !wire.IsAccount(id) {
			return invalid("Value %s for parameter AWSAccountIds is invalid. Reason: Unable to verify.", id)
		}
	}
	for _, action := range in.Actions {
		if !slices.Contains(shared, action) {
			return invalid("Value SQS:%s for parameter Actions is invalid. Reason: Only the queue owner is allowed to invoke this action.", action)
		}
	}
	return nil
}

// RemovePermissionInput names a statement by its label.
type RemovePermissionInput struct{ QueueUrl, Label string }

// RemovePermission takes a statement out of a queue's policy.
func (s *State) RemovePermission(_ context.Context, in *RemovePermissionInput) (*Empty, error) {
	return s.on(in.QueueUrl, func(q *queue) error {
		text, removed, err := permission.Remove(q.attributes["Policy"], in.Label)
		if err == nil && !removed {
			err = invalid("Value %s for parameter Label is invalid. Reason: can't find label.", in.Label)
		}
		return s.replacePolicy(q, text, err)
	})
}

// replacePolicy sets a policy unless making it ended in an error.
func (s *State) replacePolicy(q *queue, text string, err error) error {
	if err != nil {
		return err
	}
	return s.change(q, map[string]string{"Policy": text})
}
