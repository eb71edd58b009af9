package hardware

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// usual is a plausible reading of the Bosch example's chip, and the line it is from.
func usual(t testing.TB) vector { return vectors(t)[0] }

func repeated(raw [8]byte, n int) [][8]byte {
	var list [][8]byte
	for range n {
		list = append(list, raw)
	}
	return list
}

var usualReading = Measurement{Temperature: 25.08, Humidity: 38.27, Pressure: 1006.53}

func TestReading(t *testing.T) {
	for _, addr := range []uint16{0x76, 0x77} {
		synctest.Test(t, func(t *testing.T) {
			chip := newFakeChip(usual(t), usual(t).data)
			chip.addr = addr
			chip.busy = 2
			b := Board{Bus: chip, Settings: Settings{Oversampling: 4, Filter: 16}}
			require.NoError(t, b.Open())
			require.Equal(t, addr, b.Address())
			m, err := b.Read()
			require.NoError(t, err)
			require.Equal(t, usualReading, m)
			require.Equal(t, []float64{25.08, 38.27, 1006.53}, m.Values())
			require.EqualValues(t, 3, chip.registers[regHumidity], "x4 (DS table 20)")
			require.EqualValues(t, 3<<5|3<<2, chip.registers[regMeasurement], "x4, asleep again")
			require.EqualValues(t, 4<<2, chip.registers[regConfig]&0b11100, "filter 16 (DS table 28)")
		})
	}
}

func TestSettings(t *testing.T) {
	require.NoError(t, Settings{}.Validate())
	require.NoError(t, Settings{Oversampling: 16, Filter: 2}.Validate())
	require.ErrorContains(t, Settings{Oversampling: 3}.Validate(), "none of 1, 2, 4, 8, 16")
	require.ErrorContains(t, Settings{Filter: 1}.Validate(), "none of 0 (off), 2, 4, 8, 16")
	require.ErrorContains(t, (&Board{Settings: Settings{Filter: -1}}).Open(), "filter -1")
	// DS 9.1: 9.3 ms at most for weather monitoring, 112.8 ms at the very most.
	require.Equal(t, 9300*time.Microsecond, Settings{Oversampling: 1}.conversion())
	require.Equal(t, 112800*time.Microsecond, Settings{Oversampling: 16}.conversion())
}

func TestOtherChips(t *testing.T) {
	for id, want := range map[byte]string{
		0x58: "chip id 0x58 is a BMP280, which has no humidity sensor",
		0x61: "BME680",
		0xFF: "nobody drives the bus",
		0x00: "stuck low",
		0x13: "chip id 0x13 is not that of a BME280",
	} {
		chip := newFakeChip(usual(t))
		chip.registers[regID] = id
		err := (&Board{Bus: chip}).Open()
		require.ErrorIs(t, err, ErrNoSensor)
		require.ErrorContains(t, err, want)
		require.ErrorContains(t, err, "0x77: sysfs-i2c: remote I/O error")
	}
}

// TestBusErrorMidRead has each transaction of a reading fail once: the reading
// comes nevertheless.
func TestBusErrorMidRead(t *testing.T) {
	for n := 1; n <= 4; n++ { // settings, order, status, data
		synctest.Test(t, func(t *testing.T) {
			chip := newFakeChip(usual(t), repeated(usual(t).data, 3)...)
			b := Board{Bus: chip}
			require.NoError(t, b.Open())
			chip.fail[chip.count+n] = errNoAnswer
			m, err := b.Read()
			require.NoError(t, err)
			require.Equal(t, usualReading, m)
		})
	}
}

func TestUnpluggedAndBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		chip := newFakeChip(usual(t), repeated(usual(t).data, 3)...)
		b := Board{Bus: chip, MaxPause: 8 * time.Second}
		require.NoError(t, b.Open())
		_, err := b.Read()
		require.NoError(t, err)

		chip.plug(false)
		_, err = b.Read()
		require.ErrorIs(t, err, ErrLost)
		require.ErrorContains(t, err, "remote I/O error")
		require.Zero(t, b.Address())

		// Asked each 100 ms, it is looked for after 1, 2, 4, 8, 8 s.
		var tries []time.Duration
		begin, before := time.Now(), chip.count
		for time.Since(begin) < 24*time.Second {
			_, err := b.Read()
			require.ErrorIs(t, err, ErrLost)
			if chip.count != before {
				tries = append(tries, time.Since(begin).Truncate(100*time.Millisecond))
				before = chip.count
			}
			time.Sleep(100 * time.Millisecond)
		}
		require.Equal(t, []time.Duration{1 * time.Second, 3 * time.Second, 7 * time.Second, 15 * time.Second, 23 * time.Second}, tries)

		chip.plug(true)
		time.Sleep(8 * time.Second)
		m, err := b.Read()
		require.NoError(t, err)
		require.Equal(t, usualReading, m)

		// The next failure starts with the first pause again.
		chip.plug(false)
		_, err = b.Read()
		require.ErrorIs(t, err, ErrLost)
		chip.plug(true)
		time.Sleep(time.Second)
		_, err = b.Read()
		require.NoError(t, err)
	})
}

