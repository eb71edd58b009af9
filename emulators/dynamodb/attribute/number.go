package attribute

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/cockroachdb/apd/v3"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Limits of a number.
const (
	maxDigits    = 38
	maxMagnitude = 125
	minMagnitude = -130
	// maxNumberText bounds the text of a number: all positions of the range.
	maxNumberText = 512
)

// Number is a decimal: ±0.digits × 10^exponent. Digits have no leading and no
// trailing zero and are empty for zero, so equal numbers are identical.
type Number struct {
	negative bool
	exponent int16
	digits   string
}

// NumberOf makes a Number of an integer.
func NumberOf(n int64) Number {
	v, err := ParseNumber(strconv.FormatInt(n, 10))
	if err != nil {
		return Number{} // not reachable: an int64 has 19 digits
	}
	return v
}

// ParseNumber reads a decimal with an optional fraction and exponent.
func ParseNumber(text string) (Number, error) {
	mantissa, exponent, ok := splitExponent(text)
	negative := strings.HasPrefix(mantissa, "-")
	if negative || strings.HasPrefix(mantissa, "+") {
		mantissa = mantissa[1:]
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if !ok || len(whole)+len(fraction) == 0 || !decimal(whole) || !decimal(fraction) || len(mantissa) > maxNumberText {
		return Number{}, notNumeric(text)
	}
	digits := whole + fraction
	trimmed := strings.TrimLeft(digits, "0")
	exponent += len(whole) - (len(digits) - len(trimmed))
	digits = strings.TrimRight(trimmed, "0")
	switch {
	case digits == "":
		return Number{}, nil
	case len(digits) > maxDigits:
		return Number{}, invalid("Attempting to store more than 38 significant digits in a Number")
	case exponent-1 > maxMagnitude:
		return Number{}, overflow()
	case exponent-1 < minMagnitude:
		return Number{}, invalid("Number underflow. Attempting to store a number with magnitude smaller than supported range")
	}
	return Number{negative, int16(exponent), digits}, nil
}

// splitExponent cuts the exponent off; one beyond any range is clamped.
func splitExponent(text string) (mantissa string, exponent int, ok bool) {
	i := strings.IndexAny(text, "eE")
	if i < 0 {
		return text, 0, true
	}
	mantissa, rest := text[:i], text[i+1:]
	sign := 1
	if strings.HasPrefix(rest, "-") {
		sign = -1
	}
	if rest != "" && (rest[0] == '-' || rest[0] == '+') {
		rest = rest[1:]
	}
	if rest == "" || !decimal(rest) {
		return "", 0, false
	}
	rest = strings.TrimLeft(rest, "0")
	if len(rest) > 4 {
		rest = "9999"
	}
	exponent, _ = strconv.Atoi("0" + rest)
	return mantissa, sign * exponent, true
}

func decimal(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

func overflow() error {
	return invalid("Number overflow. Attempting to store a number with magnitude larger than supported range")
}

func notNumeric(text string) error {
	if text == "" {
		return invalid("The parameter cannot be converted to a numeric value")
	}
	return invalid("The parameter cannot be converted to a numeric value: %s", text)
}

// String is the number in plain notation.
func (n Number) String() string {
	if n.digits == "" {
		return "0"
	}
	sign := ""
	if n.negative {
		sign = "-"
	}
	e := int(n.exponent)
	switch {
	case e <= 0:
		return sign + "0." + strings.Repeat("0", -e) + n.digits
	case e >= len(n.digits):
		return sign + n.digits + strings.Repeat("0", e-len(n.digits))
	}
	return sign + n.digits[:e] + "." + n.digits[e:]
}

// Compare orders numbers.
func (n Number) Compare(m Number) int {
	if c := cmp.Compare(n.sign(), m.sign()); c != 0 {
		return c
	}
	c := cmp.Compare(n.exponent, m.exponent)
	if c == 0 {
		c = strings.Compare(n.digits, m.digits)
	}
	return c * n.sign()
}

func (n Number) sign() int {
	switch {
	case n.digits == "":
		return 0
	case n.negative:
		return -1
	}
	return 1
}

// Add is the exact sum; an error when it has more than 38 digits, which the service
// calls an overflow.
func (n Number) Add(m Number) (Number, error) {
	if a, ok := n.small(); ok {
		if b, ok := m.small(); ok {
			return NumberOf(a + b), nil
		}
	}
	a, b := n.decimal(), m.decimal()
	var sum apd.Decimal
	if _, err := exact.Add(&sum, a, b); err != nil {
		return Number{}, invalid("The sum of %s and %s is not a number: %s", n, m, err)
	}
	text := sum.Text('f')
	if sum.Reduce(&sum); sum.NumDigits() > maxDigits {
		return Number{}, overflow()
	}
	return ParseNumber(text)
}

// Negate is -n.
func (n Number) Negate() Number {
	n.negative = !n.negative && n.digits != ""
	return n
}

// exact has room for the sum of the smallest and the largest number.
var exact = apd.BaseContext.WithPrecision(400)

func (n Number) decimal() *apd.Decimal {
	var coefficient apd.BigInt
	coefficient.SetString("0"+n.digits, 10)
	d := apd.NewWithBigInt(&coefficient, int32(n.exponent)-int32(len(n.digits)))
	d.Negative = n.negative
	return d
}

// small is the number as an integer of at most 18 digits.
func (n Number) small() (int64, bool) {
	if n.digits == "" {
		return 0, true
	}
	if n.exponent > 18 || int(n.exponent) < len(n.digits) {
		return 0, false
	}
	i, err := strconv.ParseInt(n.String(), 10, 64)
	return i, err == nil
}

func invalid(format string, args ...any) error {
	return wire.Errorf("ValidationException", 0, format, args...)
}
