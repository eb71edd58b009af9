package timestream

import (
	"math"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// timeFunctions are of the page "Date / time functions": general, conversion,
// interval and duration.
// https://docs.aws.amazon.com/timestream/latest/developerguide/date-time-functions.html
var timeFunctions = map[string][]signature{
	"now":               {on(value.Timestamp, now)},
	"current_timestamp": {on(value.Timestamp, now)},
	"localtimestamp":    {on(value.Timestamp, now)},
	"current_date": {on(value.Date, func(e *env, _ []value.Value) (value.Value, error) {
		return value.Convert(value.OfTime(e.run.now), value.Date)
	})},
	"current_time": {on(value.TimeOfDay, func(e *env, _ []value.Value) (value.Value, error) {
		return value.Convert(value.OfTime(e.run.now), value.TimeOfDay)
	})},
	"localtime": {on(value.TimeOfDay, func(e *env, _ []value.Value) (value.Value, error) {
		return value.Convert(value.OfTime(e.run.now), value.TimeOfDay)
	})},
	"current_timezone": {on(value.Varchar, func(*env, []value.Value) (value.Value, error) { return value.OfText("UTC"), nil })},
	"ago": {on(value.Timestamp, func(e *env, v []value.Value) (value.Value, error) {
		return integers(value.Timestamp, "-", e.run.now, v[0].I)
	}, value.Interval), on(value.Timestamp, func(e *env, v []value.Value) (value.Value, error) { return addMonths(value.OfTime(e.run.now), -v[0].I) }, value.Months)},
	// bin aligns to the epoch (AWS.md §4).
	"bin": {on(value.Timestamp, func(_ *env, v []value.Value) (value.Value, error) {
		if v[1].I <= 0 {
			return value.Null, invalid("bin needs a positive interval")
		}
		return value.OfTime(value.Floor(v[0].I, v[1].I)), nil
	}, value.Timestamp, value.Interval)},
	"date":              {on(value.Date, func(_ *env, v []value.Value) (value.Value, error) { return value.Convert(v[0], value.Date) }, value.Timestamp), on(value.Date, first, value.Date)},
	"last_day_of_month": {on(value.Date, lastDay, value.Timestamp)},
	"from_milliseconds": {on(value.Timestamp, func(_ *env, v []value.Value) (value.Value, error) { return integers(value.Timestamp, "*", v[0].I, 1e6) }, value.Bigint)},
	"from_nanoseconds":  {on(value.Timestamp, func(_ *env, v []value.Value) (value.Value, error) { return value.OfTime(v[0].I), nil }, value.Bigint)},
	"from_unixtime": {on(value.Timestamp, func(_ *env, v []value.Value) (value.Value, error) {
		if !(math.Abs(v[0].F) < math.MaxInt64/1e9) {
			return value.Null, errOverflow
		}
		whole, part := math.Modf(v[0].F)
		return value.OfTime(int64(whole)*1e9 + int64(math.Round(part*1e3))*1e6), nil
	}, value.Double)},
	"to_milliseconds": {on(value.Bigint, millis, value.Timestamp), on(value.Bigint, millis, value.Interval)},
	"to_nanoseconds":  {on(value.Bigint, nanos, value.Timestamp), on(value.Bigint, nanos, value.Interval)},
	"to_unixtime":     {on(value.Double, func(_ *env, v []value.Value) (value.Value, error) { return value.OfDouble(float64(v[0].I) / 1e9), nil }, value.Timestamp)},
	"parse_duration":  {on(value.Interval, duration, value.Varchar)},
	"date_trunc": {on(value.Timestamp, trunc, value.Varchar, value.Timestamp), on(value.Date, func(e *env, v []value.Value) (value.Value, error) {
		t, err := trunc(e, v)
		t.Kind = value.Date
		return t, err
	}, value.Varchar, value.Date)},
	"date_add":  {on(value.Timestamp, dateAdd, value.Varchar, value.Bigint, value.Timestamp), on(value.Date, dateAdd, value.Varchar, value.Bigint, value.Date), on(value.TimeOfDay, timeAdd, value.Varchar, value.Bigint, value.TimeOfDay)},
	"date_diff": {on(value.Bigint, dateDiff, value.Varchar, value.Timestamp, value.Timestamp), on(value.Bigint, dateDiff, value.Varchar, value.Date, value.Date), on(value.Bigint, dateDiff, value.Varchar, value.TimeOfDay, value.TimeOfDay)},
}

func first(_ *env, v []value.Value) (value.Value, error)  { return v[0], nil }
func now(e *env, _ []value.Value) (value.Value, error)    { return value.OfTime(e.run.now), nil }
func millis(_ *env, v []value.Value) (value.Value, error) { return value.OfBigint(v[0].I / 1e6), nil }
func nanos(_ *env, v []value.Value) (value.Value, error)  { return value.OfBigint(v[0].I), nil }

func utc(v value.Value) time.Time { return time.Unix(0, v.I).UTC() }

func lastDay(_ *env, v []value.Value) (value.Value, error) {
	y, m, _ := utc(v[0]).Date()
	return value.Value{Kind: value.Date, I: time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).UnixNano()}, nil
}

