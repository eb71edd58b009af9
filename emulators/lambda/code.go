package lambda

import (
	"maps"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// load finds what runs a function: a bound handler, or else its package as
// processes. The caller must not hold mu: finding an interpreter takes time.
func (s *State) load(f *function) error {
	name := f.config.FunctionName
	if s.bound(name) {
		if !strings.HasPrefix(f.config.Runtime, "provided.") {
			return wire.Errorf(codeInvalid, 0, "runtime %q: a Go handler is bound to the function name %q, use provided.al2023", f.config.Runtime, name)
		}
		return nil
	}
	if s.pool == nil {
		return unbound(name)
	}
	if has := process.Architecture(); f.config.Architectures[0] != has {
		return wire.Errorf(codeInvalid, 0, "function %s: architecture %s: functions run as processes of this machine, which is %s", name, f.config.Architectures[0], has)
	}
	spec := process.Spec{
		Name: name, Version: f.config.Version, Runtime: f.config.Runtime, Handler: f.config.Handler,
		MemorySize: int(f.config.MemorySize), Package: f.zip,
	}
	if f.config.Environment != nil {
		spec.Environment = maps.Clone(f.config.Environment.Variables)
	}
	code, err := process.NewFunction(spec)
	if err != nil {
		return wire.Errorf(codeInvalid, 0, "function %s: %s", name, err)
	}
	f.code = code
	return nil
}

func (s *State) bound(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.handlers[name] != nil
}

func unbound(name string) error {
	return wire.Errorf(codeInvalid, 0, "no Go handler is bound to the function name %q, and this cloud runs no processes: bind one first with "+
		"lambda.Config.Functions[%q] or (*lambda.State).Bind(%q, handler), or let the deployment package run with lambda.Config.Processes, "+
		"which needs real time", name, name, name)
}

// retire ends the processes of code that is no more.
func (s *State) retire(code *process.Function) {
	if code != nil {
		s.pool.Retire(code)
	}
}
