package sql

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/cockroachdb/apd/v3"
)

// Bounds of numbers: "a precision of 34 digits, with a minimum non-zero magnitude
// of 1E-999 and a maximum magnitude 9.999...E999".
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-data-types.html
const (
	precision    = 34
	maxMagnitude = 999
	maxNumber    = 1000 // characters that are read; Shakedown's own
)

var decimals = apd.BaseContext.WithPrecision(precision)

// parseNumber reads a number as in JSON.
func parseNumber(text string) (*apd.Decimal, bool) {
	if len(text) > maxNumber {
		return nil, false
	}
	d, _, err := apd.NewFromString(text)
	if err != nil || d.Form != apd.Finite {
		return nil, false
	}
	if d.IsZero() {
		return new(apd.Decimal), true
	}
	if _, err := decimals.Round(d, d); err != nil || !inRange(d) {
		return nil, false
	}
	return d, true
}

// inRange tells whether a number that is not zero has a magnitude that is allowed.
func inRange(d *apd.Decimal) bool {
	if d.Form != apd.Finite {
		return false
	}
	magnitude := int64(d.Exponent) + d.NumDigits() - 1
	return d.IsZero() || magnitude <= maxMagnitude && magnitude >= -maxMagnitude
}

// numberOf makes the value of a number in JSON. Short ones without exponent are
// kept as text, as most are only copied; trailing zeros behind the point go:
// 10.0 is 10 (page Data types).
func numberOf(text string, point, exponent bool) (value, error) {
	k := intKind
	if point || exponent {
		k = decimalKind
	}
	if !exponent && len(text) <= precision {
		return value{kind: k, s: plainText(text, point)}, nil
	}
	d, ok := parseNumber(text)
	if !ok {
		return undefined, &limitError{fmt.Sprintf("number %.40s is out of range (%d characters, 1E-%d to 9.99E%d)", text, maxNumber, maxMagnitude, maxMagnitude)}
	}
	return value{kind: k, n: d}, nil
}

// plainText is the text of a number as it is written out: a part of how it came.
func plainText(text string, point bool) string {
	if point {
		end := len(text)
		for text[end-1] == '0' {
			end--
		}
		text = strings.TrimSuffix(text[:end], ".")
	}
	if text == "-0" {
		return "0"
	}
	return text
}

// decimal is the number; into is room for it.
func (v value) decimal(into *apd.Decimal) *apd.Decimal {
	if v.n != nil {
		return v.n
	}
	if coefficient, scale, ok := small(v.s); ok {
		into.SetFinite(coefficient, -scale)
		return into
	}
	d, ok := parseNumber(v.s)
	if !ok {
		panic("sql: the text of a number is not one: " + v.s)
	}
	return d
}

// small splits a plain number of at most 18 digits into a coefficient and the
// count of its digits behind the point.
func small(text string) (coefficient int64, scale int32, ok bool) {
	digits, negative := text, false
	if len(digits) > 0 && digits[0] == '-' {
		digits, negative = digits[1:], true
	}
	if len(digits) > 18 {
		return 0, 0, false
	}
	point := -1
	for i := 0; i < len(digits); i++ {
		if digits[i] == '.' {
			point = i
			continue
		}
		coefficient = coefficient*10 + int64(digits[i]-'0')
	}
	if point >= 0 {
		scale = int32(len(digits) - point - 1)
	}
	if negative {
		coefficient = -coefficient
	}
	return coefficient, scale, true
}

// compareNumbers is -1, 0 or 1.
func compareNumbers(a, b value) int {
	var x, y apd.Decimal
	return a.decimal(&x).Cmp(b.decimal(&y))
}

// isNumeric tells whether a String is converted to a number:
// ^-?\d+(\.\d+)?((?i)E-?\d+)?$ (page Data types).
func isNumeric(s string) bool {
	s = strings.TrimPrefix(s, "-")
	s, ok := skipDigits(s)
	if !ok {
		return false
	}
	if rest, point := strings.CutPrefix(s, "."); point {
		if s, ok = skipDigits(rest); !ok {
			return false
		}
	}
	if s != "" && (s[0] == 'e' || s[0] == 'E') {
		if s, ok = skipDigits(strings.TrimPrefix(s[1:], "-")); !ok {
			return false
		}
	}
	return s == ""
}

func skipDigits(s string) (rest string, ok bool) {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return s[n:], n > 0
}

// number converts to a number: a numeric String is a Decimal.
func (v value) number() (value, bool) {
	if v.isNumber() {
		return v, true
	}
	if v.kind == stringKind && isNumeric(v.s) {
		if d, ok := parseNumber(v.s); ok {
			return ofNumber(d), true
		}
	}
	return undefined, false
}

func (v value) float() float64 {
	if v.n == nil {
		f, _ := strconv.ParseFloat(v.s, 64)
		return f
	}
	f, _ := v.n.Float64()
	return f
}

// sign is -1, 0 or 1.
func (v value) sign() int {
	var d apd.Decimal
	return v.decimal(&d).Sign()
}

func (v value) numberText() string {
	if v.s != "" {
		return v.s
	}
	var d apd.Decimal
	d.Reduce(v.n)
	if d.IsZero() {
		return "0"
	}
	if d.Exponent > precision || d.Exponent < -precision {
		return d.Text('G')
	}
	return d.Text('f')
}

func fromFloat(f float64) value {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return undefined
	}
	d, err := new(apd.Decimal).SetFloat64(f)
	if err != nil {
		return undefined
	}
	return ofNumber(d)
}
