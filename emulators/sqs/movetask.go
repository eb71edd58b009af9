package sqs

import (
	"context"
	"encoding/base64"
	"maps"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// StartMessageMoveTaskInput names queues by ARN; without a destination each message goes
// back to the queue that gave it up.
type StartMessageMoveTaskInput struct {
	SourceArn, DestinationArn    string
	MaxNumberOfMessagesPerSecond *int
}

// TaskHandle names a running task.
type TaskHandle struct{ TaskHandle string }

// StartMessageMoveTask begins to move the messages of a dead-letter queue.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
func (s *State) StartMessageMoveTask(ctx context.Context, in *StartMessageMoveTaskInput) (*TaskHandle, error) {
	m := &move{destination: in.DestinationArn, started: time.Now(), status: moveRunning}
	if rate := in.MaxNumberOfMessagesPerSecond; rate != nil {
		if *rate < 1 || *rate > maxMoveRate {
			return nil, invalid("Value %d for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must enter a value between 1 and %d.", *rate, maxMoveRate)
		}
		m.asked = *rate
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moveDue(m.started)
	source, err := s.resource("SourceArn", in.SourceArn)
	if err != nil {
		return nil, err
	}
	if err := s.checkMove(ctx, source, in.DestinationArn); err != nil {
		return nil, err
	}
	source.trim(m.started)
	for _, waiting := range source.messages {
		if !waiting.gone && !waiting.visible.After(m.started) {
			m.total++
		}
	}
	m.source = source
	m.handle = base64.StdEncoding.EncodeToString([]byte(`{"taskId":"` + wire.NewRequestID() + `","sourceArn":"` + in.SourceArn + `"}`))
	s.remember(m)
	s.moveDue(m.started)
	for _, name := range slices.Sorted(maps.Keys(s.queues)) {
		s.queues[name].notify() // who waits for messages knows now when the next comes
	}
	return &TaskHandle{m.handle}, nil
}

// checkMove wants a dead-letter queue that no task moves messages of, and a destination
// of its type; the policies of both may deny what the task does.
func (s *State) checkMove(ctx context.Context, source *queue, destination string) error {
	to := s.sourcesOf(source)
	if len(to) == 0 {
		return invalid("Source queue must be configured as a Dead Letter Queue.")
	}
	if destination != "" {
		q, err := s.resource("DestinationArn", destination)
		switch {
		case err != nil:
			return err
		case q == source || q.fifo != source.fifo:
			return invalid("Value %s for parameter DestinationArn is invalid. Reason: It must be another queue, of the same type as the source.", destination)
		}
		to = []*queue{q}
	}
	active := 0
	for _, m := range s.moves {
		switch {
		case m.running() && m.source == source:
			return unsupported("There is already a task running. Only one active task is allowed for a source queue arn at a given time.")
		case m.running():
			active++
		}
	}
	if active >= maxMoves {
		return unsupported("%d message move tasks are active already.", maxMoves)
	}
	for _, action := range []string{"sqs:ReceiveMessage", "sqs:DeleteMessage"} {
		if err := s.authorize(ctx, source, action); err != nil {
			return err
		}
	}
	for _, q := range to {
		if err := s.authorize(ctx, q, "sqs:SendMessage"); err != nil {
			return err
		}
	}
	return nil
}

// resource finds the queue of an ARN that a parameter names.
func (s *State) resource(parameter, arn string) (*queue, error) {
	if arn == "" {
		return nil, missing(parameter)
	}
	q, ok := s.byARN(arn)
	if !ok {
		return nil, wire.Errorf("ResourceNotFoundException", 0, "The resource that you specified for the %s parameter doesn't exist.", parameter)
	}
	return q, nil
}

func unsupported(format string, args ...any) error {
	return wire.Errorf("UnsupportedOperation", 0, format, args...)
}

// CancelMessageMoveTaskOutput is what was moved before.
type CancelMessageMoveTaskOutput struct{ ApproximateNumberOfMessagesMoved int }

// CancelMessageMoveTask ends a running task; what it moved stays moved.
func (s *State) CancelMessageMoveTask(_ context.Context, in *TaskHandle) (*CancelMessageMoveTaskOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moveDue(time.Now())
	m := s.moveOf(in.TaskHandle)
	switch {
	case m == nil:
		return nil, wire.Errorf("ResourceNotFoundException", 0, "The resource that you specified for the TaskHandle parameter doesn't exist.")
	case !m.running():
		return nil, unsupported("Only active tasks can be cancelled; this one is %s.", m.status)
	}
	m.status = moveCancelled
	return &CancelMessageMoveTaskOutput{m.moved}, nil
}

// moveOf is the task of a handle; nil without one.
func (s *State) moveOf(handle string) *move {
	if i := slices.IndexFunc(s.moves, func(m *move) bool { return m.handle == handle }); i >= 0 {
		return s.moves[i]
	}
	return nil
}

// ListMessageMoveTasksInput names a queue by ARN; one task is listed unless more are
// asked for.
type ListMessageMoveTasksInput struct {
	SourceArn  string
	MaxResults *int
}

// MoveTask describes a task, with a handle as long as it runs.
type MoveTask struct {
	TaskHandle                        string `json:",omitempty"`
	Status, SourceArn                 string
	DestinationArn                    string `json:",omitempty"`
	MaxNumberOfMessagesPerSecond      int    `json:",omitempty"`
	ApproximateNumberOfMessagesMoved  int
	ApproximateNumberOfMessagesToMove int
	FailureReason                     string `json:",omitempty"`
	StartedTimestamp                  int64
}

// ListMessageMoveTasksOutput has up to ten tasks, the latest first.
type ListMessageMoveTasksOutput struct{ Results []MoveTask }

// ListMessageMoveTasks lists the tasks of a queue.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasks.html
func (s *State) ListMessageMoveTasks(_ context.Context, in *ListMessageMoveTasksInput) (*ListMessageMoveTasksOutput, error) {
	most := 1
	if in.MaxResults != nil {
		most = *in.MaxResults
	}
	if most < 1 || most > maxRemembered {
		return nil, invalid("Value %d for parameter MaxResults is invalid. Reason: Must be between 1 and %d.", most, maxRemembered)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moveDue(time.Now())
	source, err := s.resource("SourceArn", in.SourceArn)
	if err != nil {
		return nil, err
	}
	out := &ListMessageMoveTasksOutput{Results: []MoveTask{}}
	for _, m := range slices.Backward(s.movesOf(source)) {
		if len(out.Results) < most {
			out.Results = append(out.Results, m.describe(in.SourceArn))
		}
	}
	return out, nil
}

func (m *move) describe(source string) MoveTask {
	t := MoveTask{
		Status: m.status, SourceArn: source, DestinationArn: m.destination, MaxNumberOfMessagesPerSecond: m.asked,
		ApproximateNumberOfMessagesMoved: m.moved, ApproximateNumberOfMessagesToMove: m.total, FailureReason: m.failure, StartedTimestamp: m.started.UnixMilli(),
	}
	if m.running() {
		t.TaskHandle = m.handle
	}
	return t
}
