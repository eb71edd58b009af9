package iotcore

import (
	"context"
	"net/http"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Control serves the control plane, the service iot (REST-JSON): the registry's
// operations, topic rules and their destinations, and DescribeEndpoint.
func (c *Core) Control() http.Handler {
	e := c.engine
	routes := []wire.Route{
		{Name: "DescribeEndpoint", Method: "GET", Path: "/endpoint", Op: wire.Op(c.describeEndpoint)},
		{Name: "CreateTopicRule", Method: "POST", Path: "/rules/{ruleName}", Op: wire.Op(c.createTaggedRule)},
		{Name: "GetTopicRule", Method: "GET", Path: "/rules/{ruleName}", Op: wire.Op(e.Get)},
		{Name: "ReplaceTopicRule", Method: "PATCH", Path: "/rules/{ruleName}", Op: wire.Op(e.Replace)},
		{Name: "DeleteTopicRule", Method: "DELETE", Path: "/rules/{ruleName}", Op: wire.Op(c.deleteTaggedRule)},
		{Name: "EnableTopicRule", Method: "POST", Path: "/rules/{ruleName}/enable", Op: wire.Op(c.enableRule)},
		{Name: "DisableTopicRule", Method: "POST", Path: "/rules/{ruleName}/disable", Op: wire.Op(c.disableRule)},
		{Name: "ListTopicRules", Method: "GET", Path: "/rules", Op: wire.Op(e.List)},
	}
	return wire.REST{
		Routes: slices.Concat(routes, c.posts.Routes(), c.logs.Routes(), c.registry.Routes(), wire.Refused(refusedOperations)), UnknownMember: "InvalidRequestException",
		UnknownOperation: "InvalidRequestException", Log: c.config.Log,
	}
}

type describeEndpointInput struct {
	EndpointType string `json:"-" query:"endpointType"`
}

type describeEndpointOutput struct {
	EndpointAddress string `json:"endpointAddress"`
}

// describeEndpoint answers the MQTT endpoint, with its port: AWS answers a host
// alone, because its port is always 8883. Credentials are provided there, too.
func (c *Core) describeEndpoint(_ context.Context, in *describeEndpointInput) (*describeEndpointOutput, error) {
	switch in.EndpointType {
	case "", "iot:Data", "iot:Data-ATS", "iot:CredentialProvider":
		return &describeEndpointOutput{EndpointAddress: c.config.Endpoint}, nil
	}
	return nil, wire.Errorf("InvalidRequestException", 400,
		"DescribeEndpoint: endpointType %q is not implemented by Shakedown, only iot:Data-ATS, iot:Data and iot:CredentialProvider", in.EndpointType)
}

func invalid(format string, args ...any) error {
	return wire.Errorf("InvalidRequestException", 400, format, args...)
}
