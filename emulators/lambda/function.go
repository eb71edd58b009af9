package lambda

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"maps"
	"regexp"
	"slices"
	"time"

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
	maxHandler     = 128
	maxDescription = 256
)

// function is the resource that CreateFunction makes.
type function struct {
	version   // $LATEST
	published []*version
	numbers   int // versions ever published
	aliases   map[string]*alias
	reserved  *int32 // concurrency
	tags      map[string]string
	// By qualifier, "" for none:
	policies map[string]*permissions
	invokes  map[string]*eventInvokeConfig
}

func newFunction(v version, tags map[string]string) *function {
	return &function{
		version: v, aliases: map[string]*alias{}, tags: maps.Clone(tags),
		policies: map[string]*permissions{}, invokes: map[string]*eventInvokeConfig{},
	}
}

func (f *version) timeout() time.Duration { return time.Duration(f.config.Timeout) * time.Second }

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
	Environment      *Environment      `json:",omitempty"`
	DeadLetterConfig *DeadLetterConfig `json:",omitempty"`
	RevisionId       string
	LoggingConfig    LoggingConfig
	State            string
	LastUpdateStatus string
	// What cannot be changed here, as AWS answers its defaults.
	TracingConfig    TracingConfig
	EphemeralStorage EphemeralStorage
	SnapStart        SnapStart
}

// Environment reaches processes; see the package comment.
type Environment struct {
	Variables map[string]string
}

func (c *FunctionConfiguration) variables() map[string]string {
	if c.Environment == nil {
		return nil
	}
	return c.Environment.Variables
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
	// DeadLetterConfig takes asynchronous events that are given up.
	DeadLetterConfig *DeadLetterConfig
	LoggingConfig    *LoggingConfig
	fixed
}

// DeadLetterConfig is the ARN of an SQS queue or an SNS topic, or empty.
type DeadLetterConfig struct{ TargetArn string }

// deadLetters is where asynchronous events go that are given up, or "".
func (c *FunctionConfiguration) deadLetters() string {
	if c.DeadLetterConfig == nil {
		return ""
	}
	return c.DeadLetterConfig.TargetArn
}

// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
var deadLetterQueues = destinationKind{"a dead-letter queue", false, []string{"sqs", "sns"}, true}

// CreateFunction makes the resource of a bound handler, or of a deployment
// package that runs as processes. Errors:
// InvalidParameterValueException, ResourceConflictException.
func (s *State) CreateFunction(ctx context.Context, in *CreateFunctionInput) (*FunctionConfiguration, error) {
	name, err := s.nameOf(in.FunctionName)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(in.fixed.check("CreateFunction"), checkTags(in.Tags)); err != nil {
		return nil, err
	}
	if in.PackageType != "" && in.PackageType != "Zip" {
		return nil, wire.Errorf(codeInvalid, 0, "CreateFunction: PackageType %q is not implemented by Shakedown; use Zip", in.PackageType)
	}
	v, err := s.newVersion(ctx, name, in)
	if err != nil {
		return nil, err
	}
	f := newFunction(v, in.Tags)
	s.mu.Lock()
	if s.functions[name] != nil {
		s.mu.Unlock()
		return nil, wire.Errorf(codeConflict, 409, "Function already exist: %s", name)
	}
	s.functions[name] = f
	s.mu.Unlock()
	if in.Publish {
		return s.publish(f, v, nil)
	}
	return &v.config, nil
}

