package iotcore

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// Limits of the properties of a PUBLISH (AWS.md §1,
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits).
const (
	maxUserProperties  = 8 << 10 // bytes of keys and values
	maxCorrelationData = 8 << 10
	maxContentType     = 256
	minMessageExpiry   = 1 // seconds; less means this
	maxMessageExpiry   = 604_800
)

// propertiesOf reads the properties of a PUBLISH of MQTT 5, or of a will; nil is
// without any.
func propertiesOf(p *packets.Properties) *sql.Properties {
	if p.ContentType == "" && p.ResponseTopic == "" && len(p.CorrelationData) == 0 && !p.PayloadFormatFlag && len(p.User) == 0 {
		return nil
	}
	made := &sql.Properties{
		ContentType: p.ContentType, ResponseTopic: p.ResponseTopic, CorrelationData: p.CorrelationData,
		UTF8: p.PayloadFormat == 1,
	}
	for _, u := range p.User {
		made.User = append(made.User, sql.UserProperty{Key: u.Key, Value: u.Val})
	}
	return made
}

// checkProperties tells what is wrong with the properties of a message.
func checkProperties(p *sql.Properties) error {
	if p == nil {
		return nil
	}
	user := 0
	for _, u := range p.User {
		user += len(u.Key) + len(u.Value)
	}
	switch {
	case user > maxUserProperties:
		return fmt.Errorf("user properties of %d bytes; the limit is %d", user, maxUserProperties)
	case len(p.CorrelationData) > maxCorrelationData:
		return fmt.Errorf("correlation data of %d bytes; the limit is %d", len(p.CorrelationData), maxCorrelationData)
	case len(p.ContentType) > maxContentType:
		return fmt.Errorf("content type of %d bytes; the limit is %d", len(p.ContentType), maxContentType)
	case strings.ContainsAny(p.ResponseTopic, "+#"):
		return fmt.Errorf("response topic %s contains a wildcard", p.ResponseTopic)
	}
	return checkShape(p.ResponseTopic)
}

// clampExpiry is AWS's: at least a second, at most seven days.
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt5-message-expiry
func clampExpiry(seconds int64) time.Duration {
	return time.Duration(min(max(seconds, minMessageExpiry), maxMessageExpiry)) * time.Second
}

// expiryOf is the clamped message expiry interval of a PUBLISH or will; 0 is
// without.
func expiryOf(p *packets.Properties) time.Duration {
	if p.MessageExpiryInterval == 0 {
		return 0
	}
	return clampExpiry(int64(p.MessageExpiryInterval))
}

// expired tells whether the message's expiry interval is over.
func (m *message) expired(now time.Time) bool { return !m.expires.IsZero() && !now.Before(m.expires) }

// writeProperties gives an outgoing PUBLISH the properties of its message. The
// expiry interval is what is left of it, 0 in the last second.
func (m *message) writeProperties(pk *packets.Packet, now time.Time) {
	if !m.expires.IsZero() {
		pk.Properties.MessageExpiryInterval = uint32(max(m.expires.Sub(now), 0) / time.Second)
		if pk.Properties.MessageExpiryInterval == 0 {
			pk.Properties.MessageExpiryInterval = expiresNow
		}
	}
	p := m.properties
	if p == nil {
		return
	}
	pk.Mods.AllowResponseInfo = true // mochi's word for: with response topic and correlation data
	pk.Properties.ContentType, pk.Properties.ResponseTopic = p.ContentType, p.ResponseTopic
	pk.Properties.CorrelationData = p.CorrelationData
	if p.UTF8 {
		pk.Properties.PayloadFormat, pk.Properties.PayloadFormatFlag = 1, true
	}
	for _, u := range p.User {
		pk.Properties.User = append(pk.Properties.User, packets.UserProperty{Key: u.Key, Val: u.Value})
	}
}

// readUserProperties reads the array of one-member objects of the data plane,
// [{"key": "value"}, …], in base64.
func readUserProperties(text string) ([]sql.UserProperty, error) {
	plain, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("userProperties is not base64: %w", err)
	}
	var list []map[string]string
	if err := json.Unmarshal(plain, &list); err != nil {
		return nil, fmt.Errorf("userProperties is not an array of objects of strings: %w", err)
	}
	var user []sql.UserProperty
	for _, pair := range list {
		if len(pair) != 1 {
			return nil, fmt.Errorf("userProperties: an object has one member, not %d", len(pair))
		}
		for key, value := range pair {
			user = append(user, sql.UserProperty{Key: key, Value: value})
		}
	}
	return user, nil
}

// userPropertiesJSON is the reverse, before base64; nil without any.
func userPropertiesJSON(p *sql.Properties) ([]byte, error) {
	if p == nil || len(p.User) == 0 {
		return nil, nil
	}
	list := make([]map[string]string, len(p.User))
	for i, u := range p.User {
		list[i] = map[string]string{u.Key: u.Value}
	}
	return json.Marshal(list)
}
