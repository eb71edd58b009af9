package hardware

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"

	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/physic"
)

// Player is a bus that answers as a tape says. After a mismatch it answers nothing
// else any more.
type Player struct {
	name string

	mu     sync.Mutex
	left   []Transaction
	played int
	failed error
}

// TapeError says that a bus was used otherwise than when its tape was made.
type TapeError struct {
	Tape string
	Line int
	Text string
}

// Error implements error.
func (e *TapeError) Error() string { return fmt.Sprintf("%s: line %d: %s", e.Tape, e.Line, e.Text) }

// NewPlayer reads a tape; name stands in errors.
func NewPlayer(name string, tape io.Reader) (*Player, error) {
	list, err := ReadTape(tape)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return &Player{name: name, left: list}, nil
}

// String implements i2c.Bus.
func (p *Player) String() string { return p.name }

// SetSpeed implements i2c.Bus: a tape has no speed.
func (p *Player) SetSpeed(physic.Frequency) error { return nil }

// Tx implements i2c.Bus. At the end of the tape it returns io.EOF.
func (p *Player) Tx(addr uint16, w, r []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failed != nil {
		return p.failed
	}
	if len(p.left) == 0 {
		return io.EOF
	}
	t := p.left[0]
	if t.Addr != addr || !bytes.Equal(t.Write, w) || len(t.Read) != len(r) {
		p.failed = &TapeError{p.name, t.Line, fmt.Sprintf("the tape has %q, but the bus was asked for %q", t, asked(addr, w, r))}
		return p.failed
	}
	p.left = p.left[1:]
	p.played++
	if t.Err != "" {
		return errors.New(t.Err)
	}
	copy(r, t.Read)
	return nil
}

// asked is a transaction whose answer is not known yet.
func asked(addr uint16, w, r []byte) string {
	t := Transaction{Addr: addr, Write: w, Read: r, Err: "?"}
	return strings.TrimSuffix(t.String(), " ! ?")
}

// Played is how many transactions were answered.
func (p *Player) Played() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.played
}

// Close tells of a mismatch, and of what is left on the tape.
func (p *Player) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failed != nil || len(p.left) == 0 {
		return p.failed
	}
	return &TapeError{p.name, p.left[0].Line, fmt.Sprintf("%d transactions were not played, the first is %q", len(p.left), p.left[0])}
}

var _ i2c.BusCloser = (*Player)(nil)
