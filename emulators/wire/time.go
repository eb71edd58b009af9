package wire

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// Time is a timestamp in JSON protocols: seconds since the epoch, with
// milliseconds as the fraction. The zero value marshals as null.
type Time struct{ time.Time }

// At makes a Time.
func At(t time.Time) Time { return Time{t} }

// MarshalJSON implements json.Marshaler.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return strconv.AppendFloat(nil, float64(t.UnixMilli())/1000, 'f', -1, 64), nil
}

// UnmarshalJSON implements json.Unmarshaler: epoch seconds, or RFC 3339 text.
func (t *Time) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	var seconds float64
	if err := json.Unmarshal(b, &seconds); err == nil {
		if math.Abs(seconds) > 1e12 {
			return Errorf("SerializationException", 0, "timestamp %s is out of range", b)
		}
		t.Time = time.UnixMilli(int64(math.Round(seconds * 1000))).UTC()
		return nil
	}
	return json.Unmarshal(b, &t.Time)
}
