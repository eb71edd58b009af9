package fault

import (
	"fmt"
	"strconv"
	"strings"
)

// Share is a part of a whole, written as 20%; the zero value is not given.
type Share float64

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Share) UnmarshalText(text []byte) error {
	number, ok := strings.CutSuffix(strings.TrimSpace(string(text)), "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !ok || err != nil || !(v > 0 && v <= 100) {
		return fmt.Errorf("%q is not a share between 0%% and 100%%, such as 20%%", text)
	}
	*s = Share(v / 100)
	return nil
}

// MarshalText implements encoding.TextMarshaler. It takes the digits that it needs
// to be read back as the same share: a replay must draw the same things.
func (s Share) MarshalText() ([]byte, error) {
	for digits := 6; digits < 20; digits++ {
		text := strconv.AppendFloat(nil, float64(s)*100, 'g', digits, 64)
		if v, err := strconv.ParseFloat(string(text), 64); err == nil && Share(v/100) == s {
			return append(text, '%'), nil
		}
	}
	return append(strconv.AppendFloat(nil, float64(s)*100, 'g', -1, 64), '%'), nil
}

// String is the share in percent.
func (s Share) String() string {
	return strconv.FormatFloat(float64(s)*100, 'g', 6, 64) + "%"
}

// OrAll is the share, or all of it when it is not given.
func (s Share) OrAll() float64 {
	if s == 0 {
		return 1
	}
	return float64(s)
}
