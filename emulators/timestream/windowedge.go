package timestream

import (
	"sort"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// edge is where a frame begins or ends, if it has an offset. Of RANGE it is also the
// value of ORDER BY that the offset leads to from the current row.
type edge struct{ offset, value *expr }

// edges compiles a frame's.
func (s *scope) edges(w *windowCall) (err error) {
	frame := w.node.Over.Frame
	if w.from, err = s.edge(w, frame.From); err != nil {
		return err
	}
	w.to, err = s.edge(w, frame.To)
	return err
}

func (s *scope) edge(w *windowCall, b sql.Bound) (edge, error) {
	if b.Offset == nil {
		return edge{}, nil
	}
	offset, err := s.compile(b.Offset)
	if err != nil {
		return edge{}, err
	}
	if w.node.Over.Frame.Rows {
		if !value.IsInteger(offset.kind) {
			return edge{}, b.Offset.At.Fail("a frame's offset is an integer, not %s", offset.kind)
		}
		return edge{offset: &offset}, nil
	}
	if len(w.order) != 1 {
		return edge{}, b.Offset.At.Fail("a frame of RANGE with an offset needs one ORDER BY expression, not %d", len(w.order))
	}
	op := "+"
	if (b.Sign < 0) != w.order[0].desc {
		op = "-"
	}
	key := w.order[0].expr
	to, err := arithmetic(&sql.Node{Op: sql.BinaryOp, At: b.Offset.At, Text: op}, key, offset, false)
	if err == nil && !value.Comparable(key.kind, to.kind) {
		err = b.Offset.At.Fail("a frame's offset of %s cannot be applied to %s", offset.kind, key.kind)
	}
	return edge{&offset, &to}, err
}

// frame is the first and last row of the current row's frame; it may be empty.
func (f *frameRun) frame(at int) (from, to int) {
	frame := f.call.node.Over.Frame
	from, to = f.edge(at, frame.From, f.call.from, f.first), f.edge(at, frame.To, f.call.to, f.last)
	return max(from, 0), min(to, len(f.part)-1)
}

// edge is a bound's row; peer is the first or the last that is equal to the current.
func (f *frameRun) edge(at int, b sql.Bound, of edge, peer int) int {
	switch {
	case b.Unbounded && b.Sign < 0:
		return 0
	case b.Unbounded:
		return len(f.part) - 1
	case of.offset == nil && f.call.node.Over.Frame.Rows:
		return at
	case of.offset == nil:
		return peer
	}
	offset := of.offset.eval(f.part[at].env)
	if offset.Null || offset.I < 0 || offset.F < 0 {
		f.run.fail(b.Offset.At, invalid("Window frame offset must not be negative or null"))
		return at
	}
	if of.value == nil {
		return at + b.Sign*int(min(offset.I, int64(len(f.part))))
	}
	if f.part[at].keys[0].Null {
		return peer
	}
	return f.reached(of.value.eval(f.part[at].env), of == f.call.from)
}

// reached is the first row whose value of ORDER BY is not before a value, or the last
// that is not behind it.
func (f *frameRun) reached(key value.Value, first bool) int {
	if f.run.err != nil {
		return 0
	}
	keys := []value.Value{key}
	if first {
		return sort.Search(len(f.part), func(i int) bool { return ordered(f.part[i].keys, keys, f.call.order) >= 0 })
	}
	return sort.Search(len(f.part), func(i int) bool { return ordered(f.part[i].keys, keys, f.call.order) > 0 }) - 1
}
