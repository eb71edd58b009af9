package action

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// Headers are the properties of MQTT 5 that a republished message has; each may be a
// substitution template. One that comes out empty is left out.
// https://docs.aws.amazon.com/iot/latest/apireference/API_MqttHeaders.html
type Headers struct {
	PayloadFormatIndicator string         `json:"payloadFormatIndicator,omitempty"`
	ContentType            string         `json:"contentType,omitempty"`
	ResponseTopic          string         `json:"responseTopic,omitempty"`
	CorrelationData        string         `json:"correlationData,omitempty"` // base64
	MessageExpiry          string         `json:"messageExpiry,omitempty"`   // seconds
	UserProperties         []UserProperty `json:"userProperties,omitempty"`
}

// UserProperty is a key and a value of the headers, both texts or templates.
// https://docs.aws.amazon.com/iot/latest/apireference/API_UserProperty.html
type UserProperty struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Limits of headers as they are written.
const (
	maxHeader         = 1024 // bytes
	maxUserProperties = 100
)

// headers are compiled Headers: the members in their order, then the keys and values.
type headers []*sql.Template // nil where there is nothing

// Where the members of Headers are.
const (
	formatHeader = iota
	typeHeader
	responseHeader
	correlationHeader
	expiryHeader
	userHeaders
)

func (c *Compiler) headers(h *Headers) (headers, error) {
	if h == nil {
		return nil, nil
	}
	if h.UserProperties != nil && len(h.UserProperties) == 0 || len(h.UserProperties) > maxUserProperties {
		return nil, fmt.Errorf("headers: userProperties are 1 to %d, not %d", maxUserProperties, len(h.UserProperties))
	}
	names := []string{"payloadFormatIndicator", "contentType", "responseTopic", "correlationData", "messageExpiry"}
	texts := []string{h.PayloadFormatIndicator, h.ContentType, h.ResponseTopic, h.CorrelationData, h.MessageExpiry}
	for _, user := range h.UserProperties {
		names, texts = append(names, "userProperties", "userProperties"), append(texts, user.Key, user.Value)
	}
	made, fixed := make(headers, len(texts)), make([]string, len(texts))
	for i, text := range texts {
		if len(text) > maxHeader {
			return nil, fmt.Errorf("headers: %s has %d bytes, the most are %d", names[i], len(text), maxHeader)
		}
		if text == "" {
			continue
		}
		t, err := c.template(names[i], text)
		if err != nil {
			return nil, fmt.Errorf("headers: %w", err)
		}
		made[i] = t
		if !strings.Contains(text, "${") {
			fixed[i] = text
		}
	}
	_, _, err := readHeaders(fixed) // what is no template is known now
	return made, err
}

// expand makes the properties of a message, and how long it lasts: 0 is for ever.
func (h headers) expand(in *sql.Message) (*sql.Properties, time.Duration, error) {
	if h == nil {
		return nil, 0, nil
	}
	texts := make([]string, len(h))
	for i, t := range h {
		if t == nil {
			continue
		}
		var err error
		if texts[i], err = t.Expand(in); err != nil {
			return nil, 0, err
		}
	}
	return readHeaders(texts)
}

func readHeaders(texts []string) (*sql.Properties, time.Duration, error) {
	p := &sql.Properties{ContentType: texts[typeHeader], ResponseTopic: texts[responseHeader]}
	var err error
	if p.CorrelationData, err = base64.StdEncoding.DecodeString(texts[correlationHeader]); err != nil {
		return nil, 0, fmt.Errorf("headers: correlationData is not base64: %w", err)
	}
	switch format := texts[formatHeader]; format {
	case "", "UNSPECIFIED_BYTES":
	case "UTF8_DATA":
		p.UTF8 = true
	default:
		return nil, 0, fmt.Errorf("headers: payloadFormatIndicator is UNSPECIFIED_BYTES or UTF8_DATA, not %q", format)
	}
	for i := userHeaders; i < len(texts); i += 2 {
		p.User = append(p.User, sql.UserProperty{Key: texts[i], Value: texts[i+1]})
	}
	if err := message.CheckProperties(p); err != nil {
		return nil, 0, fmt.Errorf("headers: %w", err)
	}
	expiry := time.Duration(0)
	if text := texts[expiryHeader]; text != "" {
		seconds, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return nil, 0, errors.New("headers: messageExpiry " + strconv.Quote(text) + " is not a number of seconds")
		}
		expiry = message.ClampExpiry(seconds)
	}
	return p, expiry, nil
}
