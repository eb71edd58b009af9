package iotcore

import (
	"errors"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Topics of provisioning by claim, without their format.
// https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html
const (
	topicCreateKeys = "$aws/certificates/create"
	topicCreateCSR  = "$aws/certificates/create-from-csr"
	topicTemplates  = "$aws/provisioning-templates/"
	topicProvision  = "/provision"
)

// provisioningTopic is what a request's topic says.
type provisioningTopic struct {
	base     string // without the format
	template string // of topicTemplates
	format   payloadFormat
}

// provisioningOf takes a topic apart; false is that it is of no provisioning request.
func provisioningOf(topic string) (provisioningTopic, bool) {
	at := strings.LastIndexByte(topic, '/')
	if at < 0 {
		return provisioningTopic{}, false
	}
	format, ok := payloadFormats[topic[at+1:]]
	p := provisioningTopic{base: topic[:at], format: format}
	if !ok || p.base == topicCreateKeys || p.base == topicCreateCSR {
		return p, ok
	}
	name, ok := strings.CutPrefix(p.base, topicTemplates)
	if !ok {
		return p, false
	}
	p.template, ok = strings.CutSuffix(name, topicProvision)
	return p, ok && p.template != "" && !strings.Contains(p.template, "/")
}

// isProvisioning tells whether a topic is that of a provisioning request.
func isProvisioning(topic string) bool {
	_, ok := provisioningOf(topic)
	return ok
}

// isProvisioningAnswer tells whether a filter is for answers alone.
func isProvisioningAnswer(filter string) bool {
	at := strings.LastIndexByte(filter, '/')
	if at < 0 {
		return false
	}
	last := filter[at+1:]
	return (last == "accepted" || last == "rejected" || last == "+") && isProvisioning(filter[:at])
}

// provision serves a request for a certificate or a thing. "IoT Core Fleet
// Provisioning returns the device provisioning MQTT API results through the same MQTT
// connection": with QoS 0, so that no later one has them.
func (c *Core) provision(m *message) []*message {
	p, ok := provisioningOf(m.topic)
	if !m.mqtt || !ok {
		return nil
	}
	out, err := c.provisioned(p, m)
	suffix := "/accepted"
	if err != nil {
		suffix, out = "/rejected", rejection(err)
	}
	payload, err := p.format.marshal(out)
	if err != nil { // there are only maps and strings in it
		c.config.Log.Error("provisioning answer", "topic", m.topic, "error", err)
		return nil
	}
	return []*message{{
		topic: m.topic + suffix, payload: payload, clientID: offMQTT, only: m.clientID,
		trace: m.trace, source: m.source, hops: m.hops,
	}}
}

// registerRequest is the payload of RegisterThing.
type registerRequest struct {
	Token      string            `json:"certificateOwnershipToken"`
	Parameters map[string]string `json:"parameters"`
}

func (c *Core) provisioned(p provisioningTopic, m *message) (any, error) {
	switch p.base {
	case topicCreateKeys:
		if len(m.payload) > 0 { // an empty object is as good as nothing
			if err := p.format.read(m.payload, &struct{}{}); err != nil {
				return nil, err
			}
		}
		return c.registry.ClaimKeys()
	case topicCreateCSR:
		var in struct {
			CSR string `json:"certificateSigningRequest"`
		}
		if err := p.format.read(m.payload, &in); err != nil {
			return nil, err
		}
		return c.registry.ClaimCSR(in.CSR)
	}
	var in registerRequest
	if err := p.format.read(m.payload, &in); err != nil {
		return nil, err
	}
	overrides, err := c.askHook(p.template, m, in)
	if err != nil {
		return nil, err
	}
	out, err := c.registry.ProvisionClaim(p.template, in.Token, in.Parameters, overrides)
	if wire.IsCode(err, "UnauthorizedException") {
		c.config.Log.Warn("provisioning by claim", "template", p.template, "client", m.clientID, "error", err)
	}
	return out, err
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
