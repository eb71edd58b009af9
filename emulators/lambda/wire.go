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
	const functions, mappings, invokeConfig = "/2015-03-31/functions", "/2015-03-31/event-source-mappings", "/2019-09-25/functions/{FunctionName}/event-invoke-config"
	api := wire.REST{
		UnknownMember:    codeInvalid,
		UnknownOperation: codeInvalid,
		MaxBody:          maxRequest,
		Log:              s.config.Log,
		Routes: []wire.Route{
			{Name: "CreateFunction", Method: "POST", Path: functions, Status: 201, Op: wire.Op(s.CreateFunction)},
			{Name: "ListFunctions", Method: "GET", Path: functions, Op: wire.Op(s.ListFunctions)},
			{Name: "GetFunction", Method: "GET", Path: functions + "/{FunctionName}", Op: wire.Op(s.GetFunction)},
			{Name: "DeleteFunction", Method: "DELETE", Path: functions + "/{FunctionName}", Status: 204, Op: wire.Op(s.DeleteFunction)},
			{Name: "GetFunctionConfiguration", Method: "GET", Path: functions + "/{FunctionName}/configuration", Op: wire.Op(s.GetFunctionConfiguration)},
			{Name: "UpdateFunctionConfiguration", Method: "PUT", Path: functions + "/{FunctionName}/configuration", Op: wire.Op(s.UpdateFunctionConfiguration)},
			{Name: "UpdateFunctionCode", Method: "PUT", Path: functions + "/{FunctionName}/code", Op: wire.Op(s.UpdateFunctionCode)},
			{Name: "AddPermission", Method: "POST", Path: functions + "/{FunctionName}/policy", Status: 201, Op: wire.Op(s.AddPermission)},
			{Name: "GetPolicy", Method: "GET", Path: functions + "/{FunctionName}/policy", Op: wire.Op(s.GetPolicy)},
			{Name: "RemovePermission", Method: "DELETE", Path: functions + "/{FunctionName}/policy/{StatementId}", Status: 204, Op: wire.Op(s.RemovePermission)},
			{Name: "PutFunctionEventInvokeConfig", Method: "PUT", Path: invokeConfig, Op: wire.Op(s.PutFunctionEventInvokeConfig)},
			{Name: "GetFunctionEventInvokeConfig", Method: "GET", Path: invokeConfig, Op: wire.Op(s.GetFunctionEventInvokeConfig)},
			{Name: "DeleteFunctionEventInvokeConfig", Method: "DELETE", Path: invokeConfig, Status: 204, Op: wire.Op(s.DeleteFunctionEventInvokeConfig)},
			{Name: "CreateEventSourceMapping", Method: "POST", Path: mappings, Status: 202, Op: wire.Op(s.CreateEventSourceMapping)},
			{Name: "ListEventSourceMappings", Method: "GET", Path: mappings, Op: wire.Op(s.ListEventSourceMappings)},
			{Name: "GetEventSourceMapping", Method: "GET", Path: mappings + "/{UUID}", Op: wire.Op(s.GetEventSourceMapping)},
			{Name: "UpdateEventSourceMapping", Method: "PUT", Path: mappings + "/{UUID}", Status: 202, Op: wire.Op(s.UpdateEventSourceMapping)},
			{Name: "DeleteEventSourceMapping", Method: "DELETE", Path: mappings + "/{UUID}", Status: 202, Op: wire.Op(s.DeleteEventSourceMapping)},
		},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if name, ok := invocation(r); ok {
			s.serveInvoke(w, r, name)
			return
		}
		api.ServeHTTP(w, r)
	})
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
