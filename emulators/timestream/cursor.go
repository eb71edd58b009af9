package timestream

import (
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// cursor is a result with the place up to which it was read.
type cursor struct {
	query   string
	id      string
	started time.Time
	columns []ColumnInfo
	rows    [][]value.Value
	// at and next are where the last page began and ended: its token can be used
	// again until the next one is. used is how often.
	at, next, used int
	canceled       bool
	bytes          int // of the last page
	kept           int // bytes, of all rows
}

// Pages of a result. https://docs.aws.amazon.com/timestream/latest/developerguide/API_query_Query.html
const (
	pageBytes  = 1 << 20
	maxRows    = 1000      // of MaxRows
	tokenUses  = 5         // of one NextToken
	tokenAge   = time.Hour // of all of a query's
	maxCursors = 64        // that are kept; the oldest go first
	// maxCursorBytes is how large they are together.
	maxCursorBytes = maxBytes
)

// page answers rows from a place on: as many as a mebibyte and the limit let.
func (c *cursor) page(from, limit int) (*QueryOutput, error) {
	if limit == 0 {
		limit = len(c.rows)
	}
	out := &QueryOutput{QueryId: c.id, ColumnInfo: c.columns, Rows: []Row{}, QueryStatus: QueryStatus{ProgressPercentage: 100}}
	size, at := 0, from
	for ; at < len(c.rows) && len(out.Rows) < limit; at++ {
		bytes := 0
		for _, v := range c.rows[at] {
			bytes += v.PrintedSize()
		}
		if size += bytes; bytes > pageBytes {
			return nil, validation("Query aborted as max page response size has been exceeded by the output result row")
		} else if size > pageBytes {
			break
		}
		row := Row{Data: make([]Datum, len(c.rows[at]))}
		for i, v := range c.rows[at] {
			row.Data[i] = datum(v)
		}
		out.Rows = append(out.Rows, row)
	}
	if from != c.at {
		c.used = 0
	}
	c.at, c.next, c.bytes = from, at, size
	if at < len(c.rows) {
		out.NextToken = c.id + "." + strconv.Itoa(at)
	}
	return out, nil
}

// cursors are the results that are not read to their end, by query.
type cursors struct {
	mu    sync.Mutex
	open  map[string]*cursor
	order []string
	bytes int
}

func (c *cursors) keep(cur *cursor) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open == nil {
		c.open = map[string]*cursor{}
	}
	for _, row := range cur.rows {
		for _, v := range row {
			cur.kept += v.Size()
		}
	}
	c.bytes += cur.kept
	c.open[cur.id] = cur
	c.order = append(c.order, cur.id)
	for len(c.order) > 1 && (len(c.order) > maxCursors || c.bytes > maxCursorBytes) {
		c.bytes -= c.open[c.order[0]].kept
		delete(c.open, c.order[0])
		c.order = c.order[1:]
	}
}

// resume answers the page that a token asks for.
func (c *cursors) resume(in *QueryInput) (*QueryOutput, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	invalid := validation("Invalid pagination token")
	id, place, _ := strings.Cut(in.NextToken, ".")
	at, err := strconv.Atoi(place)
	cur, ok := c.open[id]
	if err != nil || !ok || cur.query != in.QueryString || time.Since(cur.started) > tokenAge {
		return nil, invalid
	}
	if cur.canceled {
		return nil, wire.Errorf("ConflictException", 0, "Unable to poll results for a cancelled query.")
	}
	switch at {
	case cur.next:
	case cur.at:
		if cur.used++; cur.used >= tokenUses {
			return nil, invalid
		}
	default:
		return nil, invalid
	}
	return cur.page(at, in.rows())
}

// cancel ends a result: its pages are a conflict from then on.
func (c *cursors) cancel(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	cur, ok := c.open[id]
	if ok {
		c.bytes -= cur.kept
		cur.canceled, cur.rows, cur.kept = true, nil, 0
	}
	return ok
}
