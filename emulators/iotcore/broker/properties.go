package broker

import (
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
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

// expiryOf is the clamped message expiry interval of a PUBLISH or will; 0 is
// without.
func expiryOf(p *packets.Properties) time.Duration {
	if p.MessageExpiryInterval == 0 {
		return 0
	}
	return message.ClampExpiry(int64(p.MessageExpiryInterval))
}

// writeProperties gives an outgoing PUBLISH the properties of its message. The
// expiry interval is what is left of it, 0 in the last second.
func writeProperties(m *message.Message, pk *packets.Packet, now time.Time) {
	if !m.Expires.IsZero() {
		pk.Properties.MessageExpiryInterval = uint32(max(m.Expires.Sub(now), 0) / time.Second)
		if pk.Properties.MessageExpiryInterval == 0 {
			pk.Properties.MessageExpiryInterval = expiresNow
		}
	}
	p := m.Properties
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
