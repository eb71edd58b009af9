package provisioning

import (
	"errors"
	"log/slog"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Service answers requests.
type Service struct {
	Identity wire.Identity
	Registry *registry.State
	// Functions are those of hooks; nil is that there are none.
	Functions Functions
	Log       *slog.Logger
}

// Client is who asks.
type Client struct {
	ID          string
	Certificate string // the id of the claim certificate
}

// Serve acts on a message to a request topic and returns what is published about it,
// for the client alone; false is that the topic is of no request.
func (s *Service) Serve(topic string, payload []byte, from Client) (answerTopic string, answer []byte, ok bool) {
	r, ok := requestOf(topic)
	if !ok {
		return "", nil, false
	}
	out, err := s.provision(r, payload, from)
	suffix := "/accepted"
	if err != nil {
		suffix, out = "/rejected", rejected(err)
	}
	answer, err = r.format.marshal(out)
	if err != nil { // there are only maps and strings in it
		s.Log.Error("provisioning answer", "topic", topic, "error", err)
		return "", nil, false
	}
	return topic + suffix, answer, true
}

// registerRequest is the payload of RegisterThing.
type registerRequest struct {
	Token      string            `json:"certificateOwnershipToken"`
	Parameters map[string]string `json:"parameters"`
}

func (s *Service) provision(r request, payload []byte, from Client) (any, error) {
	switch r.base {
	case topicCreateKeys:
		if len(payload) > 0 { // an empty object is as good as nothing
			if err := r.format.read(payload, &struct{}{}); err != nil {
				return nil, err
			}
		}
		return s.Registry.ClaimKeys()
	case topicCreateCSR:
		var in struct {
			CSR string `json:"certificateSigningRequest"`
		}
		if err := r.format.read(payload, &in); err != nil {
			return nil, err
		}
		return s.Registry.ClaimCSR(in.CSR)
	}
	var in registerRequest
	if err := r.format.read(payload, &in); err != nil {
		return nil, err
	}
	overrides, err := s.askHook(r.template, from, in)
	if err != nil {
		return nil, err
	}
	out, err := s.Registry.ProvisionClaim(r.template, in.Token, in.Parameters, overrides)
	if wire.IsCode(err, "UnauthorizedException") {
		s.Log.Warn("provisioning by claim", "template", r.template, "client", from.ID, "error", err)
	}
	return out, err
}

// rejection is the payload of a rejected topic.
type rejection struct {
	Status  int    `json:"statusCode"`
	Code    string `json:"errorCode"`
	Message string `json:"errorMessage"`
}

func rejected(err error) rejection {
	var typed *wire.Error
	if errors.As(err, &typed) {
		return rejection{typed.HTTPStatus(), strings.TrimSuffix(typed.Code, "Exception"), typed.Message}
	}
	return rejection{500, "InternalError", "the request could not be served"}
}
