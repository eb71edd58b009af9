package iotcore

import (
	"context"
	"net/http"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Data serves the data plane, the service iotdata (REST-JSON): Publish and shadows. IAM is
// not checked.
// https://docs.aws.amazon.com/iot/latest/apireference/API_Operations_AWS_IoT_Data_Plane.html
func (c *Core) Data() http.Handler {
	return wire.REST{
		Routes: append([]wire.Route{
			{Name: "Publish", Method: "POST", Path: "/topics/{topic+}", Op: wire.Op(c.publishHTTP)},
		}, c.shadowRoutes()...),
		UnknownMember: "InvalidRequestException", UnknownOperation: "MethodNotAllowedException",
		MaxBody: maxPayload, Log: c.config.Log,
	}
}

// publishInput declares MQTT 5 properties only to refuse them.
type publishInput struct {
	Topic           string `json:"-" path:"topic"`
	QoS             int    `json:"-" query:"qos"`
	Retain          bool   `json:"-" query:"retain"`
	Payload         []byte `json:"-" payload:"body"`
	CorrelationData string `json:"-" header:"X-Amz-Mqtt5-Correlation-Data"`
	PayloadFormat   string `json:"-" header:"X-Amz-Mqtt5-Payload-Format-Indicator"`
	UserProperties  string `json:"-" header:"X-Amz-Mqtt5-User-Properties"`
}

type publishOutput struct{}

func (c *Core) publishHTTP(ctx context.Context, in *publishInput) (*publishOutput, error) {
	if err := checkTopic(in.Topic); err != nil {
		return nil, invalidRequest("Publish: %s", err)
	}
	if _, _, ok := ingested(in.Topic); ok && in.Retain {
		return nil, invalidRequest("Publish: a message of Basic Ingest cannot be retained")
	}
	if in.QoS != 0 && in.QoS != 1 {
		return nil, invalidRequest("Publish: qos is 0 or 1, not %d", in.QoS)
	}
	if in.CorrelationData+in.PayloadFormat+in.UserProperties != "" {
		return nil, invalidRequest("Publish: MQTT 5 properties are not implemented by Shakedown")
	}
	if in.Retain && len(in.Payload) > 0 && !c.broker.mayRetain(in.Topic) {
		return nil, invalidRequest("Publish: there are %d retained messages, the most the broker keeps", maxRetained)
	}
	m := &message{
		topic: in.Topic, payload: in.Payload, qos: byte(in.QoS), retain: in.Retain, clientID: offMQTT,
		trace: deriveUUID("http", c.broker.salt, c.published.Add(1)),
	}
	if err := c.broker.accept(ctx.Done(), m); err != nil {
		return nil, wire.Errorf("ServiceUnavailableException", http.StatusServiceUnavailable, "Publish to %s: %s", in.Topic, err)
	}
	return &publishOutput{}, nil
}
