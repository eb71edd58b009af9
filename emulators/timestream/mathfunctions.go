package timestream

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strconv"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// mathFunctions are of the page "Mathematical functions".
// https://docs.aws.amazon.com/timestream/latest/developerguide/mathematical-functions.html
var mathFunctions = map[string][]signature{
	"cbrt":        {onDouble(math.Cbrt)},
	"degrees":     {onDouble(func(x float64) float64 { return x * 180 / math.Pi })},
	"radians":     {onDouble(func(x float64) float64 { return x / 180 * math.Pi })},
	"exp":         {onDouble(math.Exp)},
	"ln":          {onDouble(math.Log)},
	"log2":        {onDouble(math.Log2)},
	"log10":       {onDouble(math.Log10)},
	"sqrt":        {onDouble(math.Sqrt)},
	"truncate":    {onDouble(math.Trunc)},
	"acos":        {onDouble(math.Acos)},
	"asin":        {onDouble(math.Asin)},
	"atan":        {onDouble(math.Atan)},
	"cos":         {onDouble(math.Cos)},
	"cosh":        {onDouble(math.Cosh)},
	"sin":         {onDouble(math.Sin)},
	"tan":         {onDouble(math.Tan)},
	"tanh":        {onDouble(math.Tanh)},
	"atan2":       {onDoubles(math.Atan2)},
	"pow":         {onDoubles(math.Pow)},
	"power":       {onDoubles(math.Pow)},
	"e":           {constant(math.E)},
	"pi":          {constant(math.Pi)},
	"infinity":    {constant(math.Inf(1))},
	"nan":         {constant(math.NaN())},
	"is_nan":      {onTest(math.IsNaN)},
	"is_infinite": {onTest(func(x float64) bool { return math.IsInf(x, 0) })},
	"is_finite":   {onTest(func(x float64) bool { return !math.IsInf(x, 0) && !math.IsNaN(x) })},
	"from_base": {on(value.Bigint, func(_ *env, v []value.Value) (value.Value, error) {
		if err := radix(v[1].I); err != nil {
			return value.Null, err
		}
		n, err := strconv.ParseInt(v[0].S, int(v[1].I), 64)
		if err != nil {
			return value.Null, invalid("Not a valid base-%d number: %.100s", v[1].I, v[0].S)
		}
		return value.OfBigint(n), nil
	}, value.Varchar, value.Bigint)},
	"to_base": {on(value.Varchar, func(_ *env, v []value.Value) (value.Value, error) {
		if err := radix(v[1].I); err != nil {
			return value.Null, err
		}
		return value.OfText(strconv.FormatInt(v[0].I, int(v[1].I))), nil
	}, value.Bigint, value.Bigint)},
	"rand":   {on(value.Double, random)},
	"random": {on(value.Double, random), on(value.Bigint, randomBelow, value.Bigint)},
}

func radix(n int64) error {
	if n < 2 || n > 36 {
		return invalid("Radix must be between 2 and 36")
	}
	return nil
}

func onDouble(f func(float64) float64) signature {
	return on(value.Double, func(_ *env, v []value.Value) (value.Value, error) { return value.OfDouble(f(v[0].F)), nil }, value.Double)
}

func onDoubles(f func(x, y float64) float64) signature {
	return on(value.Double, func(_ *env, v []value.Value) (value.Value, error) { return value.OfDouble(f(v[0].F, v[1].F)), nil }, value.Double, value.Double)
}

func onTest(f func(float64) bool) signature {
	return on(value.Boolean, func(_ *env, v []value.Value) (value.Value, error) { return value.OfBool(f(v[0].F)), nil }, value.Double)
}

func constant(f float64) signature {
	return on(value.Double, func(*env, []value.Value) (value.Value, error) { return value.OfDouble(f), nil })
}

// isRandom are the functions that answer anew for each row.
var isRandom = map[string]bool{"rand": true, "random": true, "shuffle": true}

// source of chance: from the time of the query and the rows it has looked at, so
// that a run of a scenario can be repeated.
func (r *run) chance() *rand.Rand {
	r.work++
	h := fnv.New64a()
	h.Write(strconv.AppendInt(nil, int64(r.work), 10))
	return rand.New(rand.NewPCG(uint64(r.now), h.Sum64()))
}

func random(e *env, _ []value.Value) (value.Value, error) {
	return value.OfDouble(e.run.chance().Float64()), nil
}

func randomBelow(e *env, v []value.Value) (value.Value, error) {
	if v[0].I <= 0 {
		return value.Null, invalid("bound must be positive")
	}
	return value.OfBigint(e.run.chance().Int64N(v[0].I)), nil
}

