package features_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAStrangersModule builds testdata/stranger as another project would: a module
// of its own that requires this one, with its own feature, handler and rule.
func TestAStrangersModule(t *testing.T) {
	if testing.Short() {
		t.Skip("building a module is for the run without the race detector")
	}
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("testdata/stranger")))
	code, err := os.ReadFile(filepath.Join(dir, "mine_test.go"))
	require.NoError(t, err)
	require.LessOrEqual(t, strings.Count(string(code), "\n"), 20, "what a stranger writes in Go")

	// Its go.mod is what `go mod tidy` makes; without a network: our own, as another
	// module that requires this one.
	mod, err := os.ReadFile(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	own := regexp.MustCompile(`(?m)^module .*$`).ReplaceAllString(string(mod), "module example.com/stranger")
	own += "\nrequire github.com/shakedown-iot/shakedown v0.0.0\nreplace github.com/shakedown-iot/shakedown => " + root + "\n"
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.mod"), []byte(own), 0o600))
	sums, err := os.ReadFile(filepath.Join(root, "go.sum"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o600))

	build := exec.Command("go", "test", "-c", "-o", "mine.test", ".")
	build.Dir = dir
	build.Env = append(os.Environ(), "GOFLAGS="+os.Getenv("GOFLAGS")+" -mod=mod", "GOPROXY=off", "GOWORK=off")
	built, err := build.CombinedOutput()
	require.NoError(t, err, "%s", built)
	stranger := func() (string, error) {
		cmd := exec.Command(filepath.Join(dir, "mine.test"), "-test.v")
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	out, err := stranger()
	require.NoError(t, err, "%s", out)
	require.Contains(t, out, "--- PASS: TestMine/My_own_rule_and_handler/")

	// And it can fail.
	feature := filepath.Join(dir, "mine.feature")
	text, err := os.ReadFile(feature)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(feature, []byte(strings.Replace(string(text), `{"thing": "sensor-1", "t": 2.5}`, `{"thing": "sensor-2", "t": 2.5}`, 1)), 0o600))
	out, err = stranger()
	require.Error(t, err)
	require.Contains(t, out, "never with")
}
