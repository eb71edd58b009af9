package timestream

import (
	"fmt"
	"strings"
	"time"
)

var timestampForms = []string{"2006-01-02 15:04:05.999999999", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02",
	"2006-01-02T15:04:05.999999999Z07:00", "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "2006-01-02 15:04:05.999999999Z07:00"}

// parseTime reads a text as a timestamp, date or time of day.
func parseTime(text string, k kind) (value, error) {
	forms := timestampForms
	switch k {
	case date:
		forms = []string{"2006-01-02", "2006-01-02 15:04:05.999999999"}
	case timeOfDay:
		forms = []string{"15:04:05.999999999", "15:04"}
	}
	for _, form := range forms {
		t, err := time.Parse(form, strings.TrimSpace(text))
		if err != nil {
			continue
		}
		if k == timeOfDay {
			return value{kind: k, i: int64(t.Sub(t.Truncate(24 * time.Hour)))}, nil
		}
		v, err := timeOf(t.UTC(), timestamp)
		if err != nil {
			return null, err
		}
		return convert(v, k)
	}
	return null, fmt.Errorf("'%.100s' is not a valid %s literal", text, k)
}

// timeOf is a time as a value, within the range of the type.
func timeOf(t time.Time, k kind) (value, error) {
	if y := t.Year(); y < 1678 || y > 2261 {
		return null, fmt.Errorf("the time %s is outside the range of %s", t.Format("2006-01-02"), k)
	}
	return value{kind: k, i: t.UnixNano()}, nil
}
