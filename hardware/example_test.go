package hardware_test

import (
	"fmt"
	"strings"

	"github.com/shakedown-iot/shakedown/hardware"
)

// A tape stands in for the bus: here it has a BMP280 where a BME280 should be.
func ExampleBoard() {
	tape, err := hardware.NewPlayer("desk.i2c", strings.NewReader(`shakedown i2c 1
76 > d0 < 58
77 > d0 < ?? ! no answer
`))
	if err != nil {
		panic(err)
	}
	board := hardware.Board{Bus: tape}
	fmt.Println(board.Open())
	// Output: no BME280 on desk.i2c: 0x76: chip id 0x58 is a BMP280, which has no humidity sensor; 0x77: no answer
}
