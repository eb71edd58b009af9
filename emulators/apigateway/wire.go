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
		Routes: append([]wire.Route{
			{Name: "CreateApi", Method: "POST", Path: "/v2/apis", Status: 201, Op: wire.Op(s.CreateApi)},
			{Name: "GetApis", Method: "GET", Path: "/v2/apis", Op: wire.Op(s.GetApis)},
			{Name: "GetApi", Method: "GET", Path: one, Op: wire.Op(s.GetApi)},
			{Name: "UpdateApi", Method: "PATCH", Path: one, Op: wire.Op(s.UpdateApi)},
			{Name: "DeleteApi", Method: "DELETE", Path: one, Status: 204, Op: wire.Op(s.DeleteApi)},
			{Name: "CreateIntegration", Method: "POST", Path: one + "/integrations", Status: 201, Op: wire.Op(s.CreateIntegration)},
			{Name: "GetIntegrations", Method: "GET", Path: one + "/integrations", Op: wire.Op(s.GetIntegrations)},
			{Name: "GetIntegration", Method: "GET", Path: one + "/integrations/{IntegrationId}", Op: wire.Op(s.GetIntegration)},
			{Name: "UpdateIntegration", Method: "PATCH", Path: one + "/integrations/{IntegrationId}", Op: wire.Op(s.UpdateIntegration)},
			{Name: "DeleteIntegration", Method: "DELETE", Path: one + "/integrations/{IntegrationId}", Status: 204, Op: wire.Op(s.DeleteIntegration)},
			{Name: "CreateRoute", Method: "POST", Path: one + "/routes", Status: 201, Op: wire.Op(s.CreateRoute)},
			{Name: "GetRoutes", Method: "GET", Path: one + "/routes", Op: wire.Op(s.GetRoutes)},
			{Name: "GetRoute", Method: "GET", Path: one + "/routes/{RouteId}", Op: wire.Op(s.GetRoute)},
			{Name: "UpdateRoute", Method: "PATCH", Path: one + "/routes/{RouteId}", Op: wire.Op(s.UpdateRoute)},
			{Name: "DeleteRoute", Method: "DELETE", Path: one + "/routes/{RouteId}", Status: 204, Op: wire.Op(s.DeleteRoute)},
			{Name: "CreateStage", Method: "POST", Path: one + "/stages", Status: 201, Op: wire.Op(s.CreateStage)},
			{Name: "GetStages", Method: "GET", Path: one + "/stages", Op: wire.Op(s.GetStages)},
			{Name: "GetStage", Method: "GET", Path: one + "/stages/{StageName}", Op: wire.Op(s.GetStage)},
			{Name: "UpdateStage", Method: "PATCH", Path: one + "/stages/{StageName}", Op: wire.Op(s.UpdateStage)},
			{Name: "DeleteStage", Method: "DELETE", Path: one + "/stages/{StageName}", Status: 204, Op: wire.Op(s.DeleteStage)},
			{Name: "GetTags", Method: "GET", Path: "/v2/tags/{ResourceArn}", Op: wire.Op(s.GetTags)},
			{Name: "TagResource", Method: "POST", Path: "/v2/tags/{ResourceArn}", Status: 201, Op: wire.Op(s.TagResource)},
			{Name: "UntagResource", Method: "DELETE", Path: "/v2/tags/{ResourceArn}", Status: 204, Op: wire.Op(s.UntagResource)},
		}, wire.Refused(refused)...),
	}
}
