package sql

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// parseLetters are those of java.time's DateTimeFormatter that are known here.
// https://docs.oracle.com/en/java/javase/11/docs/api/java.base/java/time/format/DateTimeFormatter.html
const parseLetters = "uyMLdDEaKhHkmsSVzXxZ"

func checkParse(parts []timePart) error {
	for _, p := range parts {
		most := map[byte]int{'M': 4, 'L': 4, 'E': 4, 'a': 1, 'V': 2, 'X': 3, 'x': 3, 'Z': 3, 'z': 3, 'u': 19, 'y': 19, 'D': 3, 'S': 9}[p.letter]
		if p.letter != 0 && p.count > max(most, 2) || p.letter == 'V' && p.count != 2 {
			return fmt.Errorf("%s in a time pattern is not implemented by Shakedown", strings.Repeat(string(p.letter), p.count))
		}
	}
	return nil
}

// timeToEpoch is time_to_epoch(text, pattern): a text that does not follow the
// pattern is Undefined, as is a date that is not whole. Without a time of day it
// is midnight, without a zone UTC.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-sql-function-time-to-epoch
func timeToEpoch(c *scope, args []value) value {
	if len(args) != 2 || args[0].kind != stringKind || args[1].kind != stringKind {
		return undefined
	}
	parts, err := parseTimePattern(args[1].s, parseLetters)
	if err == nil {
		err = checkParse(parts)
	}
	if err != nil {
		c.fail(fmt.Errorf("time_to_epoch: %w", err))
		return undefined
	}
	r := timeReader{rest: args[0].s, fields: map[byte]int{}, location: time.UTC}
	for i := range parts {
		if err := r.part(parts[i:]); err != nil {
			return undefined
		}
	}
	at, ok := r.resolve()
	if !ok || r.rest != "" {
		return undefined
	}
	return ofInt(at.UnixMilli())
}

// timeReader reads a text by a pattern.
type timeReader struct {
	rest     string
	fields   map[byte]int
	location *time.Location
}

var errTimeText = errors.New("the text does not follow the pattern")

func (r *timeReader) part(parts []timePart) error {
	p := parts[0]
	switch p.letter {
	case 0:
		after, ok := strings.CutPrefix(r.rest, p.text)
		if !ok {
			return errTimeText
		}
		r.rest = after
		return nil
	case 'E':
		return r.name('E', p.count > 3, 7, func(i int) string { return time.Weekday(i % 7).String() })
	case 'a':
		return r.name('a', true, 2, func(i int) string { return [...]string{1: "AM", 2: "PM"}[i] })
	case 'V', 'z':
		return r.zone()
	case 'X', 'x', 'Z':
		return r.offset(p)
	}
	if p.isNumber() {
		return r.number(parts)
	}
	return r.name('M', p.count > 3, 12, func(i int) string { return time.Month(i).String() })
}

func (p timePart) isNumber() bool {
	return strings.IndexByte("uydDKhHkmsS", p.letter) >= 0 || (p.letter == 'M' || p.letter == 'L') && p.count < 3
}

// width is the number of digits: fixed with two letters or more, but for years.
func (p timePart) width() (least, most int) {
	switch {
	case p.letter == 'S', p.count == 2, p.letter == 'D' && p.count > 1:
		return p.count, p.count
	case p.letter == 'u' || p.letter == 'y':
		return p.count, 19
	}
	return 1, 19
}

// number reads digits and leaves those that the numbers of fixed width right
// behind need, as in yyyyMMdd.
func (r *timeReader) number(parts []timePart) error {
	least, most := parts[0].width()
	after, _ := skipDigits(r.rest)
	digits := len(r.rest) - len(after)
	if least != most {
		for _, p := range parts[1:] {
			next, fixed := p.width()
			if !p.isNumber() || next != fixed {
				break
			}
			digits -= next
		}
	}
	if digits < least {
		return errTimeText
	}
	n := min(digits, most)
	text := r.rest[:n]
	r.rest = r.rest[n:]
	letter := parts[0].letter
	switch {
	case letter == 'S':
		text += strings.Repeat("0", 9-n)
	case letter == 'L':
		letter = 'M'
	case letter == 'u':
		letter = 'y'
	}
	v, err := strconv.Atoi(text)
	if err != nil {
		return err
	}
	if letter == 'y' && parts[0].count == 2 {
		v += 2000
	}
	return r.set(letter, v)
}

