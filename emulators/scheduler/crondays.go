package scheduler

import (
	"strings"
	"time"
)

// cronDay tells whether a cron expression takes a day, of which only the date matters.
type cronDay func(day time.Time) bool

// parseDays reads day-of-month and day-of-week, one of which is "?".
func parseDays(ofMonth, ofWeek string) (cronDay, bool) {
	switch {
	case ofWeek == "?" && ofMonth != "?":
		return parseOfMonth(ofMonth)
	case ofMonth == "?" && ofWeek != "?":
		return parseOfWeek(ofWeek)
	}
	return nil, false
}

// parseOfMonth reads days of the month: L is the last one, 3W the weekday closest to the 3rd
// in the same month.
func parseOfMonth(text string) (cronDay, bool) {
	if text == "L" {
		return func(day time.Time) bool { return day.Day() == lastOf(day) }, true
	}
	if near, ok := strings.CutSuffix(text, "W"); ok {
		n, ok := cronDays.value(near)
		return func(day time.Time) bool { return n <= lastOf(day) && day.Day() == weekdayNear(day, n) }, ok
	}
	days, ok := cronDays.parse(text)
	return func(day time.Time) bool { return days.has(day.Day() - cronDays.least) }, ok
}

// parseOfWeek reads days of the week, from 1 for Sunday: L is the last one, 6L the last
// Friday of the month, 6#2 its second.
func parseOfWeek(text string) (cronDay, bool) {
	if text == "L" {
		return func(day time.Time) bool { return day.Weekday() == time.Saturday }, true
	}
	if last, ok := strings.CutSuffix(text, "L"); ok {
		n, ok := cronWeekdays.value(last)
		return func(day time.Time) bool { return weekday(day) == n && day.Day() > lastOf(day)-7 }, ok
	}
	if of, nth, ok := strings.Cut(text, "#"); ok {
		n, ok := cronWeekdays.value(of)
		which, also := number(nth)
		return func(day time.Time) bool { return weekday(day) == n && (day.Day()-1)/7+1 == which }, ok && also && which >= 1 && which <= 5
	}
	days, ok := cronWeekdays.parse(text)
	return func(day time.Time) bool { return days.has(int(day.Weekday())) }, ok
}

func weekday(day time.Time) int { return int(day.Weekday()) + cronWeekdays.least }

// lastOf is the last day of a day's month.
func lastOf(day time.Time) int {
	return time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// weekdayNear is the day from Monday to Friday closest to the nth of a day's month.
func weekdayNear(day time.Time, n int) int {
	switch time.Date(day.Year(), day.Month(), n, 0, 0, 0, 0, time.UTC).Weekday() {
	case time.Saturday:
		if n == 1 {
			return 3
		}
		return n - 1
	case time.Sunday:
		if n == lastOf(day) {
			return n - 2
		}
		return n + 1
	}
	return n
}
