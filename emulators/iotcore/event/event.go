// Package event is what IoT Core tells of its decisions about clients and messages: who
// watches it sees every message that enters, and what became of it at each rule, action and
// subscriber.
package event

import (
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
)

// Kind says what the Core decided.
type Kind int

// The kinds of events. A message that enters goes
//
//	Accepted ─┬─> per rule: Filtered | Matched ─> per action: ActionDone | ActionFailed ─> ErrorActionDone | RuleFailed
//	          └─> per subscriber: Delivered | Denied | Dropped
//
// or it ends with Denied, Rejected or Dropped and the client's disconnection.
const (
	// Connected: a client's CONNECT was accepted.
	Connected Kind = iota + 1
	// ConnectRefused: a handshake or CONNECT was refused; Reason says why.
	ConnectRefused
	// Disconnected: Reason is the disconnectReason of AWS.
	Disconnected
	// Accepted: a publish entered the rules queue; its PUBACK follows.
	Accepted
	// Denied: a policy forbids it; Action is the policy action, such as iot:Publish.
	Denied
	// Rejected: a limit or an operation that is not implemented; Reason names it.
	Rejected
	// Delivered: a message was written to the subscriber ClientID.
	Delivered
	// Filtered: the rule's topic filter matched and its WHERE was not true.
	Filtered
	// Matched: the rule fires.
	Matched
	// ActionDone: Resource is what the action made: the S3 key, the stream, the
	// function, the topic.
	ActionDone
	// ActionFailed: one action of a rule failed; Reason is the target's error.
	ActionFailed
	// ErrorActionDone: the rule's error action took the failures of one message.
	ErrorActionDone
	// RuleFailed: the rule's SQL or its error action failed; nobody was told.
	RuleFailed
	// Dropped: a message is gone. Action "publish": it came while the Core was
	// stopping. Action "deliver": it did not reach the subscriber ClientID.
	Dropped
	// Discarded: a publish that is over a quota which AWS discards for, without a
	// word to the client; only with Config.Enforce. Action is "publish" or "deliver".
	Discarded
	// Subscribed: a SUBSCRIBE came; Filters are those that it asked for, granted or not.
	Subscribed
)

var kindNames = map[Kind]string{
	Connected: "connected", ConnectRefused: "connect refused", Disconnected: "disconnected",
	Accepted: "accepted", Denied: "denied", Rejected: "rejected", Delivered: "delivered",
	Filtered: "filtered", Matched: "matched", ActionDone: "action done", ActionFailed: "action failed",
	ErrorActionDone: "error action done", RuleFailed: "rule failed", Dropped: "dropped", Discarded: "discarded",
	Subscribed: "subscribed",
}

// String names the kind, as in "connect refused".
func (k Kind) String() string { return kindNames[k] }

// Event is one decision about a client or a message. ClientID is the publisher,
// except in Delivered and in Denied and Dropped of a delivery, where it is the
// subscriber. Topic, QoS, Payload and Trace are the original message's, in the
// events of rules too; Payload must not be changed. A message republished by a
// rule keeps its Trace. In Connected, ConnectRefused and Disconnected, Resource is
// the id of the client's certificate.
type Event struct {
	At       time.Time
	Kind     Kind
	ClientID string
	// Thing is the publisher's thing: the client id, if the certificate is
	// attached to a thing of that name.
	Thing    string
	Topic    string
	QoS      byte
	Payload  []byte
	Rule     string
	Action   string
	Resource string
	Reason   string
	// Detail is, in Disconnected, the cause in words.
	Detail string
	Trace  string
	// Filters are, in Subscribed, the topic filters.
	Filters []string

	From *logging.Peer // for log entries; nil is not known
}
