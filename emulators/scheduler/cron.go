package scheduler

import (
	"strings"
	"time"
)

// cron is the times of a cron expression in a time zone.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
type cron struct {
	minutes, hours, months, years set // numbers from the least of their field
	day                           cronDay
	zone                          *time.Location
}

// parseCron reads what is between the parentheses: five fields, and maybe the year.
func parseCron(text string, zone *time.Location) (*cron, bool) {
	fields := strings.Fields(text)
	if len(fields) == 5 {
		fields = append(fields, "*")
	}
	if len(fields) != 6 {
		return nil, false
	}
	c := &cron{zone: zone}
	valid := true
	for _, f := range []struct {
		field cronField
		text  string
		into  *set
	}{{cronMinutes, fields[0], &c.minutes}, {cronHours, fields[1], &c.hours}, {cronMonths, fields[3], &c.months}, {cronYears, fields[5], &c.years}} {
		parsed, ok := f.field.parse(f.text)
		*f.into, valid = parsed, valid && ok
	}
	days, ok := parseDays(fields[2], fields[4])
	c.day = days
	return c, valid && ok
}

// next is the first time after another, in UTC: zero is none until 2199.
func (c *cron) next(after time.Time) time.Time {
	local := after.In(c.zone)
	from := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), 0, 0, time.UTC)
	if from.Year() < cronYears.least {
		from = time.Date(cronYears.least, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	for day := from.Truncate(24 * time.Hour); day.Year() <= cronYears.most; {
		switch {
		case !c.years.has(day.Year() - cronYears.least):
			day = time.Date(day.Year()+1, 1, 1, 0, 0, 0, 0, time.UTC)
			continue
		case !c.months.has(int(day.Month()) - cronMonths.least):
			day = time.Date(day.Year(), day.Month()+1, 1, 0, 0, 0, 0, time.UTC)
			continue
		case c.day(day):
			if at := c.ofDay(day, from, after); !at.IsZero() {
				return at
			}
		}
		day = day.AddDate(0, 0, 1)
	}
	return time.Time{}
}

// ofDay is the first time of a day that is after another, and on the clock of the zone not
// before from.
func (c *cron) ofDay(day, from, after time.Time) time.Time {
	for hour := range 24 {
		if !c.hours.has(hour) {
			continue
		}
		for minute := range 60 {
			wall := day.Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
			if !c.minutes.has(minute) || wall.Before(from) {
				continue
			}
			if at, ok := onClock(wall, c.zone); ok && at.After(after) {
				return at
			}
		}
	}
	return time.Time{}
}

// onClock is when the clock of a zone shows what wall does in UTC: the first time, where it
// does twice; and not at all where it is put forward.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#daylist-savings-time
func onClock(wall time.Time, zone *time.Location) (time.Time, bool) {
	at := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), wall.Second(), 0, zone)
	if at.Hour() != wall.Hour() || at.Minute() != wall.Minute() || at.Day() != wall.Day() {
		return time.Time{}, false
	}
	if since, _ := at.ZoneBounds(); !since.IsZero() {
		_, before := since.Add(-time.Second).Zone()
		if earlier := wall.Add(-time.Duration(before) * time.Second); earlier.Before(since) {
			at = earlier
		}
	}
	return at.UTC(), true
}
