package sql

import "encoding/base64"

// Properties are those of an MQTT 5 PUBLISH that functions tell of.
type Properties struct {
	ContentType, ResponseTopic string
	CorrelationData            []byte
	UTF8                       bool // the payload format indicator
	User                       []UserProperty
}

// UserProperty is one user property; a key may come more than once.
type UserProperty struct{ Key, Value string }

var noProperties Properties

func (m *Message) properties() *Properties {
	if m.Properties == nil {
		return &noProperties
	}
	return m.Properties
}

// propertyFunctions tell of MQTT 5.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-sql-function-get-mqtt-property
var propertyFunctions = map[string]function{
	"get_mqtt_property":   mqttProperty,
	"get_user_properties": userProperties,
}

func mqttProperty(c *scope, args []value) value {
	if len(args) != 1 || args[0].kind != stringKind {
		return undefined
	}
	p := c.message.properties()
	switch args[0].s {
	case "content_type":
		return known(p.ContentType)
	case "response_topic":
		return known(p.ResponseTopic)
	case "correlation_data":
		return known(base64.StdEncoding.EncodeToString(p.CorrelationData))
	case "format_indicator":
		if p.UTF8 {
			return ofString("UTF8_DATA")
		}
		return ofString("UNSPECIFIED_BYTES")
	}
	return undefined
}

// userProperties answers the values of a key, or all pairs.
func userProperties(c *scope, args []value) value {
	var made []value
	switch {
	case len(args) == 0:
		for _, p := range c.message.properties().User {
			pair := newObject(1)
			pair.set(p.Key, ofString(p.Value))
			made = append(made, ofObject(pair))
		}
	case len(args) == 1 && args[0].kind == stringKind:
		for _, p := range c.message.properties().User {
			if p.Key == args[0].s {
				made = append(made, ofString(p.Value))
			}
		}
	}
	if made == nil {
		return undefined
	}
	return ofArray(made)
}
