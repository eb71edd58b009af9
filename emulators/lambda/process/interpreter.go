package process

import (
	"context"
	_ "embed"
	"fmt"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"
)

// The bootstraps of managed runtimes: small clients of the Runtime API.
//
//go:embed bootstrap.cjs
var nodeBootstrap []byte

//go:embed bootstrap.py
var pythonBootstrap []byte

// bootstrapDir is where they are in the directory of a function.
const bootstrapDir = "runtime"

// interpreter is how the process of a runtime is started.
type interpreter struct {
	program string // absolute path; empty for the package's own bootstrap
	script  string // name of the bootstrap script
	text    []byte
}

var (
	osRuntime     = regexp.MustCompile(`^provided\.al2(023)?$`)
	nodeRuntime   = regexp.MustCompile(`^nodejs(\d+)\.x$`)
	pythonRuntime = regexp.MustCompile(`^python(3\.\d+)$`)
)

// interpreterOf finds what runs a runtime on this machine. The version must be
// the runtime's: another one would prove another thing.
func interpreterOf(name string) (interpreter, error) {
	if osRuntime.MatchString(name) {
		return interpreter{}, nil
	}
	if m := nodeRuntime.FindStringSubmatch(name); m != nil {
		program, err := find(name, m[1], []string{"node"}, "-p", "process.execPath+' '+process.versions.node.split('.')[0]")
		return interpreter{program, "bootstrap.cjs", nodeBootstrap}, err
	}
	if m := pythonRuntime.FindStringSubmatch(name); m != nil {
		program, err := find(name, m[1], []string{"python" + m[1], "python3"}, "-c", "import sys; print(sys.executable, '%d.%d' % sys.version_info[:2])")
		return interpreter{program, "bootstrap.py", pythonBootstrap}, err
	}
	return interpreter{}, fmt.Errorf("runtime %q is not implemented by Shakedown; use provided.al2023, provided.al2, nodejs<major>.x or python3.<minor>", name)
}

// found remembers what programs have answered: they do not change while
// Shakedown runs.
var found sync.Map // of "program arguments" to their answer

// find asks programs of PATH for their own path and version.
func find(name, version string, programs []string, arguments ...string) (string, error) {
	var seen []string
	for _, program := range programs {
		answer, ok := found.Load(program)
		if !ok {
			answer = ask(program, arguments)
			found.Store(program, answer)
		}
		path, has, ok := cutLast(answer.(string))
		if ok && has == version {
			return path, nil
		}
		if ok {
			seen = append(seen, program+" "+has)
		}
	}
	if len(seen) == 0 {
		return "", fmt.Errorf("runtime %s needs %s %s on this machine's PATH, which has none", name, programs[0], version)
	}
	return "", fmt.Errorf("runtime %s needs version %s; this machine has %s", name, version, strings.Join(seen, ", "))
}

// patience bounds the wait for a program to tell its version.
const patience = 10 * time.Second

func ask(program string, arguments []string) string {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, arguments...).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// cutLast cuts a line at its last space.
func cutLast(line string) (string, string, bool) {
	i := strings.LastIndexByte(line, ' ')
	if i <= 0 {
		return "", "", false
	}
	return line[:i], line[i+1:], true
}

// Architecture is this machine's, as Lambda spells it.
func Architecture() string {
	if runtime.GOARCH == "amd64" {
		return "x86_64"
	}
	return runtime.GOARCH
}
