package timestream

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// QueryInput asks a query, or for the next page of one.
type QueryInput struct {
	QueryString string
	NextToken   string
	MaxRows     int
	// ClientToken makes a repeated call answer the same; a SELECT does anyway.
	ClientToken string
}

// QueryStatus says how far a query is and what it cost.
type QueryStatus struct {
	ProgressPercentage                             float64
	CumulativeBytesScanned, CumulativeBytesMetered int64
}

// QueryOutput is one page.
type QueryOutput struct {
	QueryId     string
	Rows        []Row
	ColumnInfo  []ColumnInfo
	NextToken   string `json:",omitempty"`
	QueryStatus QueryStatus
}

// pageRows is a page where the caller sets no MaxRows; MaxRows is at most 1000.
const (
	pageRows = 10_000
	maxRows  = 1000
)

// Query runs a SELECT and answers a page. Errors: ValidationException with line
// and column, also for SQL that is not implemented.
func (s *State) Query(ctx context.Context, in *QueryInput) (*QueryOutput, error) {
	if in.MaxRows < 0 || in.MaxRows > maxRows {
		return nil, validation("MaxRows %d is not between 1 and %d", in.MaxRows, maxRows)
	}
	if in.NextToken != "" {
		c, ok := s.cursors.take(in.NextToken)
		if !ok || c.query != in.QueryString {
			return nil, validation("NextToken was not given out for this query, or was used")
		}
		return s.rows(c, in.MaxRows), nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now().UnixNano()
	rel, err := s.statement(in.QueryString, now)
	if err != nil {
		return nil, err
	}
	r := newRun(ctx, now)
	rows := rel.in(r, nil)
	if r.err != nil {
		return nil, r.err
	}
	c := &cursor{query: in.QueryString, id: wire.NewRequestID(), rows: rows}
	for i, name := range rel.names {
		c.columns = append(c.columns, ColumnInfo{name, rel.kinds[i].describe()})
	}
	return s.rows(c, in.MaxRows), nil
}

// rows answers the next rows of a cursor and keeps it where more are left.
func (s *State) rows(c *cursor, limit int) *QueryOutput {
	if limit == 0 {
		limit = pageRows
	}
	out := &QueryOutput{QueryId: strings.ToUpper(strings.ReplaceAll(c.id, "-", "")), Rows: []Row{}, QueryStatus: QueryStatus{ProgressPercentage: 100}}
	out.ColumnInfo = c.columns
	for ; c.at < len(c.rows) && len(out.Rows) < limit; c.at++ {
		row := Row{Data: make([]Datum, len(c.rows[c.at]))}
		for i, v := range c.rows[c.at] {
			row.Data[i] = v.datum()
		}
		out.Rows = append(out.Rows, row)
	}
	if c.at < len(c.rows) {
		out.NextToken = s.cursors.keep(c)
	}
	return out
}

// cursor is a result with the place up to which it was read.
type cursor struct {
	query, id string
	columns   []ColumnInfo
	rows      [][]value
	at        int
}

// cursors are the results that are not read to their end; the oldest go first.
type cursors struct {
	mu    sync.Mutex
	open  map[string]*cursor
	order []string
}

const maxCursors = 64

func (c *cursors) keep(cur *cursor) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.open == nil {
		c.open = map[string]*cursor{}
	}
	token := cur.id + "/" + strconv.Itoa(cur.at)
	c.open[token] = cur
	c.order = append(c.order, token)
	for len(c.order) > maxCursors {
		delete(c.open, c.order[0])
		c.order = c.order[1:]
	}
	return token
}

func (c *cursors) take(token string) (*cursor, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	cur, ok := c.open[token]
	delete(c.open, token)
	return cur, ok
}
