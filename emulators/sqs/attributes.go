package sqs

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// numeric are the attributes that hold seconds or bytes: default and range.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
var numeric = map[string]struct{ def, min, max int }{
	"DelaySeconds":                  {0, 0, 900},
	"MaximumMessageSize":            {1 << 20, 1024, 1 << 20},
	"MessageRetentionPeriod":        {345600, 60, 1209600},
	"ReceiveMessageWaitTimeSeconds": {0, 0, 20},
	"VisibilityTimeout":             {30, 0, 43200},
}

// check refuses attributes that are unknown, not implemented or out of range.
func check(attributes map[string]string) error {
	for name, value := range attributes {
		if limits, ok := numeric[name]; ok {
			n, err := strconv.Atoi(value)
			if err != nil || n < limits.min || n > limits.max {
				return wire.Errorf("InvalidAttributeValue", 0, "Invalid value for the parameter %s.", name)
			}
			continue
		}
		switch name {
		case "Policy":
		case "RedrivePolicy":
			if _, err := parseRedrive(value); value != "" && err != nil {
				return err
			}
		default:
			return wire.Errorf("InvalidAttributeName", 0, "attribute %s is unknown or not implemented by Shakedown", name)
		}
	}
	return nil
}

type redrive struct {
	target string
	max    int
}

// parseRedrive reads {"deadLetterTargetArn":…,"maxReceiveCount":…}; the count is
// a number or a text, as in AWS's own examples.
func parseRedrive(text string) (redrive, error) {
	var policy struct {
		DeadLetterTargetArn string
		MaxReceiveCount     json.RawMessage
	}
	bad := wire.Errorf("InvalidParameterValue", 0, "Value %s for parameter RedrivePolicy is invalid.", text)
	if json.Unmarshal([]byte(text), &policy) != nil {
		return redrive{}, bad
	}
	n, err := strconv.Atoi(strings.Trim(string(policy.MaxReceiveCount), `"`))
	if err != nil || n < 1 || n > 1000 || policy.DeadLetterTargetArn == "" {
		return redrive{}, bad
	}
	return redrive{policy.DeadLetterTargetArn, n}, nil
}

func (q *queue) seconds(name string) time.Duration {
	return time.Duration(q.number(name)) * time.Second
}

func (q *queue) number(name string) int {
	if n, err := strconv.Atoi(q.attributes[name]); err == nil {
		return n
	}
	return numeric[name].def
}

// all are the attributes as GetQueueAttributes answers them.
func (s *State) all(q *queue, now time.Time) map[string]string {
	out := map[string]string{
		"QueueArn":              s.id.ARN("sqs", q.name),
		"CreatedTimestamp":      strconv.FormatInt(q.created.Unix(), 10),
		"LastModifiedTimestamp": strconv.FormatInt(q.created.Unix(), 10),
	}
	for name := range numeric {
		out[name] = strconv.Itoa(q.number(name))
	}
	for _, name := range []string{"Policy", "RedrivePolicy"} {
		if v := q.attributes[name]; v != "" {
			out[name] = v
		}
	}
	waiting, inFlight, delayed := 0, 0, 0
	for _, m := range q.messages {
		switch {
		case !m.visible.After(now):
			waiting++
		case m.received > 0:
			inFlight++
		default:
			delayed++
		}
	}
	out["ApproximateNumberOfMessages"] = strconv.Itoa(waiting)
	out["ApproximateNumberOfMessagesNotVisible"] = strconv.Itoa(inFlight)
	out["ApproximateNumberOfMessagesDelayed"] = strconv.Itoa(delayed)
	return out
}
