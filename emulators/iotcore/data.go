package iotcore

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/broker"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/topic"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Data serves the data plane, the service iotdata (REST-JSON). IAM is not
// checked.
// https://docs.aws.amazon.com/iot/latest/apireference/API_Operations_AWS_IoT_Data_Plane.html
func (c *Core) Data() http.Handler { return c.data() }

func (c *Core) data() wire.REST {
	return wire.REST{
		Routes: append([]wire.Route{
			{Name: "Publish", Method: "POST", Path: "/topics/{topic+}", Op: wire.Op(c.publishHTTP)},
			{Name: "GetRetainedMessage", Method: "GET", Path: "/retainedMessage/{topic+}", Op: wire.Op(c.getRetained)},
			{Name: "ListRetainedMessages", Method: "GET", Path: "/retainedMessage", Op: wire.Op(c.listRetained)},
			{Name: "DeleteConnection", Method: "DELETE", Path: "/connections/{clientId+}", Op: wire.Op(c.deleteConnection)},
			{Name: "ListSubscriptions", Method: "GET", Path: "/connections/{clientId}/subscriptions", Op: wire.Op(c.listSubscriptions)},
			{Name: "SendDirectMessage", Method: "POST", Path: "/connections/{clientId}/messages"}, // refused
			{Name: "GetConnection", Method: "GET", Path: "/connections/{clientId+}", Op: wire.Op(c.getConnection)},
		}, c.shadowRoutes()...),
		UnknownMember: "InvalidRequestException", UnknownOperation: "MethodNotAllowedException",
		MaxBody: message.MaxPayload, Log: c.config.Log,
	}
}

// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_Publish.html
type publishInput struct {
	Topic           string `json:"-" path:"topic"`
	QoS             int    `json:"-" query:"qos"`
	Retain          bool   `json:"-" query:"retain"`
	ContentType     string `json:"-" query:"contentType"`
	ResponseTopic   string `json:"-" query:"responseTopic"`
	MessageExpiry   *int64 `json:"-" query:"messageExpiry"`
	Payload         []byte `json:"-" payload:"body"`
	CorrelationData string `json:"-" header:"X-Amz-Mqtt5-Correlation-Data"` // base64
	PayloadFormat   string `json:"-" header:"X-Amz-Mqtt5-Payload-Format-Indicator"`
	UserProperties  string `json:"-" header:"X-Amz-Mqtt5-User-Properties"`
}

type publishOutput struct{}

func (c *Core) publishHTTP(ctx context.Context, in *publishInput) (*publishOutput, error) {
	if err := c.permitPublishHTTP(ctx, in); err != nil {
		return nil, err
	}
	properties, err := in.properties()
	if err == nil {
		err = c.checkPublishHTTP(in)
	}
	if err == nil && in.Retain {
		err = c.broker.CheckRetainRate(in.Topic)
	}
	switch err {
	case nil:
	case broker.ErrRetainedFull, broker.ErrRetainedSpent:
		return nil, wire.Errorf("ThrottlingException", http.StatusTooManyRequests, "Publish to %s: %s", in.Topic, err)
	default:
		return nil, invalid("Publish: %s", err)
	}
	m := &message.Message{
		Topic: in.Topic, Payload: in.Payload, QoS: byte(in.QoS), Retain: in.Retain, ClientID: message.OffMQTT,
		Properties: properties, From: overHTTP, Trace: message.DeriveUUID("http", c.salt, c.published.Add(1)),
		Principal: c.config.Identity.OrDefault().Account, // the root user's id: whose the credentials are is not asked
	}
	if device := broker.Caller(ctx); device != nil {
		m.Principal, m.SourceIP = device.Certificate, device.IP
	}
	if in.MessageExpiry != nil {
		m.Expires = time.Now().Add(message.ClampExpiry(*in.MessageExpiry))
	}
	if err := c.broker.Accept(ctx.Done(), m); err != nil {
		return nil, wire.Errorf("ServiceUnavailableException", http.StatusServiceUnavailable, "Publish to %s: %s", in.Topic, err)
	}
	if topic.IsReserved(m.Topic) {
		c.broker.PublishServed(ctx.Done(), m)
	}
	return &publishOutput{}, nil
}

// permitPublishHTTP asks the policies of a device that publishes.
func (c *Core) permitPublishHTTP(ctx context.Context, in *publishInput) error {
	actions := []string{"iot:Publish", "iot:RetainPublish"}
	if !in.Retain {
		actions = actions[:1]
	}
	for _, action := range actions {
		if err := permit(ctx, action, "topic", in.Topic); err != nil {
			c.emit(event.Event{Kind: event.Denied, ClientID: message.OffMQTT, Topic: in.Topic, QoS: byte(in.QoS), Payload: in.Payload, Action: action, Reason: err.Error(), From: overHTTP})
			return err
		}
	}
	return nil
}

func (c *Core) checkPublishHTTP(in *publishInput) error {
	if err := topic.CheckOffMQTT(in.Topic); err != nil {
		return err
	}
	if in.QoS != 0 && in.QoS != 1 {
		return fmt.Errorf("qos is 0 or 1, not %d", in.QoS)
	}
	if !in.Retain {
		return nil
	}
	return c.broker.CheckRetain(in.Topic, in.Payload)
}

// properties reads and checks the properties of MQTT 5.
func (in *publishInput) properties() (*sql.Properties, error) {
	if in.ContentType+in.ResponseTopic+in.CorrelationData+in.PayloadFormat+in.UserProperties == "" {
		return nil, nil
	}
	p := &sql.Properties{ContentType: in.ContentType, ResponseTopic: in.ResponseTopic}
	var err error
	if p.CorrelationData, err = base64.StdEncoding.DecodeString(in.CorrelationData); err != nil {
		return nil, fmt.Errorf("correlationData is not base64: %w", err)
	}
	switch in.PayloadFormat {
	case "", "UNSPECIFIED_BYTES":
	case "UTF8_DATA":
		p.UTF8 = true
	default:
		return nil, fmt.Errorf("payloadFormatIndicator is UNSPECIFIED_BYTES or UTF8_DATA, not %q", in.PayloadFormat)
	}
	if in.UserProperties != "" {
		if p.User, err = readUserProperties(in.UserProperties); err != nil {
			return nil, err
		}
	}
	return p, message.CheckProperties(p)
}
