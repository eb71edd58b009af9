package main

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

const (
	shortTape = "../../hardware/testdata/short.i2c"
	deskTape  = "../../hardware/testdata/desk.i2c"
)

// realCloud is a cloud on TCP, as `shakedown up` has it, with a ledger.
type realCloud struct {
	world    *scenarios.World
	endpoint string
	mqtt     string
}

func newCloud(t *testing.T) *realCloud {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	world, err := scenarios.NewWorld(t.Context(), scenarios.WorldOptions{
		Pipeline: scenarios.Pipeline{Silence: time.Minute, Sweep: time.Minute, Poll: 50 * time.Millisecond, Shards: 1},
		Network:  onListener{listener}, BrokerAddr: listener.Addr().String(),
	})
	require.NoError(t, err)
	server := httptest.NewServer(world.Handler())
	t.Cleanup(func() {
		server.Close()
		require.NoError(t, world.Close())
	})
	return &realCloud{world, server.URL, listener.Addr().String()}
}

// provision makes a thing and its folder.
func (l *realCloud) provision(t *testing.T, thing string) (folder string) {
	t.Helper()
	folder = filepath.Join(t.TempDir(), thing)
	f := provisionFlags{out: folder, endpoint: l.endpoint, policy: "SensorPolicy"}
	require.NoError(t, f.run(t.Context(), thing, io.Discard))
	return folder
}

// audited are the fates of a thing's messages.
func (l *realCloud) audited(t *testing.T, thing string) (list []*ledger.Message) {
	t.Helper()
	require.NoError(t, l.world.Drain(t.Context(), 10*time.Second))
	_, err := l.world.ReadBack(t.Context())
	require.NoError(t, err)
	l.world.Audit()
	for _, m := range l.world.Ledger.Messages() {
		if m.ID.Thing == thing {
			list = append(list, m)
		}
	}
	return list
}

// shakedown runs a command line in this process.
func shakedown(args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = execute(args, &out, &errs)
	return code, out.String(), errs.String()
}

func TestSensorPlaysATape(t *testing.T) {
	l := newCloud(t)
	code, stdout, stderr := shakedown("sensor", "--thing", "pi-001", "--certs", l.provision(t, "pi-001"), "--host", l.mqtt,
		"--interval", "50ms", "--playback", shortTape)
	require.Equal(t, exitPass, code, "%s%s", stdout, stderr)
	require.Contains(t, stdout, "BME280 at 0x76 on "+shortTape)
	require.Contains(t, stdout, `"data":{"temperature":21,"humidity":`)
	require.Contains(t, stdout, "4 readings, 4 acknowledged, 0 given up; 0 times there was none")
	messages := l.audited(t, "pi-001")
	require.Len(t, messages, 4)
	for _, m := range messages {
		require.Equal(t, ledger.Stored, m.Fate(ledger.Archive).Fate)
		require.Equal(t, ledger.Stored, m.Fate(ledger.TimeSeries).Fate)
	}
	// What the device API says is what the device said last.
	_, body, err := l.world.CallDeviceAPI(t.Context(), "GET", "/devices/pi-001", "")
	require.NoError(t, err)
	require.Contains(t, body, "offline")
}

// TestSensorRecordsWhatItPlays: the new tape has the same transactions.
func TestSensorRecordsWhatItPlays(t *testing.T) {
	l := newCloud(t)
	certs, tape := l.provision(t, "pi-001"), filepath.Join(t.TempDir(), "again.i2c")
	args := []string{"sensor", "--thing", "pi-001", "--certs", certs, "--host", l.mqtt, "--interval", "50ms", "--playback", shortTape, "--record", tape}
	code, stdout, stderr := shakedown(args...)
	require.Equal(t, exitPass, code, "%s%s", stdout, stderr)
	before, err := os.ReadFile(shortTape)
	require.NoError(t, err)
	after, err := os.ReadFile(tape)
	require.NoError(t, err)
	// The end of the tape was met as a bus that fails.
	require.Equal(t, strings.ReplaceAll(string(before), "# Four readings of a room.\n", "")+"76 > f5 < ?? ! EOF\n", string(after))

	code, _, stderr = shakedown(args...)
	require.Equal(t, exitUsage, code)
	require.Contains(t, stderr, "--record: open "+tape+": file exists")
}

