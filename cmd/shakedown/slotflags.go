package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/pflag"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/sim/device"
)

// slotFlags say who fills a scenario's external slots: the board of this machine, a
// tape of one, or boards elsewhere.
type slotFlags struct {
	board, mqtt, certs string
	boardFlags
}

// The values of --board.
const (
	boardI2C     = "i2c"
	boardNetwork = "network"
)

func (f *slotFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.board, "board", "", "fill the scenario's external slot with the sensor on this machine's bus (i2c), or wait for boards to connect (network)")
	flags.StringVar(&f.mqtt, "mqtt", "", "with --board network: the broker's address, as boards reach it")
	flags.StringVar(&f.certs, "certs", "", "with --board network: new folder for the boards' certificates, one folder a thing")
	f.boardFlags.register(flags)
}

// check tells of flags that do not fit the scenario, or each other: none is ignored.
func (f *slotFlags) check(s *scenarios.Scenario) error {
	slots, local := len(s.External), f.playback != "" || f.board == boardI2C
	switch {
	case f.board != "" && f.board != boardI2C && f.board != boardNetwork:
		return usage(fmt.Errorf("--board %q is neither i2c nor network", f.board))
	case slots == 0 && (f.board != "" || f.used() || f.mqtt != "" || f.certs != ""):
		return usage(errors.New("this scenario has no external slot: leave out the flags of a board"))
	case slots == 0:
		return nil
	case f.board == "" && f.playback == "":
		return usage(fmt.Errorf("this scenario has a slot for %s: give --playback FILE, --board i2c or --board network", s.External[0].Thing))
	case f.board != "" && f.playback != "":
		return usage(errors.New("give --board or --playback, not both"))
	case local && slots > 1:
		return usage(fmt.Errorf("this scenario has %d external slots, and one board fills one", slots))
	case local && (f.mqtt != "" || f.certs != ""):
		return usage(errors.New("--mqtt and --certs are for --board network"))
	case f.board == boardNetwork && f.used():
		return usage(errors.New("a board elsewhere has its own bus: leave out --bus, --record, --oversampling and --filter"))
	case f.board == boardNetwork && (f.mqtt == "" || f.certs == ""):
		return usage(errors.New("--board network needs --mqtt and --certs"))
	case f.board != "" && s.Clock == scenarios.VirtualClock:
		return usage(errors.New("a real board has no virtual time: give --playback, or clock: real"))
	}
	return nil
}

// filling is what fills the slots of a run; nil where there are none.
type filling struct {
	outsider scenarios.Outsider
	network  scenarios.Network
	addr     string
	close    func() error
}

// fill opens what fills the scenario's slots; close it afterwards.
func (f *slotFlags) fill(s *scenarios.Scenario, stderr io.Writer) (*filling, error) {
	if len(s.External) == 0 {
		return nil, nil
	}
	if f.board == boardNetwork {
		return &filling{outsider: elsewhere{f.certs, stderr}, network: plainTCP{}, addr: f.mqtt}, nil
	}
	board, err := f.open()
	if err != nil {
		return nil, err
	}
	return &filling{outsider: onThisMachine{board}, close: board.release}, nil
}

// into gives a run what fills its slots.
func (f *filling) into(o *scenarios.RunOptions) {
	if f == nil {
		return
	}
	o.Outsider = f.outsider
	if f.network != nil {
		o.Network, o.BrokerAddr = f.network, f.addr
	}
}

// done closes it.
func (f *filling) done() error {
	if f == nil || f.close == nil {
		return nil
	}
	return f.close()
}

// onThisMachine is a board that this process reads.
type onThisMachine struct{ board *openBoard }

// Attach implements scenarios.Outsider: the board is there.
func (onThisMachine) Attach(context.Context, scenarios.Slot) error { return nil }

// Run implements scenarios.Outsider.
func (b onThisMachine) Run(ctx context.Context, s scenarios.Slot) error {
	err := b.board.Run(ctx, device.Config{
		Thing: s.Thing, Interval: s.Interval, Seed: s.Seed, Index: s.Index, Dial: s.Dial, Events: s.Events,
	})
	if err != nil { // a mismatch is told once
		return err
	}
	return b.board.complete(s.Interrupted())
}
