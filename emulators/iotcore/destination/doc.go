// Package destination keeps the topic rule destinations of IoT Core: the web servers
// that rules may post to, each once it has shown that it wants to be.
//
//	Create ──> IN_PROGRESS ─ token comes back ─> DISABLED <─ Update ─> ENABLED
//	               │  ^                              │                    │
//	        3 days │  └──────── Update IN_PROGRESS: a new message ────────┘
//	               v
//	             ERROR
//
// A confirmation message is a POST to the confirmation URL, under way while the
// operation that causes it is: at most Timeout, one try, no redirect. It has a token,
// which comes back by ConfirmTopicRuleDestination or, without a signature, by a GET of
// enableUrl. A rule delivers to a destination that is ENABLED (State.Enabled).
//
// What AWS does not say, and this package decided: a message that does not reach a
// server makes an ERROR; the answer to it, of whatever status, is told in statusReason
// only. A token that was used confirms nothing again and is no error. An account has at
// most 1000 destinations. Destinations in a virtual private cloud are refused by name.
//
// Source: https://docs.aws.amazon.com/iot/latest/developerguide/http-action-destination.html
package destination
