package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/shakedown-iot/shakedown/hardware"
	"github.com/shakedown-iot/shakedown/sim/device"
	"github.com/shakedown-iot/shakedown/sim/sensor"
)

type sensorFlags struct {
	thing, certs, host string
	interval           time.Duration
	replay             []string
	grace              time.Duration // device.Config.Grace
	boardFlags
}

func newSensor() *cobra.Command {
	var f sensorFlags
	cmd := &cobra.Command{
		Use:   "sensor",
		Short: "Be one real device: a BME280 on this machine's I²C bus, published over MQTT",
		Long: `Sensor runs the firmware of the virtual devices on a real board: telemetry, status
with last will, commands, and a queue for when there is no connection. The BME280
is found by itself at 0x76 or 0x77. A sensor that cannot be read is told on the
status topic; no value is made up for it.

Ctrl-C sends what waits and a status "offline", and disconnects.

--playback plays a recorded bus instead (package hardware says what a tape is), and
ends with it. --replay takes values from recordings as scenarios have them: CSV with
an offset and a value in each line.`,
		Example: `  shakedown sensor --thing pi-001 --certs certs --host 192.168.1.10
  shakedown sensor --thing pi-001 --certs certs --host 192.168.1.10 --record desk.i2c
  shakedown sensor --thing pi-001 --certs certs --host 127.0.0.1 --playback desk.i2c --interval 1s
  shakedown sensor --thing pi-001 --certs certs --host 127.0.0.1 --replay temperature=oven.csv`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			return f.run(ctx, cmd.OutOrStdout())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.thing, "thing", "", "the thing's name (required)")
	flags.StringVar(&f.certs, "certs", "", "folder with cert.pem, private.key and AmazonRootCA1.pem (required)")
	flags.StringVar(&f.host, "host", "", "the broker's host, with a port where it is not 8883 (required)")
	flags.DurationVar(&f.interval, "interval", time.Minute, "time between two readings")
	flags.StringArrayVar(&f.replay, "replay", nil, "metric=FILE: take a metric from a recording instead of a board; repeat for more")
	f.register(flags)
	for _, name := range []string{"thing", "certs", "host"} {
		cmd.MarkFlagRequired(name)
	}
	return cmd
}

// thingName is what AWS allows, without the colon, which is not good in topics.
var thingName = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,128}$`)

// run is the life of the device, from the checks to the last word.
func (f *sensorFlags) run(ctx context.Context, stdout io.Writer) error {
	if !thingName.MatchString(f.thing) {
		return usage(fmt.Errorf("--thing %q may hold letters, digits, hyphens and underscores", f.thing))
	}
	identity, err := hardware.LoadIdentity(f.certs)
	if err != nil {
		return environment(err, "`shakedown provision "+f.thing+" --out "+f.certs+"` writes the three files")
	}
	run, finish, err := f.source(stdout)
	if err != nil {
		return err
	}
	addr := withPort(f.host)
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	talk := &sensorTalk{w: stdout, addr: addr, stop: stop}
	err = run(ctx, device.Config{
		Thing: f.thing, Interval: f.interval, Grace: f.grace, Seed: uint64(time.Now().UnixNano()), Events: talk.hear,
		Dial: hardware.Secured(new(net.Dialer).DialContext, addr, identity),
	})
	talk.summary()
	return errors.Join(f.verdict(err, context.Cause(ctx)), finish(ctx.Err() != nil))
}

// verdict is the error of a run that has ended, with its exit code.
func (f *sensorFlags) verdict(err, cause error) error {
	_, mismatch := errors.AsType[*hardware.TapeError](err)
	switch {
	case errors.Is(cause, errRefused):
		return environment(cause, "were the certificates in "+f.certs+" made by the broker at "+f.host+", and for this thing? A new `shakedown up` has a new authority: provision again")
	case mismatch:
		return boardError(err)
	case err != nil:
		return usage(err)
	}
	return nil
}

// source is what the device reads: a board, or recordings; finish closes it.
func (f *sensorFlags) source(stdout io.Writer) (run func(context.Context, device.Config) error, finish func(interrupted bool) error, err error) {
	if len(f.replay) > 0 {
		if f.playback != "" || f.record != "" || f.bus != "" {
			return nil, nil, usage(errors.New("--replay does without a bus: leave out --bus, --playback and --record"))
		}
		suite, err := f.recordings()
		if err != nil {
			return nil, nil, usage(err)
		}
		return func(ctx context.Context, c device.Config) error {
			c.Signals, c.Goodbye = suite, true
			return device.New(c).Run(ctx)
		}, func(bool) error { return nil }, nil
	}
	board, err := f.open()
	if err != nil {
		return nil, nil, err
	}
	fmt.Fprintf(stdout, "BME280 at 0x%x on %s\n", board.Address(), board.Bus)
	return board.Run, board.finish, nil
}

// recordings makes the signals of --replay.
func (f *sensorFlags) recordings() (sensor.Suite, error) {
	specs := map[string]sensor.Spec{}
	for _, pair := range f.replay {
		metric, file, ok := strings.Cut(pair, "=")
		if !ok || metric == "" || file == "" {
			return nil, fmt.Errorf("--replay %q is not metric=FILE", pair)
		}
		if _, twice := specs[metric]; twice {
			return nil, fmt.Errorf("--replay: %s is there twice", metric)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("--replay: %w", err)
		}
		specs[metric] = sensor.Spec{Replay: &sensor.Replay{CSV: string(text)}}
	}
	suite, err := sensor.NewSuite(specs, 0, time.Now())
	if err != nil {
		return nil, fmt.Errorf("--replay: %w", err)
	}
	return suite, nil
}

// withPort adds the port of MQTT over TLS to a host that has none.
func withPort(host string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	return net.JoinHostPort(strings.Trim(host, "[]"), "8883")
}
