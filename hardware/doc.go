// Package hardware is a real sensor as the signal source of sim/device: a BME280
// (temperature, humidity, pressure) on an I²C bus, by periph.io.
//
//	/dev/i2c-1 ── i2c.Bus ──[Recorder]── Board ── device.Config.Read ── firmware ── MQTT
//	tape.i2c ──── Player ─────────────────┘
//
// A [Board] finds the chip by itself at 0x76 or 0x77, reads what Bosch has trimmed
// into it, and takes one measurement in forced mode for each reading. What goes wrong
// is an error and never a value: no answer, another chip, a chip that lost its
// settings, a measurement that was skipped, a value outside of the datasheet's range.
// The board then waits with a growing pause, finds the chip again and goes on.
//
// The driver is our own. periph's bmxx80 applies the filter in normal mode only,
// polls the status without a bound, takes dig_H4 and dig_H5 for unsigned, and does
// not notice that a chip was unplugged and another one plugged in: its values would
// be compensated with the first one's trimming. The tests hold both against each
// other where they agree.
//
// DS below is Bosch's datasheet BST-BME280-DS002, revision 1.6.
//
// # Tapes
//
// A tape is what went over a bus, one transaction a line, in the order in which it
// happened: address, what was written, and what was read or why it failed. All
// numbers are hexadecimal:
//
//	shakedown i2c 1
//	# a comment
//	76 > d0 < 60              write d0, then read one byte, which is 60
//	76 > f201 f425            only a write
//	77 > d0 < ?? ! no answer  a read of one byte that failed, and how
//
// A [Player] answers as the tape says and takes nothing else: another address, other
// bytes or another length is a [*TapeError] with the line, and so is what is left at
// the end. There is no time on a tape: what a board does depends on answers alone.
package hardware
