package expect

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Unit is what a quantity counts.
type Unit int

// The units. A plain number is a count.
const (
	Count Unit = iota
	Duration
	Rate  // per second
	Share // 1 is all
	Money // US dollars
)

// String names the unit, with an example.
func (u Unit) String() string {
	return [...]string{"a count such as 3", "a duration such as 250ms", "a rate such as 40/s", "a share such as 99.9%", "an amount such as 500 USD"}[u]
}

// Quantity is a number of a unit: seconds of a duration, messages a second of a
// rate.
type Quantity struct {
	Unit  Unit
	Value float64
}

// String writes it as it is written in an expectation.
func (q Quantity) String() string {
	switch q.Unit {
	case Duration:
		return rounded(time.Duration(q.Value * float64(time.Second))).String()
	case Rate:
		return number(q.Value) + "/s"
	case Share:
		return number(q.Value*100) + "%"
	case Money:
		return strconv.FormatFloat(q.Value, 'f', 2, 64) + " USD"
	}
	return number(q.Value)
}

// number writes up to three digits after the point, and more of a small number.
func number(v float64) string {
	text := strconv.FormatFloat(v, 'f', 3, 64)
	if v != 0 && strings.Trim(text, "-0.") == "" {
		return strconv.FormatFloat(v, 'g', 3, 64)
	}
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

func rounded(d time.Duration) time.Duration {
	switch {
	case d >= time.Second:
		return d.Round(time.Millisecond)
	case d >= time.Millisecond:
		return d.Round(time.Microsecond)
	}
	return d
}

// perSecond is what a rate's unit makes of one.
var perSecond = map[string]float64{"/s": 1, "/min": 1.0 / 60, "/h": 1.0 / 3600}

// quantity reads a number with its unit, such as 1m30s.
func quantity(text string) (Quantity, error) {
	digits := len(text) - len(strings.TrimLeft(text, "0123456789.,_"))
	unit := strings.TrimSpace(text[digits:])
	if digits == len(text) || unit == "%" || unit == "USD" || perSecond[unit] != 0 {
		v, err := strconv.ParseFloat(text[:digits], 64)
		if err != nil {
			return Quantity{}, fmt.Errorf("%q is not a number: digits and a point, no separators", text[:digits])
		}
		switch {
		case unit == "%":
			return Quantity{Share, v / 100}, nil
		case unit == "USD":
			return Quantity{Money, v}, nil
		case unit != "":
			return Quantity{Rate, v * perSecond[unit]}, nil
		}
		return Quantity{Count, v}, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		return Quantity{}, fmt.Errorf("%q is no quantity: units are ns, us, ms, s, m, h for a duration, /s, /min, /h for a rate, %% and USD", text)
	}
	return Quantity{Duration, d.Seconds()}, nil
}
