package iotcore

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/provisioning"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/shadow"
)

// Limits of the broker (AWS.md §1,
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html).
const (
	maxPayload                    = 128 << 10
	maxTopic                      = 256
	maxSlashes                    = 7
	maxClientID                   = 128
	maxSubscriptions              = 50
	maxFiltersPerSubscribe        = 8
	maxUnacknowledged             = 100
	defaultKeepAlive       uint16 = 1200
	minKeepAlive           uint16 = 30
	sessionExpiry                 = time.Hour
)

// Limits that AWS does not state; they bound memory and waiting.
const (
	maxConnections  = 500_000
	readBuffer      = 256     // of each connection, in bytes: there may be very many
	maxStored       = 1000    // undelivered QoS 1 messages of one session
	maxRetained     = 100_000 // retained messages
	maxPacket       = 256 << 10
	farewellTimeout = time.Second
	connectTimeout  = 30 * time.Second // handshake, then CONNECT
	writeTimeout    = 10 * time.Second
	actionTimeout   = 30 * time.Second // all actions of one message
	closeGrace      = 10 * time.Second
	maxHops         = 10 // republishes of one message
)

// clampKeepAlive is AWS's: 0 means 1200 s, less than 30 s means 30 s, more than
// 1200 s means 1200 s.
func clampKeepAlive(seconds uint16) uint16 {
	if seconds == 0 {
		return defaultKeepAlive
	}
	return min(max(seconds, minKeepAlive), defaultKeepAlive)
}

// checkTopic tells why a client may not publish to topic.
func checkTopic(topic string) error {
	if rule, rest, ok := ingested(topic); ok {
		return checkIngest(rule, rest)
	}
	switch {
	case topic == "":
		return fmt.Errorf("the topic is empty")
	case isReserved(topic) && !shadow.IsRequest(topic) && !provisioning.IsRequest(topic):
		return fmt.Errorf("topic %s: topics that begin with $ are reserved; of them only those of Basic Ingest and the requests of shadows and of provisioning can be published to in Shakedown", topic)
	case strings.ContainsAny(topic, "+#"):
		return fmt.Errorf("topic %s contains a wildcard", topic)
	}
	return checkShape(topic)
}

// checkTopicOffMQTT is checkTopic for a message that comes over no connection, or of
// one that has ended (a will): provisioning answers on that of the request.
// https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html
func checkTopicOffMQTT(topic string) error {
	if provisioning.IsRequest(topic) {
		return fmt.Errorf("topic %s: provisioning is asked for over MQTT, on the connection that has the answer", topic)
	}
	return checkTopic(topic)
}

// checkFilter tells why a client may not subscribe to filter.
func checkFilter(filter string) error {
	if name, rest, ok := shared(filter); ok {
		return checkShare(name, rest)
	}
	switch {
	case filter == "":
		return fmt.Errorf("the topic filter is empty")
	case isReserved(filter) && !isEvent(filter) && !shadow.IsFilter(filter) && !provisioning.IsAnswer(filter):
		return fmt.Errorf("topic filter %s: of the reserved topics only $aws/events but those of jobs, $aws/things/<thing>/shadow and the answers of provisioning are implemented by Shakedown", filter)
	}
	return checkWildcards(filter)
}

// eventTopics are what filters begin with that are for lifecycle events, those of
// registrations and of the registry, or several kinds.
// https://docs.aws.amazon.com/iot/latest/developerguide/reserved-topics.html#reserved-topics-event
var eventTopics = []string{
	"$aws/events/presence/", "$aws/events/subscriptions/", topicRegistered, "$aws/events/+/",
	"$aws/events/thing/", "$aws/events/thingGroup/", "$aws/events/thingGroupHierarchy/",
	"$aws/events/thingGroupMembership/", "$aws/events/thingType/", "$aws/events/thingTypeAssociation/",
}

// isEvent tells whether a filter is for events that there are here.
func isEvent(filter string) bool {
	begins := func(topic string) bool { return strings.HasPrefix(filter, topic) }
	return filter == "$aws/events/#" || slices.ContainsFunc(eventTopics, begins)
}

// checkWildcards tells what is wrong with the form of a topic filter.
func checkWildcards(filter string) error {
	parts := strings.Split(filter, "/")
	for i, part := range parts {
		if strings.ContainsAny(part, "+#") && len(part) > 1 {
			return fmt.Errorf("topic filter %s: a wildcard must be a level of its own", filter)
		}
		if part == "#" && i < len(parts)-1 {
			return fmt.Errorf("topic filter %s: # must be the last level", filter)
		}
	}
	return checkShape(filter)
}

func checkShape(topic string) error {
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

// checkPayload tells whether a payload is within bounds.
func checkPayload(payload []byte) error {
	if len(payload) > maxPayload {
		return fmt.Errorf("payload of %d bytes; the limit is %d", len(payload), maxPayload)
	}
	return nil
}

// generatedID begins the client ids that the broker gives.
const generatedID = "$GEN/"

// checkClientID tells why a client may not have this id.
func checkClientID(id string) error {
	switch {
	case id == "":
		return fmt.Errorf("the client id is empty: ids made by the broker are not implemented by Shakedown")
	case len(id) > maxClientID:
		return fmt.Errorf("client id of %d bytes; the limit is %d", len(id), maxClientID)
	case strings.HasPrefix(id, "$"):
		return fmt.Errorf("client id %s: a leading $ is reserved", id)
	}
	return nil
}
