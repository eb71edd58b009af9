package shape

import "strings"

// IsTelemetry tells whether a topic is devices/<thing>/telemetry.
func IsTelemetry(topic string) bool { return isOfDevice(topic, "/telemetry") }

// IsStatus tells whether a topic is devices/<thing>/status.
func IsStatus(topic string) bool { return isOfDevice(topic, "/status") }

func isOfDevice(topic, end string) bool {
	return strings.HasPrefix(topic, "devices/") && strings.HasSuffix(topic, end) && strings.Count(topic, "/") == 2
}

// Thing is the second level of a topic: devices/<thing>/….
func Thing(topic string) string {
	_, rest, _ := strings.Cut(topic, "/")
	thing, _, _ := strings.Cut(rest, "/")
	return thing
}

// Device is the thing whose item has a partition key in the device table.
func Device(partitionKey string) (thing string, ok bool) {
	return strings.CutPrefix(partitionKey, "DEVICE#")
}
