package timestream

import (
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
	return f.chosen(at, from, to)
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

// drop lets the sum go.
func (f *frameRun) drop() {
	if f.sum != nil {
		f.run.hold(-held(f.sum))
	}
}

// summed is the aggregate over a frame. One that begins where the last
// did only grows; any other is summed anew.
func (f *frameRun) summed(from, to int) value.Value {
	call := f.call.aggregate
	if f.sum == nil || from != f.start || to+1 < f.upTo {
		f.drop()
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
