package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// provisionFor is a provisioned folder with a program.
func (l *realCloud) provisionFor(t *testing.T, thing, kind string) (folder, said string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), thing)
	var out strings.Builder
	f := provisionFlags{out: folder, endpoint: l.endpoint, policy: "SensorPolicy", kind: kind}
	require.NoError(t, f.run(t.Context(), thing, &out))
	return folder, out.String()
}

// TestPythonSnippet runs what --for python wrote, with Debian's paho. make
// test-clients brings that, and says so with SHAKEDOWN_PAHO: then it must be there.
func TestPythonSnippet(t *testing.T) {
	const python = "/usr/bin/python3" // Debian's
	if exec.Command(python, "-c", "import paho.mqtt.client").Run() != nil {
		require.Empty(t, os.Getenv("SHAKEDOWN_PAHO"), "%s has no paho", python)
		t.Skip("NOT TESTED: " + python + " has no paho; make test-clients brings it and runs this")
	}
	l := newCloud(t)
	folder, said := l.provisionFor(t, "py-001", "python")
	require.Contains(t, said, "broker       127.0.0.1:")
	out, err := exec.CommandContext(t.Context(), python, filepath.Join(folder, "sensor.py"), "1").CombinedOutput()
	require.NoError(t, err, "%s", out)
	messages := l.audited(t, "py-001")
	require.Len(t, messages, 1)
	require.Equal(t, ledger.Stored, messages[0].Fate(ledger.TimeSeries).Fate)
}

func TestArduinoSnippet(t *testing.T) {
	l := newCloud(t)
	folder, _ := l.provisionFor(t, "esp-001", "arduino")
	sketch, err := os.ReadFile(filepath.Join(folder, "sensor.ino"))
	require.NoError(t, err)
	require.Contains(t, string(sketch), `client.connect("esp-001")`)
	host, port, _ := strings.Cut(l.mqtt, ":")
	require.Contains(t, string(sketch), `client.begin("`+host+`", `+port+`, net);`)
	secrets := filepath.Join(folder, "secrets.h")
	info, err := os.Stat(secrets)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	text, err := os.ReadFile(secrets)
	require.NoError(t, err)
	for _, name := range []string{"cert.pem", "private.key", "AmazonRootCA1.pem"} {
		pem, err := os.ReadFile(filepath.Join(folder, name))
		require.NoError(t, err)
		require.Contains(t, string(text), `R"PEM(`+string(pem)+`)PEM"`)
	}
}

func TestUnknownSnippet(t *testing.T) {
	f := provisionFlags{out: filepath.Join(t.TempDir(), "x"), kind: "fortran"}
	require.ErrorContains(t, f.run(t.Context(), "x", &strings.Builder{}), `--for "fortran" is neither python nor arduino`)
	require.NoDirExists(t, f.out)
}
