package sql

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// formatLetters are those of Joda-Time's DateTimeFormat.
// https://www.joda.org/joda-time/apidocs/org/joda/time/format/DateTimeFormat.html
const formatLetters = "GCYxweEyDMdaKhHkmsSzZ"

func checkFormat(parts []timePart) error {
	for _, p := range parts {
		if p.letter == 'z' && p.count > 3 {
			return fmt.Errorf("a zone's full name (zzzz) in a time pattern is not implemented by Shakedown")
		}
	}
	return nil
}

// parseTime is parse_time(pattern, milliseconds[, zone]): despite its name it
// writes a time.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-sql-function-parse-time
func parseTime(c *scope, args []value) value {
	if len(args) != 2 && len(args) != 3 || args[0].kind != stringKind {
		return undefined
	}
	ms, ok := args[1].index()
	if !ok {
		return undefined
	}
	location := time.UTC
	if len(args) == 3 {
		if args[2].kind != stringKind {
			return undefined
		}
		if location, ok = zone(args[2].s); !ok {
			return undefined
		}
	}
	parts, err := parseTimePattern(args[0].s, formatLetters)
	if err == nil {
		err = checkFormat(parts)
	}
	if err != nil {
		c.fail(fmt.Errorf("parse_time: %w", err))
		return undefined
	}
	var b strings.Builder
	at := time.UnixMilli(ms).In(location)
	for _, p := range parts {
		if p.letter == 0 {
			b.WriteString(p.text)
		} else {
			b.WriteString(p.format(at))
		}
	}
	return ofString(b.String())
}

func (p timePart) format(at time.Time) string {
	switch p.letter {
	case 'G':
		if at.Year() <= 0 {
			return "BC"
		}
		return "AD"
	case 'C':
		return p.number(eraYear(at) / 100)
	case 'Y':
		return p.year(eraYear(at))
	case 'y':
		return p.year(at.Year())
	case 'x':
		year, _ := at.ISOWeek()
		return p.year(year)
	case 'w':
		_, week := at.ISOWeek()
		return p.number(week)
	case 'e':
		return p.number((int(at.Weekday())+6)%7 + 1)
	case 'E':
		return p.name(at.Weekday().String())
	case 'D':
		return p.number(at.YearDay())
	case 'M':
		if p.count > 2 {
			return p.name(at.Month().String())
		}
		return p.number(int(at.Month()))
	case 'd':
		return p.number(at.Day())
	case 'a':
		if at.Hour() < 12 {
			return "AM"
		}
		return "PM"
	case 'S':
		digits := fmt.Sprintf("%09d", at.Nanosecond())
		return (digits + strings.Repeat("0", p.count))[:p.count]
	case 'z':
		return at.Format("MST")
	case 'Z':
		return p.offset(at)
	}
	return p.number(p.clock(at))
}

func (p timePart) clock(at time.Time) int {
	switch p.letter {
	case 'K':
		return at.Hour() % 12
	case 'h':
		return (at.Hour()+11)%12 + 1
	case 'H':
		return at.Hour()
	case 'k':
		return (at.Hour()+23)%24 + 1
	case 'm':
		return at.Minute()
	}
	return at.Second()
}

func eraYear(at time.Time) int {
	if year := at.Year(); year > 0 {
		return year
	}
	return 1 - at.Year()
}

// number has at least as many digits as there are letters.
func (p timePart) number(n int) string {
	digits, sign := strconv.Itoa(n), ""
	if n < 0 {
		digits, sign = digits[1:], "-"
	}
	return sign + strings.Repeat("0", max(0, p.count-len(digits))) + digits
}

// year has two digits with two letters.
func (p timePart) year(year int) string {
	if p.count == 2 {
		return fmt.Sprintf("%02d", (year%100+100)%100)
	}
	return p.number(year)
}

// name is short with up to three letters.
func (p timePart) name(full string) string {
	if p.count <= 3 {
		return full[:3]
	}
	return full
}

func (p timePart) offset(at time.Time) string {
	switch p.count {
	case 1:
		return at.Format("-0700")
	case 2:
		return at.Format("-07:00")
	}
	return at.Location().String()
}
