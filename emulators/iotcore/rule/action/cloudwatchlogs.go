package action

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/smithy-go"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// CloudwatchLogs makes each message one log event, of the time at which it
// came; with BatchMode a message is a list of events with times. They go to the
// stream of the rule's name, which is made when it is not there; the group must be.
// https://docs.aws.amazon.com/iot/latest/developerguide/cloudwatch-logs-rule-action.html
type CloudwatchLogs struct {
	LogGroupName string `json:"logGroupName"`
	RoleArn      string `json:"roleArn"`
	BatchMode    bool   `json:"batchMode"`
}

type cloudwatchLogsAction struct {
	target LogsTarget
	role   string
	group  *sql.Template
	batch  bool
}

func (c *Compiler) cloudwatchLogs(a *CloudwatchLogs) (Compiled, error) {
	if c.Targets.Logs == nil {
		return nil, noTarget("cloudwatchLogs")
	}
	group, err := c.template("logGroupName", a.LogGroupName)
	if err := errors.Join(err, CheckRole(a.RoleArn)); err != nil {
		return nil, fmt.Errorf("cloudwatchLogs: %w", err)
	}
	return cloudwatchLogsAction{c.Targets.Logs, a.RoleArn, group, a.BatchMode}, nil
}

func (cloudwatchLogsAction) Kind() string { return "cloudwatchLogs" }

func (l cloudwatchLogsAction) Run(ctx context.Context, a *Firing, payload []byte) (Outcome, error) {
	group, err := l.group.Expand(a.Input)
	if err != nil {
		return Outcome{}, err
	}
	o := Outcome{Made: group + " " + a.Rule.Name, Resource: group}
	events, err := l.events(a, payload)
	if err != nil {
		return o, fmt.Errorf("put log events: %w", err)
	}
	if err := l.permitted(a, group); err != nil {
		return o, fmt.Errorf("put log events: %w", err)
	}
	in := &cloudwatchlogs.PutLogEventsInput{LogGroupName: &group, LogStreamName: &a.Rule.Name, LogEvents: events}
	out, err := l.target.PutLogEvents(ctx, in)
	if isAPIError(err, "ResourceNotFoundException") { // the stream, or the group: then this fails too
		_, err = l.target.CreateLogStream(ctx, &cloudwatchlogs.CreateLogStreamInput{LogGroupName: &group, LogStreamName: &a.Rule.Name})
		if err != nil && !isAPIError(err, "ResourceAlreadyExistsException") {
			return o, fmt.Errorf("create log stream: %w", err)
		}
		out, err = l.target.PutLogEvents(ctx, in)
	}
	if err != nil {
		return o, fmt.Errorf("put log events: %w", err)
	}
	return o, rejectedEvents(out.RejectedLogEventsInfo, len(events))
}

// permitted asks for what AWS wants of the role, whether the stream is there or not.
// https://docs.aws.amazon.com/iot/latest/developerguide/cloudwatch-logs-rule-action.html
func (l cloudwatchLogsAction) permitted(a *Firing, group string) error {
	streams := "log-group:" + group + ":log-stream:"
	if err := a.May(l.role, "logs:DescribeLogStreams", streams); err != nil {
		return err
	}
	if err := a.May(l.role, "logs:CreateLogStream", streams+a.Rule.Name); err != nil {
		return err
	}
	return a.May(l.role, "logs:PutLogEvents", streams+a.Rule.Name)
}

func isAPIError(err error, code string) bool {
	api, ok := errors.AsType[smithy.APIError](err)
	return ok && api.ErrorCode() == code
}

// events are those of a payload.
func (l cloudwatchLogsAction) events(a *Firing, payload []byte) ([]types.InputLogEvent, error) {
	if !utf8.Valid(payload) {
		return nil, errors.New("the payload is not text")
	}
	if !l.batch {
		return []types.InputLogEvent{{Timestamp: aws.Int64(a.Input.Time.UnixMilli()), Message: aws.String(string(payload))}}, nil
	}
	var lines []struct {
		Timestamp *int64  `json:"timestamp"`
		Message   *string `json:"message"`
	}
	if err := json.Unmarshal(payload, &lines); err != nil {
		return nil, fmt.Errorf("batchMode: the payload is not a list of objects with timestamp and message: %w", err)
	}
	events := make([]types.InputLogEvent, len(lines))
	for i, line := range lines {
		if line.Timestamp == nil || line.Message == nil {
			return nil, fmt.Errorf("batchMode: element %d has no timestamp or no message", i)
		}
		events[i] = types.InputLogEvent{Timestamp: line.Timestamp, Message: line.Message}
	}
	return events, nil
}

// rejectedEvents is the error of events that were not kept for their times.
func rejectedEvents(r *types.RejectedLogEventsInfo, n int) error {
	if r == nil {
		return nil
	}
	early := max(aws.ToInt32(r.TooOldLogEventEndIndex), aws.ToInt32(r.ExpiredLogEventEndIndex))
	late := 0
	if r.TooNewLogEventStartIndex != nil {
		late = n - int(*r.TooNewLogEventStartIndex)
	}
	return fmt.Errorf("put log events: of %d events %d were rejected as too old or expired and %d as too new", n, early, late)
}
