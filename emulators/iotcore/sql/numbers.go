package sql

import (
	"math"

	"github.com/cockroachdb/apd/v3"
)

// integer is a number rounded down, where it fits.
func (v value) integer() (int64, bool) {
	n, ok := v.number()
	if !ok {
		return 0, false
	}
	if i, scale, ok := small(n.s); ok && scale == 0 && n.s != "" {
		return i, true
	}
	return n.rounded(apd.RoundFloor)
}

// within is a number rounded down, or the nearest of the bounds.
func (v value) within(low, high int64) (int64, bool) {
	n, ok := v.number()
	if !ok {
		return 0, false
	}
	var d apd.Decimal
	switch from := n.decimal(&d); {
	case from.Cmp(apd.New(low, 0)) <= 0:
		return low, true
	case from.Cmp(apd.New(high, 0)) >= 0:
		return high, true
	}
	return n.rounded(apd.RoundFloor)
}

func (v value) rounded(mode apd.Rounder) (int64, bool) {
	d, ok := v.whole(mode)
	if !ok {
		return 0, false
	}
	i, err := d.Int64()
	return i, err == nil
}

// whole rounds a number to a whole one.
func (v value) whole(mode apd.Rounder) (*apd.Decimal, bool) {
	d := new(apd.Decimal)
	from := v.decimal(d)
	if isWhole(from) {
		return from, true
	}
	ctx := *decimals
	ctx.Rounding = mode
	if _, err := ctx.Quantize(d, from, 0); err != nil {
		return nil, false
	}
	return d, true
}

// rounding is a function of one number that answers an Int.
func rounding(mode apd.Rounder) function {
	return func(_ *scope, args []value) value {
		if len(args) != 1 {
			return undefined
		}
		n, ok := args[0].number()
		if !ok {
			return undefined
		}
		d, ok := n.whole(mode)
		if !ok {
			return undefined
		}
		return ofInteger(d)
	}
}

// onFloat is a function of one number in double precision.
func onFloat(f func(float64) float64) function {
	return func(_ *scope, args []value) value {
		if len(args) != 1 {
			return undefined
		}
		n, ok := args[0].number()
		if !ok {
			return undefined
		}
		return fromFloat(f(n.float()))
	}
}

// bits is a function of two whole numbers, rounded down first.
func bits(f func(a, b int64) int64) function {
	return func(_ *scope, args []value) value {
		if len(args) != 2 {
			return undefined
		}
		a, ok := args[0].integer()
		b, also := args[1].integer()
		if !ok || !also {
			return undefined
		}
		return ofInt(f(a, b))
	}
}

func modulo(_ *scope, args []value) value {
	if len(args) != 2 {
		return undefined
	}
	return arithmetic("%", args[0], args[1])
}

var numberFunctions = map[string]function{
	"abs": func(_ *scope, args []value) value {
		if len(args) != 1 {
			return undefined
		}
		n, ok := args[0].number()
		if !ok {
			return undefined
		}
		var d apd.Decimal
		return value{kind: n.kind, n: new(apd.Decimal).Abs(n.decimal(&d))}
	},
	"ceil":  rounding(apd.RoundCeiling),
	"floor": rounding(apd.RoundFloor),
	"round": rounding(apd.RoundHalfUp), // halves away from zero
	"mod":   modulo, "remainder": modulo,
	"bitand": bits(func(a, b int64) int64 { return a & b }),
	"bitor":  bits(func(a, b int64) int64 { return a | b }),
	"bitxor": bits(func(a, b int64) int64 { return a ^ b }),
	"acos":   onFloat(math.Acos), "asin": onFloat(math.Asin), "atan": onFloat(math.Atan),
	"cos": onFloat(math.Cos), "cosh": onFloat(math.Cosh), "sin": onFloat(math.Sin), "sinh": onFloat(math.Sinh),
	"tan": onFloat(math.Tan), "tanh": onFloat(math.Tanh),
	"exp": onFloat(math.Exp), "ln": onFloat(math.Log), "log": onFloat(math.Log10), "sqrt": onFloat(math.Sqrt),
	"atan2": twoFloats(math.Atan2),
	"power": twoFloats(math.Pow),
	"sign": func(_ *scope, args []value) value {
		if len(args) != 1 {
			return undefined
		}
		n, ok := args[0].number()
		if !ok {
			return undefined
		}
		return ofInt(int64(n.sign()))
	},
	"nanvl": func(_ *scope, args []value) value {
		if len(args) != 2 {
			return undefined
		}
		if args[0].kind == undefinedKind || args[0].kind == nullKind {
			return args[1]
		}
		return args[0]
	},
	"trunc": trunc,
}

func twoFloats(f func(a, b float64) float64) function {
	return func(_ *scope, args []value) value {
		if len(args) != 2 {
			return undefined
		}
		a, ok := args[0].number()
		b, also := args[1].number()
		if !ok || !also {
			return undefined
		}
		return fromFloat(f(a.float(), b.float()))
	}
}

// trunc cuts to a number of places between 0 and 34; another is set to the
// nearest of these.
func trunc(_ *scope, args []value) value {
	if len(args) != 2 || !args[1].isNumber() {
		return undefined
	}
	n, ok := args[0].number()
	places, also := args[1].within(0, 34)
	if !ok || !also {
		return undefined
	}
	if n.kind == intKind {
		return n
	}
	var room apd.Decimal
	from := n.decimal(&room)
	if -int64(from.Exponent) <= places {
		return n
	}
	ctx := *decimals
	ctx.Rounding = apd.RoundDown
	d := new(apd.Decimal)
	if _, err := ctx.Quantize(d, from, -int32(places)); err != nil {
		return undefined
	}
	return ofNumber(d)
}
