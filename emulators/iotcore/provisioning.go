package iotcore

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Topics of provisioning by claim.
// https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html
const (
	topicCreateKeys = "$aws/certificates/create/json"
	topicCreateCSR  = "$aws/certificates/create-from-csr/json"
	topicTemplates  = "$aws/provisioning-templates/"
)

// isProvisioning tells whether a topic is that of a provisioning request.
func isProvisioning(topic string) bool {
	return topic == topicCreateKeys || topic == topicCreateCSR || templateOf(topic) != ""
}

// isProvisioningAnswer tells whether a filter is for answers alone.
func isProvisioningAnswer(filter string) bool {
	request, ok := strings.CutSuffix(filter, "/accepted")
	if !ok {
		request, ok = strings.CutSuffix(filter, "/rejected")
	}
	if !ok {
		request, ok = strings.CutSuffix(filter, "/+")
	}
	return ok && isProvisioning(request)
}

// templateOf is the template that a topic provisions with, or empty.
func templateOf(topic string) string {
	rest, ok := strings.CutPrefix(topic, topicTemplates)
	if !ok {
		return ""
	}
	name, ok := strings.CutSuffix(rest, "/provision/json")
	if !ok || strings.Contains(name, "/") {
		return ""
	}
	return name
}

// provision serves a request for a certificate or a thing. "IoT Core Fleet
// Provisioning returns the device provisioning MQTT API results through the same MQTT
// connection": with QoS 0, so that no later one has them.
func (c *Core) provision(m *message) []*message {
	if !m.mqtt || !isProvisioning(m.topic) {
		return nil
	}
	out, err := c.provisioned(m)
	suffix := "/accepted"
	if err != nil {
		suffix, out = "/rejected", rejection(err)
	}
	payload, err := json.Marshal(out)
	if err != nil { // there are only maps and strings in it
		c.config.Log.Error("provisioning answer", "topic", m.topic, "error", err)
		return nil
	}
	return []*message{{
		topic: m.topic + suffix, payload: payload, clientID: offMQTT, only: m.clientID,
		trace: m.trace, source: m.source, hops: m.hops,
	}}
}

func (c *Core) provisioned(m *message) (any, error) {
	switch m.topic {
	case topicCreateKeys:
		if len(m.payload) > 0 { // {} is as good as nothing
			if err := readRequest(m.payload, &struct{}{}); err != nil {
				return nil, err
			}
		}
		return c.registry.ClaimKeys()
	case topicCreateCSR:
		var in struct {
			CSR string `json:"certificateSigningRequest"`
		}
		if err := readRequest(m.payload, &in); err != nil {
			return nil, err
		}
		return c.registry.ClaimCSR(in.CSR)
	}
	var in struct {
		Token      string            `json:"certificateOwnershipToken"`
		Parameters map[string]string `json:"parameters"`
	}
	if err := readRequest(m.payload, &in); err != nil {
		return nil, err
	}
	return c.registry.ProvisionClaim(templateOf(m.topic), in.Token, in.Parameters, nil)
}

// readRequest refuses members that the request has not: nothing would act on them.
func readRequest(payload []byte, in any) error {
	d := json.NewDecoder(bytes.NewReader(payload))
	d.DisallowUnknownFields()
	err := d.Decode(in)
	if err == nil {
		if _, more := d.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("there is more after its JSON object")
		}
	}
	if err != nil {
		return wire.Errorf("InvalidPayload", 400, "the payload is not the JSON of the request: %s", err)
	}
	return nil
}

// provisioningRejection is the payload of a rejected topic.
type provisioningRejection struct {
	Status  int    `json:"statusCode"`
	Code    string `json:"errorCode"`
	Message string `json:"errorMessage"`
}

func rejection(err error) provisioningRejection {
	var typed *wire.Error
	if errors.As(err, &typed) {
		return provisioningRejection{typed.HTTPStatus(), strings.TrimSuffix(typed.Code, "Exception"), typed.Message}
	}
	return provisioningRejection{500, "InternalError", "the request could not be served"}
}
