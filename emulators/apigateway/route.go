package apigateway

import (
	"context"
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Route sends requests to an integration.
type Route struct {
	RouteId           string `json:"routeId"`
	RouteKey          string `json:"routeKey"`
	Target            string `json:"target,omitempty"`
	AuthorizationType string `json:"authorizationType"`
	ApiKeyRequired    bool   `json:"apiKeyRequired"`
	OperationName     string `json:"operationName,omitempty"`
}

type route struct {
	config      Route
	pattern     pattern
	integration string
}

// CreateRouteInput is the request of CreateRoute.
type CreateRouteInput struct {
	ApiId             string `path:"ApiId" json:"-"`
	RouteKey          string `json:"routeKey"`
	Target            string `json:"target"`
	AuthorizationType string `json:"authorizationType"`
	OperationName     string `json:"operationName"`
	ApiKeyRequired    bool   `json:"apiKeyRequired"`
}

// CreateRoute adds a route: "GET /devices/{deviceId}", "ANY /{proxy+}" or
// "$default". Errors: BadRequestException, ConflictException for a route key
// that is there, NotFoundException.
func (s *State) CreateRoute(_ context.Context, in *CreateRouteInput) (*Route, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(in.ApiId)
	if err != nil {
		return nil, err
	}
	return a.addRoute(in)
}

func (a *api) addRoute(in *CreateRouteInput) (*Route, error) {
	if len(a.routes) >= maxRoutes {
		return nil, tooMany("routes of this API", maxRoutes)
	}
	r, err := a.route(in, "")
	if err != nil {
		return nil, err
	}
	a.created++
	r.config.RouteId = identifier(7, a.config.ApiId, "route", a.created)
	a.routes = append(a.routes, r)
	return &r.config, nil
}

// route checks a description and makes a route of it, which takes the place of the
// route with the id instead.
func (a *api) route(in *CreateRouteInput, instead string) (route, error) {
	p, err := parseKey(in.RouteKey)
	if err != nil {
		return route{}, err
	}
	integration, ok := strings.CutPrefix(in.Target, "integrations/")
	if _, known := a.integration(integration); !ok || !known {
		return route{}, wire.Errorf(codeInvalid, 0, "target %q is not integrations/ and the id of an integration of this API", in.Target)
	}
	if in.AuthorizationType != "" && in.AuthorizationType != "NONE" {
		return route{}, wire.Errorf(codeInvalid, 0, "authorizationType %q is not implemented by Shakedown; use NONE", in.AuthorizationType)
	}
	if in.ApiKeyRequired {
		return route{}, wire.Errorf(codeInvalid, 0, "apiKeyRequired is for WebSocket APIs only")
	}
	if err := checkText("operationName", in.OperationName, maxOperation); err != nil {
		return route{}, err
	}
	if slices.ContainsFunc(a.routes, func(r route) bool { return r.config.RouteId != instead && r.pattern.same(p) }) {
		return route{}, wire.Errorf(codeConflict, 409, "Route with key %s already exists for this API", in.RouteKey)
	}
	return route{pattern: p, integration: integration, config: Route{
		RouteKey: in.RouteKey, Target: in.Target, AuthorizationType: "NONE", OperationName: in.OperationName,
	}}, nil
}

// GetRoutesOutput is the answer of GetRoutes, in order of creation.
type GetRoutesOutput struct {
	Items     []Route `json:"items"`
	NextToken string  `json:"nextToken,omitempty"`
}

// GetRoutes answers all routes of an API.
func (s *State) GetRoutes(_ context.Context, in *Parts) (*GetRoutesOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.find(in.ApiId)
	if err != nil {
		return nil, err
	}
	out := &GetRoutesOutput{Items: []Route{}}
	for _, r := range a.routes {
		out.Items = append(out.Items, r.config)
	}
	out.Items, out.NextToken, err = page(out.Items, in.MaxResults, in.NextToken)
	return out, err
}

// match finds the route of a request and its path parameters.
func (a *api) match(method string, segments []string) (route, map[string]string, bool) {
	var best route
	var found bool
	var parameters map[string]string
	for _, r := range a.routes {
		values, ok := r.pattern.match(method, segments)
		if ok && (!found || r.pattern.moreSpecific(best.pattern)) {
			best, parameters, found = r, values, true
		}
	}
	return best, parameters, found
}

// RouteRef names a route in a path.
type RouteRef struct {
	ApiId   string `path:"ApiId" json:"-"`
	RouteId string `path:"RouteId" json:"-"`
}

// findRoute returns where an API has a route. The caller holds mu.
func (s *State) findRoute(ref RouteRef) (*api, int, error) {
	a, err := s.find(ref.ApiId)
	if err != nil {
		return nil, 0, err
	}
	at := slices.IndexFunc(a.routes, func(r route) bool { return r.config.RouteId == ref.RouteId })
	if at < 0 {
		return nil, 0, wire.Errorf(codeNotFound, 404, "Invalid Route identifier specified")
	}
	return a, at, nil
}

// GetRoute answers one route. Errors: NotFoundException.
func (s *State) GetRoute(_ context.Context, in *RouteRef) (*Route, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, at, err := s.findRoute(*in)
	if err != nil {
		return nil, err
	}
	out := a.routes[at].config
	return &out, nil
}

// UpdateRouteInput changes a route; what is absent stays.
type UpdateRouteInput struct {
	ApiId             string  `path:"ApiId" json:"-"`
	RouteId           string  `path:"RouteId" json:"-"`
	RouteKey          *string `json:"routeKey"`
	Target            *string `json:"target"`
	AuthorizationType *string `json:"authorizationType"`
	OperationName     *string `json:"operationName"`
	ApiKeyRequired    *bool   `json:"apiKeyRequired"`
}

// UpdateRoute changes a route. Errors: BadRequestException, ConflictException,
// NotFoundException.
func (s *State) UpdateRoute(_ context.Context, in *UpdateRouteInput) (*Route, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, at, err := s.findRoute(RouteRef{in.ApiId, in.RouteId})
	if err != nil {
		return nil, err
	}
	old := a.routes[at].config
	merged := CreateRouteInput{RouteKey: old.RouteKey, Target: old.Target, OperationName: old.OperationName}
	replace(&merged.RouteKey, in.RouteKey)
	replace(&merged.Target, in.Target)
	replace(&merged.AuthorizationType, in.AuthorizationType)
	replace(&merged.OperationName, in.OperationName)
	replace(&merged.ApiKeyRequired, in.ApiKeyRequired)
	changed, err := a.route(&merged, in.RouteId)
	if err != nil {
		return nil, err
	}
	changed.config.RouteId = in.RouteId
	a.routes[at] = changed
	return &changed.config, nil
}

// DeleteRoute removes a route. Errors: NotFoundException.
func (s *State) DeleteRoute(_ context.Context, in *RouteRef) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, at, err := s.findRoute(*in)
	if err != nil {
		return nil, err
	}
	a.routes = slices.Delete(a.routes, at, at+1)
	return &Empty{}, nil
}
