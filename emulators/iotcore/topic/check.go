package topic

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/provisioning"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/shadow"
)

// Limits of topics and topic filters (AWS.md §1,
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits).
const (
	maxTopic   = 256 // bytes
	maxSlashes = 7
)

// IsReserved tells whether a topic is one of AWS's own.
func IsReserved(topic string) bool { return topic != "" && topic[0] == '$' }

// Check tells why a client may not publish to topic.
func Check(topic string) error {
	if rule, rest, ok := Ingested(topic); ok {
		return checkIngest(rule, rest)
	}
	switch {
	case topic == "":
		return fmt.Errorf("the topic is empty")
	case IsReserved(topic) && !shadow.IsRequest(topic) && !provisioning.IsRequest(topic):
		return fmt.Errorf("topic %s: topics that begin with $ are reserved; of them only those of Basic Ingest and the requests of shadows and of provisioning can be published to in Shakedown", topic)
	case strings.ContainsAny(topic, "+#"):
		return fmt.Errorf("topic %s contains a wildcard", topic)
	}
	return CheckShape(topic)
}

// CheckOffMQTT is Check for a message that comes over no connection, or of
// one that has ended (a will): provisioning answers on that of the request.
// https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html
func CheckOffMQTT(topic string) error {
	if provisioning.IsRequest(topic) {
		return fmt.Errorf("topic %s: provisioning is asked for over MQTT, on the connection that has the answer", topic)
	}
	return Check(topic)
}

// CheckFilter tells why a client may not subscribe to filter.
func CheckFilter(filter string) error {
	if name, rest, ok := Shared(filter); ok {
		return checkShare(name, rest)
	}
	switch {
	case filter == "":
		return fmt.Errorf("the topic filter is empty")
	case IsReserved(filter) && !IsEvent(filter) && !shadow.IsFilter(filter) && !provisioning.IsAnswer(filter):
		return fmt.Errorf("topic filter %s: of the reserved topics only $aws/events but those of jobs, $aws/things/<thing>/shadow and the answers of provisioning are implemented by Shakedown", filter)
	}
	return CheckWildcards(filter)
}

// CheckWildcards tells what is wrong with the form of a topic filter.
func CheckWildcards(filter string) error {
	parts := strings.Split(filter, "/")
	for i, part := range parts {
		if strings.ContainsAny(part, "+#") && len(part) > 1 {
			return fmt.Errorf("topic filter %s: a wildcard must be a level of its own", filter)
		}
		if part == "#" && i < len(parts)-1 {
			return fmt.Errorf("topic filter %s: # must be the last level", filter)
		}
	}
	return CheckShape(filter)
}

func CheckShape(topic string) error {
	switch {
	case len(topic) > maxTopic:
		return fmt.Errorf("topic of %d bytes; the limit is %d", len(topic), maxTopic)
	case strings.Count(topic, "/") > maxSlashes:
		return fmt.Errorf("topic %s has more than %d slashes", topic, maxSlashes)
	case !utf8.ValidString(topic) || strings.ContainsRune(topic, 0):
		return fmt.Errorf("topic %q is not clean UTF-8", topic)
	}
	return nil
}
