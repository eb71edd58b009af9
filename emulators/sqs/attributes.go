package sqs

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/policy"
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

// choices are the attributes with a few values, the default first. Those of FIFO
// queues stand only there.
var choices = map[string][]string{
	"FifoQueue":                 {"true"},
	"ContentBasedDeduplication": {"false", "true"},
	"DeduplicationScope":        {"queue", "messageGroup"},
	"FifoThroughputLimit":       {"perQueue", "perMessageGroupId"},
	"SqsManagedSseEnabled":      {"true", "false"},
}

// documents are the attributes that hold JSON.
var documents = []string{"Policy", "RedrivePolicy", "RedriveAllowPolicy"}

// set checks attributes and takes them over, all or none. The caller holds the lock.
func (s *State) set(q *queue, attributes map[string]string, creating bool) error {
	for name, value := range attributes {
		if err := s.check(q, name, value, creating); err != nil {
			return err
		}
	}
	becomes := func(name string) string { return cmp.Or(attributes[name], q.attributes[name]) }
	if becomes("FifoThroughputLimit") == "perMessageGroupId" && becomes("DeduplicationScope") != "messageGroup" {
		return wire.Errorf("InvalidAttributeValue", 0, "The perMessageGroupId value is allowed only when the value for DeduplicationScope is messageGroup.")
	}
	for name, value := range attributes {
		q.attributes[name] = value
	}
	if text, ok := attributes["Policy"]; ok {
		q.policy, _ = parsePolicy(text) // checked before
	}
	return nil
}

// parsePolicy reads a queue's policy; empty is none.
func parsePolicy(text string) (*policy.Document, error) {
	if text == "" {
		return nil, nil
	}
	d, err := policy.Parse([]byte(text), "sqs")
	if err != nil {
		return nil, wire.Errorf("InvalidAttributeValue", 0, "Invalid value for the parameter Policy. Reason: %s", err)
	}
	return d, nil
}

func (s *State) check(q *queue, name, value string, creating bool) error {
	bad := wire.Errorf("InvalidAttributeValue", 0, "Invalid value for the parameter %s.", name)
	if limits, ok := numeric[name]; ok {
		if n, err := strconv.Atoi(value); err != nil || n < limits.min || n > limits.max {
			return bad
		}
		return nil
	}
	if values, ok := choices[name]; ok {
		switch {
		case name == "FifoQueue" && !creating:
			return wire.Errorf("InvalidAttributeName", 0, "Unknown Attribute FifoQueue: it cannot be changed.")
		case name != "SqsManagedSseEnabled" && !q.fifo && value != "false":
			return wire.Errorf("InvalidAttributeName", 0, "Unknown Attribute %s: it is for FIFO queues.", name)
		case (q.fifo || name == "SqsManagedSseEnabled") && !slices.Contains(values, value):
			return bad
		}
		return nil
	}
	switch {
	case name == "RedrivePolicy" && value != "":
		return s.checkRedrive(q, value)
	case name == "RedriveAllowPolicy" && value != "":
		_, err := parseAllow(value)
		return err
	case name == "Policy":
		_, err := parsePolicy(value)
		return err
	case value == "" && slices.Contains(documents, name):
		return nil
	}
	return wire.Errorf("InvalidAttributeName", 0, "attribute %s is unknown or not implemented by Shakedown", name)
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

// attribute is a settable attribute as it is answered; empty is none.
func (q *queue) attribute(name string) string {
	if v := q.attributes[name]; v != "" {
		return v
	}
	if limits, ok := numeric[name]; ok {
		return strconv.Itoa(limits.def)
	}
	if values, ok := choices[name]; ok && (q.fifo || name == "SqsManagedSseEnabled") {
		return values[0]
	}
	return ""
}

// all are the attributes as GetQueueAttributes answers them.
func (s *State) all(q *queue, now time.Time) map[string]string {
	q.trim(now)
	out := map[string]string{
		"QueueArn":              s.id.ARN("sqs", q.name),
		"CreatedTimestamp":      strconv.FormatInt(q.created.Unix(), 10),
		"LastModifiedTimestamp": strconv.FormatInt(q.changed.Unix(), 10),
	}
	for name := range numeric {
		out[name] = q.attribute(name)
	}
	for name := range choices {
		if v := q.attribute(name); v != "" {
			out[name] = v
		}
	}
	for _, name := range documents {
		if v := q.attribute(name); v != "" {
			out[name] = v
		}
	}
	waiting, inFlight, delayed := 0, 0, 0
	for _, m := range q.messages {
		switch {
		case m.gone:
		case !m.visible.After(now):
			waiting++
		case m.inFlight(now):
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

// GetQueueAttributesInput asks for attributes by name, or All.
type GetQueueAttributesInput struct {
	QueueUrl       string
	AttributeNames []string
}

// Attributes are a queue's.
type Attributes struct {
	Attributes map[string]string `json:",omitempty"`
}

// GetQueueAttributes answers the attributes asked for.
func (s *State) GetQueueAttributes(_ context.Context, in *GetQueueAttributesInput) (*Attributes, error) {
	out := map[string]string{}
	_, err := s.on(in.QueueUrl, func(q *queue) error {
		all := s.all(q, time.Now())
		for _, name := range in.AttributeNames {
			value, ok := all[name]
			switch {
			case name == "All":
				out = all
				return nil
			case ok:
				out[name] = value
			case !slices.Contains(documents, name) && choices[name] == nil && name != "KmsMasterKeyId" && name != "KmsDataKeyReusePeriodSeconds":
				return wire.Errorf("InvalidAttributeName", 0, "Unknown Attribute %s.", name)
			}
		}
		return nil
	})
	return &Attributes{out}, err
}

// SetQueueAttributesInput changes attributes; an empty document removes it.
type SetQueueAttributesInput struct {
	QueueUrl   string
	Attributes map[string]string
}

// SetQueueAttributes changes attributes.
func (s *State) SetQueueAttributes(_ context.Context, in *SetQueueAttributesInput) (*Empty, error) {
	return s.on(in.QueueUrl, func(q *queue) error { return s.change(q, in.Attributes) })
}

// change sets attributes of a queue that is there.
func (s *State) change(q *queue, attributes map[string]string) error {
	if err := s.set(q, attributes, false); err != nil {
		return err
	}
	q.changed = time.Now()
	q.notify()
	return nil
}
