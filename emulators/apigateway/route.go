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
	p, err := parseKey(in.RouteKey)
	if err != nil {
		return nil, err
	}
	integration, ok := strings.CutPrefix(in.Target, "integrations/")
	if _, known := a.integration(integration); !ok || !known {
		return nil, wire.Errorf(codeInvalid, 0, "target %q is not integrations/ and the id of an integration of this API", in.Target)
	}
	if in.AuthorizationType != "" && in.AuthorizationType != "NONE" {
		return nil, wire.Errorf(codeInvalid, 0, "authorizationType %q is not implemented by Shakedown; use NONE", in.AuthorizationType)
	}
	if slices.ContainsFunc(a.routes, func(r route) bool { return r.pattern.same(p) }) {
		return nil, wire.Errorf(codeConflict, 409, "Route with key %s already exists for this API", in.RouteKey)
	}
	a.created++
	r := route{pattern: p, integration: integration, config: Route{
		RouteId: identifier(7, a.config.ApiId, "route", a.created), RouteKey: in.RouteKey, Target: in.Target,
		AuthorizationType: "NONE", OperationName: in.OperationName,
	}}
	a.routes = append(a.routes, r)
	return &r.config, nil
}

// GetRoutesOutput is the answer of GetRoutes, in order of creation.
type GetRoutesOutput struct {
	Items []Route `json:"items"`
}

// GetRoutes answers all routes of an API.
func (s *State) GetRoutes(_ context.Context, in *ApiRef) (*GetRoutesOutput, error) {
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
	return out, nil
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
