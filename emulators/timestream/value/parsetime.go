package value

import (
	"strings"
	"time"
)

var timestampForms = []string{"2006-01-02 15:04:05.999999999", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02",
	"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04:05.999999999Z07:00"}

// ParseTime reads a text as a timestamp, date or time of day.
func ParseTime(text string, k Kind) (Value, error) {
	forms := timestampForms
	switch k {
	case Date:
		forms = []string{"2006-01-02", "2006-01-02 15:04:05.999999999"}
	case TimeOfDay:
		forms = []string{"15:04:05.999999999", "15:04"}
	}
	for _, form := range forms {
		t, err := time.Parse(form, strings.TrimSpace(text))
		if err != nil {
			continue
		}
		if k == TimeOfDay {
			return Value{Kind: k, I: int64(t.Sub(t.Truncate(24 * time.Hour)))}, nil
		}
		v, err := TimeOf(t.UTC(), Timestamp)
		if err != nil {
			return Null, err
		}
		return Convert(v, k)
	}
	return Null, invalid("'%.100s' is not a valid %s literal", text, k)
}

// TimeOf is a time as a value, within the range of the type.
func TimeOf(t time.Time, k Kind) (Value, error) {
	if y := t.Year(); y < 1678 || y > 2261 {
		return Null, invalid("the time %s is outside the range of %s", t.Format("2006-01-02"), k)
	}
	return Value{Kind: k, I: t.UnixNano()}, nil
}
