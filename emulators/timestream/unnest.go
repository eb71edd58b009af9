package timestream

import "github.com/shakedown-iot/shakedown/emulators/timestream/sql"

// unnestSource is UNNEST: an array is a column, a time series two, time and value;
// of several the shorter ones are filled up with null.
type unnestSource struct {
	lists      []expr
	ordinality bool
	cols       []*sourceColumn
}

func (p *planner) unnest(f *sql.From, s *scope) (source, error) {
	u := &unnestSource{ordinality: f.Ordinality}
	add := func(name string, k kind) {
		i := len(u.cols)
		u.cols = append(u.cols, &sourceColumn{name: name, kind: k, eval: func(e *env) value { return e.row[i] }})
	}
	for _, n := range f.Unnest {
		e, err := s.compile(n)
		if err != nil {
			return nil, err
		}
		switch {
		case e.kind.isSeries():
			add("time", timestamp)
			add("value", e.kind.of())
		case e.kind.isArray():
			add("_col"+itoa(len(u.cols)), e.kind.of())
		default:
			return nil, n.At.Fail("Cannot unnest type: %s", e.kind)
		}
		u.lists = append(u.lists, e)
	}
	if u.ordinality {
		add("ordinality", bigint)
	}
	return u, nil
}

func (u *unnestSource) columns() []*sourceColumn { return u.cols }

// made are the rows made from the row of what stands left of UNNEST.
func (u *unnestSource) made(left *env) []*rightRow {
	var lists []value
	longest := 0
	for _, l := range u.lists {
		v := l.eval(left)
		lists = append(lists, v)
		if !v.null {
			longest = max(longest, len(v.list.items))
		}
	}
	rows := make([]*rightRow, longest)
	for i := range rows {
		row := make([]value, 0, len(u.cols))
		for _, v := range lists {
			there := !v.null && i < len(v.list.items)
			if v.kind.isSeries() {
				at := nullOf(timestamp)
				if there {
					at = ofTime(v.list.at[i])
				}
				row = append(row, at)
			}
			item := nullOf(v.kind.of())
			if there {
				item = v.list.items[i]
			}
			row = append(row, item)
		}
		if u.ordinality {
			row = append(row, ofBigint(int64(i+1)))
		}
		rows[i] = &rightRow{row: row}
	}
	return rows
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
