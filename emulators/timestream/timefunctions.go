package timestream

import (
	"math"
	"strings"
	"time"
)

// timeFunctions are of the page "Date / time functions": general, conversion,
// interval and duration.
// https://docs.aws.amazon.com/timestream/latest/developerguide/date-time-functions.html
var timeFunctions = map[string][]signature{
	"now":               {on(timestamp, now)},
	"current_timestamp": {on(timestamp, now)},
	"localtimestamp":    {on(timestamp, now)},
	"current_date":      {on(date, func(e *env, _ []value) (value, error) { return convert(ofTime(e.run.now), date) })},
	"current_time":      {on(timeOfDay, func(e *env, _ []value) (value, error) { return convert(ofTime(e.run.now), timeOfDay) })},
	"localtime":         {on(timeOfDay, func(e *env, _ []value) (value, error) { return convert(ofTime(e.run.now), timeOfDay) })},
	"current_timezone":  {on(varchar, func(*env, []value) (value, error) { return ofText("UTC"), nil })},
	"ago":               {on(timestamp, func(e *env, v []value) (value, error) { return integers(timestamp, "-", e.run.now, v[0].i) }, interval), on(timestamp, func(e *env, v []value) (value, error) { return addMonths(ofTime(e.run.now), -v[0].i) }, months)},
	// bin aligns to the epoch (AWS.md §4).
	"bin": {on(timestamp, func(_ *env, v []value) (value, error) {
		if v[1].i <= 0 {
			return null, invalid("bin needs a positive interval")
		}
		return ofTime(floor(v[0].i, v[1].i)), nil
	}, timestamp, interval)},
	"date":              {on(date, func(_ *env, v []value) (value, error) { return convert(v[0], date) }, timestamp), on(date, first, date)},
	"last_day_of_month": {on(date, lastDay, timestamp)},
	"from_milliseconds": {on(timestamp, func(_ *env, v []value) (value, error) { return integers(timestamp, "*", v[0].i, 1e6) }, bigint)},
	"from_nanoseconds":  {on(timestamp, func(_ *env, v []value) (value, error) { return ofTime(v[0].i), nil }, bigint)},
	"from_unixtime": {on(timestamp, func(_ *env, v []value) (value, error) {
		if !(math.Abs(v[0].f) < math.MaxInt64/1e9) {
			return null, errOverflow
		}
		whole, part := math.Modf(v[0].f)
		return ofTime(int64(whole)*1e9 + int64(math.Round(part*1e3))*1e6), nil
	}, double)},
	"to_milliseconds": {on(bigint, millis, timestamp), on(bigint, millis, interval)},
	"to_nanoseconds":  {on(bigint, nanos, timestamp), on(bigint, nanos, interval)},
	"to_unixtime":     {on(double, func(_ *env, v []value) (value, error) { return ofDouble(float64(v[0].i) / 1e9), nil }, timestamp)},
	"parse_duration":  {on(interval, duration, varchar)},
	"date_trunc": {on(timestamp, trunc, varchar, timestamp), on(date, func(e *env, v []value) (value, error) {
		t, err := trunc(e, v)
		t.kind = date
		return t, err
	}, varchar, date)},
	"date_add":  {on(timestamp, dateAdd, varchar, bigint, timestamp), on(date, dateAdd, varchar, bigint, date), on(timeOfDay, timeAdd, varchar, bigint, timeOfDay)},
	"date_diff": {on(bigint, dateDiff, varchar, timestamp, timestamp), on(bigint, dateDiff, varchar, date, date), on(bigint, dateDiff, varchar, timeOfDay, timeOfDay)},
}

func first(_ *env, v []value) (value, error)  { return v[0], nil }
func now(e *env, _ []value) (value, error)    { return ofTime(e.run.now), nil }
func millis(_ *env, v []value) (value, error) { return ofBigint(v[0].i / 1e6), nil }
func nanos(_ *env, v []value) (value, error)  { return ofBigint(v[0].i), nil }

