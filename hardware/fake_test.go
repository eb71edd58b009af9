package hardware

import (
	"encoding/hex"
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"periph.io/x/conn/v3/physic"
)

// fakeChip is a bus with one chip whose registers behave as the datasheet says:
// settings are gone with the power, ctrl_hum counts from the next write to ctrl_meas
// on, and a measurement puts raw values into the data registers, or what stands for
// a skipped one.
type fakeChip struct {
	mu        sync.Mutex
	addr      uint16
	registers [256]byte
	latched   byte // ctrl_hum
	raw       [][8]byte
	out       bool
	fail      map[int]error // by transaction, from 1
	count     int
	busy      int // how often the status says that it measures
}

var errNoAnswer = errors.New("sysfs-i2c: remote I/O error")

func newFakeChip(v vector, raw ...[8]byte) *fakeChip {
	f := &fakeChip{addr: 0x76, raw: raw, fail: map[int]error{}}
	f.registers[regID] = chipID
	copy(f.registers[regCalibration1:], v.one)
	copy(f.registers[regCalibration2:], v.two)
	f.power()
	return f
}

// power is what a power-on reset leaves.
func (f *fakeChip) power() {
	for i := regHumidity; i < 0x100; i++ {
		f.registers[i] = 0
	}
	f.latched = 0
	copy(f.registers[regData:], []byte{0x80, 0, 0, 0x80, 0, 0, 0x80, 0})
}

func (f *fakeChip) String() string                  { return "fake" }
func (f *fakeChip) SetSpeed(physic.Frequency) error { return nil }

// plug pulls the chip out, or puts it in again.
func (f *fakeChip) plug(in bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.out = !in
	f.power()
}

func (f *fakeChip) Tx(addr uint16, w, r []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.count++
	if err := f.fail[f.count]; err != nil {
		return err
	}
	if f.out || addr != f.addr {
		return errNoAnswer
	}
	if len(r) > 0 {
		if w[0] == regStatus && f.busy > 0 {
			f.busy--
			r[0] = measuring
			return nil
		}
		copy(r, f.registers[w[0]:])
		return nil
	}
	for i := 0; i+1 < len(w); i += 2 {
		f.write(w[i], w[i+1])
	}
	return nil
}

func (f *fakeChip) write(register, value byte) {
	f.registers[register] = value
	if register != regMeasurement {
		return
	}
	f.latched = f.registers[regHumidity]
	if value&0b11 != 0b01 {
		return
	}
	data := [8]byte{0x80, 0, 0, 0x80, 0, 0, 0x80, 0}
	if len(f.raw) > 0 {
		if value>>2&0b111 != 0 {
			copy(data[0:3], f.raw[0][0:3])
		}
		if value>>5 != 0 {
			copy(data[3:6], f.raw[0][3:6])
		}
		if f.latched != 0 {
			copy(data[6:8], f.raw[0][6:8])
		}
		f.raw = f.raw[1:]
	}
	copy(f.registers[regData:], data[:])
	f.registers[regMeasurement] &^= 0b11 // back to sleep
}

// bytesOf reads hexadecimal digits.
func bytesOf(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(text)
	require.NoError(t, err)
	return b
}
