// Package apigateway is Amazon API Gateway v2 for HTTP APIs in front of Lambda
// functions.
//
// [Handler] is the control plane: APIs, AWS_PROXY integrations with payload
// format 2.0, routes and stages that deploy by themselves. [Execute] is the data
// plane. It answers, for the API with id 1a2b3c4d5e,
//
//	/_aws/execute-api/1a2b3c4d5e/devices/sensor-001            (stage $default)
//	/_aws/execute-api/1a2b3c4d5e/$default/devices/sensor-001   (the same)
//	/_aws/execute-api/1a2b3c4d5e/prod/devices/sensor-001       (stage prod)
//
// and the same paths without the prefix on the host
// 1a2b3c4d5e.execute-api.<anything>. The endpoint that CreateApi answers is the
// first form, so that endpoint + path works as it does on AWS.
//
// # Routing
//
// A path that a route matches to its end wins over one whose rest a greedy {variable+}
// takes; then the most specific path, segment by segment: a literal before a {variable};
// then a method before ANY; then $default. See
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
//
// # Answers
//
// A function's answer is interpreted as payload format 2.0 says: an object with
// statusCode is the response, anything else is the body of a 200 in JSON. A
// function that fails gives 500 Internal Server Error, one that takes longer
// than the integration's timeout (30 s) 503 Service Unavailable, a path without
// a route 404 Not Found, a body over 10 MB 413, a request line and header values
// of together more than 10,240 bytes 431 (AWS names the quota, not the status). See
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
//
// There are at most 600 APIs, and 300 routes, 300 integrations and 10 stages an API.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
//
// # Who invokes
//
// Without credentialsArn the function's policy must let apigateway.amazonaws.com in for
// the route. With the ARN of a role, API Gateway must be able to assume it and it,
// or the function's policy for it, must allow lambda:InvokeFunction on the function when
// a request comes ([Config].Roles); otherwise the answer is 500. AWS does not say which aws:SourceArn the role's trust
// policy sees: here none. arn:aws:iam::*:user/*, the caller's own identity, is refused.
//
// # What is not
//
// WebSocket APIs, CORS, authorizers, deployments, stage variables, mappings,
// throttles and access logs are refused by name.
//
// # Operations
//
//	CreateApi CreateIntegration CreateRoute CreateStage DeleteApi
//	DeleteIntegration DeleteRoute DeleteStage GetApi GetApis GetIntegration
//	GetIntegrations GetRoute GetRoutes GetStage GetStages GetTags TagResource
//	UntagResource UpdateApi UpdateIntegration UpdateRoute UpdateStage
//
// Refused by name:
//
//	CreateApiMapping CreateAuthorizer CreateDeployment CreateDomainName
//	CreateIntegrationResponse CreateModel CreatePortal CreatePortalProduct
//	CreateProductPage CreateProductRestEndpointPage CreateRouteResponse
//	CreateRoutingRule CreateVpcLink DeleteAccessLogSettings DeleteApiMapping
//	DeleteAuthorizer DeleteCorsConfiguration DeleteDeployment DeleteDomainName
//	DeleteIntegrationResponse DeleteModel DeletePortal DeletePortalProduct
//	DeletePortalProductSharingPolicy DeleteProductPage
//	DeleteProductRestEndpointPage DeleteRouteRequestParameter
//	DeleteRouteResponse DeleteRouteSettings DeleteRoutingRule DeleteVpcLink
//	DisablePortal ExportApi GetApiMapping GetApiMappings GetAuthorizer
//	GetAuthorizers GetDeployment GetDeployments GetDomainName GetDomainNames
//	GetIntegrationResponse GetIntegrationResponses GetModel GetModelTemplate
//	GetModels GetPortal GetPortalProduct GetPortalProductSharingPolicy
//	GetProductPage GetProductRestEndpointPage GetRouteResponse
//	GetRouteResponses GetRoutingRule GetVpcLink GetVpcLinks ImportApi
//	ListPortalProducts ListPortals ListProductPages
//	ListProductRestEndpointPages ListRoutingRules PreviewPortal PublishPortal
//	PutPortalProductSharingPolicy PutRoutingRule ReimportApi
//	ResetAuthorizersCache UpdateApiMapping UpdateAuthorizer UpdateDeployment
//	UpdateDomainName UpdateIntegrationResponse UpdateModel UpdatePortal
//	UpdatePortalProduct UpdateProductPage UpdateProductRestEndpointPage
//	UpdateRouteResponse UpdateVpcLink
package apigateway