// set refuses a field that comes again with another value.
func (r *timeReader) set(letter byte, v int) error {
	if old, ok := r.fields[letter]; ok && old != v {
		return errTimeText
	}
	r.fields[letter] = v
	return nil
}

// name reads one of n names, in full or three characters of it.
func (r *timeReader) name(letter byte, full bool, n int, name func(int) string) error {
	for i := 1; i <= n; i++ {
		want := name(i)
		if !full {
			want = want[:3]
		}
		if after, ok := strings.CutPrefix(r.rest, want); ok {
			r.rest = after
			return r.set(letter, i)
		}
	}
	return errTimeText
}

// zone reads an id. Names such as PST are none: they are of several zones.
func (r *timeReader) zone() error {
	n := 0
	for n < len(r.rest) && (isLetter(rune(r.rest[n])) || isDigit(rune(r.rest[n])) || strings.IndexByte("+-:/", r.rest[n]) >= 0) {
		n++
	}
	location, ok := zone(r.rest[:n])
	if !ok {
		return errTimeText
	}
	r.location, r.rest = location, r.rest[n:]
	return nil
}

// offset reads Z as zero with X, and +01, +0100 or +01:00.
func (r *timeReader) offset(p timePart) error {
	if after, ok := strings.CutPrefix(r.rest, "Z"); ok && p.letter == 'X' {
		r.location, r.rest = time.UTC, after
		return nil
	}
	lengths := []int{5}
	switch {
	case p.letter != 'Z' && p.count == 1:
		lengths = []int{5, 3}
	case p.letter != 'Z' && p.count == 3:
		lengths = []int{6}
	}
	for _, n := range lengths {
		if n > len(r.rest) || strings.Contains(r.rest[:n], ":") != (n == 6) {
			continue
		}
		if seconds, ok := parseOffset(r.rest[:n]); ok {
			r.location, r.rest = time.FixedZone("", seconds), r.rest[n:]
			return nil
		}
	}
	return errTimeText
}

// maxYear has its milliseconds in 64 bits.
const maxYear = 200_000_000

// resolve makes the time of the fields. A day that the month has not is its last,
// as java.time's smart resolver has it.
func (r *timeReader) resolve() (time.Time, bool) {
	year, ok := r.fields['y']
	hour, also := r.hour()
	if !ok || !also || year > maxYear || !r.within('m', 0, 59) || !r.within('s', 0, 59) {
		return time.Time{}, false
	}
	month, day := 1, 0
	switch {
	case r.within('M', 1, 12) && r.has('M') && r.within('d', 1, 31) && r.has('d'):
		month = r.fields['M']
		day = min(r.fields['d'], time.Date(year, time.Month(month+1), 0, 0, 0, 0, 0, time.UTC).Day())
	case r.has('D') && r.within('D', 1, time.Date(year, 12, 31, 0, 0, 0, 0, time.UTC).YearDay()):
		day = r.fields['D']
	default:
		return time.Time{}, false
	}
	at := time.Date(year, time.Month(month), day, hour, r.fields['m'], r.fields['s'], r.fields['S'], r.location)
	if r.has('E') && int(at.Weekday()) != r.fields['E']%7 {
		return time.Time{}, false
	}
	return at, true
}

func (r *timeReader) has(letter byte) bool {
	_, ok := r.fields[letter]
	return ok
}

func (r *timeReader) within(letter byte, low, high int) bool {
	n, ok := r.fields[letter]
	return !ok || n >= low && n <= high
}

// hour is of the day; one of half a day needs AM or PM.
func (r *timeReader) hour() (int, bool) {
	if !r.within('H', 0, 23) || !r.within('k', 1, 24) || !r.within('h', 1, 12) || !r.within('K', 0, 11) {
		return 0, false
	}
	switch half := (r.fields['a'] - 1) * 12; {
	case r.has('H'):
		return r.fields['H'], true
	case r.has('k'):
		return r.fields['k'] % 24, true
	case r.has('h'):
		return r.fields['h']%12 + half, r.has('a')
	case r.has('K'):
		return r.fields['K'] + half, r.has('a')
	}
	return 0, true
}
