package timestream

import "time"

// extractFunctions are of the page "Date / time functions": extraction.
var extractFunctions = withAliases(map[string][]signature{
	"year":         {part(timestamp, year), part(date, year), on(bigint, func(_ *env, v []value) (value, error) { return ofBigint(v[0].i / 12), nil }, months)},
	"month":        {part(timestamp, month), part(date, month), on(bigint, func(_ *env, v []value) (value, error) { return ofBigint(v[0].i % 12), nil }, months)},
	"day":          {part(timestamp, day), part(date, day), piece(interval, 86400e9, 0)},
	"quarter":      {part(timestamp, quarter), part(date, quarter)},
	"week":         {part(timestamp, week), part(date, week)},
	"day_of_week":  {part(timestamp, weekday), part(date, weekday)},
	"day_of_year":  {part(timestamp, time.Time.YearDay), part(date, time.Time.YearDay)},
	"year_of_week": {part(timestamp, yearOfWeek), part(date, yearOfWeek)},
	"hour":         {piece(timestamp, 3600e9, 24), piece(timeOfDay, 3600e9, 24), piece(interval, 3600e9, 24)},
	"minute":       {piece(timestamp, 60e9, 60), piece(timeOfDay, 60e9, 60), piece(interval, 60e9, 60)},
	"second":       {piece(timestamp, 1e9, 60), piece(timeOfDay, 1e9, 60), piece(interval, 1e9, 60)},
	"millisecond":  {piece(timestamp, 1e6, 1000), piece(timeOfDay, 1e6, 1000), piece(interval, 1e6, 1000)},
	"nanosecond":   {piece(timestamp, 1, 1e9), piece(timeOfDay, 1, 1e9), piece(interval, 1, 1e9)},
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
func part(of kind, field func(time.Time) int) signature {
	return on(bigint, func(_ *env, v []value) (value, error) { return ofBigint(int64(field(utc(v[0])))), nil }, of)
}

// piece counts units, up to the next larger one.
func piece(of kind, unit, next int64) signature {
	return on(bigint, func(_ *env, v []value) (value, error) {
		n := v[0].i / unit
		if v[0].kind == timestamp {
			n = floor(v[0].i, unit) / unit
		}
		if next == 0 {
			return ofBigint(n), nil
		}
		if n %= next; n < 0 && v[0].kind == timestamp {
			n += next
		}
		return ofBigint(n), nil
	}, of)
}