// TestAnotherChip swaps the chip between two readings: its own trimming counts.
func TestAnotherChip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		all := vectors(t)
		other := all[len(all)/2]
		require.Equal(t, "negative", other.chip)
		chip := newFakeChip(usual(t), repeated(usual(t).data, 2)...)
		b := Board{Bus: chip}
		require.NoError(t, b.Open())
		_, err := b.Read()
		require.NoError(t, err)

		second := newFakeChip(other, usual(t).data)
		chip.registers = second.registers
		m, err := b.Read()
		require.NoError(t, err)
		require.NotEqual(t, usualReading, m)
		c, err := parseCalibration(other.one, other.two)
		require.NoError(t, err)
		want, err := c.decode(append([]byte(nil), second.raw[0][:]...))
		require.NoError(t, err)
		require.Equal(t, want, m)
	})
}

// TestPowerDip takes the settings away: the chip is set up again within the reading,
// humidity and filter included.
func TestPowerDip(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		chip := newFakeChip(usual(t), repeated(usual(t).data, 2)...)
		b := Board{Bus: chip, Settings: Settings{Filter: 4}}
		require.NoError(t, b.Open())
		_, err := b.Read()
		require.NoError(t, err)
		chip.power()
		m, err := b.Read()
		require.NoError(t, err)
		require.Equal(t, usualReading, m)
		require.EqualValues(t, 2<<2, chip.registers[regConfig]&0b11100)
	})
}

func TestNotMeasured(t *testing.T) {
	for name, spoil := range map[string]func(*fakeChip){
		"skipped": func(f *fakeChip) { f.raw = nil },
		"busy":    func(f *fakeChip) { f.busy = 1000 },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				chip := newFakeChip(usual(t), repeated(usual(t).data, 9)...)
				b := Board{Bus: chip}
				require.NoError(t, b.Open())
				spoil(chip)
				m, err := b.Read()
				require.ErrorIs(t, err, ErrLost)
				require.Zero(t, m)
			})
		})
	}
}

func TestImplausible(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hot, thin := usual(t).data, usual(t).data
		copy(hot[3:], []byte{0xFF, 0xFF, 0xF0})
		copy(thin[0:], []byte{0xFF, 0xFF, 0xF0})
		chip := newFakeChip(usual(t), hot, thin, usual(t).data)
		b := Board{Bus: chip}
		require.NoError(t, b.Open())
		for _, metric := range []string{"temperature", "pressure"} {
			m, err := b.Read()
			require.ErrorIs(t, err, ErrImplausible)
			require.ErrorContains(t, err, metric)
			require.Zero(t, m)
		}
		m, err := b.Read() // the chip is not lost: the next reading comes at once
		require.NoError(t, err)
		require.Equal(t, usualReading, m)
	})
}

// TestRecordedIsPlayed records all that can go wrong, and plays it: the same
// readings and errors.
func TestRecordedIsPlayed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		raw := usual(t).data
		hot := raw
		copy(hot[3:], []byte{0xFF, 0xFF, 0xF0})
		chip := newFakeChip(usual(t), raw, hot, raw, raw, raw)
		var tape bytes.Buffer
		recorder := NewRecorder(chip, &tape)
		live := &Board{Bus: recorder}
		require.NoError(t, live.Open())
		said := func(b *Board, act bool) (list []string) {
			for i := range 8 {
				if act {
					chip.plug(i < 3 || i > 5)
				}
				m, err := b.Read()
				list = append(list, m.String())
				if err != nil {
					list = append(list, err.Error())
				}
				time.Sleep(3 * time.Second)
			}
			return list
		}
		first := said(live, true)
		require.NoError(t, recorder.Err())

		player, err := NewPlayer("tape", bytes.NewReader(tape.Bytes()))
		require.NoError(t, err)
		board := &Board{Bus: player}
		require.NoError(t, board.Open())
		second := said(board, false)
		require.NoError(t, player.Close())
		for i := range first {
			first[i] = strings.ReplaceAll(first[i], "fake", "tape")
		}
		require.Equal(t, first, second)

		_, err = board.Read()
		require.ErrorIs(t, err, io.EOF)
	})
}
