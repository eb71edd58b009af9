package hardware

import (
	"encoding/csv"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"periph.io/x/conn/v3/i2c/i2ctest"
	"periph.io/x/conn/v3/physic"
	"periph.io/x/devices/v3/bmxx80"
)

// vector is a line of testdata/vectors.csv, which vectors.py makes from Bosch's
// published formulas.
type vector struct {
	chip                            string
	one, two                        []byte
	data                            [8]byte
	t, p, h                         int64 // raw
	fine, centi, pa256, rh1024      int64 // DS 4.2.3
	temperature, pressure, humidity float64
}

func vectors(t testing.TB) []vector {
	t.Helper()
	f, err := os.Open("testdata/vectors.csv")
	require.NoError(t, err)
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	require.NoError(t, err)
	require.Greater(t, len(lines), 80)
	var list []vector
	for _, fields := range lines[1:] {
		v := vector{chip: fields[0], one: bytesOf(t, fields[1]), two: bytesOf(t, fields[2])}
		copy(v.data[:], bytesOf(t, fields[3]))
		for i, to := range []*int64{&v.t, &v.p, &v.h, &v.fine, &v.centi, &v.pa256, &v.rh1024} {
			*to, err = strconv.ParseInt(fields[4+i], 10, 64)
			require.NoError(t, err)
		}
		for i, to := range []*float64{&v.temperature, &v.pressure, &v.humidity} {
			*to, err = strconv.ParseFloat(fields[11+i], 64)
			require.NoError(t, err)
		}
		list = append(list, v)
	}
	return list
}

// TestBoschExample is the worked example of BST-BMP280-DS001 3.12, whose formulas
// for temperature and pressure are the BME280's.
func TestBoschExample(t *testing.T) {
	v := vectors(t)[0]
	require.Equal(t, "bosch", v.chip)
	c, err := parseCalibration(v.one, v.two)
	require.NoError(t, err)
	require.Equal(t, calibration{t1: 27504, t2: 26435, t3: -1000, p1: 36477, p2: -10685, p3: 3024, p4: 2855,
		p5: 140, p6: -7, p7: 15500, p8: -14600, p9: 6000, h1: 75, h2: 362, h3: 0, h4: 313, h5: 50, h6: 30}, c)
	centi, fine := c.temperature(519888)
	require.EqualValues(t, 2508, centi)
	require.EqualValues(t, 128422, fine)
	require.InDelta(t, 100653.27, float64(c.pressure(415148, fine))/256, 0.02)
}

// TestFormulas holds the driver against Bosch's integers, bit by bit, and against
// Bosch's floating point.
func TestFormulas(t *testing.T) {
	for _, v := range vectors(t) {
		c, err := parseCalibration(v.one, v.two)
		require.NoError(t, err)
		centi, fine := c.temperature(v.t)
		require.Equal(t, []int64{v.centi, v.fine}, []int64{centi, fine}, "%+v", v)
		require.Equal(t, v.pa256, c.pressure(v.p, fine), "%+v", v)
		require.Equal(t, v.rh1024, c.humidity(v.h, fine), "%+v", v)
		require.InDelta(t, v.temperature, float64(centi)/100, 0.01, "%+v", v)
		require.InDelta(t, v.pressure, float64(c.pressure(v.p, fine))/256, 1, "%+v", v)
		require.InDelta(t, v.humidity, float64(c.humidity(v.h, fine))/1024, 0.1, "%+v", v)
	}
}

// TestAgainstPeriph reads the same registers with periph's own driver. It takes H4
// and H5 for unsigned, so the chip with negative ones is left out.
func TestAgainstPeriph(t *testing.T) {
	compared := 0
	for _, v := range vectors(t) {
		if v.chip != "bosch" {
			continue
		}
		dev, err := bmxx80.NewI2C(&i2ctest.Playback{DontPanic: true, Ops: []i2ctest.IO{
			{Addr: 0x76, W: []byte{0xD0}, R: []byte{0x60}},
			{Addr: 0x76, W: []byte{0x88}, R: v.one},
			{Addr: 0x76, W: []byte{0xE1}, R: v.two},
			{Addr: 0x76, W: []byte{0xF4, 0x24, 0xF2, 0x01, 0xF5, 0xA0, 0xF4, 0x24}},
			{Addr: 0x76, W: []byte{0xF4, 0x25}},
			{Addr: 0x76, W: []byte{0xF3}, R: []byte{0}},
			{Addr: 0x76, W: []byte{0xF7}, R: v.data[:]},
		}}, 0x76, &bmxx80.Opts{Temperature: bmxx80.O1x, Pressure: bmxx80.O1x, Humidity: bmxx80.O1x})
		require.NoError(t, err)
		var e physic.Env
		require.NoError(t, dev.Sense(&e))

		c, err := parseCalibration(v.one, v.two)
		require.NoError(t, err)
		m, err := c.decode(v.data[:])
		if err != nil {
			require.ErrorIs(t, err, ErrImplausible)
			continue
		}
		require.InDelta(t, e.Temperature.Celsius(), m.Temperature, 0.001)
		require.InDelta(t, float64(e.Pressure)/float64(100*physic.Pascal), m.Pressure, 0.006)
		require.InDelta(t, float64(e.Humidity)/float64(physic.PercentRH), m.Humidity, 0.02)
		compared++
	}
	require.Greater(t, compared, 10)
}

func TestBlankChip(t *testing.T) {
	for _, fill := range []byte{0, 0xFF} {
		one, two := make([]byte, lenCalibration1), make([]byte, lenCalibration2)
		for i := range one {
			one[i] = fill
		}
		for i := range two {
			two[i] = fill
		}
		_, err := parseCalibration(one, two)
		require.ErrorIs(t, err, errBlank)
	}
}
