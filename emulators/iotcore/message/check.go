package message

import (
	"fmt"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/topic"
)

// Limits of a message (AWS.md §1,
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits).
const (
	MaxPayload         = 128 << 10
	MaxUserProperties  = 8 << 10 // bytes of keys and values
	MaxCorrelationData = 8 << 10
	MinExpiry          = 1 // second; less means this
	maxExpiry          = 604_800
	maxContentType     = 256
)

// CheckPayload tells whether a payload is within bounds.
func CheckPayload(payload []byte) error {
	if len(payload) > MaxPayload {
		return fmt.Errorf("payload of %d bytes; the limit is %d", len(payload), MaxPayload)
	}
	return nil
}

// CheckProperties tells what is wrong with the properties of a message.
func CheckProperties(p *sql.Properties) error {
	if p == nil {
		return nil
	}
	user := 0
	for _, u := range p.User {
		user += len(u.Key) + len(u.Value)
	}
	switch {
	case user > MaxUserProperties:
		return fmt.Errorf("user properties of %d bytes; the limit is %d", user, MaxUserProperties)
	case len(p.CorrelationData) > MaxCorrelationData:
		return fmt.Errorf("correlation data of %d bytes; the limit is %d", len(p.CorrelationData), MaxCorrelationData)
	case len(p.ContentType) > maxContentType:
		return fmt.Errorf("content type of %d bytes; the limit is %d", len(p.ContentType), maxContentType)
	case strings.ContainsAny(p.ResponseTopic, "+#"):
		return fmt.Errorf("response topic %s contains a wildcard", p.ResponseTopic)
	}
	return topic.CheckShape(p.ResponseTopic)
}

// ClampExpiry is AWS's: at least a second, at most seven days.
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt5-message-expiry
func ClampExpiry(seconds int64) time.Duration {
	return time.Duration(min(max(seconds, MinExpiry), maxExpiry)) * time.Second
}
