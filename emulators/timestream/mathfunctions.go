package timestream

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"strconv"
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
	"from_base": {on(bigint, func(_ *env, v []value) (value, error) {
		if err := radix(v[1].i); err != nil {
			return null, err
		}
		n, err := strconv.ParseInt(v[0].s, int(v[1].i), 64)
		if err != nil {
			return null, invalid("Not a valid base-%d number: %.100s", v[1].i, v[0].s)
		}
		return ofBigint(n), nil
	}, varchar, bigint)},
	"to_base": {on(varchar, func(_ *env, v []value) (value, error) {
		if err := radix(v[1].i); err != nil {
			return null, err
		}
		return ofText(strconv.FormatInt(v[0].i, int(v[1].i))), nil
	}, bigint, bigint)},
	"rand":   {on(double, random)},
	"random": {on(double, random), on(bigint, randomBelow, bigint)},
}

func radix(n int64) error {
	if n < 2 || n > 36 {
		return invalid("Radix must be between 2 and 36")
	}
	return nil
}

func onDouble(f func(float64) float64) signature {
	return on(double, func(_ *env, v []value) (value, error) { return ofDouble(f(v[0].f)), nil }, double)
}

func onDoubles(f func(x, y float64) float64) signature {
	return on(double, func(_ *env, v []value) (value, error) { return ofDouble(f(v[0].f, v[1].f)), nil }, double, double)
}

func onTest(f func(float64) bool) signature {
	return on(boolean, func(_ *env, v []value) (value, error) { return ofBool(f(v[0].f)), nil }, double)
}

func constant(f float64) signature {
	return on(double, func(*env, []value) (value, error) { return ofDouble(f), nil })
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

func random(e *env, _ []value) (value, error) { return ofDouble(e.run.chance().Float64()), nil }

func randomBelow(e *env, v []value) (value, error) {
	if v[0].i <= 0 {
		return null, invalid("bound must be positive")
	}
	return ofBigint(e.run.chance().Int64N(v[0].i)), nil
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
	}, func(i int64) (int64, error) { return int64(b2i(i > 0) - b2i(i < 0)), nil }),
	"mod": func(k []kind) (kind, apply) {
		if len(k) != 2 || !isNumber(k[0]) || !isNumber(k[1]) {
			return 0, nil
		}
		of, _ := common(k[0], k[1])
		return of, func(_ *env, v []value) (value, error) {
			if of == double {
				return doubles("%", v[0].number(), v[1].number()), nil
			}
			return integers(of, "%", v[0].i, v[1].i)
		}
	},
	"round": func(k []kind) (kind, apply) {
		if len(k) < 1 || len(k) > 2 || !isNumber(k[0]) || len(k) == 2 && !isInteger(k[1]) {
			return 0, nil
		}
		return k[0], round
	},
}

func asItIs(i int64) (int64, error) { return i, nil }

func numeric(ofDoubles func(float64) float64, ofIntegers func(int64) (int64, error)) generic {
	return func(k []kind) (kind, apply) {
		if len(k) != 1 || !isNumber(k[0]) {
			return 0, nil
		}
		return k[0], func(_ *env, v []value) (value, error) {
			if k[0] == double {
				return ofDouble(ofDoubles(v[0].f)), nil
			}
			i, err := ofIntegers(v[0].i)
			return value{kind: k[0], i: i}, err
		}
	}
}

// round is half away from zero, to places behind or before the point.
func round(_ *env, v []value) (value, error) {
	places := int64(0)
	if len(v) == 2 {
		places = v[1].i
	}
	switch {
	case v[0].kind != double && (places >= 0 || v[0].i == 0):
		return v[0], nil
	case v[0].kind != double && places < -18:
		return value{kind: v[0].kind}, nil
	case v[0].kind != double:
		scale := int64(math.Pow10(int(-places)))
		half := scale / 2
		if v[0].i < 0 {
			half = -half
		}
		sum, err := integers(bigint, "+", v[0].i, half)
		return value{kind: v[0].kind, i: sum.i / scale * scale}, err
	}
	scale := math.Pow10(int(max(min(places, 300), -300)))
	f := math.Round(v[0].f*scale) / scale
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return v[0], nil
	}
	return ofDouble(f), nil
}

// bitFunctions are of the page "Bitwise functions".
// https://docs.aws.amazon.com/timestream/latest/developerguide/bitwise-functions.html
var bitFunctions = map[string][]signature{
	"bitwise_and": {onBits(func(x, y int64) int64 { return x & y })},
	"bitwise_or":  {onBits(func(x, y int64) int64 { return x | y })},
	"bitwise_xor": {onBits(func(x, y int64) int64 { return x ^ y })},
	"bitwise_not": {on(bigint, func(_ *env, v []value) (value, error) { return ofBigint(^v[0].i), nil }, bigint)},
	"bit_count": {on(bigint, func(_ *env, v []value) (value, error) {
		bits := v[1].i
		if bits < 2 || bits > 64 || bits < 64 && (v[0].i >= 1<<(bits-1) || v[0].i < -1<<(bits-1)) {
			return null, invalid("Number must be representable with the bits specified: %d", bits)
		}
		n := int64(0)
		for i := range bits {
			n += v[0].i >> i & 1
		}
		return ofBigint(n), nil
	}, bigint, bigint)},
}

func onBits(f func(x, y int64) int64) signature {
	return on(bigint, func(_ *env, v []value) (value, error) { return ofBigint(f(v[0].i, v[1].i)), nil }, bigint, bigint)
}
