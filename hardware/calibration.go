package hardware

import (
	"encoding/binary"
	"errors"
)

// Where the trimming parameters are (DS table 16).
const (
	regCalibration1 = 0x88 // dig_T1 … dig_H1
	regCalibration2 = 0xE1 // dig_H2 … dig_H6
	lenCalibration1 = 0xA1 - 0x88 + 1
	lenCalibration2 = 0xE7 - 0xE1 + 1
)

// calibration are a chip's trimming parameters, by their names in DS table 16.
type calibration struct {
	t1                             uint16
	t2, t3                         int16
	p1                             uint16
	p2, p3, p4, p5, p6, p7, p8, p9 int16
	h1                             uint8
	h2                             int16
	h3                             uint8
	h4, h5                         int16
	h6                             int8
}

var errBlank = errors.New("the trimming parameters are blank: the chip is damaged or not read right")

// parseCalibration takes the registers 0x88 to 0xA1 and 0xE1 to 0xE7.
func parseCalibration(one, two []byte) (calibration, error) {
	unsigned := func(i int) uint16 { return binary.LittleEndian.Uint16(one[i:]) }
	signed := func(i int) int16 { return int16(unsigned(i)) }
	c := calibration{
		t1: unsigned(0), t2: signed(2), t3: signed(4),
		p1: unsigned(6), p2: signed(8), p3: signed(10), p4: signed(12), p5: signed(14),
		p6: signed(16), p7: signed(18), p8: signed(20), p9: signed(22),
		h1: one[25],
		h2: int16(binary.LittleEndian.Uint16(two)),
		h3: two[2],
		// H4 and H5 have twelve bits, the lower four of both in one register; the sign
		// is in the upper eight.
		h4: int16(int8(two[3]))<<4 | int16(two[4]&0x0F),
		h5: int16(int8(two[5]))<<4 | int16(two[4]>>4),
		h6: int8(two[6]),
	}
	// Bus lines that are stuck low or high read as zeros or ones.
	if c.t1 == 0 || c.p1 == 0 || (c.t1 == 0xFFFF && c.p1 == 0xFFFF) {
		return c, errBlank
	}
	return c, nil
}
