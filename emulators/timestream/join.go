package timestream

import (
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// joinSource is two sources side by side. Rows of the right whose keys are equal
// to the left's are found by hash; without keys every pair is looked at.
type joinSource struct {
	left, right           source
	outerLeft, outerRight bool
	on                    *expr
	leftKeys, rightKeys   []expr
	cols                  []*sourceColumn // what names find
	width                 int             // of a row: all columns of both
	lateral               *unnestSource   // right, where it is made from the left's row
}

func (p *planner) join(f *sql.From, s *scope) (source, error) {
	left, err := p.from(f.Join.Left, s)
	if err != nil {
		return nil, err
	}
	inLeft := &scope{planner: p, from: left.columns(), outer: s.outer, depth: s.depth, clause: "JOIN"}
	around := s
	if f.Join.Right.Unnest != nil {
		around = inLeft // UNNEST sees the left's row
	}
	right, err := p.from(f.Join.Right, around)
	if err != nil {
		return nil, err
	}
	j := &joinSource{left: left, right: right, outerLeft: f.Join.OuterLeft, outerRight: f.Join.OuterRight}
	j.lateral, _ = right.(*unnestSource)
	if j.lateral != nil && j.outerRight {
		return nil, f.At.Fail("a RIGHT or FULL JOIN of UNNEST is not implemented by Shakedown")
	}
	j.columnsOfBoth()
	if j.width > maxColumns {
		return nil, f.At.Fail("the join has more than %d columns", maxColumns)
	}
	if f.Join.Using != nil {
		return j, j.using(f, inLeft)
	}
	if f.Join.On == nil {
		return j, nil
	}
	both := &scope{planner: p, from: j.cols, outer: s.outer, depth: s.depth, clause: "JOIN"}
	if j.on, err = both.boolean(f.Join.On, "JOIN ON clause"); err != nil {
		return nil, err
	}
	if j.lateral == nil {
		inRight := &scope{planner: p, from: right.columns(), outer: s.outer, depth: s.depth, clause: "JOIN"}
		j.equalities(f.Join.On, inLeft, inRight)
	}
	return j, nil
}

// columnsOfBoth are those of the left, then those of the right, each at its place
// in the row.
func (j *joinSource) columnsOfBoth() {
	for _, c := range slices.Concat(j.left.columns(), j.right.columns()) {
		i := j.width
		again := *c
		again.eval = func(e *env) value.Value { return e.row[i] }
		j.cols = append(j.cols, &again)
		j.width++
	}
}

// equalities finds the conditions left = right among those that must all hold.
func (j *joinSource) equalities(n *sql.Node, inLeft, inRight *scope) {
	if n.Op != sql.BinaryOp {
		return
	}
	if n.Text == "AND" {
		j.equalities(n.Args[0], inLeft, inRight)
		j.equalities(n.Args[1], inLeft, inRight)
		return
	}
	if n.Text != "=" {
		return
	}
	for _, pair := range [][2]*sql.Node{{n.Args[0], n.Args[1]}, {n.Args[1], n.Args[0]}} {
		if !inLeft.knows(pair[0]) || !inRight.knows(pair[1]) {
			continue
		}
		l, err := inLeft.compile(pair[0])
		if err != nil {
			continue
		}
		r, err := inRight.compile(pair[1])
		if err != nil {
			continue
		}
		j.leftKeys, j.rightKeys = append(j.leftKeys, l), append(j.rightKeys, r)
		return
	}
}

// knows is that an expression is of this scope's own columns, at least one.
func (s *scope) knows(n *sql.Node) bool {
	own, other := 0, 0
	n.Walk(func(n *sql.Node) {
		if n.Query != nil {
			other++
		}
		if n.Op != sql.ColumnOp {
			return
		}
		if c, _ := find(s.from, n); c != nil {
			own++
		} else {
			other++
		}
	})
	return own > 0 && other == 0
}

// using joins on columns of both sides; each stands once, first, in the result.
func (j *joinSource) using(f *sql.From, inLeft *scope) error {
	lefts := len(j.left.columns())
	var merged []*sourceColumn
	drop := map[*sourceColumn]bool{}
	for _, name := range f.Join.Using {
		n := &sql.Node{Op: sql.ColumnOp, At: f.At, Text: name}
		l, err := find(j.cols[:lefts], n)
		if err != nil {
			return err
		}
		r, err := find(j.cols[lefts:], n)
		if err != nil {
			return err
		}
		if l == nil || r == nil {
			return f.At.Fail("Column '%s' of USING is missing from a side of the join", name)
		}
		of, ok := value.Common(l.kind, r.kind)
		if !ok {
			return f.At.Fail("Column '%s' of USING has the types %s and %s", name, l.kind, r.kind)
		}
		li, ri := slices.Index(j.cols, l), slices.Index(j.cols, r)-lefts
		j.leftKeys = append(j.leftKeys, expr{kind: l.kind, eval: j.left.columns()[li].eval})
		j.rightKeys = append(j.rightKeys, expr{kind: r.kind, eval: j.right.columns()[ri].eval})
		drop[l], drop[r] = true, true
		merged = append(merged, &sourceColumn{name: l.name, kind: of, eval: func(e *env) value.Value {
			if v := l.eval(e); !v.Null {
				return v.As(of)
			}
			return r.eval(e).As(of)
		}})
	}
	j.cols = slices.Concat(merged, slices.DeleteFunc(j.cols, func(c *sourceColumn) bool { return drop[c] }))
	return nil
}

func (j *joinSource) columns() []*sourceColumn { return j.cols }

// rightRow is a row of the right: its columns, and whether a row of the left has
// met it.
type rightRow struct {
	row []value.Value
	met bool
}

func (j *joinSource) scan(r *run, outer *env, visit func(*env) bool) {
	rows, index := j.rights(r, outer)
	e := &env{run: r, outer: outer, row: make([]value.Value, j.width)}
	lefts := j.left.columns()
	going := true
	var key []byte
	j.left.scan(r, outer, func(l *env) bool {
		for i, c := range lefts {
			e.row[i] = c.eval(l)
		}
		candidates := rows
		if j.lateral != nil {
			candidates = j.lateral.made(l)
		} else if len(j.leftKeys) > 0 {
			var null bool
			if key, null = keyOf(key[:0], j.leftKeys, l); null {
				candidates = nil
			} else {
				candidates = index[string(key)]
			}
		}
		met := false
		for _, c := range candidates {
			if going = r.step(); !going {
				return false
			}
			copy(e.row[len(lefts):], c.row)
			if j.on != nil && !j.on.eval(e).IsTrue() {
				continue
			}
			met, c.met = true, true
			if going = visit(e); !going {
				return false
			}
		}
		if !met && j.outerLeft {
			fillNull(e.row[len(lefts):], j.right.columns())
			going = visit(e)
		}
		return going
	})
	if !j.outerRight || !going || r.err != nil {
		return
	}
	fillNull(e.row[:len(lefts)], lefts)
	for _, c := range rows {
		copy(e.row[len(lefts):], c.row)
		if !c.met && !visit(e) {
			return
		}
	}
}

// rights are all rows of the right, and by their keys those that have them.
func (j *joinSource) rights(r *run, outer *env) ([]*rightRow, map[string][]*rightRow) {
	if j.lateral != nil {
		return nil, nil
	}
	var rows []*rightRow
	index := map[string][]*rightRow{}
	var key []byte
	columns := j.right.columns()
	j.right.scan(r, outer, func(e *env) bool {
		c := &rightRow{row: make([]value.Value, len(columns))}
		for i, of := range columns {
			c.row[i] = of.eval(e)
		}
		r.keep(c.row)
		rows = append(rows, c)
		if len(j.rightKeys) > 0 {
			var null bool
			if key, null = keyOf(key[:0], j.rightKeys, e); !null {
				index[string(key)] = append(index[string(key)], c)
			}
		}
		return r.err == nil
	})
	return rows, index
}

// keyOf is the key of a row to be joined by; null is equal to nothing.
func keyOf(key []byte, exprs []expr, e *env) ([]byte, bool) {
	for _, x := range exprs {
		v := x.eval(e)
		if v.Null {
			return key, true
		}
		key = v.AppendKey(key)
	}
	return key, false
}

func fillNull(row []value.Value, columns []*sourceColumn) {
	for i, c := range columns {
		row[i] = value.NullOf(c.kind)
	}
}
