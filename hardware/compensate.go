package hardware

// The formulas are those of DS 4.2.3, in 64 bits throughout: in 32 bits, raw values
// that no working chip has would overflow into plausible ones.

// temperature is in 0.01 °C: 5123 is 51.23 °C. fine carries over to the others.
func (c *calibration) temperature(raw int64) (centi, fine int64) {
	t1 := int64(c.t1)
	linear := ((raw>>3 - t1<<1) * int64(c.t2)) >> 11
	off := raw>>4 - t1
	square := ((off * off >> 12) * int64(c.t3)) >> 14
	fine = linear + square
	return (fine*5 + 128) >> 8, fine
}

// pressure is in Pa/256: 24674867 is 96386.2 Pa. It is 0 where the formula has none.
func (c *calibration) pressure(raw, fine int64) int64 {
	x := fine - 128000
	y := x*x*int64(c.p6) + (x*int64(c.p5))<<17 + int64(c.p4)<<35
	x = (x*x*int64(c.p3))>>8 + (x*int64(c.p2))<<12
	x = ((1<<47 + x) * int64(c.p1)) >> 33
	if x == 0 {
		return 0
	}
	p := ((1048576-raw)<<31 - y) * 3125 / x
	high := (int64(c.p9) * (p >> 13) * (p >> 13)) >> 25
	low := (int64(c.p8) * p) >> 19
	return (p+high+low)>>8 + int64(c.p7)<<4
}

// full is 100 % relative humidity, before the last shift.
const full = 100 << 22

// humidity is in %/1024: 47445 is 46.333 %. It ends at 0 and 100 %, as in the datasheet.
func (c *calibration) humidity(raw, fine int64) int64 {
	x := fine - 76800
	value := (raw<<14 - int64(c.h4)<<20 - int64(c.h5)*x + 1<<14) >> 15
	slope := ((x*int64(c.h6))>>10*((x*int64(c.h3))>>11+1<<15))>>10 + 1<<21
	value *= (slope*int64(c.h2) + 1<<13) >> 14
	value -= ((value >> 15) * (value >> 15) >> 7 * int64(c.h1)) >> 4
	return min(max(value, 0), full) >> 12
}
