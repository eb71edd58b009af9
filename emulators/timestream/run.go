package timestream

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// Bounds of one query. They are counted, not timed: the same query ends the same
// way every time.
const (
	maxWork  = 1 << 27   // rows and pairs of rows looked at
	maxBytes = 256 << 20 // of rows kept while it runs, and of its result
)

// run is one execution of a query. Its first error ends it.
type run struct {
	ctx   context.Context
	now   int64
	err   error
	tried bool // err is an expression's: TRY makes null of it
	work  int
	look  int // at which work it asks again whether it may go on
	bytes int
	kept  map[*relation][][]value.Value // rows of relations that depend on no other row
	sets  map[*relation]*set
	// patterns are the regular expressions that were compiled.
	patterns map[string]compiled
}

func newRun(ctx context.Context, now int64) *run {
	return &run{ctx: ctx, now: now, kept: map[*relation][][]value.Value{}, sets: map[*relation]*set{}, patterns: map[string]compiled{}}
}

// spend counts work that is not a row: the elements of a list.
func (r *run) spend(n int) {
	if r.work += n; r.work < r.look || r.err != nil {
		return
	}
	r.look = min(r.work+0x1000, maxWork+1)
	if r.work > maxWork {
		r.err = validation("The query looks at more than %d rows", maxWork)
	} else {
		r.err = r.ctx.Err()
	}
}

// step counts a row that is looked at, and is false when the query has ended.
func (r *run) step() bool {
	r.spend(1)
	return r.err == nil
}

// keep counts a row that is kept.
func (r *run) keep(row []value.Value) {
	n := 0
	for _, v := range row {
		n += v.Size()
	}
	r.hold(n)
}

// hold counts bytes that are kept from now on; less than none are let go.
func (r *run) hold(bytes int) {
	if r.bytes += bytes; r.bytes > maxBytes && r.err == nil {
		r.err = validation("The query keeps more than %d MiB of rows", maxBytes>>20)
	}
}

// holdLarge counts a text or a list, which may be large, among many that are there
// together, and answers how much it counted. What is in a list of lists is counted where
// they are made.
func (r *run) holdLarge(v value.Value) int {
	n := len(v.S)
	if v.List != nil {
		n += len(v.List.Items) << 6
	}
	if n > 0 {
		r.hold(n)
	}
	return n
}

// fail ends the query with an error of an expression.
func (r *run) fail(at sql.Token, err error) {
	if r.err == nil {
		r.err, r.tried = at.Fail("%s", err), true
	}
}
