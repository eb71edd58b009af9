package process_test

import (
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
)

// runtimeOf is the runtime of the interpreter that this machine has.
func runtimeOf(t *testing.T, before, after, program string, arguments ...string) string {
	out, err := exec.Command(program, arguments...).Output()
	if err != nil {
		t.Skipf("NOT TESTED: this machine has no %s: %s", program, err)
	}
	return before + strings.TrimSpace(string(out)) + after
}

func TestNode(t *testing.T) {
	runtime := runtimeOf(t, "nodejs", ".x", "node", "-p", "process.versions.node.split('.')[0]")
	b := newBench(t, 0)
	for name, code := range map[string]map[string]string{
		"esm": {"index.mjs": `export const handler = async (event, context) => {
			console.log('asked for', event.do);
			if (event.do === 'fail') throw new RangeError('as told');
			return { id: context.awsRequestId, left: context.getRemainingTimeInMillis() > 0, env: process.env.AWS_EXECUTION_ENV };
		};`},
		"callback": {"index.js": `exports.handler = (event, context, done) => {
			console.log('asked for', event.do);
			if (event.do === 'fail') return done(new RangeError('as told'));
			done(null, { id: context.awsRequestId, left: context.getRemainingTimeInMillis() > 0, env: process.env.AWS_EXECUTION_ENV });
		};`},
	} {
		t.Run(name, func(t *testing.T) {
			f := function(t, process.Spec{Runtime: runtime, Handler: "index.handler", Package: zipOf(t, code)})
			out := b.invoke(t, f, `{"do":"it"}`, 5*time.Second)
			require.False(t, out.Failed, "%s", out.Payload)
			require.Regexp(t, `^\{"id":"0\S+","left":true,"env":"AWS_Lambda_`+runtime+`"\}$`, string(out.Payload))
			require.Contains(t, string(out.Log), "asked for it\n")
			kind, text := errorOf(t, b.invoke(t, f, `{"do":"fail"}`, 5*time.Second))
			require.Equal(t, "RangeError", kind)
			require.Equal(t, "as told", text)
		})
	}
	f := function(t, process.Spec{Runtime: runtime, Handler: "index.other", Package: zipOf(t, map[string]string{"index.js": ""})})
	kind, _ := errorOf(t, b.invoke(t, f, `{}`, 5*time.Second))
	require.Equal(t, "Runtime.HandlerNotFound", kind)
}

func TestPython(t *testing.T) {
	runtime := runtimeOf(t, "python", "", "python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])")
	b := newBench(t, 0)
	f := function(t, process.Spec{Runtime: runtime, Handler: "app.handler", Package: zipOf(t, map[string]string{"app.py": `
import os, sys

def handler(event, context):
    print("asked for", event["do"])
    if event["do"] == "fail":
        raise ValueError("as told")
    if event["do"] == "exit":
        sys.exit(4)
    return {"id": context.aws_request_id, "left": context.get_remaining_time_in_millis() > 0, "env": os.environ["AWS_EXECUTION_ENV"]}
`})})
	out := b.invoke(t, f, `{"do":"it"}`, 5*time.Second)
	require.False(t, out.Failed, "%s", out.Payload)
	require.Regexp(t, `^\{"id": "0\S+", "left": true, "env": "AWS_Lambda_`+runtime+`"\}$`, string(out.Payload))
	require.Contains(t, string(out.Log), "asked for it\n")
	kind, text := errorOf(t, b.invoke(t, f, `{"do":"fail"}`, 5*time.Second))
	require.Equal(t, "ValueError", kind)
	require.Equal(t, "as told", text)
	kind, _ = errorOf(t, b.invoke(t, f, `{"do":"exit"}`, 5*time.Second))
	require.Equal(t, "Runtime.ExitError", kind)
	f = function(t, process.Spec{Runtime: runtime, Handler: "nothing.handler", Package: zipOf(t, nil)})
	kind, _ = errorOf(t, b.invoke(t, f, `{}`, 5*time.Second))
	require.Equal(t, "Runtime.ImportModuleError", kind)
}

// https://docs.aws.amazon.com/lambda/latest/dg/python-context.html
// https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
func TestPythonContextAndErrors(t *testing.T) {
	runtime := runtimeOf(t, "python", "", "python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])")
	b := newBench(t, 0)
	f := function(t, process.Spec{Runtime: runtime, Handler: "app.handler", Package: zipOf(t, map[string]string{"app.py": `
def handler(event, context):
    if event == "set":
        return {1, 2}
    if event == "fail":
        raise ValueError("as told")
    client = context.client_context
    return [client.custom["a"], client.env, client.client.app_title, client.client.app_version_code, context.identity.cognito_identity_id]
`})})
	call := invocation(`{}`, 5*time.Second)
	call.ClientContext = `{"custom": {"a": 1}, "client": {"app_title": "x"}}`
	out, err := b.Invoke(f, call)
	require.NoError(t, err)
	require.JSONEq(t, `[1, null, "x", null, null]`, string(out.Payload))
	kind, text := errorOf(t, b.invoke(t, f, `"set"`, 5*time.Second))
	require.Equal(t, "Runtime.MarshalError", kind)
	require.Equal(t, "Unable to marshal response: Object of type set is not JSON serializable", text)
	out = b.invoke(t, f, `"fail"`, 5*time.Second)
	require.Contains(t, string(out.Payload), `app.py\", line 6, in handler`)
	require.NotContains(t, string(out.Payload), "bootstrap.py", "the frames are the function's own")
	require.Contains(t, string(out.Payload), `"requestId": "0`)
	f = function(t, process.Spec{Runtime: runtime, Handler: "app.handler", Package: zipOf(t, map[string]string{"app.py": "def handler(:"})})
	kind, text = errorOf(t, b.invoke(t, f, `{}`, 5*time.Second))
	require.Equal(t, "Runtime.UserCodeSyntaxError", kind)
	require.Contains(t, text, "Syntax error in module 'app': ")
	f = function(t, process.Spec{Runtime: runtime, Handler: "app.handler", Package: zipOf(t, map[string]string{"app.py": "import nowhere"})})
	_, text = errorOf(t, b.invoke(t, f, `{}`, 5*time.Second))
	require.Equal(t, "Unable to import module 'app': No module named 'nowhere'", text)
}
