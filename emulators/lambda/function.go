package lambda

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Limits of a function.
// See https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	defaultTimeout = 3
	maxTimeout     = 900
	defaultMemory  = 128
	maxMemory      = 10240
	maxEnvironment = 4 << 10
)

// function is the resource that CreateFunction makes.
type function struct {
	config FunctionConfiguration
	zip    []byte
	code   *process.Function // what runs where no handler is bound; nil without processes
	tags   map[string]string
	policy []statement
	invoke *eventInvokeConfig
}

func (f *function) timeout() time.Duration { return time.Duration(f.config.Timeout) * time.Second }

// FunctionConfiguration is a function as the API answers it.
type FunctionConfiguration struct {
	FunctionName     string
	FunctionArn      string
	Runtime          string
	Role             string
	Handler          string
	Description      string
	Timeout          int32
	MemorySize       int32
	CodeSha256       string
	CodeSize         int64
	LastModified     string
	Version          string
	PackageType      string
	Architectures    []string
	Environment      *Environment `json:",omitempty"`
	RevisionId       string
	State            string
	LastUpdateStatus string
}

// Environment reaches processes; see the package comment.
type Environment struct {
	Variables map[string]string
}

// Code is a deployment package; see the package comment for what becomes of it.
type Code struct {
	ZipFile []byte
}

// CreateFunctionInput is the request of CreateFunction.
type CreateFunctionInput struct {
	FunctionName  string
	Code          *Code
	Role          string
	Runtime       string
	Handler       string
	Description   string
	Timeout       *int32
	MemorySize    *int32
	PackageType   string
	Architectures []string
	Environment   *Environment
	Publish       bool
	Tags          map[string]string
}

// CreateFunction makes the resource of a bound handler, or of a deployment
// package that runs as processes. Errors:
// InvalidParameterValueException, ResourceConflictException.
func (s *State) CreateFunction(_ context.Context, in *CreateFunctionInput) (*FunctionConfiguration, error) {
	name, err := s.nameOf(in.FunctionName)
	if err != nil {
		return nil, err
	}
	config, err := in.configuration()
	if err != nil {
		return nil, err
	}
	config.FunctionName, config.FunctionArn = name, s.arn(name)
	f := &function{config: config, zip: in.Code.ZipFile, tags: maps.Clone(in.Tags)}
	if err := s.load(f); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.functions[name] != nil {
		return nil, wire.Errorf(codeConflict, 409, "Function already exist: %s", name)
	}
	f.config.touch()
	s.functions[name] = f
	config = f.config
	return &config, nil
}

func (in *CreateFunctionInput) configuration() (FunctionConfiguration, error) {
	c := FunctionConfiguration{
		Runtime: in.Runtime, Role: in.Role, Handler: in.Handler, Description: in.Description,
		Timeout: defaultTimeout, MemorySize: defaultMemory, PackageType: "Zip", Architectures: []string{"x86_64"},
		Environment: in.Environment, Version: latestVersion, State: "Active", LastUpdateStatus: "Successful",
	}
	if in.Timeout != nil {
		c.Timeout = *in.Timeout
	}
	if in.MemorySize != nil {
		c.MemorySize = *in.MemorySize
	}
	if len(in.Architectures) > 0 {
		c.Architectures = in.Architectures
	}
	switch {
	case in.Code == nil || len(in.Code.ZipFile) == 0:
		return c, wire.Errorf(codeInvalid, 0, "CreateFunction: Code.ZipFile is required")
	case in.PackageType != "" && in.PackageType != "Zip":
		return c, wire.Errorf(codeInvalid, 0, "CreateFunction: PackageType %q is not implemented by Shakedown; use Zip", in.PackageType)
	case in.Publish:
		return c, wire.Errorf(codeInvalid, 0, "CreateFunction: Publish: versions are not implemented by Shakedown")
	}
	c.measure(in.Code.ZipFile)
	return c, c.check()
}

func (c *FunctionConfiguration) measure(zip []byte) {
	sum := sha256.Sum256(zip)
	c.CodeSha256, c.CodeSize = base64.StdEncoding.EncodeToString(sum[:]), int64(len(zip))
}

func (c *FunctionConfiguration) check() error {
	size := 0
	if c.Environment != nil {
		for k, v := range c.Environment.Variables {
			size += len(k) + len(v)
		}
	}
	switch {
	case !rolePattern.MatchString(c.Role):
		return wire.Errorf(codeInvalid, 0, "role %q is not the ARN of an IAM role", c.Role)
	case c.Handler == "":
		return wire.Errorf(codeInvalid, 0, "Handler is required with PackageType Zip")
	case c.Timeout < 1 || c.Timeout > maxTimeout:
		return wire.Errorf(codeInvalid, 0, "timeout %d is not between 1 and %d seconds", c.Timeout, maxTimeout)
	case c.MemorySize < defaultMemory || c.MemorySize > maxMemory:
		return wire.Errorf(codeInvalid, 0, "memory size %d is not between %d and %d MB", c.MemorySize, defaultMemory, maxMemory)
	case len(c.Architectures) != 1 || !slices.Contains([]string{"x86_64", "arm64"}, c.Architectures[0]):
		return wire.Errorf(codeInvalid, 0, "architectures %q is not one of x86_64 and arm64", c.Architectures)
	case size > maxEnvironment:
		return wire.Errorf(codeInvalid, 0, "environment variables have %d bytes, more than %d", size, maxEnvironment)
	}
	return nil
}

func (c *FunctionConfiguration) touch() {
	c.LastModified = time.Now().UTC().Format("2006-01-02T15:04:05.000-0700")
	c.RevisionId = wire.NewRequestID()
}

// find returns the function that a reference names. The caller holds mu.
func (s *State) find(name string) (*function, error) {
	if f := s.functions[name]; f != nil {
		return f, nil
	}
	return nil, wire.Errorf(codeNotFound, 404, "Function not found: %s", s.arn(name))
}
