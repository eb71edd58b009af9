package logging

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// Group is where entries go that have no destination of their own.
const Group = "AWSIotLogsV2"

const maxGroupName = 512

// EventTypes are the types of entries that are made, in order.
var EventTypes = []string{
	"Connect", "DeleteConnection", "DeleteThingShadow", "Disconnect", "GetRetainedMessage", "GetThingShadow",
	"ListRetainedMessage", "Publish-In", "Publish-Out", "Queued",
	"RuleExecution", "RuleMatch", "RuleNotFound", "StartingRuleExecution", "Subscribe", "Unsubscribe", "UpdateThingShadow",
}

// Entry is one log entry. Level, status, time and account are filled in by Write.
// https://docs.aws.amazon.com/iot/latest/developerguide/cwl-format.html
type Entry struct {
	Timestamp        string            `json:"timestamp"` // UTC
	LogLevel         Level             `json:"logLevel"`
	TraceID          string            `json:"traceId"`
	AccountID        string            `json:"accountId"`
	Status           string            `json:"status"`
	EventType        string            `json:"eventType"`
	Protocol         string            `json:"protocol,omitempty"`
	DeviceShadowName string            `json:"deviceShadowName,omitempty"`
	TopicName        string            `json:"topicName,omitempty"`
	Subscriptions    []Subscription    `json:"subscriptions,omitempty"`
	ClientID         string            `json:"clientId,omitempty"`
	RuleName         string            `json:"ruleName,omitempty"`
	RuleAction       string            `json:"ruleAction,omitempty"`
	Resources        map[string]string `json:"resources,omitempty"`
	PrincipalID      string            `json:"principalId,omitempty"`
	SourceIP         string            `json:"sourceIp,omitempty"`
	SourcePort       int               `json:"sourcePort,omitempty"`
	Retain           string            `json:"retain,omitempty"` // True, or not there
	Reason           string            `json:"reason,omitempty"`
	Details          string            `json:"details,omitempty"`
	DisconnectReason string            `json:"disconnectReason,omitempty"`
	QoS              string            `json:"qos,omitempty"`
	LastModifiedDate string            `json:"lastModifiedDate,omitempty"`

	Failed bool `json:"-"`
	// About is whose levels count, where the entry itself does not say.
	About Subject `json:"-"`
}

// Subject is a client.
type Subject struct{ ClientID, PrincipalID, SourceIP string }

// Subscription is a filter of a SUBSCRIBE of MQTT 5 and its reason code.
type Subscription struct {
	TopicName  string `json:"topicName"`
	ReasonCode int    `json:"reasonCode"`
}

// Write logs an entry if the settings want it.
func (s *State) Write(e Entry) {
	set := s.active.Load()
	if set == nil {
		return
	}
	e.LogLevel, e.Status = Info, "Success"
	switch {
	case e.Failed:
		e.LogLevel, e.Status = Error, "Failure"
	case e.EventType == "StartingRuleExecution":
		e.LogLevel = Debug
	}
	if !s.levelOf(set, &e).includes(e.LogLevel) {
		return
	}
	now := time.Now().UTC()
	e.Timestamp, e.AccountID = Timestamp(now), s.config.Identity.Account
	if err := s.deliver(set, now, &e); err != nil {
		s.config.Log.Warn("iot log entry dropped", "eventType", e.EventType, "error", err)
	}
}

// Timestamp writes a time as entries have it.
func Timestamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000") }

// levelOf is the level for an entry: that of what it is about overrides that of its
// type, and that the default.
// https://docs.aws.amazon.com/iot/latest/developerguide/configure-logging.html#fine-logging-cli
func (s *State) levelOf(set *settings, e *Entry) Level {
	client := cmp.Or(e.ClientID, e.About.ClientID) // is the thing of its name
	var found Level
	about := func(kind, name string) {
		if level, ok := set.targets[Target{kind, name}]; ok && (found == "" || level.includes(found)) {
			found = level
		}
	}
	about(clientID, client)
	about(sourceIP, cmp.Or(e.SourceIP, e.About.SourceIP))
	about(principalID, cmp.Or(e.PrincipalID, e.About.PrincipalID))
	for _, group := range set.groups {
		if s.config.InGroup(client, group) {
			about(thingGroup, group)
		}
	}
	return cmp.Or(found, set.events[e.EventType].LogLevel, set.level)
}

func (s *State) deliver(set *settings, now time.Time, e *Entry) error {
	group, stream := cmp.Or(set.events[e.EventType].LogDestination, Group), s.config.Identity.Account+"_0"
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(e); err != nil {
		return fmt.Errorf("encode: %w", err)
	}
	line := Line{now, string(bytes.TrimSuffix(text.Bytes(), []byte("\n")))}
	return s.config.Sink.AppendAs(group, stream, []Line{line}, func(action, arn string) error { return s.permitted(set.role, action, arn) })
}

// permitted asks whether the role may do what an entry needs: to make its group or stream
// only when that is not there.
// https://docs.aws.amazon.com/iot/latest/developerguide/configure-logging.html#logging-role-policy
func (s *State) permitted(role, action, arn string) error {
	if s.config.Roles == nil {
		return nil
	}
	id := s.config.Identity
	return s.config.Roles.Decide(policy.Use{
		Caller: policy.Caller{Service: "iot.amazonaws.com", SourceARN: id.ARN("iot", "*"), SourceAccount: id.Account},
		Role:   role, Action: action, Resource: arn,
	})
}
