package process

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"
)

// Function is a function whose processes a Pool runs.
type Function struct {
	spec        Spec
	interpreter interpreter
	archive     archive

	mu      sync.Mutex
	dir     string // unpacked, while there are processes
	users   int    // processes
	retired bool
}

// NewFunction looks the package through and finds the runtime's interpreter.
// Nothing is unpacked and nothing runs. Errors say what is wrong, for people.
func NewFunction(spec Spec) (*Function, error) {
	if err := supported(); err != nil {
		return nil, err
	}
	a, err := openArchive(spec.Package)
	if err != nil {
		return nil, err
	}
	i, err := interpreterOf(spec.Runtime)
	if err != nil {
		return nil, err
	}
	if spec.Logging.JSON && i.program != "" {
		return nil, fmt.Errorf("LoggingConfig.LogFormat JSON is not implemented by Shakedown for the runtime %s; use Text", spec.Runtime)
	}
	if reserved := Reserved(spec.Environment); len(reserved) > 0 {
		return nil, fmt.Errorf("the environment variables contain reserved keys that cannot be modified: %v", reserved)
	}
	return &Function{spec: spec, interpreter: i, archive: a}, nil
}

// taskDir and tempDir are below the directory of a function.
func (f *Function) taskDir() string { return filepath.Join(f.dir, "task") }

// acquire unpacks the package for its first process.
func (f *Function) acquire() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.users == 0 {
		if err := f.unpack(); err != nil {
			return err
		}
	}
	f.users++
	return nil
}

func (f *Function) unpack() error {
	dir, err := makeDir()
	if err != nil {
		return err
	}
	f.dir = dir
	err = os.Mkdir(f.taskDir(), 0o700)
	if err == nil {
		err = f.archive.unpack(f.taskDir())
	}
	if err == nil && f.interpreter.script != "" {
		err = f.unpackBootstrap()
	}
	if err != nil {
		return errors.Join(err, os.RemoveAll(dir))
	}
	return nil
}

func (f *Function) unpackBootstrap() error {
	if err := os.Mkdir(filepath.Join(f.dir, bootstrapDir), 0o700); err != nil {
		return err
	}
	return os.WriteFile(f.bootstrap(), f.interpreter.text, 0o600)
}

func (f *Function) bootstrap() string {
	return filepath.Join(f.dir, bootstrapDir, f.interpreter.script)
}

// command is the program and its arguments.
func (f *Function) command() (string, []string) {
	if f.interpreter.program == "" {
		return filepath.Join(f.taskDir(), "bootstrap"), nil
	}
	return f.interpreter.program, []string{f.bootstrap()}
}

// release removes the package behind its last process.
func (f *Function) release() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.users--; f.users > 0 {
		return nil
	}
	return os.RemoveAll(f.dir)
}

func (f *Function) retire() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.retired = true
}

func (f *Function) isRetired() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.retired
}

// Program tells whether the package has what its runtime starts: for an OS
// runtime an executable file bootstrap that is not empty.
func (f *Function) Program() bool {
	return f.interpreter.program != "" || f.archive.executable("bootstrap")
}

// environment is what a process gets, sorted.
// See https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func (f *Function) environment(h Host, api, stream, temp string) []string {
	s := f.spec
	own := map[string]string{
		"_HANDLER": s.Handler, "LAMBDA_TASK_ROOT": f.taskDir(), "LAMBDA_RUNTIME_DIR": filepath.Join(f.dir, bootstrapDir),
		"AWS_LAMBDA_RUNTIME_API": api, "AWS_LAMBDA_FUNCTION_NAME": s.Name, "AWS_LAMBDA_FUNCTION_VERSION": s.Version,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": fmt.Sprint(s.MemorySize), "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME": s.logGroup(), "AWS_LAMBDA_LOG_STREAM_NAME": stream,
		"AWS_REGION": h.Region, "AWS_DEFAULT_REGION": h.Region,
		"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_SESSION_TOKEN": "test",
		"AWS_ENDPOINT_URL": h.Endpoint,
		// Ours besides AWS's: where a home and temporary files are.
		"TMPDIR": temp, "HOME": temp, "PATH": os.Getenv("PATH"), "LANG": "en_US.UTF-8", "TZ": ":UTC",
	}
	own["AWS_LAMBDA_LOG_FORMAT"] = "Text"
	if s.Logging.JSON {
		own["AWS_LAMBDA_LOG_FORMAT"], own["AWS_LAMBDA_LOG_LEVEL"] = "JSON", s.Logging.level()
	}
	if f.interpreter.program != "" {
		own["AWS_EXECUTION_ENV"] = "AWS_Lambda_" + s.Runtime
	}
	for k, v := range s.Environment {
		own[k] = v
	}
	var list []string
	for k, v := range own {
		list = append(list, k+"="+v)
	}
	slices.Sort(list)
	return list
}

// reserved are the keys that a function cannot set itself.
var reserved = []string{
	"_HANDLER", "_X_AMZN_TRACE_ID", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_NAME",
	"AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME",
	"AWS_LAMBDA_LOG_STREAM_NAME", "AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
	"AWS_LAMBDA_RUNTIME_API", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR",
}

// Reserved are the keys of an environment that a function cannot set itself.
func Reserved(environment map[string]string) []string {
	var used []string
	for _, key := range reserved {
		if _, ok := environment[key]; ok {
			used = append(used, key)
		}
	}
	return used
}

func (s Spec) logGroup() string {
	if s.LogGroup == "" {
		return "/aws/lambda/" + s.Name
	}
	return s.LogGroup
}

// StreamName is a new log stream, as in 2026/11/25/[$LATEST]0123….
func StreamName(now time.Time, version, id string) string {
	return now.UTC().Format("2006/01/02/") + "[" + version + "]" + id
}

// Version is the same function as another version, with processes of its own.
func (f *Function) Version(version string) *Function {
	spec := f.spec
	spec.Version = version
	return &Function{spec: spec, interpreter: f.interpreter, archive: f.archive}
}
