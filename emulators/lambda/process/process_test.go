package process_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
)

func TestAProcessIsInvokedAgain(t *testing.T) {
	b := newBench(t, 0)
	f := goFunction(t, "serve")
	outcome := b.invoke(t, f, `{"Do":"it"}`, 5*time.Second)
	first := answerOf(t, outcome)
	require.Equal(t, "arn:aws:lambda:eu-central-1:000000000000:function:f", first.ARN)
	require.Contains(t, first.ID, "00000000-0000-4000-8000-")
	require.InDelta(t, 5, first.Seconds, 2)
	for key, want := range map[string]string{
		"COLOUR": "blue", "_HANDLER": "bootstrap", "AWS_LAMBDA_FUNCTION_NAME": "f", "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128", "AWS_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "test",
		"AWS_ENDPOINT_URL": "http://127.0.0.1:4566", "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/f", "LAMBDA_TASK_ROOT": first.Dir,
	} {
		require.Equal(t, want, first.Env[key], key)
	}
	require.NotContains(t, first.Env, "AWS_EXECUTION_ENV", "OS-only runtimes have none")
	require.Regexp(t, `^START RequestId: 0\S+ Version: \$LATEST\ndoing it\nEND RequestId: 0\S+\nREPORT RequestId: 0\S+\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 128 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms\n$`, string(outcome.Log))

	second := b.invoke(t, f, `{"Do":"again"}`, 5*time.Second)
	require.Equal(t, first.PID, answerOf(t, second).PID, "a warm process is taken first")
	require.NotContains(t, string(second.Log), "Init Duration")
	require.NotContains(t, string(second.Log), "doing it\n", "the tail is of one invocation")
	b.Keep(false)
	require.False(t, runs(first.PID), "an idle process outlived the pool")
	require.NoDirExists(t, first.Dir)
}

func TestFunctionErrors(t *testing.T) {
	b := newBench(t, 0)
	f := goFunction(t, "serve")
	kind, text := errorOf(t, b.invoke(t, f, `{"Do":"fail"}`, 5*time.Second))
	require.Equal(t, "errorString", kind)
	require.Equal(t, "as told", text)

	outcome := b.invoke(t, f, `{"Do":"exit"}`, 5*time.Second)
	kind, text = errorOf(t, outcome)
	require.Equal(t, "Runtime.ExitError", kind)
	require.Regexp(t, `^RequestId: \S+ Error: Runtime exited with error: exit status 3$`, text)
	require.Contains(t, string(outcome.Log), "doing exit\nlast words\nEND")
	answerOf(t, b.invoke(t, f, `{"Do":"it"}`, 5*time.Second)) // a new process

	kind, text = errorOf(t, b.invoke(t, goFunction(t, "exit at init"), `{}`, 5*time.Second))
	require.Equal(t, "Runtime.ExitError", kind)
	require.Contains(t, text, "exit status 7")
	require.Contains(t, b.log(), "no configuration")

	for name, file := range map[string]string{"missing": "other*", "not executable": "bootstrap"} {
		broken := function(t, process.Spec{Runtime: "provided.al2023", Package: zipOf(t, map[string]string{file: "#!/bin/sh\n"})})
		kind, _ = errorOf(t, b.invoke(t, broken, `{}`, time.Second))
		require.Equal(t, "Runtime.InvalidEntrypoint", kind, name)
	}
}

func TestATimeoutKillsTheProcessGroup(t *testing.T) {
	b := newBench(t, 0)
	f := goFunction(t, "serve")
	pid := answerOf(t, b.invoke(t, f, `{}`, 5*time.Second)).PID
	outcome := b.invoke(t, f, `{"Do":"hang"}`, time.Second)
	kind, text := errorOf(t, outcome)
	require.Equal(t, "Sandbox.Timedout", kind)
	require.Contains(t, text, "Task timed out after 1.00 seconds")
	child := regexp.MustCompile(`child (\d+)`).FindStringSubmatch(string(outcome.Log))
	require.NotNil(t, child, "%s", outcome.Log)
	grandchild, err := strconv.Atoi(child[1])
	require.NoError(t, err)
	require.False(t, runs(pid), "the process")
	require.Eventually(t, func() bool { return !runs(grandchild) }, 5*time.Second, 10*time.Millisecond, "its child")
	require.NotEqual(t, pid, answerOf(t, b.invoke(t, f, `{}`, 5*time.Second)).PID)
}

func TestProcessesAreBounded(t *testing.T) {
	b := newBench(t, 2)
	f := goFunction(t, "serve")
	var group sync.WaitGroup
	var mu sync.Mutex
	pids, busy := map[int]bool{}, 0
	for range 4 {
		call := invocation(`{"Do":"slow"}`, 5*time.Second)
		group.Go(func() {
			out, err := b.Invoke(f, call)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				require.ErrorIs(t, err, process.ErrBusy)
				busy++
				return
			}
			pids[answerOf(t, out).PID] = true
		})
	}
	group.Wait()
	require.Len(t, pids, 2)
	require.Equal(t, 2, busy)
	// Another function takes the place of an idle process.
	other := answerOf(t, b.invoke(t, goFunction(t, "serve"), `{}`, 5*time.Second))
	require.NotContains(t, pids, other.PID)
	left := 0
	for pid := range pids {
		if runs(pid) {
			left++
		}
	}
	require.Equal(t, 1, left)
	b.Retire(f)
	for pid := range pids {
		require.False(t, runs(pid), "a retired function's process")
	}
}

func TestStopKillsWhatIsBusy(t *testing.T) {
	b := newBench(t, 0)
	f := goFunction(t, "serve")
	idle := answerOf(t, b.invoke(t, f, `{}`, 5*time.Second)).PID
	done := make(chan process.Outcome)
	call := invocation(`{"Do":"hang"}`, time.Minute)
	go func() {
		out, err := b.Invoke(f, call)
		require.NoError(t, err)
		done <- out
	}()
	require.Eventually(t, func() bool { return strings.Contains(b.log(), "child ") }, 5*time.Second, time.Millisecond)
	go b.Stop()
	kind, text := errorOf(t, <-done)
	require.Equal(t, "Runtime.ExitError", kind)
	require.Contains(t, text, "signal: killed")
	b.Stop()
	require.False(t, runs(idle))
}

func TestWhatAKilledShakedownLeftIsRemoved(t *testing.T) {
	b := newBench(t, 0)
	gone := exec.Command("true")
	require.NoError(t, gone.Run())
	left := filepath.Join(os.TempDir(), "shakedown-function-"+strconv.Itoa(gone.Process.Pid)+"-1")
	require.NoError(t, os.Mkdir(left, 0o700))
	answerOf(t, b.invoke(t, goFunction(t, "serve"), `{}`, 5*time.Second))
	require.NoDirExists(t, left)
}

// runs tells whether a process is there and no zombie.
func runs(pid int) bool {
	status, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if os.IsNotExist(err) {
		return false
	}
	if err != nil {
		return syscall.Kill(pid, 0) == nil
	}
	_, state, _ := strings.Cut(string(status), ") ")
	return !strings.HasPrefix(state, "Z")
}
