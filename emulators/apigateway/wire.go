package apigateway

import (
	"net/http"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Handler serves the control plane over REST-JSON.
func Handler(s *State) http.Handler {
	const one = "/v2/apis/{ApiId}"
	return wire.REST{
		UnknownMember:    codeInvalid,
		UnknownOperation: codeInvalid,
		MaxBody:          1 << 20,
		Log:              s.config.Log,
		Routes: []wire.Route{
			{Name: "CreateApi", Method: "POST", Path: "/v2/apis", Status: 201, Op: wire.Op(s.CreateApi)},
			{Name: "GetApis", Method: "GET", Path: "/v2/apis", Op: wire.Op(s.GetApis)},
			{Name: "GetApi", Method: "GET", Path: one, Op: wire.Op(s.GetApi)},
			{Name: "DeleteApi", Method: "DELETE", Path: one, Status: 204, Op: wire.Op(s.DeleteApi)},
			{Name: "CreateIntegration", Method: "POST", Path: one + "/integrations", Status: 201, Op: wire.Op(s.CreateIntegration)},
			{Name: "GetIntegrations", Method: "GET", Path: one + "/integrations", Op: wire.Op(s.GetIntegrations)},
			{Name: "CreateRoute", Method: "POST", Path: one + "/routes", Status: 201, Op: wire.Op(s.CreateRoute)},
			{Name: "GetRoutes", Method: "GET", Path: one + "/routes", Op: wire.Op(s.GetRoutes)},
			{Name: "CreateStage", Method: "POST", Path: one + "/stages", Status: 201, Op: wire.Op(s.CreateStage)},
			{Name: "GetStages", Method: "GET", Path: one + "/stages", Op: wire.Op(s.GetStages)},
		},
	}
}
