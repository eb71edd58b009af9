package lambda_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"net"
	"os/exec"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda"
	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
)

// zipped is a package with one executable file.
func zipped(t *testing.T, name, text string) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	header := &zip.FileHeader{Name: name}
	header.SetMode(0o755)
	f, err := w.CreateHeader(header)
	require.NoError(t, err)
	_, err = f.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

// python is the runtime of this machine's python3.
func python(t *testing.T) types.Runtime {
	out, err := exec.Command("python3", "-c", "import sys; print('%d.%d' % sys.version_info[:2])").Output()
	if err != nil {
		t.Skipf("NOT TESTED: this machine has no python3: %s", err)
	}
	return types.Runtime("python" + strings.TrimSpace(string(out)))
}

func processes() *process.Host {
	return &process.Host{
		Listen:   func() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") },
		Endpoint: "http://127.0.0.1:1",
	}
}

// AWS.md §3: A separate process is run through the Lambda Runtime API (AWS_LAMBDA_RUNTIME_API).
func TestAFunctionRunsAsAProcess(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	ctx := t.Context()
	s := lambda.New(lambda.Config{Processes: processes()})
	c := sdk(s)
	in := createInput("f")
	in.Runtime, in.Handler = python(t), aws.String("app.handler")
	in.Code.ZipFile = zipped(t, "app.py", `
import os
def handler(event, context):
    print("colour", os.environ.get("COLOUR"))
    if event.get("exit"):
        os._exit(9)
    return {"version": 1, "colour": os.environ.get("COLOUR"), "client": context.client_context and context.client_context.custom}
`)
	in.Environment = &types.Environment{Variables: map[string]string{"COLOUR": "red"}}
	_, err := c.CreateFunction(ctx, in)
	require.NoError(t, err)
	out, err := c.Invoke(ctx, &client.InvokeInput{
		FunctionName: aws.String("f"), LogType: types.LogTypeTail, ClientContext: aws.String(base64.StdEncoding.EncodeToString([]byte(`{"custom":{"a":1}}`))),
	})
	require.NoError(t, err)
	require.JSONEq(t, `{"version":1,"colour":"red","client":{"a":1}}`, string(out.Payload))
	tail, err := base64.StdEncoding.DecodeString(*out.LogResult)
	require.NoError(t, err)
	require.Contains(t, string(tail), "colour red\n")

	_, err = c.UpdateFunctionConfiguration(ctx, &client.UpdateFunctionConfigurationInput{
		FunctionName: aws.String("f"), Environment: &types.Environment{Variables: map[string]string{"COLOUR": "green"}},
	})
	require.NoError(t, err)
	out, err = c.Invoke(ctx, &client.InvokeInput{FunctionName: aws.String("f")})
	require.NoError(t, err)
	require.JSONEq(t, `{"version":1,"colour":"green","client":null}`, string(out.Payload))
	require.Nil(t, out.LogResult)

	out, err = c.Invoke(ctx, &client.InvokeInput{FunctionName: aws.String("f"), Payload: []byte(`{"exit":true}`)})
	require.NoError(t, err)
	require.Equal(t, "Unhandled", *out.FunctionError)
	require.Contains(t, string(out.Payload), `"errorType":"Runtime.ExitError"`)

	code, err := c.UpdateFunctionCode(ctx, &client.UpdateFunctionCodeInput{
		FunctionName: aws.String("f"), ZipFile: zipped(t, "app.py", "def handler(event, context):\n    return 2\n"),
	})
	require.NoError(t, err)
	out, err = c.Invoke(ctx, &client.InvokeInput{FunctionName: code.FunctionArn})
	require.NoError(t, err)
	require.Equal(t, "2", string(out.Payload))
}

func TestAPackageThatCannotRunIsRefused(t *testing.T) {
	c := sdk(lambda.New(lambda.Config{Processes: processes()}))
	for name, x := range map[string]struct {
		change func(*client.CreateFunctionInput)
		want   string
	}{
		"no zip":       {func(in *client.CreateFunctionInput) {}, "could not unzip"},
		"traversal":    {func(in *client.CreateFunctionInput) { in.Code.ZipFile = zipped(t, "../x", "") }, "leads out of the package"},
		"architecture": {func(in *client.CreateFunctionInput) { in.Architectures = []types.Architecture{other()} }, "functions run as processes of this machine"},
		"runtime": {func(in *client.CreateFunctionInput) {
			in.Code.ZipFile, in.Runtime = zipped(t, "bootstrap", ""), types.RuntimeJava21
		}, `runtime "java21" is not implemented`},
		"environment": {func(in *client.CreateFunctionInput) {
			in.Code.ZipFile = zipped(t, "bootstrap", "")
			in.Environment = &types.Environment{Variables: map[string]string{"AWS_REGION": "x"}}
		}, "reserved keys"},
	} {
		t.Run(name, func(t *testing.T) {
			in := createInput("f")
			x.change(in)
			_, err := c.CreateFunction(t.Context(), in)
			var invalid *types.InvalidParameterValueException
			require.ErrorAs(t, err, &invalid)
			require.ErrorContains(t, err, x.want)
		})
	}
}

// other is the architecture that this machine is not.
func other() types.Architecture {
	if process.Architecture() == "arm64" {
		return types.ArchitectureX8664
	}
	return types.ArchitectureArm64
}
