package timestream

import "github.com/shakedown-iot/shakedown/emulators/timestream/value"

// nth is the n-th row, from 1, of those from a row on in a direction up to another;
// with IGNORE NULLS of those whose value is not null. -1 is that there is none.
func (f *frameRun) nth(n int64, from, to, step int) int {
	if !f.call.node.IgnoreNulls {
		// The distance is bounded by the partition: no overflow.
		at := from + step*int(min(n-1, int64(len(f.part))))
		if (to-at)*step < 0 {
			return -1
		}
		return at
	}
	for at := from; (to-at)*step >= 0 && f.run.step(); at += step {
		if f.call.args[0].eval(f.part[at].env).Null {
			continue
		}
		if n--; n == 0 {
			return at
		}
	}
	return -1
}

// chosen is first_value, last_value and nth_value of a frame.
func (f *frameRun) chosen(at, from, to int) value.Value {
	n, step := int64(1), 1
	switch f.call.node.Text {
	case "last_value":
		from, to, step = to, from, -1
	case "nth_value":
		v := f.call.args[1].eval(f.part[at].env)
		if v.Null {
			return value.NullOf(f.call.kind)
		}
		if n = v.I; n < 1 {
			f.run.fail(f.call.node.At, invalid("Offset must be at least 1"))
			return value.NullOf(f.call.kind)
		}
	}
	if i := f.nth(n, from, to, step); i >= 0 {
		return f.call.args[0].eval(f.part[i].env)
	}
	return value.NullOf(f.call.kind)
}

// neighbour is lag and lead: the value some rows before or behind, or the default.
// An offset that is null has none.
func (f *frameRun) neighbour(at int) value.Value {
	args, here := f.call.args, f.part[at].env
	offset := value.OfBigint(1)
	if len(args) > 1 {
		if offset = args[1].eval(here); !offset.Null && offset.I < 0 {
			f.run.fail(f.call.node.At, invalid("Offset must be at least 0"))
			return value.NullOf(f.call.kind)
		}
	}
	to, step := len(f.part)-1, 1
	if f.call.node.Text == "lag" {
		to, step = 0, -1
	}
	i := -1
	switch {
	case offset.Null:
	case offset.I == 0:
		i = at
	default:
		i = f.nth(offset.I, at+step, to, step)
	}
	if i >= 0 {
		return args[0].eval(f.part[i].env).As(f.call.kind)
	}
	if len(args) == 3 {
		return args[2].eval(here).As(f.call.kind)
	}
	return value.NullOf(f.call.kind)
}