// numberFunctions answer what kind of number they are given.
var numberFunctions = map[string]generic{
	"abs": numeric(math.Abs, func(i int64) (int64, error) {
		if i == math.MinInt64 {
			return 0, errOverflow
		}
		return max(i, -i), nil
	}),
	"ceil":    numeric(math.Ceil, asItIs),
	"ceiling": numeric(math.Ceil, asItIs),
	"floor":   numeric(math.Floor, asItIs),
	"sign": numeric(func(f float64) float64 {
		if f > 0 {
			return 1
		} else if f < 0 {
			return -1
		}
		return f
	}, func(i int64) (int64, error) { return int64(value.Bit(i > 0) - value.Bit(i < 0)), nil }),
	"mod": func(k []value.Kind) (value.Kind, apply) {
		if len(k) != 2 || !value.IsNumber(k[0]) || !value.IsNumber(k[1]) {
			return value.Unknown, nil
		}
		of, _ := value.Common(k[0], k[1])
		return of, func(_ *env, v []value.Value) (value.Value, error) {
			if of == value.Double {
				return doubles("%", v[0].Number(), v[1].Number()), nil
			}
			return integers(of, "%", v[0].I, v[1].I)
		}
	},
	"round": func(k []value.Kind) (value.Kind, apply) {
		if len(k) < 1 || len(k) > 2 || !value.IsNumber(k[0]) || len(k) == 2 && !value.IsInteger(k[1]) {
			return value.Unknown, nil
		}
		return k[0], round
	},
}

func asItIs(i int64) (int64, error) { return i, nil }

func numeric(ofDoubles func(float64) float64, ofIntegers func(int64) (int64, error)) generic {
	return func(k []value.Kind) (value.Kind, apply) {
		if len(k) != 1 || !value.IsNumber(k[0]) {
			return value.Unknown, nil
		}
		return k[0], func(_ *env, v []value.Value) (value.Value, error) {
			if k[0] == value.Double {
				return value.OfDouble(ofDoubles(v[0].F)), nil
			}
			i, err := ofIntegers(v[0].I)
			if k[0] == value.Integer && i != int64(int32(i)) {
				err = errOverflow
			}
			return value.Value{Kind: k[0], I: i}, err
		}
	}
}

// round is half away from zero, to places behind or before the point.
func round(_ *env, v []value.Value) (value.Value, error) {
	places := int64(0)
	if len(v) == 2 {
		places = v[1].I
	}
	switch {
	case v[0].Kind != value.Double && (places >= 0 || v[0].I == 0):
		return v[0], nil
	case v[0].Kind != value.Double && places < -18:
		return value.Value{Kind: v[0].Kind}, nil
	case v[0].Kind != value.Double:
		scale := int64(math.Pow10(int(-places)))
		half := scale / 2
		if v[0].I < 0 {
			half = -half
		}
		sum, err := integers(value.Bigint, "+", v[0].I, half)
		return value.Value{Kind: v[0].Kind, I: sum.I / scale * scale}, err
	}
	scale := math.Pow10(int(max(min(places, 300), -300)))
	f := math.Round(v[0].F*scale) / scale
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return v[0], nil
	}
	return value.OfDouble(f), nil
}

// bitFunctions are of the page "Bitwise functions".
// https://docs.aws.amazon.com/timestream/latest/developerguide/bitwise-functions.html
var bitFunctions = map[string][]signature{
	"bitwise_and": {onBits(func(x, y int64) int64 { return x & y })},
	"bitwise_or":  {onBits(func(x, y int64) int64 { return x | y })},
	"bitwise_xor": {onBits(func(x, y int64) int64 { return x ^ y })},
	"bitwise_not": {on(value.Bigint, func(_ *env, v []value.Value) (value.Value, error) { return value.OfBigint(^v[0].I), nil }, value.Bigint)},
	"bit_count": {on(value.Bigint, func(_ *env, v []value.Value) (value.Value, error) {
		bits := v[1].I
		if bits < 2 || bits > 64 || bits < 64 && (v[0].I >= 1<<(bits-1) || v[0].I < -1<<(bits-1)) {
			return value.Null, invalid("Number must be representable with the bits specified: %d", bits)
		}
		n := int64(0)
		for i := range bits {
			n += v[0].I >> i & 1
		}
		return value.OfBigint(n), nil
	}, value.Bigint, value.Bigint)},
}

func onBits(f func(x, y int64) int64) signature {
	return on(value.Bigint, func(_ *env, v []value.Value) (value.Value, error) { return value.OfBigint(f(v[0].I, v[1].I)), nil }, value.Bigint, value.Bigint)
}
