package timestream

import (
	"time"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// extractFunctions are of the page "Date / time functions": extraction.
var extractFunctions = withAliases(map[string][]signature{
	"year":         {part(value.Timestamp, year), part(value.Date, year), on(value.Bigint, func(_ *env, v []value.Value) (value.Value, error) { return value.OfBigint(v[0].I / 12), nil }, value.Months)},
	"month":        {part(value.Timestamp, month), part(value.Date, month), on(value.Bigint, func(_ *env, v []value.Value) (value.Value, error) { return value.OfBigint(v[0].I % 12), nil }, value.Months)},
	"day":          {part(value.Timestamp, day), part(value.Date, day), piece(value.Interval, 86400e9, 0)},
	"quarter":      {part(value.Timestamp, quarter), part(value.Date, quarter)},
	"week":         {part(value.Timestamp, week), part(value.Date, week)},
	"day_of_week":  {part(value.Timestamp, weekday), part(value.Date, weekday)},
	"day_of_year":  {part(value.Timestamp, time.Time.YearDay), part(value.Date, time.Time.YearDay)},
	"year_of_week": {part(value.Timestamp, yearOfWeek), part(value.Date, yearOfWeek)},
	"hour":         {piece(value.Timestamp, 3600e9, 24), piece(value.TimeOfDay, 3600e9, 24), piece(value.Interval, 3600e9, 24)},
	"minute":       {piece(value.Timestamp, 60e9, 60), piece(value.TimeOfDay, 60e9, 60), piece(value.Interval, 60e9, 60)},
	"second":       {piece(value.Timestamp, 1e9, 60), piece(value.TimeOfDay, 1e9, 60), piece(value.Interval, 1e9, 60)},
	"millisecond":  {piece(value.Timestamp, 1e6, 1000), piece(value.TimeOfDay, 1e6, 1000), piece(value.Interval, 1e6, 1000)},
	"nanosecond":   {piece(value.Timestamp, 1, 1e9), piece(value.TimeOfDay, 1, 1e9), piece(value.Interval, 1, 1e9)},
}, map[string]string{"day_of_month": "day", "dow": "day_of_week", "doy": "day_of_year", "week_of_year": "week", "yow": "year_of_week"})

// withAliases adds the other names of functions.
func withAliases(functions map[string][]signature, names map[string]string) map[string][]signature {
	for alias, name := range names {
		functions[alias] = functions[name]
	}
	return functions
}

func year(t time.Time) int    { return t.Year() }
func month(t time.Time) int   { return int(t.Month()) }
func day(t time.Time) int     { return t.Day() }
func quarter(t time.Time) int { return (int(t.Month()) + 2) / 3 }
func weekday(t time.Time) int { return (int(t.Weekday())+6)%7 + 1 }

func week(t time.Time) int {
	_, w := t.ISOWeek()
	return w
}

func yearOfWeek(t time.Time) int {
	y, _ := t.ISOWeek()
	return y
}

// part is a field of the calendar.
func part(of value.Kind, field func(time.Time) int) signature {
	return on(value.Bigint, func(_ *env, v []value.Value) (value.Value, error) {
		return value.OfBigint(int64(field(utc(v[0])))), nil
	}, of)
}

// piece counts units, up to the next larger one.
func piece(of value.Kind, unit, next int64) signature {
	return on(value.Bigint, func(_ *env, v []value.Value) (value.Value, error) {
		n := v[0].I / unit
		if v[0].Kind == value.Timestamp {
			n = value.Floor(v[0].I, unit) / unit
		}
		if next == 0 {
			return value.OfBigint(n), nil
		}
		if n %= next; n < 0 && v[0].Kind == value.Timestamp {
			n += next
		}
		return value.OfBigint(n), nil
	}, of)
}
