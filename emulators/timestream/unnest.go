package timestream

import (
	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// unnestSource is UNNEST: an array is a column, one of rows a column for each of their
// fields, a time series two, time and value;
// of several the shorter ones are filled up with null.
type unnestSource struct {
	lists      []expr
	ordinality bool
	cols       []*sourceColumn
}

func (p *planner) unnest(f *sql.From, s *scope) (source, error) {
	u := &unnestSource{ordinality: f.Ordinality}
	add := func(name string, k value.Kind) {
		i := len(u.cols)
		u.cols = append(u.cols, &sourceColumn{name: name, kind: k, eval: func(e *env) value.Value { return e.row[i] }})
	}
	for _, n := range f.Unnest {
		e, err := s.compile(n)
		if err != nil {
			return nil, err
		}
		switch {
		case e.kind.IsSeries():
			add("time", value.Timestamp)
			add("value", e.kind.Of())
		case e.kind.IsArray() && e.kind.Of().IsRow():
			for i, f := range e.kind.Of().Fields() {
				if f.Name == "" {
					f.Name = "_col" + itoa(i)
				}
				add(f.Name, f.Kind)
			}
		case e.kind.IsArray():
			add("_col"+itoa(len(u.cols)), e.kind.Of())
		default:
			return nil, n.At.Fail("Cannot unnest type: %s", e.kind)
		}
		u.lists = append(u.lists, e)
	}
	if u.ordinality {
		add("ordinality", value.Bigint)
	}
	return u, nil
}

func (u *unnestSource) columns() []*sourceColumn { return u.cols }

// made are the rows made from the row of what stands left of UNNEST.
func (u *unnestSource) made(left *env) []*rightRow {
	var lists []value.Value
	longest, held := 0, 0
	for _, l := range u.lists {
		v := l.eval(left)
		lists = append(lists, v)
		if !v.Null {
			longest = max(longest, len(v.List.Items))
		}
		if held += left.run.holdLarge(v); left.run.err != nil {
			break
		}
	}
	// The rows are there together, and not longer than their turn.
	bytes := longest * len(u.cols) << 6
	left.run.hold(bytes)
	left.run.hold(-bytes - held)
	if left.run.err != nil {
		return nil
	}
	rows := make([]*rightRow, longest)
	for i := range rows {
		row := make([]value.Value, 0, len(u.cols))
		for _, v := range lists {
			row = appendUnnested(row, v, i)
		}
		if u.ordinality {
			row = append(row, value.OfBigint(int64(i+1)))
		}
		rows[i] = &rightRow{row: row}
	}
	return rows
}

// appendUnnested appends the columns that the i-th element of a list is.
func appendUnnested(row []value.Value, v value.Value, i int) []value.Value {
	item := value.NullOf(v.Kind.Of())
	there := !v.Null && i < len(v.List.Items)
	if there {
		item = v.List.Items[i]
	}
	switch {
	case v.Kind.IsSeries() && there:
		row = append(row, value.OfTime(v.List.At[i]))
	case v.Kind.IsSeries():
		row = append(row, value.NullOf(value.Timestamp))
	case item.Kind.IsRow() && item.Null:
		for _, f := range item.Kind.Fields() {
			row = append(row, value.NullOf(f.Kind))
		}
		return row
	case item.Kind.IsRow():
		return append(row, item.List.Items...)
	}
	return append(row, item)
}

func (u *unnestSource) scan(r *run, outer *env, visit func(*env) bool) {
	e := &env{run: r, outer: outer}
	for _, made := range u.made(&env{run: r, outer: outer}) {
		e.row = made.row
		if !r.step() || !visit(e) {
			return
		}
	}
}
