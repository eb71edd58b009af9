package apigateway

import (
	"context"
	"maps"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// API is an HTTP API as the control plane answers it.
type API struct {
	ApiId                     string            `json:"apiId"`
	ApiEndpoint               string            `json:"apiEndpoint"`
	Name                      string            `json:"name"`
	ProtocolType              string            `json:"protocolType"`
	RouteSelectionExpression  string            `json:"routeSelectionExpression"`
	ApiKeySelectionExpression string            `json:"apiKeySelectionExpression"`
	Description               string            `json:"description,omitempty"`
	Version                   string            `json:"version,omitempty"`
	CreatedDate               string            `json:"createdDate"`
	DisableExecuteApiEndpoint bool              `json:"disableExecuteApiEndpoint"`
	Tags                      map[string]string `json:"tags"`
}

// CreateApiInput is the request of CreateApi. Target, with an optional RouteKey,
// is the quick create: an integration, a route and the stage $default at once.
type CreateApiInput struct {
	Name         string            `json:"name"`
	ProtocolType string            `json:"protocolType"`
	Description  string            `json:"description"`
	Version      string            `json:"version"`
	Tags         map[string]string `json:"tags"`
	Target       string            `json:"target"`
	RouteKey     string            `json:"routeKey"`
}

// CreateApi makes an HTTP API. Errors: BadRequestException.
func (s *State) CreateApi(_ context.Context, in *CreateApiInput) (*API, error) {
	switch {
	case in.Name == "" || len(in.Name) > 128:
		return nil, wire.Errorf(codeInvalid, 0, "name is required and has at most 128 characters")
	case in.ProtocolType != "HTTP":
		return nil, wire.Errorf(codeInvalid, 0, "protocolType %q is not implemented by Shakedown; use HTTP", in.ProtocolType)
	case in.RouteKey != "" && in.Target == "":
		return nil, wire.Errorf(codeInvalid, 0, "routeKey is only valid together with target")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.created++
	id := identifier(10, in.Name, "|", s.created)
	a := &api{stages: map[string]Stage{}, config: API{
		ApiId: id, ApiEndpoint: s.config.Endpoint + executePrefix + id, Name: in.Name, ProtocolType: in.ProtocolType,
		RouteSelectionExpression: "$request.method $request.path", ApiKeySelectionExpression: "$request.header.x-api-key",
		Description: in.Description, Version: in.Version, CreatedDate: now(), Tags: maps.Clone(in.Tags),
	}}
	if a.config.Tags == nil {
		a.config.Tags = map[string]string{}
	}
	if in.Target != "" {
		if err := s.quickCreate(a, in); err != nil {
			return nil, err
		}
	}
	s.apis[id] = a
	return &a.config, nil
}

func (s *State) quickCreate(a *api, in *CreateApiInput) error {
	integration, err := s.addIntegration(a, &CreateIntegrationInput{
		IntegrationType: proxyType, IntegrationUri: in.Target, PayloadFormatVersion: "2.0",
	})
	if err != nil {
		return err
	}
	key := in.RouteKey
	if key == "" {
		key = defaultKey
	}
	if _, err := a.addRoute(&CreateRouteInput{RouteKey: key, Target: "integrations/" + integration.IntegrationId}); err != nil {
		return err
	}
	_, err = a.addStage(&CreateStageInput{StageName: defaultKey, AutoDeploy: true})
	return err
}

// ApiRef names an API in a path.
type ApiRef struct {
	ApiId string `path:"ApiId" json:"-"`
}

// GetApi answers an API. Errors: NotFoundException.
func (s *State) GetApi(_ context.Context, in *ApiRef) (*API, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(in.ApiId)
	if err != nil {
		return nil, err
	}
	out := a.config
	return &out, nil
}

// GetApisInput is the request of GetApis; everything comes on one page.
type GetApisInput struct{}

// GetApisOutput is its answer, by name and id.
type GetApisOutput struct {
	Items []API `json:"items"`
}

// GetApis answers all APIs.
func (s *State) GetApis(_ context.Context, _ *GetApisInput) (*GetApisOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &GetApisOutput{Items: []API{}}
	for _, id := range slices.Sorted(maps.Keys(s.apis)) {
		out.Items = append(out.Items, s.apis[id].config)
	}
	slices.SortStableFunc(out.Items, func(a, b API) int {
		if a.Name < b.Name {
			return -1
		} else if a.Name > b.Name {
			return 1
		}
		return 0
	})
	return out, nil
}

// Empty is an answer without members.
type Empty struct{}

// DeleteApi removes an API with its routes, integrations and stages.
func (s *State) DeleteApi(_ context.Context, in *ApiRef) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.find(in.ApiId); err != nil {
		return nil, err
	}
	delete(s.apis, in.ApiId)
	return &Empty{}, nil
}
