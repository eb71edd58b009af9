package lambda

import (
	"context"
	"maps"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// load finds what runs a function: its package as processes where that is a
// program, or else the handler that is bound to its name. The caller must not
// hold mu: finding an interpreter takes time.
func (s *State) load(f *version) error {
	code, err := s.program(f)
	switch {
	case err == nil && code.Program():
		f.code = code
		return nil
	case s.bound(f.config.FunctionName):
		if f.config.Runtime != "provided.al2023" && f.config.Runtime != "provided.al2" {
			return wire.Errorf(codeInvalid, 0, "runtime %q: a Go handler is bound to the function name %q, use provided.al2023", f.config.Runtime, f.config.FunctionName)
		}
		if keys := process.Reserved(f.config.variables()); len(keys) > 0 {
			return wire.Errorf(codeInvalid, 0, "Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: %s", strings.Join(keys, ", "))
		}
		return nil
	}
	f.code = code // without a program every invocation says so
	return err
}

// program reads the package for processes.
func (s *State) program(f *version) (*process.Function, error) {
	name := f.config.FunctionName
	if s.pool == nil {
		return nil, unbound(name)
	}
	if has := process.Architecture(); f.config.Architectures[0] != has {
		return nil, wire.Errorf(codeInvalid, 0, "function %s: architecture %s: functions run as processes of this machine, which is %s", name, f.config.Architectures[0], has)
	}
	spec := process.Spec{
		Name: name, Role: f.config.Role, LogGroup: f.config.LoggingConfig.LogGroup, Logging: f.config.LoggingConfig.logging(), Version: f.config.Version, Runtime: f.config.Runtime, Handler: f.config.Handler,
		MemorySize: int(f.config.MemorySize), Package: f.zip,
	}
	spec.Environment = maps.Clone(f.config.variables())
	code, err := process.NewFunction(spec)
	if err != nil {
		return nil, wire.Errorf(codeInvalid, 0, "function %s: %s", name, err)
	}
	return code, nil
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

// UpdateFunctionCodeInput is the request of UpdateFunctionCode.
type UpdateFunctionCodeInput struct {
	FunctionName string `path:"FunctionName" json:"-"`
	Code
	Architectures []string
	DryRun        bool
	Publish       bool
	RevisionId    string
}

// UpdateFunctionCode changes the deployment package of $LATEST for later
// invocations.
func (s *State) UpdateFunctionCode(ctx context.Context, in *UpdateFunctionCodeInput) (*FunctionConfiguration, error) {
	if in.DryRun {
		return nil, wire.Unsupported(codeInvalid, "UpdateFunctionCode", "DryRun")
	}
	zip, err := s.fetch(ctx, "UpdateFunctionCode", &in.Code)
	if err != nil {
		return nil, err
	}
	v, f, err := s.change(in.FunctionName, in.RevisionId, func(v *version) error {
		v.zip = zip
		v.config.measure(zip)
		if len(in.Architectures) > 0 {
			v.config.Architectures = in.Architectures
		}
		return v.config.check()
	})
	if err != nil {
		return nil, err
	}
	if in.Publish {
		return s.publish(f, v, nil)
	}
	return &v.config, nil
}
