package sql

import (
	"strconv"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // zones are the same on every machine
)

// zones remembers the locations that are there; their number is that of the time
// zone database.
var zones sync.Map

// zone is a time zone by its id: UTC, America/Belize, +01:00, UTC+01:00.
func zone(id string) (*time.Location, bool) {
	switch id {
	case "UTC", "GMT", "UT", "Z":
		return time.UTC, true
	case "", "Local":
		return nil, false
	}
	if known, ok := zones.Load(id); ok {
		return known.(*time.Location), true
	}
	offset := id
	for _, prefix := range []string{"UTC", "GMT", "UT"} {
		if rest, ok := strings.CutPrefix(id, prefix); ok {
			offset = rest
			break
		}
	}
	if seconds, ok := parseOffset(offset); ok {
		return time.FixedZone(id, seconds), true
	}
	location, err := time.LoadLocation(id)
	if err != nil {
		return nil, false
	}
	zones.Store(id, location)
	return location, true
}

// parseOffset reads +1, +01, +0130 and +01:30, in seconds.
func parseOffset(s string) (int, bool) {
	if s == "" || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	hours, minutes, colon := strings.Cut(s[1:], ":")
	if !colon && len(hours) == 4 {
		hours, minutes = hours[:2], hours[2:]
	} else if colon && len(minutes) != 2 {
		return 0, false
	}
	h, ok := twoDigits(hours)
	m, also := twoDigits(minutes)
	if minutes == "" {
		m, also = 0, true
	}
	if !ok || !also || h > 18 || m > 59 {
		return 0, false
	}
	seconds := h*3600 + m*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return seconds, true
}

func twoDigits(s string) (int, bool) {
	if rest, ok := skipDigits(s); !ok || rest != "" || len(s) > 2 {
		return 0, false
	}
	n, err := strconv.Atoi(s)
	return n, err == nil
}
