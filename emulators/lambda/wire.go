package lambda

import (
	"net/http"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxRequest bounds a request: a zip of 50 MB in base64.
const maxRequest = 70 << 20

// Handler serves the API over REST-JSON.
func Handler(s *State) http.Handler {
	api := wire.REST{
		UnknownMember:    codeInvalid,
		UnknownOperation: codeInvalid,
		MaxBody:          maxRequest,
		Log:              s.config.Log,
		Routes:           append(s.routes(), refused...),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, ok := invocation(r); ok {
			s.serveInvoke(w, r, name)
			return
		}
		api.ServeHTTP(w, r)
	})
}

// routes are the operations that act, besides Invoke.
func (s *State) routes() []wire.Route {
	const functions, mappings, invokeConfig = "/2015-03-31/functions", "/2015-03-31/event-source-mappings", "/2019-09-25/functions/{FunctionName}/event-invoke-config"
	return []wire.Route{
		{Name: "CreateFunction", Method: "POST", Path: functions, Status: 201, Op: wire.Op(s.CreateFunction)},
		{Name: "ListFunctions", Method: "GET", Path: functions, Op: wire.Op(s.ListFunctions)},
		{Name: "GetFunction", Method: "GET", Path: functions + "/{FunctionName}", Op: wire.Op(s.GetFunction)},
		{Name: "DeleteFunction", Method: "DELETE", Path: functions + "/{FunctionName}", Status: 204, Op: wire.Op(s.DeleteFunction)},
		{Name: "GetFunctionConfiguration", Method: "GET", Path: functions + "/{FunctionName}/configuration", Op: wire.Op(s.GetFunctionConfiguration)},
		{Name: "UpdateFunctionConfiguration", Method: "PUT", Path: functions + "/{FunctionName}/configuration", Op: wire.Op(s.UpdateFunctionConfiguration)},
		{Name: "UpdateFunctionCode", Method: "PUT", Path: functions + "/{FunctionName}/code", Op: wire.Op(s.UpdateFunctionCode)},
		{Name: "PublishVersion", Method: "POST", Path: functions + "/{FunctionName}/versions", Status: 201, Op: wire.Op(s.PublishVersion)},
		{Name: "ListVersionsByFunction", Method: "GET", Path: functions + "/{FunctionName}/versions", Op: wire.Op(s.ListVersionsByFunction)},
		{Name: "CreateAlias", Method: "POST", Path: functions + "/{FunctionName}/aliases", Status: 201, Op: wire.Op(s.CreateAlias)},
		{Name: "GetAlias", Method: "GET", Path: functions + "/{FunctionName}/aliases/{Name}", Op: wire.Op(s.GetAlias)},
		{Name: "UpdateAlias", Method: "PUT", Path: functions + "/{FunctionName}/aliases/{Name}", Op: wire.Op(s.UpdateAlias)},
		{Name: "DeleteAlias", Method: "DELETE", Path: functions + "/{FunctionName}/aliases/{Name}", Status: 204, Op: wire.Op(s.DeleteAlias)},
		{Name: "ListAliases", Method: "GET", Path: functions + "/{FunctionName}/aliases", Op: wire.Op(s.ListAliases)},
		{Name: "PutFunctionConcurrency", Method: "PUT", Path: "/2017-10-31/functions/{FunctionName}/concurrency", Op: wire.Op(s.PutFunctionConcurrency)},
		{Name: "GetFunctionConcurrency", Method: "GET", Path: "/2019-09-30/functions/{FunctionName}/concurrency", Op: wire.Op(s.GetFunctionConcurrency)},
		{Name: "DeleteFunctionConcurrency", Method: "DELETE", Path: "/2017-10-31/functions/{FunctionName}/concurrency", Status: 204, Op: wire.Op(s.DeleteFunctionConcurrency)},
		{Name: "AddPermission", Method: "POST", Path: functions + "/{FunctionName}/policy", Status: 201, Op: wire.Op(s.AddPermission)},
		{Name: "GetPolicy", Method: "GET", Path: functions + "/{FunctionName}/policy", Op: wire.Op(s.GetPolicy)},
		{Name: "RemovePermission", Method: "DELETE", Path: functions + "/{FunctionName}/policy/{StatementId}", Status: 204, Op: wire.Op(s.RemovePermission)},
		{Name: "PutFunctionEventInvokeConfig", Method: "PUT", Path: invokeConfig, Op: wire.Op(s.PutFunctionEventInvokeConfig)},
		{Name: "UpdateFunctionEventInvokeConfig", Method: "POST", Path: invokeConfig, Op: wire.Op(s.UpdateFunctionEventInvokeConfig)},
		{Name: "GetFunctionEventInvokeConfig", Method: "GET", Path: invokeConfig, Op: wire.Op(s.GetFunctionEventInvokeConfig)},
		{Name: "DeleteFunctionEventInvokeConfig", Method: "DELETE", Path: invokeConfig, Status: 204, Op: wire.Op(s.DeleteFunctionEventInvokeConfig)},
		{Name: "ListFunctionEventInvokeConfigs", Method: "GET", Path: invokeConfig + "/list", Op: wire.Op(s.ListFunctionEventInvokeConfigs)},
		{Name: "CreateEventSourceMapping", Method: "POST", Path: mappings, Status: 202, Op: wire.Op(s.CreateEventSourceMapping)},
		{Name: "ListEventSourceMappings", Method: "GET", Path: mappings, Op: wire.Op(s.ListEventSourceMappings)},
		{Name: "GetEventSourceMapping", Method: "GET", Path: mappings + "/{UUID}", Op: wire.Op(s.GetEventSourceMapping)},
		{Name: "UpdateEventSourceMapping", Method: "PUT", Path: mappings + "/{UUID}", Status: 202, Op: wire.Op(s.UpdateEventSourceMapping)},
		{Name: "DeleteEventSourceMapping", Method: "DELETE", Path: mappings + "/{UUID}", Status: 202, Op: wire.Op(s.DeleteEventSourceMapping)},
		{Name: "TagResource", Method: "POST", Path: "/2017-03-31/tags/{Resource}", Status: 204, Op: wire.Op(s.TagResource)},
		{Name: "UntagResource", Method: "DELETE", Path: "/2017-03-31/tags/{Resource}", Status: 204, Op: wire.Op(s.UntagResource)},
		{Name: "ListTags", Method: "GET", Path: "/2017-03-31/tags/{Resource}", Op: wire.Op(s.ListTags)},
		{Name: "GetAccountSettings", Method: "GET", Path: "/2016-08-19/account-settings", Op: wire.Op(s.GetAccountSettings)},
		{Name: "GetFunctionCodeSigningConfig", Method: "GET", Path: "/2020-06-30/functions/{FunctionName}/code-signing-config", Op: wire.Op(s.GetFunctionCodeSigningConfig)},
	}
}

// invocation reads the function reference of an Invoke request.
func invocation(r *http.Request) (string, bool) {
	name, ok := strings.CutPrefix(r.URL.Path, "/2015-03-31/functions/")
	if !ok || r.Method != http.MethodPost {
		return "", false
	}
	name, ok = strings.CutSuffix(strings.TrimSuffix(name, "/"), "/invocations")
	return name, ok && name != "" && !strings.Contains(name, "/")
}