func utc(v value) time.Time { return time.Unix(0, v.i).UTC() }

func lastDay(_ *env, v []value) (value, error) {
	y, m, _ := utc(v[0]).Date()
	return value{kind: date, i: time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).UnixNano()}, nil
}

func duration(_ *env, v []value) (value, error) {
	d, err := parseInterval(v[0].s)
	if err == nil && d.kind != interval {
		return null, invalid("%q is no interval of days and seconds", v[0].s)
	}
	return d, err
}

func trunc(_ *env, v []value) (value, error) {
	t := utc(v[1])
	y, m, d := t.Date()
	switch strings.ToLower(v[0].s) {
	case "second":
		return ofTime(floor(v[1].i, 1e9)), nil
	case "minute":
		return ofTime(floor(v[1].i, 60e9)), nil
	case "hour":
		return ofTime(floor(v[1].i, 3600e9)), nil
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
		return null, invalid("'%s' is not a valid TIMESTAMP field", v[0].s)
	}
	return timeOf(time.Date(y, m, d, 0, 0, 0, 0, time.UTC), timestamp)
}

// addMonths adds months; the day is the month's last where it has not as many.
func addMonths(v value, count int64) (value, error) {
	if count > 12*600 || count < -12*600 {
		return null, errOverflow
	}
	t := utc(v)
	y, m, d := t.Date()
	last := time.Date(y, m+time.Month(count)+1, 0, 0, 0, 0, 0, time.UTC).Day()
	moved := time.Date(y, m+time.Month(count), min(d, last), t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), time.UTC)
	return timeOf(moved, v.kind)
}

var fixedUnits = map[string]int64{"millisecond": 1e6, "second": 1e9, "minute": 60e9, "hour": 3600e9, "day": 86400e9, "week": 7 * 86400e9}
var calendarUnits = map[string]int64{"month": 1, "quarter": 3, "year": 12}

// dateAdd is date_add(unit, count, time).
func dateAdd(_ *env, v []value) (value, error) {
	unit := strings.ToLower(v[0].s)
	if m, ok := calendarUnits[unit]; ok {
		if v[1].i > 1e6 || v[1].i < -1e6 {
			return null, errOverflow
		}
		return addMonths(v[2], v[1].i*m)
	}
	ns, ok := fixedUnits[unit]
	if !ok || v[2].kind == date && ns < 86400e9 {
		return null, invalid("'%s' is not a valid %s field", v[0].s, v[2].kind)
	}
	by, err := integers(bigint, "*", v[1].i, ns)
	if err != nil {
		return null, err
	}
	return integers(v[2].kind, "+", v[2].i, by.i)
}

// timeAdd goes round at midnight.
func timeAdd(_ *env, v []value) (value, error) {
	ns, ok := fixedUnits[strings.ToLower(v[0].s)]
	if !ok || ns >= 86400e9 {
		return null, invalid("'%s' is not a valid TIME field", v[0].s)
	}
	sum := v[2].i + v[1].i%(86400e9/ns)*ns
	return value{kind: timeOfDay, i: sum - floor(sum, 86400e9)}, nil
}

// dateDiff counts whole units from one time to another.
func dateDiff(_ *env, v []value) (value, error) {
	unit := strings.ToLower(v[0].s)
	if ns, ok := fixedUnits[unit]; ok {
		d, err := integers(bigint, "-", v[2].i, v[1].i)
		return ofBigint(d.i / ns), err
	}
	per, ok := calendarUnits[unit]
	if !ok || v[1].kind == timeOfDay {
		return null, invalid("'%s' is not a valid %s field", v[0].s, v[1].kind)
	}
	a, b, sign := v[1], v[2], int64(1)
	if a.i > b.i {
		a, b, sign = b, a, -1
	}
	from, to := utc(a), utc(b)
	whole := int64(to.Year()-from.Year())*12 + int64(to.Month()-from.Month())
	if moved, err := addMonths(a, whole); err == nil && moved.i > b.i {
		whole--
	}
	return ofBigint(sign * (whole / per)), nil
}
