package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode"

	"github.com/shakedown-iot/shakedown/hardware"
	"github.com/shakedown-iot/shakedown/sim/device"
)

// errRefused says that broker and device do not accept each other's certificates.
var errRefused = errors.New("the certificates are refused")

// sensorTalk tells the user what happens to a device, a line each.
type sensorTalk struct {
	w    io.Writer
	addr string
	stop context.CancelCauseFunc

	connected                     bool // once
	sampled, acked, given, unread int
}

// hear is device.Config.Events.
func (t *sensorTalk) hear(e device.Event) {
	telemetry := strings.HasSuffix(e.Topic, "/telemetry")
	switch {
	case e.Kind == device.Connected:
		t.connected = true
		t.say("connected to %s as %s", t.addr, e.Thing)
	case e.Kind == device.ConnectFailed:
		t.say("not connected: %v", e.Err)
		if !t.connected && hardware.Refused(e.Err) {
			t.stop(fmt.Errorf("%w: %w", errRefused, e.Err))
		}
	case e.Kind == device.Disconnected && e.Err != nil:
		t.say("connection lost: %v", e.Err)
	case e.Kind == device.Disconnected:
		t.say("disconnected")
	case e.Kind == device.Unread && !errors.Is(e.Err, io.EOF):
		t.unread++
		t.say("not read: %v", e.Err)
	case e.Kind == device.Unread:
		t.say("the tape is over")
	case e.Kind == device.Acted && e.Err != nil:
		t.say("command %s refused: %v", e.Command, e.Err)
	case e.Kind == device.Acted:
		t.say("command %s done", e.Command)
	case telemetry && e.Kind == device.Sampled:
		t.sampled++
		t.say("reading %d  %s", e.Seq, e.Payload)
	case telemetry && e.Kind == device.Acked:
		t.acked++
		t.say("reading %d is acknowledged", e.Seq)
	case telemetry && e.Kind == device.Dropped:
		t.given++
		t.say("reading %d is given up: %v", e.Seq, e.Err)
	}
}

// say writes a line. What comes from outside must not steer the terminal.
func (t *sensorTalk) say(format string, args ...any) {
	line := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, fmt.Sprintf(format, args...))
	fmt.Fprintln(t.w, time.Now().Format("15:04:05"), "", line)
}

func (t *sensorTalk) summary() {
	fmt.Fprintf(t.w, "%d readings, %d acknowledged, %d given up; %d times there was none\n", t.sampled, t.acked, t.given, t.unread)
}
