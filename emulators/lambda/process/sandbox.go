package process

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"time"
)

// initPatience is how long a process may take until it asks for its first
// invocation.
// See https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
const initPatience = 10 * time.Second

// sandbox is one process of a function, its Runtime API and its log.
type sandbox struct {
	function *Function
	host     Host
	stream   string
	api      *runtimeAPI
	server   *http.Server
	served   chan struct{}
	output   *output
	temp     string

	stopped chan struct{} // closed when nothing of it is left
	refused error         // why the program did not start

	pid    int
	exited chan struct{}
	how    error // of exited
	init   time.Duration
	used   bool // has taken an invocation
}

// start makes a sandbox and starts its process; stop ends what start began. A
// program that does not start is the function's fault: run reports it.
func start(f *Function, h Host, id string) (*sandbox, error) {
	b := &sandbox{
		function: f, host: h, stream: StreamName(time.Now(), f.spec.Version, id), api: newRuntimeAPI(),
		served: make(chan struct{}), exited: make(chan struct{}), stopped: make(chan struct{}),
	}
	l, err := h.Listen()
	if err != nil {
		return nil, fmt.Errorf("listen for the runtime API: %w", err)
	}
	b.server = &http.Server{Handler: b.api.handler(), ReadHeaderTimeout: initPatience}
	go func() {
		defer close(b.served)
		b.server.Serve(l)
	}()
	if err := b.prepare(); err != nil {
		b.closeServer()
		return nil, err
	}
	go b.output.run()
	started := make(chan error, 1)
	go b.supervise(b.command(l.Addr().String()), started)
	b.refused = <-started
	return b, nil
}

func (b *sandbox) prepare() error {
	if err := b.function.acquire(); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(b.function.dir, "tmp-")
	if err == nil {
		b.temp = temp
		b.output, err = newOutput(b.log, b.function.spec.Logging.Passes)
	}
	if err != nil {
		return errors.Join(err, b.function.release())
	}
	return nil
}

func (b *sandbox) command(api string) *exec.Cmd {
	program, arguments := b.function.command()
	cmd := exec.Command(program, arguments...)
	cmd.Dir = b.function.taskDir()
	cmd.Env = b.function.environment(b.host, api, b.stream, b.temp)
	cmd.Stdout, cmd.Stderr = b.output.write, b.output.write
	inGroup(cmd)
	return cmd
}

// supervise starts the process and waits for its end. It keeps to its thread:
// the kernel takes that for the process's parent.
func (b *sandbox) supervise(cmd *exec.Cmd, started chan<- error) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	defer close(b.exited)
	if err := cmd.Start(); err != nil {
		b.how = err
		started <- err
		return
	}
	b.pid = cmd.Process.Pid
	started <- nil
	b.how = cmd.Wait()
	killGroup(b.pid) // what it has left behind
}

// run logs and runs one invocation, the first one behind the init phase; false
// tells that the process cannot take another.
func (b *sandbox) run(inv Invocation) (Outcome, bool) {
	first := !b.used
	o, alive := Outcome{}, true
	switch {
	case b.refused != nil:
		o, alive = invalidEntrypoint(inv, b.refused), false
	case first:
		o, alive = b.ready(inv)
	}
	log, report := b.function.spec.Logging, &Report{ID: inv.ID, Version: b.function.spec.Version, MemorySize: b.function.spec.MemorySize}
	begin := time.Now()
	b.output.system(log.AppendStart(nil, begin, report))
	if alive {
		o, alive = b.invoke(inv)
	}
	end := time.Now()
	report.Took, report.MaxMemory = end.Sub(begin), peak(b.pid)
	report.Status, report.Error = o.status()
	if first {
		report.Init = b.init
	}
	if !alive {
		b.kill()
	}
	b.output.flush()
	b.output.system(log.AppendEnd(nil, end, report))
	b.output.system(log.AppendReport(nil, end, report))
	if o.note != "" && !log.JSON { // which has it in the report
		b.output.say(o.note)
	}
	return o, alive
}

// ready waits until the process asks for its first invocation.
func (b *sandbox) ready(inv Invocation) (Outcome, bool) {
	begin := time.Now()
	timer := time.NewTimer(initPatience)
	defer timer.Stop()
	select {
	case <-b.api.ready:
		b.init = time.Since(begin)
		return Outcome{}, true
	case o := <-b.api.init:
		return o, false
	case <-b.exited:
	case <-timer.C:
		return failure("Sandbox.Timedout", fmt.Sprintf("RequestId: %s Error: the init phase took longer than %s", inv.ID, initPatience)), false
	}
	select {
	case o := <-b.api.init: // it said why before it exited
		return o, false
	default:
		return exited(inv, b.how), false
	}
}

// invoke runs one invocation; false tells that the process cannot take another.
func (b *sandbox) invoke(inv Invocation) (Outcome, bool) {
	t := &turn{Invocation: inv, deadline: time.Now().Add(inv.Timeout), answer: make(chan Outcome, 1)}
	timer := time.NewTimer(inv.Timeout)
	defer timer.Stop()
	select {
	case b.api.work <- t:
	case <-b.exited:
		return exited(inv, b.how), false
	case <-timer.C:
		return timedOut(inv), false
	}
	b.used = true
	select {
	case o := <-t.answer:
		return o, true
	case <-timer.C:
		return timedOut(inv), false
	case <-b.exited:
	}
	select {
	case o := <-t.answer: // it answered before it exited
		return o, false
	default:
		return exited(inv, b.how), false
	}
}

// gone tells that the process has exited.
func (b *sandbox) gone() bool {
	select {
	case <-b.exited:
		return true
	default:
		return false
	}
}

// kill ends the process and its group, and waits for it.
func (b *sandbox) kill() {
	if b.pid != 0 && !b.gone() {
		killGroup(b.pid)
	}
	<-b.exited
}

// stop ends the process and everything that was made for it.
func (b *sandbox) stop() error {
	b.kill()
	b.closeServer()
	b.output.close()
	return errors.Join(os.RemoveAll(b.temp), b.function.release())
}

// serverPatience bounds the wait for requests of a process that is gone.
const serverPatience = time.Second

func (b *sandbox) closeServer() {
	ctx, cancel := context.WithTimeout(context.Background(), serverPatience)
	defer cancel()
	if b.server.Shutdown(ctx) != nil {
		b.server.Close()
	}
	<-b.served
}

// log is one line of the function's log.
func (b *sandbox) log(text string) {
	b.host.Output(Line{At: time.Now(), Group: b.function.spec.logGroup(), Role: b.function.spec.Role, Stream: b.stream, Text: text})
}
