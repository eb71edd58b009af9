package apigateway

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

const (
	proxyType = "AWS_PROXY"
	internet  = "INTERNET"
)

// Timeouts of an HTTP API's integration, in milliseconds.
// See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const (
	minTimeout = 50
	maxTimeout = 30000
)

// Integration connects routes to a Lambda function.
type Integration struct {
	IntegrationId        string `json:"integrationId"`
	IntegrationType      string `json:"integrationType"`
	IntegrationMethod    string `json:"integrationMethod"`
	IntegrationUri       string `json:"integrationUri"`
	ConnectionType       string `json:"connectionType"`
	CredentialsArn       string `json:"credentialsArn,omitempty"`
	Description          string `json:"description,omitempty"`
	PayloadFormatVersion string `json:"payloadFormatVersion"`
	TimeoutInMillis      int32  `json:"timeoutInMillis"`

	function string
}

// CreateIntegrationInput is the request of CreateIntegration.
type CreateIntegrationInput struct {
	ApiId                string `path:"ApiId" json:"-"`
	IntegrationType      string `json:"integrationType"`
	IntegrationUri       string `json:"integrationUri"`
	IntegrationMethod    string `json:"integrationMethod"`
	PayloadFormatVersion string `json:"payloadFormatVersion"`
	TimeoutInMillis      *int32 `json:"timeoutInMillis"`
	Description          string `json:"description"`
	ConnectionType       string `json:"connectionType"`
	CredentialsArn       string `json:"credentialsArn"`
}

// CreateIntegration adds an integration. Errors: BadRequestException,
// NotFoundException.
func (s *State) CreateIntegration(_ context.Context, in *CreateIntegrationInput) (*Integration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(in.ApiId)
	if err != nil {
		return nil, err
	}
	return s.addIntegration(a, in)
}

func (s *State) addIntegration(a *api, in *CreateIntegrationInput) (*Integration, error) {
	if len(a.integrations) >= maxIntegrations {
		return nil, tooMany("integrations of this API", maxIntegrations)
	}
	out, err := s.integration(in)
	if err != nil {
		return nil, err
	}
	a.created++
	out.IntegrationId = identifier(7, a.config.ApiId, "integration", a.created)
	a.integrations = append(a.integrations, out)
	return &out, nil
}

// integration checks a description and makes an integration without an id of it.
func (s *State) integration(in *CreateIntegrationInput) (Integration, error) {
	timeout := int32(maxTimeout)
	if in.TimeoutInMillis != nil {
		timeout = *in.TimeoutInMillis
	}
	function, ok := functionOf(in.IntegrationUri)
	switch {
	case in.IntegrationType != proxyType:
		return Integration{}, wire.Errorf(codeInvalid, 0, "integrationType %q is not implemented by Shakedown; use %s", in.IntegrationType, proxyType)
	case !ok:
		return Integration{}, wire.Errorf(codeInvalid, 0, "integrationUri %q is not the ARN of a Lambda function or its invocation", in.IntegrationUri)
	case !strings.HasPrefix(function, s.config.Identity.ARN("lambda", "")):
		return Integration{}, wire.Errorf(codeInvalid, 0, "integrationUri %q is not of this account and region, and others are not implemented by Shakedown", in.IntegrationUri)
	case in.PayloadFormatVersion == "":
		return Integration{}, wire.Errorf(codeInvalid, 0, "PayloadFormatVersion is a required parameter for integration")
	case in.PayloadFormatVersion != "2.0":
		return Integration{}, wire.Errorf(codeInvalid, 0, "payloadFormatVersion %q is not implemented by Shakedown; use 2.0", in.PayloadFormatVersion)
	case in.IntegrationMethod != "" && in.IntegrationMethod != "POST":
		return Integration{}, wire.Errorf(codeInvalid, 0, "integrationMethod %q is not POST, which Lambda needs", in.IntegrationMethod)
	case in.ConnectionType != "" && in.ConnectionType != internet:
		return Integration{}, wire.Errorf(codeInvalid, 0, "connectionType %q is not implemented by Shakedown; use %s", in.ConnectionType, internet)
	case timeout < minTimeout || timeout > maxTimeout:
		return Integration{}, wire.Errorf(codeInvalid, 0, "timeoutInMillis %d is not between %d and %d", timeout, minTimeout, maxTimeout)
	case s.config.Invoker == nil:
		return Integration{}, wire.Errorf(codeInvalid, 0, "this cloud has no Lambda for APIs to invoke (apigateway.Config.Invoker)")
	}
	if err := cmp.Or(checkCredentials(in.CredentialsArn), checkText("description", in.Description, maxDescription)); err != nil {
		return Integration{}, err
	}
	return Integration{
		IntegrationType: proxyType, IntegrationMethod: "POST", IntegrationUri: in.IntegrationUri, ConnectionType: internet,
		CredentialsArn: in.CredentialsArn, Description: in.Description, PayloadFormatVersion: in.PayloadFormatVersion, TimeoutInMillis: timeout, function: function,
	}, nil
}

