package hardware

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const goodTape = `shakedown i2c 1
# a room

77 > d0 < ?? ! sysfs-i2c: remote I/O error
76 > d0 < 60
76 > f201 f425
76 > f7 < 51 9f c0 7e ed 00 69 78
`

func TestTape(t *testing.T) {
	list, err := ReadTape(strings.NewReader(goodTape))
	require.NoError(t, err)
	require.Equal(t, []Transaction{
		{Addr: 0x77, Write: []byte{0xD0}, Read: []byte{0}, Err: "sysfs-i2c: remote I/O error", Line: 4},
		{Addr: 0x76, Write: []byte{0xD0}, Read: []byte{0x60}, Line: 5},
		{Addr: 0x76, Write: []byte{0xF2, 1, 0xF4, 0x25}, Line: 6},
		{Addr: 0x76, Write: []byte{0xF7}, Read: []byte{0x51, 0x9F, 0xC0, 0x7E, 0xED, 0, 0x69, 0x78}, Line: 7},
	}, list)
}

func TestTapeIsReadStrictly(t *testing.T) {
	for text, want := range map[string]string{
		"":                                "the tape is empty",
		"i2c\n76 > d0":                    `line 1: "i2c" is not "shakedown i2c 1"`,
		tapeHeader:                        "the tape is empty",
		tapeHeader + "\n76 > d":           "line 2: bytes written \"d\" are not pairs",
		tapeHeader + "\n\n80 > d0":        "line 3: address \"80\"",
		tapeHeader + "\nx > d0":           "line 2: address \"x\"",
		tapeHeader + "\n76":               "line 2: nothing is written or read",
		tapeHeader + "\n76 >":             "line 2: bytes written \"\"",
		tapeHeader + "\n76 > d0 <":        "line 2: bytes read \"\"",
		tapeHeader + "\n76 > d0 < ??":     "line 2: bytes read \"??\"",
		tapeHeader + "\n76 > d0 < 60 !":   "line 2: nothing stands behind the exclamation mark",
		tapeHeader + "\n76 > d0 < 60 ! x": "line 2: bytes read \"60\" are not ?? each",
		tapeHeader + "\n76 ! x":           "line 2: nothing is written or read",
		tapeHeader + "\n76 < 60 > d0":     "line 2: bytes read \"60>d0\"",
		tapeHeader + "\n76 > " + strings.Repeat("00", 3000): "line 2: it is longer than",
	} {
		_, err := ReadTape(strings.NewReader(text))
		require.ErrorContains(t, err, want, "%.60q", text)
	}
	_, err := ReadTape(io.MultiReader(strings.NewReader(tapeHeader), endless{}))
	require.ErrorContains(t, err, "larger than")
}

// endless is a tape without an end.
type endless struct{}

func (endless) Read(b []byte) (int, error) {
	copy(b, bytes.Repeat([]byte("\n#\n"), len(b)/3+1))
	return len(b), nil
}

func TestPlayerIsStrict(t *testing.T) {
	open := func() *Player {
		p, err := NewPlayer("room.i2c", strings.NewReader(goodTape))
		require.NoError(t, err)
		require.EqualError(t, p.Tx(0x77, []byte{0xD0}, make([]byte, 1)), "sysfs-i2c: remote I/O error")
		return p
	}
	for name, use := range map[string]func(*Player) error{
		"address": func(p *Player) error { return p.Tx(0x77, []byte{0xD0}, make([]byte, 1)) },
		"bytes":   func(p *Player) error { return p.Tx(0x76, []byte{0xD1}, make([]byte, 1)) },
		"length":  func(p *Player) error { return p.Tx(0x76, []byte{0xD0}, make([]byte, 2)) },
		"no read": func(p *Player) error { return p.Tx(0x76, []byte{0xD0}, nil) },
	} {
		p := open()
		err := use(p)
		mismatch, ok := errors.AsType[*TapeError](err)
		require.True(t, ok, name)
		require.Equal(t, 5, mismatch.Line)
		require.ErrorContains(t, err, `room.i2c: line 5: the tape has "76 > d0 < 60"`)
		require.Equal(t, err, p.Tx(0x76, []byte{0xD0}, make([]byte, 1)), "it is of no use any more")
		require.Equal(t, err, p.Close())
	}
	p := open()
	require.EqualError(t, p.Close(), `room.i2c: line 5: 3 transactions were not played, the first is "76 > d0 < 60"`)
	b := make([]byte, 1)
	require.NoError(t, p.Tx(0x76, []byte{0xD0}, b))
	require.Equal(t, []byte{0x60}, b)
	require.NoError(t, p.Tx(0x76, []byte{0xF2, 1, 0xF4, 0x25}, nil))
	require.NoError(t, p.Tx(0x76, []byte{0xF7}, make([]byte, 8)))
	require.NoError(t, p.Close())
	require.Equal(t, 4, p.Played())
	require.ErrorIs(t, p.Tx(0x76, []byte{0xD0}, b), io.EOF)
}

// fullDisk takes the header and nothing more.
type fullDisk struct{ n int }

func (f *fullDisk) Write(b []byte) (int, error) {
	if f.n++; f.n > 1 {
		return 0, errors.New("no space left on device")
	}
	return len(b), nil
}

func TestRecorderOnAFullDisk(t *testing.T) {
	r := NewRecorder(newFakeChip(usual(t)), &fullDisk{})
	require.NoError(t, r.Tx(0x76, []byte{regID}, make([]byte, 1)), "the sensor goes on")
	require.EqualError(t, r.Err(), "record the bus: no space left on device")
}

// FuzzReadTape reads what it read and wrote again.
func FuzzReadTape(f *testing.F) {
	f.Add(goodTape)
	f.Add(tapeHeader + "\n0 <0000! <>!\n7f>00")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ReadTape(strings.NewReader(text))
		if err != nil {
			return
		}
		again := tapeHeader + "\n"
		for _, one := range list {
			again += one.String() + "\n"
		}
		second, err := ReadTape(strings.NewReader(again))
		require.NoError(t, err, "%q", again)
		require.Len(t, second, len(list))
		for i := range list {
			require.Equal(t, list[i].String(), second[i].String())
		}
	})
}
