package hardware

import (
	"fmt"
	"io"
	"sync"

	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/physic"
)

// Recorder is a bus that keeps what goes over another one on a tape, line by line.
type Recorder struct {
	bus i2c.Bus

	mu      sync.Mutex
	tape    io.Writer
	written int
	failed  error
}

// NewRecorder begins a tape. The caller closes what it is written to.
func NewRecorder(bus i2c.Bus, tape io.Writer) *Recorder {
	r := &Recorder{bus: bus, tape: tape}
	r.write(tapeHeader)
	return r
}

// String implements i2c.Bus.
func (r *Recorder) String() string { return r.bus.String() }

// SetSpeed implements i2c.Bus.
func (r *Recorder) SetSpeed(f physic.Frequency) error { return r.bus.SetSpeed(f) }

// Tx implements i2c.Bus. That a tape cannot be written does not keep the sensor
// from its work: Err tells.
func (r *Recorder) Tx(addr uint16, w, read []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	err := r.bus.Tx(addr, w, read)
	t := Transaction{Addr: addr, Write: w, Read: read}
	if err != nil {
		t.Err = "error"
		if text := oneLine(err.Error()); text != "" {
			t.Err = text
		}
	}
	r.write(t.String())
	return err
}

func (r *Recorder) write(line string) {
	if r.failed != nil {
		return
	}
	if r.written += len(line) + 1; r.written > maxTape {
		r.failed = fmt.Errorf("record the bus: the tape is full after %d bytes", maxTape)
		return
	}
	if _, err := io.WriteString(r.tape, line+"\n"); err != nil {
		r.failed = fmt.Errorf("record the bus: %w", err)
	}
}

// Err is why the tape is not complete; nil when it is.
func (r *Recorder) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed
}
