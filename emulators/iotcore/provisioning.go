package iotcore

import (
	"encoding/json"
	"errors"
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
	var in struct {
		CSR        string            `json:"certificateSigningRequest"`
		Token      string            `json:"certificateOwnershipToken"`
		Parameters map[string]string `json:"parameters"`
	}
	if m.topic == topicCreateKeys {
		return c.registry.ClaimKeys()
	}
	if err := json.Unmarshal(m.payload, &in); err != nil {
		return nil, wire.Errorf("InvalidPayload", 400, "the payload is not the JSON of the request: %s", err)
	}
	if m.topic == topicCreateCSR {
		return c.registry.ClaimCSR(in.CSR)
	}
	return c.registry.ProvisionClaim(templateOf(m.topic), in.Token, in.Parameters)
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