// newVersion makes the $LATEST of a new function.
func (s *State) newVersion(ctx context.Context, name string, in *CreateFunctionInput) (version, error) {
	zip, err := s.fetch(ctx, "CreateFunction", in.Code)
	if err != nil {
		return version{}, err
	}
	config, err := in.configuration(zip)
	if err != nil {
		return version{}, err
	}
	config.FunctionName, config.FunctionArn = name, s.arn(name)
	config.LoggingConfig = LoggingConfig{LogFormat: "Text", LogGroup: "/aws/lambda/" + name}
	if err := in.LoggingConfig.apply("CreateFunction", &config); err != nil {
		return version{}, err
	}
	if d := in.DeadLetterConfig; d != nil && d.TargetArn != "" {
		if err := s.checkDestination(d.TargetArn, deadLetterQueues, deadLetterQueues.failure); err != nil {
			return version{}, err
		}
		config.DeadLetterConfig = d
	}
	if err := errors.Join(s.checkRole(config.Role), s.maySend(config.Role, config.deadLetters())); err != nil {
		return version{}, err
	}
	v := version{config: config, zip: zip}
	if err := s.load(&v); err != nil {
		return version{}, err
	}
	v.config.touch()
	return v, nil
}

func (in *CreateFunctionInput) configuration(zip []byte) (FunctionConfiguration, error) {
	c := FunctionConfiguration{
		Runtime: in.Runtime, Role: in.Role, Handler: in.Handler, Description: in.Description,
		Timeout: defaultTimeout, MemorySize: defaultMemory, PackageType: "Zip", Architectures: []string{"x86_64"},
		Environment: in.Environment, Version: latestVersion, State: "Active", LastUpdateStatus: "Successful",
		TracingConfig: TracingConfig{"PassThrough"}, EphemeralStorage: EphemeralStorage{defaultStorage},
		SnapStart: SnapStart{"None", "Off"},
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
	c.measure(zip)
	return c, c.check()
}

// variableName is how keys of an environment are: no program can be given others.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
var variableName = regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]+$`)

func (c *FunctionConfiguration) measure(zip []byte) {
	sum := sha256.Sum256(zip)
	c.CodeSha256, c.CodeSize = base64.StdEncoding.EncodeToString(sum[:]), int64(len(zip))
}

func (c *FunctionConfiguration) check() error {
	size, misnamed := 0, []string{}
	for k, v := range c.variables() {
		size += len(k) + len(v)
		if !variableName.MatchString(k) {
			misnamed = append(misnamed, k)
		}
	}
	switch {
	case !wire.IsRole(c.Role):
		return wire.Errorf(codeInvalid, 0, "role %q is not the ARN of an IAM role", c.Role)
	case c.Handler == "":
		return wire.Errorf(codeInvalid, 0, "Handler is required with PackageType Zip")
	case len(c.Handler) > maxHandler:
		return wire.Errorf(codeInvalid, 0, "Handler has %d characters, more than %d", len(c.Handler), maxHandler)
	case c.Timeout < 1 || c.Timeout > maxTimeout:
		return wire.Errorf(codeInvalid, 0, "timeout %d is not between 1 and %d seconds", c.Timeout, maxTimeout)
	case c.MemorySize < defaultMemory || c.MemorySize > maxMemory:
		return wire.Errorf(codeInvalid, 0, "memory size %d is not between %d and %d MB", c.MemorySize, defaultMemory, maxMemory)
	case len(c.Architectures) != 1 || !slices.Contains([]string{"x86_64", "arm64"}, c.Architectures[0]):
		return wire.Errorf(codeInvalid, 0, "architectures %q is not one of x86_64 and arm64", c.Architectures)
	case len(misnamed) > 0:
		return wire.Errorf(codeInvalid, 0, "1 validation error detected: Value '%.100s' at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+]", slices.Min(misnamed))
	case size > maxEnvironment:
		return wire.Errorf(codeInvalid, 0, "environment variables have %d bytes, more than %d", size, maxEnvironment)
	}
	return checkDescription(&c.Description)
}

// checkDescription bounds the text of a function, a version or an alias; nil is none.
func checkDescription(text *string) error {
	if text == nil || len([]rune(*text)) <= maxDescription {
		return nil
	}
	return wire.Errorf(codeInvalid, 0, "Description has %d characters, more than %d", len([]rune(*text)), maxDescription)
}

func (c *FunctionConfiguration) touch() {
	c.LastModified = time.Now().UTC().Format("2006-01-02T15:04:05.000-0700")
	c.RevisionId = wire.NewRequestID()
}