func duration(_ *env, v []value.Value) (value.Value, error) {
	d, err := parseInterval(v[0].S)
	if err == nil && d.Kind != value.Interval {
		return value.Null, invalid("%q is no interval of days and seconds", v[0].S)
	}
	return d, err
}

func trunc(_ *env, v []value.Value) (value.Value, error) {
	t := utc(v[1])
	y, m, d := t.Date()
	switch strings.ToLower(v[0].S) {
	case "second":
		return value.OfTime(value.Floor(v[1].I, 1e9)), nil
	case "minute":
		return value.OfTime(value.Floor(v[1].I, 60e9)), nil
	case "hour":
		return value.OfTime(value.Floor(v[1].I, 3600e9)), nil
	case "day":
	case "week":
		d -= (int(t.Weekday()) + 6) % 7
	case "month":
		d = 1
	case "quarter":
		m, d = (m-1)/3*3+1, 1
	case "year":
		m, d = 1, 1
	default:
		return value.Null, invalid("'%s' is not a valid TIMESTAMP field", v[0].S)
	}
	return value.TimeOf(time.Date(y, m, d, 0, 0, 0, 0, time.UTC), value.Timestamp)
}

// addMonths adds months; the day is the month's last where it has not as many.
func addMonths(v value.Value, count int64) (value.Value, error) {
	if count > 12*600 || count < -12*600 {
		return value.Null, errOverflow
	}
	t := utc(v)
	y, m, d := t.Date()
	last := time.Date(y, m+time.Month(count)+1, 0, 0, 0, 0, 0, time.UTC).Day()
	moved := time.Date(y, m+time.Month(count), min(d, last), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	return value.TimeOf(moved, v.Kind)
}

var fixedUnits = map[string]int64{"millisecond": 1e6, "second": 1e9, "minute": 60e9, "hour": 3600e9, "day": 86400e9, "week": 7 * 86400e9}
var calendarUnits = map[string]int64{"month": 1, "quarter": 3, "year": 12}

// dateAdd is date_add(unit, count, time).
func dateAdd(_ *env, v []value.Value) (value.Value, error) {
	unit := strings.ToLower(v[0].S)
	if m, ok := calendarUnits[unit]; ok {
		if v[1].I > 1e6 || v[1].I < -1e6 {
			return value.Null, errOverflow
		}
		return addMonths(v[2], v[1].I*m)
	}
	ns, ok := fixedUnits[unit]
	if !ok || v[2].Kind == value.Date && ns < 86400e9 {
		return value.Null, invalid("'%s' is not a valid %s field", v[0].S, v[2].Kind)
	}
	by, err := integers(value.Bigint, "*", v[1].I, ns)
	if err != nil {
		return value.Null, err
	}
	return integers(v[2].Kind, "+", v[2].I, by.I)
}

// timeAdd goes round at midnight.
func timeAdd(_ *env, v []value.Value) (value.Value, error) {
	ns, ok := fixedUnits[strings.ToLower(v[0].S)]
	if !ok || ns >= 86400e9 {
		return value.Null, invalid("'%s' is not a valid TIME field", v[0].S)
	}
	sum := v[2].I + v[1].I%(86400e9/ns)*ns
	return value.Value{Kind: value.TimeOfDay, I: sum - value.Floor(sum, 86400e9)}, nil
}

// dateDiff counts whole units from one time to another.
func dateDiff(_ *env, v []value.Value) (value.Value, error) {
	unit := strings.ToLower(v[0].S)
	if ns, ok := fixedUnits[unit]; ok {
		d, err := integers(value.Bigint, "-", v[2].I, v[1].I)
		return value.OfBigint(d.I / ns), err
	}
	per, ok := calendarUnits[unit]
	if !ok || v[1].Kind == value.TimeOfDay {
		return value.Null, invalid("'%s' is not a valid %s field", v[0].S, v[1].Kind)
	}
	a, b, sign := v[1], v[2], int64(1)
	if a.I > b.I {
		a, b, sign = b, a, -1
	}
	from, to := utc(a), utc(b)
	whole := int64(to.Year()-from.Year())*12 + int64(to.Month()-from.Month())
	if moved, err := addMonths(a, whole); err == nil && moved.I > b.I {
		whole--
	}
	return value.OfBigint(sign * (whole / per)), nil
}
