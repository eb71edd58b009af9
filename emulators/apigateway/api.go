package apigateway

import (
	"cmp"
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
	IpAddressType             string            `json:"ipAddressType"`
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
	// CredentialsArn is that of the quick create's integration.
	CredentialsArn string `json:"credentialsArn"`
	Settings
}

// Settings are what clients state about an API although an HTTP API has no choice:
// anything but AWS's default is refused.
type Settings struct {
	ApiKeySelectionExpression string `json:"apiKeySelectionExpression"`
	RouteSelectionExpression  string `json:"routeSelectionExpression"`
	IpAddressType             string `json:"ipAddressType"`
	DisableExecuteApiEndpoint *bool  `json:"disableExecuteApiEndpoint"`
}

const (
	keySelection   = "$request.header.x-api-key"
	routeSelection = "$request.method $request.path"
)

func (o Settings) check() error {
	switch {
	case o.ApiKeySelectionExpression != "" && o.ApiKeySelectionExpression != keySelection:
		return wire.Errorf(codeInvalid, 0, "apiKeySelectionExpression %q is not implemented by Shakedown; it is %s", o.ApiKeySelectionExpression, keySelection)
	case o.RouteSelectionExpression != "" && o.RouteSelectionExpression != routeSelection:
		return wire.Errorf(codeInvalid, 0, "routeSelectionExpression of an HTTP API is %s", routeSelection)
	case o.IpAddressType != "" && o.IpAddressType != "ipv4":
		return wire.Errorf(codeInvalid, 0, "ipAddressType %q is not implemented by Shakedown; use ipv4", o.IpAddressType)
	case o.DisableExecuteApiEndpoint != nil && *o.DisableExecuteApiEndpoint:
		return wire.Errorf(codeInvalid, 0, "disableExecuteApiEndpoint is not implemented by Shakedown: there are no custom domains to reach the API by")
	}
	return nil
}

// CreateApi makes an HTTP API. Errors: BadRequestException.
func (s *State) CreateApi(_ context.Context, in *CreateApiInput) (*API, error) {
	switch {
	case in.ProtocolType != "HTTP":
		return nil, wire.Errorf(codeInvalid, 0, "protocolType %q is not implemented by Shakedown; use HTTP", in.ProtocolType)
	case in.RouteKey != "" && in.Target == "":
		return nil, wire.Errorf(codeInvalid, 0, "routeKey is only valid together with target")
	case in.CredentialsArn != "" && in.Target == "":
		return nil, wire.Errorf(codeInvalid, 0, "credentialsArn is only valid together with target")
	}
	if err := cmp.Or(in.check(), checkTexts(in.Name, in.Description, in.Version)); err != nil {
		return nil, err
	}
	tags, err := withTags(nil, in.Tags)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.apis) >= maxAPIs {
		return nil, tooMany("APIs", maxAPIs)
	}
	s.created++
	id := identifier(10, in.Name, "|", s.created)
	a := &api{stages: map[string]Stage{}, config: API{
		ApiId: id, ApiEndpoint: s.config.Endpoint + executePrefix + id, Name: in.Name, ProtocolType: in.ProtocolType,
		RouteSelectionExpression: routeSelection, ApiKeySelectionExpression: keySelection, IpAddressType: "ipv4",
		Description: in.Description, Version: in.Version, CreatedDate: now(), Tags: tags,
	}}
	if in.Target != "" {
		if err := s.quickCreate(a, in); err != nil {
			return nil, err
		}
	}
	s.apis[id] = a
	return a.show(), nil
}

func (s *State) quickCreate(a *api, in *CreateApiInput) error {
	integration, err := s.addIntegration(a, &CreateIntegrationInput{
		IntegrationType: proxyType, IntegrationUri: in.Target, PayloadFormatVersion: "2.0", CredentialsArn: in.CredentialsArn,
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

// UpdateApiInput changes an API; what is absent stays.
type UpdateApiInput struct {
	ApiId       string  `path:"ApiId" json:"-"`
	Name        *string `json:"name"`
	Description *string `json:"description"`
	Version     *string `json:"version"`
	Settings
}

// UpdateApi changes name, description and version.
func (s *State) UpdateApi(_ context.Context, in *UpdateApiInput) (*API, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(in.ApiId)
	if err != nil {
		return nil, err
	}
	next := a.config
	replace(&next.Name, in.Name)
	replace(&next.Description, in.Description)
	replace(&next.Version, in.Version)
	if err := checkTexts(next.Name, next.Description, next.Version); err != nil {
		return nil, err
	}
	a.config = next
	return a.show(), nil
}

// show is the API as answers have it. Its tags are replaced, not changed.
func (a *api) show() *API {
	out := a.config
	return &out
}

// replace sets what an update names.
func replace[T any](old *T, new *T) {
	if new != nil {
		*old = *new
	}
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
	return a.show(), nil
}

// GetApisInput is the request of GetApis; without MaxResults all come at once.
type GetApisInput struct {
	MaxResults string `query:"maxResults" json:"-"`
	NextToken  string `query:"nextToken" json:"-"`
}

// GetApisOutput is its answer, by name and id.
type GetApisOutput struct {
	Items     []API  `json:"items"`
	NextToken string `json:"nextToken,omitempty"`
}

// GetApis answers all APIs.
func (s *State) GetApis(_ context.Context, in *GetApisInput) (*GetApisOutput, error) {
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
	var err error
	out.Items, out.NextToken, err = page(out.Items, in.MaxResults, in.NextToken)
	return out, err
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