// functionOf reads arn:aws:lambda:…:function:name or
// arn:aws:apigateway:region:lambda:path/2015-03-31/functions/<arn>/invocations.
func functionOf(uri string) (string, bool) {
	if strings.HasPrefix(uri, "arn:aws:apigateway:") {
		_, rest, ok := strings.Cut(uri, ":lambda:path/2015-03-31/functions/")
		if !ok {
			return "", false
		}
		if uri, ok = strings.CutSuffix(rest, "/invocations"); !ok {
			return "", false
		}
	}
	resource, ok := wire.ResourceOf(uri, "lambda")
	return uri, ok && strings.HasPrefix(resource, "function:")
}

// GetIntegrationsOutput is the answer of GetIntegrations, in order of creation.
type GetIntegrationsOutput struct {
	Items     []Integration `json:"items"`
	NextToken string        `json:"nextToken,omitempty"`
}

// GetIntegrations answers all integrations of an API.
func (s *State) GetIntegrations(_ context.Context, in *Parts) (*GetIntegrationsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(in.ApiId)
	if err != nil {
		return nil, err
	}
	out := &GetIntegrationsOutput{}
	out.Items, out.NextToken, err = page(append([]Integration{}, a.integrations...), in.MaxResults, in.NextToken)
	return out, err
}

func (a *api) integration(id string) (Integration, bool) {
	at := slices.IndexFunc(a.integrations, func(i Integration) bool { return i.IntegrationId == id })
	if at < 0 {
		return Integration{}, false
	}
	return a.integrations[at], true
}

// IntegrationRef names an integration in a path.
type IntegrationRef struct {
	ApiId         string `path:"ApiId" json:"-"`
	IntegrationId string `path:"IntegrationId" json:"-"`
}

// findIntegration returns where an API has an integration. The caller holds mu.
func (s *State) findIntegration(ref IntegrationRef) (*api, int, error) {
	a, err := s.find(ref.ApiId)
	if err != nil {
		return nil, 0, err
	}
	at := slices.IndexFunc(a.integrations, func(i Integration) bool { return i.IntegrationId == ref.IntegrationId })
	if at < 0 {
		return nil, 0, wire.Errorf(codeNotFound, 404, "Invalid Integration identifier specified")
	}
	return a, at, nil
}

// GetIntegration answers one integration. Errors: NotFoundException.
func (s *State) GetIntegration(_ context.Context, in *IntegrationRef) (*Integration, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, at, err := s.findIntegration(*in)
	if err != nil {
		return nil, err
	}
	out := a.integrations[at]
	return &out, nil
}

// DeleteIntegration removes an integration that no route has. Errors:
// ConflictException, NotFoundException.
func (s *State) DeleteIntegration(_ context.Context, in *IntegrationRef) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, at, err := s.findIntegration(*in)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(a.routes, func(r route) bool { return r.integration == in.IntegrationId }) {
		return nil, wire.Errorf(codeConflict, 409, "Cannot delete Integration '%s' due to the following dependent routes", in.IntegrationId)
	}
	a.integrations = slices.Delete(a.integrations, at, at+1)
	return &Empty{}, nil
}
