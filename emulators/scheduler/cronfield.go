package scheduler

import (
	"strconv"
	"strings"
)

// cronField is one of the fields of a cron expression.
type cronField struct {
	least, most int
	names       []string // of the values, from the least
}

var (
	cronMinutes  = cronField{0, 59, nil}
	cronHours    = cronField{0, 23, nil}
	cronDays     = cronField{1, 31, nil}
	cronMonths   = cronField{1, 12, []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}}
	cronWeekdays = cronField{1, 7, []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}}
	cronYears    = cronField{1970, 2199, nil}
)

// parse reads a list of values, ranges and increments: as numbers from the least, 0.
func (f cronField) parse(text string) (out set, ok bool) {
	for part := range strings.SplitSeq(text, ",") {
		if !f.add(&out, part) {
			return set{}, false
		}
	}
	return out, true
}

// add adds one part of a list. A range that ends before it begins goes over the last value,
// as 20-2 in AWS's examples:
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
func (f cronField) add(out *set, part string) bool {
	values, step, increments := strings.Cut(part, "/")
	by, ok := 1, true
	if increments {
		by, ok = number(step)
	}
	first, last, inRange := f.between(values)
	if !ok || !inRange || by < 1 || by > f.most {
		return false
	}
	if increments && first == last && !strings.Contains(values, "-") {
		last = f.most
	}
	size := f.most - f.least + 1
	for n := 0; n <= (last-first+size)%size; n += by {
		out.add((first - f.least + n) % size)
	}
	return true
}

// between reads *, one value or a range.
func (f cronField) between(text string) (first, last int, ok bool) {
	if text == "*" {
		return f.least, f.most, true
	}
	from, to, isRange := strings.Cut(text, "-")
	first, ok = f.value(from)
	if !isRange {
		return first, first, ok
	}
	last, also := f.value(to)
	return first, last, ok && also
}

func (f cronField) value(text string) (int, bool) {
	for i, name := range f.names {
		if text == name {
			return f.least + i, true
		}
	}
	n, ok := number(text)
	return n, ok && n >= f.least && n <= f.most
}

// number reads up to four digits.
func number(text string) (int, bool) {
	if text == "" || len(text) > 4 || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}
