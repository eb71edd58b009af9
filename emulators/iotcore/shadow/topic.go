package shadow

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Message is something that the service publishes.
type Message struct {
	Topic   string
	Payload []byte
}

// prefix begins the topics of all shadows.
const prefix = "$aws/things/"

// splitRequest takes apart a topic that asks for something.
//
//	$aws/things/<thing>/shadow[/name/<shadow>]/update|get|delete
//
// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-mqtt.html
func splitRequest(topic string) (thing, name, operation string, ok bool) {
	rest, ok := strings.CutPrefix(topic, prefix)
	if !ok {
		return "", "", "", false
	}
	levels := strings.Split(rest, "/")
	switch {
	case len(levels) == 3:
	case len(levels) == 5 && levels[2] == "name" && levels[3] != "":
		name = levels[3]
	default:
		return "", "", "", false
	}
	operation = levels[len(levels)-1]
	ok = levels[0] != "" && levels[1] == "shadow" && (operation == "update" || operation == "get" || operation == "delete")
	return levels[0], name, operation, ok
}

// IsRequest tells whether a topic is one that asks the service for something. The
// service's own topics, such as …/update/delta, are not.
func IsRequest(topic string) bool {
	_, _, _, ok := splitRequest(topic)
	return ok
}

// IsFilter tells whether a topic filter is one of shadows, maybe of all things.
func IsFilter(filter string) bool {
	rest, ok := strings.CutPrefix(filter, prefix)
	_, rest, _ = strings.Cut(rest, "/")
	return ok && strings.HasPrefix(rest, "shadow/")
}

// Serve acts on a message to a request topic and returns what the service publishes:
// accepted or rejected, and after an update delta, where there is one, and documents.
func (s *Store) Serve(topic string, payload []byte) []Message {
	thing, name, operation, ok := splitRequest(topic)
	if !ok {
		return nil
	}
	if operation == "update" {
		change, err := s.Update(thing, name, payload)
		if err != nil {
			return []Message{rejected(topic, payload, err)}
		}
		return append([]Message{{topic + "/accepted", change.Accepted}}, change.Messages(thing, name)...)
	}
	answer := s.get
	if operation == "delete" {
		answer = s.remove
	}
	out, err := answer(thing, name, tokenOf(payload))
	if err != nil {
		return []Message{rejected(topic, payload, err)}
	}
	return []Message{{topic + "/accepted", out}}
}

// Messages are what the service publishes about an update however it was made.
func (c *Change) Messages(thing, name string) []Message {
	topic := prefix + thing + "/shadow"
	if name != "" {
		topic += "/name/" + name
	}
	out := []Message{{topic + "/update/documents", c.documents}}
	if c.delta != nil {
		out = append([]Message{{topic + "/update/delta", c.delta}}, out...)
	}
	return out
}

// rejection is an error on the wire.
// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-error-messages.html
type rejection struct {
	Code        int    `json:"code"`
	Message     string `json:"message"`
	Timestamp   int64  `json:"timestamp"`
	ClientToken string `json:"clientToken,omitempty"`
}

func rejected(topic string, payload []byte, err error) Message {
	e := wire.AsError(err)
	text, _ := json.Marshal(rejection{e.HTTPStatus(), e.Message, time.Now().Unix(), tokenOf(payload)}) // of strings and numbers: no error
	return Message{topic + "/rejected", text}
}

// tokenOf is the client token of a request, if it is JSON that has one.
func tokenOf(payload []byte) string {
	var in struct {
		ClientToken string `json:"clientToken"`
	}
	if len(payload) > maxDocument || json.Unmarshal(payload, &in) != nil || len(in.ClientToken) > maxToken {
		return ""
	}
	return in.ClientToken
}
