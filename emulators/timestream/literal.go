package timestream

import (
	"errors"
	"strconv"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

func literal(v value.Value) expr {
	return expr{v.Kind, func(*env) value.Value { return v }, true}
}

// number is an integer where 32 bits do, then a bigint, or a double.
func number(n *sql.Node) (expr, error) {
	if i, err := strconv.ParseInt(n.Text, 10, 64); err == nil {
		if i == int64(int32(i)) {
			return literal(value.Value{Kind: value.Integer, I: i}), nil
		}
		return literal(value.OfBigint(i)), nil
	}
	f, err := strconv.ParseFloat(n.Text, 64)
	if !strings.ContainsAny(n.Text, ".eE") {
		return expr{}, n.At.Fail("Invalid numeric literal: %s", n.Text)
	}
	if err != nil {
		return expr{}, n.At.Fail("%q is not a number", n.Text)
	}
	return literal(value.OfDouble(f)), nil
}

// scopeless compiles what needs no scope.
func scopeless(f func(*sql.Node) (expr, error)) func(*scope, *sql.Node) (expr, error) {
	return func(_ *scope, n *sql.Node) (expr, error) { return f(n) }
}

func text(n *sql.Node) (expr, error)  { return literal(value.OfText(n.Text)), nil }
func truth(n *sql.Node) (expr, error) { return literal(value.OfBool(n.Text == "TRUE")), nil }
func null(*sql.Node) (expr, error)    { return literal(value.Null), nil }

// typed is TIMESTAMP '…', DOUBLE '…' and so on.
func typed(n *sql.Node) (expr, error) {
	v, err := value.Convert(value.OfText(n.Args[0].Text), value.Castable[n.Text])
	if err != nil {
		return expr{}, n.At.Fail("%s", err)
	}
	return literal(v), nil
}

// intervalUnits are those of interval literals: 1d is one, 1 day is not.
var intervalUnits = map[string]int64{"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9, "d": 86400e9,
	"nanosecond": 1, "microsecond": 1e3, "millisecond": 1e6, "second": 1e9, "minute": 60e9, "hour": 3600e9, "day": 86400e9}

// monthUnits are those of the interval year to month.
var monthUnits = map[string]int64{"y": 12, "year": 12, "month": 1}

func intervalLiteral(n *sql.Node) (expr, error) {
	v, err := parseInterval(n.Text)
	if err != nil {
		return expr{}, n.At.Fail("%s", err)
	}
	return literal(v), nil
}

// parseInterval reads a number and a unit, such as 10m, 1h, 42.8ms or 1year.
func parseInterval(text string) (value.Value, error) {
	bad := errors.New(strconv.Quote(text) + " is not an interval such as 10m, 1h or 1d")
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_ ")
	name := sql.Lower(strings.TrimSpace(text[len(digits):]))
	count, err := strconv.ParseFloat(digits, 64)
	if err != nil || strings.ContainsAny(digits, "xXpPeE_") {
		return value.Null, bad
	}
	if unit, ok := monthUnits[name]; ok {
		if count != float64(int32(count)) {
			return value.Null, bad
		}
		return value.Value{Kind: value.Months, I: int64(count) * unit}, nil
	}
	unit, ok := intervalUnits[name]
	if !ok || count*float64(unit) > 1<<62 || count*float64(unit) < -1<<62 {
		return value.Null, bad
	}
	if whole, err := strconv.ParseInt(digits, 10, 64); err == nil {
		return value.OfInterval(whole * unit), nil
	}
	return value.OfInterval(int64(count*float64(unit) + 0.5)), nil
}
