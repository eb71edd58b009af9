package timestream

import (
	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// frameRun goes through a partition: the peers of the current row are first to
// last, the dense-th of their kind.
type frameRun struct {
	call               *windowCall
	run                *run
	part               []windowRow
	first, last, dense int
	// sum has the rows from start to below upTo.
	sum         aggregate
	start, upTo int
}

func (f *frameRun) value(at int) value.Value {
	n := len(f.part)
	switch f.call.node.Text {
	case "row_number":
		return value.OfBigint(int64(at + 1))
	case "rank":
		return value.OfBigint(int64(f.first + 1))
	case "dense_rank":
		return value.OfBigint(int64(f.dense))
	case "percent_rank":
		if n == 1 {
			return value.OfDouble(0)
		}
		return value.OfDouble(float64(f.first) / float64(n-1))
	case "cume_dist":
		return value.OfDouble(float64(f.last+1) / float64(n))
	case "ntile":
		return f.ntile(at)
	case "lag", "lead":
		return f.neighbour(at)
	}
	from, to := f.frame(at)
	if f.call.aggregate != nil {
		return f.summed(from, to)
	}
	switch f.call.node.Text {
	case "last_value":
		from = to
	case "nth_value":
		nth := f.call.args[1].eval(f.part[at].env)
		if nth.Null || nth.I < 1 {
			f.run.fail(f.call.node.At, invalid("Offset must be at least 1"))
			return value.NullOf(f.call.kind)
		}
		from += int(min(nth.I-1, int64(n)))
	}
	if from > to || from < 0 || from >= n {
		return value.NullOf(f.call.kind)
	}
	return f.call.args[0].eval(f.part[from].env)
}

// ntile divides the partition into buckets, the first ones one larger.
func (f *frameRun) ntile(at int) value.Value {
	buckets := f.call.args[0].eval(f.part[at].env)
	if buckets.Null || buckets.I < 1 {
		f.run.fail(f.call.node.At, invalid("Buckets must be greater than 0"))
		return value.NullOf(value.Bigint)
	}
	n, i := int64(len(f.part)), int64(at)
	size, larger := n/buckets.I, n%buckets.I
	if i < larger*(size+1) {
		return value.OfBigint(i/(size+1) + 1)
	}
	return value.OfBigint((i-larger*(size+1))/size + larger + 1)
}

// neighbour is lag and lead: the value some rows before or behind, or the default.
func (f *frameRun) neighbour(at int) value.Value {
	args, here := f.call.args, f.part[at].env
	offset := int64(1)
	if len(args) > 1 {
		v := args[1].eval(here)
		if v.Null || v.I < 0 {
			f.run.fail(f.call.node.At, invalid("Offset must be at least 0"))
			return value.NullOf(f.call.kind)
		}
		offset = min(v.I, int64(len(f.part)))
	}
	if f.call.node.Text == "lag" {
		offset = -offset
	}
	if to := int64(at) + offset; to >= 0 && to < int64(len(f.part)) {
		return widen(args[0].eval(f.part[to].env), f.call.kind)
	}
	if len(args) == 3 {
		return widen(args[2].eval(here), f.call.kind)
	}
	return value.NullOf(f.call.kind)
}

// frame is the first and last row of the current row's frame; it may be empty.
func (f *frameRun) frame(at int) (from, to int) {
	frame := f.call.node.Over.Frame
	edge := func(b sql.Bound, offset *expr, peer int) int {
		switch {
		case b.Unbounded && b.Sign < 0:
			return 0
		case b.Unbounded:
			return len(f.part) - 1
		case offset == nil && frame.Rows:
			return at
		case offset == nil:
			return peer
		}
		v := offset.eval(f.part[at].env)
		if v.Null || v.I < 0 {
			f.run.fail(b.Offset.At, invalid("Window frame offset must not be negative or null"))
		}
		return at + b.Sign*int(min(v.I, int64(len(f.part))))
	}
	from, to = edge(frame.From, f.call.from, f.first), edge(frame.To, f.call.to, f.last)
	return max(from, 0), min(to, len(f.part)-1)
}

// summed is the aggregate over a frame. One that begins where the last
// did only grows; any other is summed anew.
func (f *frameRun) summed(from, to int) value.Value {
	call := f.call.aggregate
	if f.sum == nil || from != f.start || to+1 < f.upTo {
		f.sum, f.start, f.upTo = call.make(), from, from
	}
	for ; f.upTo <= to; f.upTo++ {
		if !f.run.step() {
			return value.NullOf(call.kind)
		}
		call.add(f.sum, f.part[f.upTo].env)
	}
	v, err := f.sum.result()
	if err != nil {
		f.run.fail(f.call.node.At, err)
	}
	return v
}
