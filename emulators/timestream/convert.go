package timestream

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// castsTo tells whether CAST knows the way from a kind to another.
func castsTo(from, to kind) bool {
	switch {
	case from == to || from == unknown || from == varchar:
		return true
	case from > 15 || from == dimensionRow:
		return false
	case to == varchar:
		return true
	case isNumber(from) || from == boolean:
		return isNumber(to) || to == boolean
	}
	return from == timestamp && (to == date || to == timeOfDay) || from == date && to == timestamp
}

func convert(v value, to kind) (value, error) {
	if v.null || v.kind == to {
		v.kind = to
		return v, nil
	}
	switch to {
	case varchar:
		return ofText(v.text()), nil
	case double:
		if v.kind != varchar {
			return ofDouble(v.number()), nil
		}
		f, err := strconv.ParseFloat(strings.TrimSpace(v.s), 64)
		if err != nil {
			return null, fmt.Errorf("Cannot cast '%.100s' to DOUBLE", v.s)
		}
		return ofDouble(f), nil
	case bigint, integer:
		return toInteger(v, to)
	case boolean:
		return toBoolean(v)
	}
	const day = 86400e9
	switch {
	case v.kind == varchar:
		return parseTime(v.s, to)
	case to == date:
		return value{kind: date, i: floor(v.i, day)}, nil
	case to == timeOfDay:
		return value{kind: timeOfDay, i: v.i - floor(v.i, day)}, nil
	}
	return value{kind: to, i: v.i}, nil
}

func toInteger(v value, to kind) (value, error) {
	i := v.i
	switch v.kind {
	case varchar:
		n, err := strconv.ParseInt(strings.TrimSpace(v.s), 10, 64)
		if err != nil {
			return null, fmt.Errorf("Cannot cast '%.100s' to %s", v.s, to)
		}
		i = n
	case double:
		f := math.Floor(v.f + 0.5)
		if v.f < 0 {
			f = math.Ceil(v.f - 0.5)
		}
		if !(f >= -1<<63 && f < 1<<63) {
			return null, fmt.Errorf("Unable to cast %s to %s", v.text(), to)
		}
		i = int64(f)
	}
	if to == integer && i != int64(int32(i)) {
		return null, fmt.Errorf("Out of range for integer: %d", i)
	}
	return value{kind: to, i: i}, nil
}

func toBoolean(v value) (value, error) {
	if v.kind != varchar {
		return ofBool(v.number() != 0), nil
	}
	switch strings.ToLower(v.s) {
	case "true", "t", "1":
		return ofBool(true), nil
	case "false", "f", "0":
		return ofBool(false), nil
	}
	return null, fmt.Errorf("Cannot cast '%.100s' to BOOLEAN", v.s)
}

// floor is the largest multiple of unit that is not above ns.
func floor(ns, unit int64) int64 {
	rest := ns % unit
	if rest < 0 {
		rest += unit
	}
	return ns - rest
}
