package value

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// CastsTo tells whether CAST knows the way from a kind to another.
func CastsTo(from, to Kind) bool {
	switch {
	case from == to || from == Unknown:
		return true
	case from.IsArray() && to.IsArray():
		return CastsTo(from.Of(), to.Of())
	case from.IsRow() && to.IsRow():
		a, b := from.Fields(), to.Fields()
		ok := len(a) == len(b)
		for i := range a {
			ok = ok && CastsTo(a[i].Kind, b[i].Kind)
		}
		return ok
	case !from.IsScalar() || !to.IsScalar():
		return false
	case from == Varchar:
		return true
	case to == Varchar:
		return true
	case IsNumber(from) || from == Boolean:
		return IsNumber(to) || to == Boolean
	}
	return from == Timestamp && (to == Date || to == TimeOfDay) || from == Date && to == Timestamp
}

// Convert is CAST: a value as one of another kind, null as null. Its error says why
// there is none.
func Convert(v Value, to Kind) (Value, error) {
	switch {
	case v.Null || v.Kind == to:
		v.Kind = to
		return v, nil
	case to.IsArray():
		return convertItems(v, to, func(int) Kind { return to.Of() })
	case to.IsRow():
		fields := to.Fields()
		return convertItems(v, to, func(i int) Kind { return fields[i].Kind })
	}
	switch to {
	case Varchar:
		return OfText(v.Text()), nil
	case Double:
		if v.Kind != Varchar {
			return OfDouble(v.Number()), nil
		}
		f, err := strconv.ParseFloat(strings.TrimSpace(v.S), 64)
		if err != nil {
			return Null, invalid("Cannot cast '%.100s' to DOUBLE", v.S)
		}
		return OfDouble(f), nil
	case Bigint, Integer:
		return toInteger(v, to)
	case Boolean:
		return toBoolean(v)
	}
	const day = 86400e9
	switch {
	case v.Kind == Varchar:
		return ParseTime(v.S, to)
	case to == Date:
		return Value{Kind: Date, I: Floor(v.I, day)}, nil
	case to == TimeOfDay:
		return Value{Kind: TimeOfDay, I: v.I - Floor(v.I, day)}, nil
	}
	return Value{Kind: to, I: v.I}, nil
}

// convertItems converts what an array or a row is made of.
func convertItems(v Value, to Kind, kind func(i int) Kind) (Value, error) {
	items := make([]Value, len(v.List.Items))
	for i, item := range v.List.Items {
		var err error
		if items[i], err = Convert(item, kind(i)); err != nil {
			return NullOf(to), err
		}
	}
	return Value{Kind: to, List: &List{Items: items}}, nil
}

func toInteger(v Value, to Kind) (Value, error) {
	i := v.I
	switch v.Kind {
	case Varchar:
		n, err := strconv.ParseInt(strings.TrimSpace(v.S), 10, 64)
		if err != nil {
			return Null, invalid("Cannot cast '%.100s' to %s", v.S, to)
		}
		i = n
	case Double:
		f := math.Floor(v.F + 0.5)
		if v.F < 0 {
			f = math.Ceil(v.F - 0.5)
		}
		if !(f >= -1<<63 && f < 1<<63) {
			return Null, invalid("Unable to cast %s to %s", v.Text(), to)
		}
		i = int64(f)
	}
	if to == Integer && i != int64(int32(i)) {
		return Null, invalid("Out of range for integer: %d", i)
	}
	return Value{Kind: to, I: i}, nil
}

func toBoolean(v Value) (Value, error) {
	if v.Kind != Varchar {
		return OfBool(v.Number() != 0), nil
	}
	switch strings.ToLower(v.S) {
	case "true", "t", "1":
		return OfBool(true), nil
	case "false", "f", "0":
		return OfBool(false), nil
	}
	return Null, invalid("Cannot cast '%.100s' to BOOLEAN", v.S)
}

// Floor is the largest multiple of unit that is not above ns.
func Floor(ns, unit int64) int64 {
	rest := ns % unit
	if rest < 0 {
		rest += unit
	}
	return ns - rest
}

// invalid is an error in the words of Timestream, which begin as they do.
func invalid(format string, args ...any) error { return fmt.Errorf(format, args...) }
