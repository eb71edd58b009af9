package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/pprof"

	"github.com/shakedown-iot/shakedown/scenarios/cost"
)

// profiles are where a run leaves its CPU and memory profiles; empty is nowhere.
// They hold simulator, emulators and pipeline alike: all of it is this process.
type profiles struct{ cpu, memory string }

// metered calls f with a meter that runs, and writes the profiles of it.
func (p profiles) metered(f func(*cost.Meter) error) error {
	var file io.Writer // a nil interface, where there is none
	if p.cpu != "" {
		created, err := os.Create(p.cpu)
		if err != nil {
			return environment(fmt.Errorf("cpu profile: %w", err), "")
		}
		defer created.Close()
		file = created
	}
	meter, err := cost.Start(file)
	if err != nil {
		return environment(err, "")
	}
	err = f(meter)
	return errors.Join(err, meter.Close(), p.heap())
}

// around calls f and writes the profiles of it.
func (p profiles) around(f func() error) error {
	stop, err := p.start()
	if err != nil {
		return environment(err, "")
	}
	err = f()
	return errors.Join(err, stop())
}

func (p profiles) start() (stop func() error, err error) {
	if p.cpu == "" {
		return p.heap, nil
	}
	file, err := os.Create(p.cpu)
	if err != nil {
		return nil, fmt.Errorf("cpu profile: %w", err)
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return nil, errors.Join(fmt.Errorf("cpu profile: %w", err), file.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return errors.Join(file.Close(), p.heap())
	}, nil
}

func (p profiles) heap() error {
	if p.memory == "" {
		return nil
	}
	file, err := os.Create(p.memory)
	if err != nil {
		return fmt.Errorf("memory profile: %w", err)
	}
	runtime.GC()
	return errors.Join(pprof.Lookup("allocs").WriteTo(file, 0), file.Close())
}
