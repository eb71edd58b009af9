package process_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
)

// mode tells this test binary to be the bootstrap of a function.
const mode = "PROCESS_TEST_MODE"

func TestMain(m *testing.M) {
	switch os.Getenv(mode) {
	case "":
		goleak.VerifyTestMain(m)
	case "exit at init":
		fmt.Println("no configuration")
		os.Exit(7)
	default:
		lambda.Start(handle)
	}
}

type request struct{ Do string }

type answer struct {
	PID     int
	Child   int
	ID      string
	ARN     string
	Env     map[string]string
	Dir     string
	Seconds float64 // until the deadline
}

// handle is the function: it does what it is told.
func handle(ctx context.Context, in request) (answer, error) {
	fmt.Println("doing", in.Do)
	switch in.Do {
	case "fail":
		return answer{}, errors.New("as told")
	case "exit":
		fmt.Print("last words")
		os.Exit(3)
	case "hang":
		child := exec.Command("sleep", "600")
		if err := child.Start(); err != nil {
			return answer{}, err
		}
		fmt.Println("child", child.Process.Pid)
		time.Sleep(10 * time.Minute)
	case "slow":
		time.Sleep(300 * time.Millisecond)
	}
	lc, _ := lambdacontext.FromContext(ctx)
	deadline, _ := ctx.Deadline()
	out := answer{PID: os.Getpid(), ID: lc.AwsRequestID, ARN: lc.InvokedFunctionArn, Seconds: time.Until(deadline).Seconds(), Env: map[string]string{}}
	for _, entry := range os.Environ() {
		k, v, _ := strings.Cut(entry, "=")
		out.Env[k] = v
	}
	out.Dir, _ = os.Getwd()
	return out, nil
}

// zipOf makes a package; a name that ends with * is executable.
func zipOf(t *testing.T, files map[string]string) []byte {
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range files {
		name, executable := strings.CutSuffix(name, "*")
		header := &zip.FileHeader{Name: name, Method: zip.Deflate}
		header.SetMode(0o644)
		if executable {
			header.SetMode(0o755)
		}
		f, err := w.CreateHeader(header)
		require.NoError(t, err)
		_, err = f.Write([]byte(text))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

// bench is a pool whose log is kept.
type bench struct {
	*process.Pool
	mu    sync.Mutex
	lines []string
}

func newBench(t *testing.T, limit int) *bench {
	t.Setenv("TMPDIR", t.TempDir())
	b := &bench{}
	b.Pool = process.NewPool(process.Host{
		Listen:   func() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") },
		Endpoint: "http://127.0.0.1:4566", Region: "eu-central-1", Limit: limit,
		Output: func(l process.Line) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.lines = append(b.lines, l.Text)
		},
	})
	b.Keep(true)
	t.Cleanup(func() {
		b.Keep(false)
		left, err := os.ReadDir(os.Getenv("TMPDIR"))
		require.NoError(t, err)
		require.Empty(t, left, "directories are left")
	})
	return b
}

func (b *bench) log() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.lines, "\n")
}

// goFunction is a function whose bootstrap is this test binary.
func goFunction(t *testing.T, behaviour string) *process.Function {
	self, err := os.Executable()
	require.NoError(t, err)
	return function(t, process.Spec{
		Runtime: "provided.al2023", Handler: "bootstrap", Environment: map[string]string{mode: behaviour, "COLOUR": "blue"},
		Package: zipOf(t, map[string]string{"bootstrap*": "#!/bin/sh\nexec " + self + "\n"}),
	})
}

func function(t *testing.T, spec process.Spec) *process.Function {
	spec.Name, spec.ARN, spec.Version, spec.MemorySize = "f", "arn:aws:lambda:eu-central-1:000000000000:function:f", "$LATEST", 128
	f, err := process.NewFunction(spec)
	require.NoError(t, err)
	return f
}

var requests int

// invoke calls a function with a payload.
func (b *bench) invoke(t *testing.T, f *process.Function, payload string, timeout time.Duration) process.Outcome {
	out, err := b.Invoke(f, invocation(payload, timeout))
	require.NoError(t, err)
	return out
}

func invocation(payload string, timeout time.Duration) process.Invocation {
	requests++
	return process.Invocation{
		ID: fmt.Sprintf("00000000-0000-4000-8000-%012d", requests), Payload: []byte(payload), Timeout: timeout,
		ARN: "arn:aws:lambda:eu-central-1:000000000000:function:f",
	}
}

func answerOf(t *testing.T, o process.Outcome) answer {
	require.False(t, o.Failed, "%s\n%s", o.Payload, o.Log)
	var a answer
	require.NoError(t, json.Unmarshal(o.Payload, &a))
	return a
}

func errorOf(t *testing.T, o process.Outcome) (kind, text string) {
	require.True(t, o.Failed, "%s", o.Payload)
	var e struct{ ErrorType, ErrorMessage string }
	require.NoError(t, json.Unmarshal(o.Payload, &e))
	return e.ErrorType, e.ErrorMessage
}