func TestSensorReplaysReadings(t *testing.T) {
	l := newCloud(t)
	csv := filepath.Join(t.TempDir(), "oven.csv")
	require.NoError(t, os.WriteFile(csv, []byte("offset,value\n0,20\n100ms,21\n"), 0o600))
	ctx, cancel := context.WithCancel(t.Context())
	f := sensorFlags{thing: "oven", certs: l.provision(t, "oven"), host: l.mqtt, interval: 100 * time.Millisecond, replay: []string{"temperature=" + csv}}
	out := &watched{after: "reading 3 is acknowledged", then: cancel}
	require.NoError(t, f.run(ctx, out), "%s", out)
	require.Contains(t, out.String(), "disconnected")
	messages := l.audited(t, "oven")
	require.GreaterOrEqual(t, len(messages), 3)
	for i, m := range messages[:3] {
		require.Equal(t, "temperature", m.Measures()[0].Name)
		require.Contains(t, []float64{20, 21}, m.Measures()[0].Value, "reading %d", i)
	}
}

// watched is a terminal at which somebody acts once a text is shown.
type watched struct {
	after string
	then  func()

	mu   sync.Mutex
	text strings.Builder
}

func (w *watched) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.text.Write(b)
	if w.then != nil && strings.Contains(w.text.String(), w.after) {
		w.then()
		w.then = nil
	}
	return len(b), nil
}

func (w *watched) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// TestSensorIsInterrupted is Ctrl-C in the middle of a tape: that is no failure, and
// the cloud hears a good-bye.
func TestSensorIsInterrupted(t *testing.T) {
	l := newCloud(t)
	ctx, cancel := context.WithCancel(t.Context())
	f := sensorFlags{thing: "pi-001", certs: l.provision(t, "pi-001"), host: l.mqtt, interval: time.Hour, boardFlags: boardFlags{playback: deskTape}}
	out := &watched{after: "reading 1 is acknowledged", then: cancel}
	require.NoError(t, f.run(ctx, out), "%s", out)
	require.Contains(t, out.String(), "1 readings, 1 acknowledged")
	require.Len(t, l.audited(t, "pi-001"), 1)
	_, body, err := l.world.CallDeviceAPI(t.Context(), "GET", "/devices/pi-001", "")
	require.NoError(t, err)
	require.Contains(t, body, "offline")
}

func TestSensorWithWrongCertificates(t *testing.T) {
	here, there := newCloud(t), newCloud(t)
	certs, foreign := here.provision(t, "pi-001"), there.provision(t, "pi-001")
	run := func(certs string) (int, string) {
		f := sensorFlags{thing: "pi-001", certs: certs, host: here.mqtt, grace: 50 * time.Millisecond, boardFlags: boardFlags{playback: shortTape}}
		var out, errs bytes.Buffer
		code := exitCode(f.run(t.Context(), &out), &errs)
		return code, out.String() + errs.String()
	}
	code, text := run(foreign) // the device does not know the broker
	require.Equal(t, exitEnvironment, code, text)
	require.Contains(t, text, "certificate signed by unknown authority")
	require.Contains(t, text, "provision again")

	// The broker does not know the device.
	root, err := os.ReadFile(filepath.Join(certs, "AmazonRootCA1.pem"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(foreign, "AmazonRootCA1.pem"), root, 0o600))
	code, text = run(foreign)
	require.Equal(t, exitEnvironment, code, text)
	require.Contains(t, text, "the certificates are refused: ")
	require.Contains(t, text, "remote error: tls:")

	// The key is another's.
	key, err := os.ReadFile(filepath.Join(foreign, "private.key"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(certs, "private.key"), key, 0o600))
	code, text = run(certs)
	require.Equal(t, exitEnvironment, code, text)
	require.Contains(t, text, "private key does not match public key")
}

func TestSensorWithoutABus(t *testing.T) {
	if buses, _ := filepath.Glob("/dev/i2c-*"); len(buses) > 0 {
		t.Skipf("this machine has %s", buses)
	}
	code, _, stderr := shakedown("sensor", "--thing", "pi-001", "--certs", newCloud(t).provision(t, "pi-001"), "--host", "localhost")
	require.Equal(t, exitEnvironment, code)
	require.Contains(t, stderr, "no i2c bus on this machine")
	require.Contains(t, stderr, "raspi-config nonint do_i2c 0; sudo modprobe i2c-dev")
	require.Contains(t, stderr, "usermod -aG i2c")
}
