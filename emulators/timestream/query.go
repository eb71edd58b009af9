package timestream

import (
	"context"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// QueryInput asks a query, or for the next page of one.
type QueryInput struct {
	QueryString string
	NextToken   string
	MaxRows     *int
	// ClientToken makes a repeated call answer the same; a call that asks for no
	// page is a new run all the same.
	ClientToken   string
	QueryInsights *struct{ Mode string }
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

func (in *QueryInput) validate() error {
	switch {
	case in.QueryString == "":
		return validation("QueryString is empty")
	case in.MaxRows != nil && (*in.MaxRows < 1 || *in.MaxRows > maxRows):
		return validation("MaxRows %d is not between 1 and %d", *in.MaxRows, maxRows)
	case in.ClientToken != "" && (len(in.ClientToken) < 32 || len(in.ClientToken) > 128):
		return validation("ClientToken has not 32 to 128 characters")
	case in.QueryInsights != nil && in.QueryInsights.Mode != "DISABLED":
		return wire.Unsupported("ValidationException", "Query", "QueryInsights")
	}
	return nil
}

// Query runs a query and answers a page. Errors: ValidationException with line
// and column, also for SQL that is not implemented.
func (s *State) Query(ctx context.Context, in *QueryInput) (*QueryOutput, error) {
	if err := in.validate(); err != nil {
		return nil, err
	}
	if in.NextToken != "" {
		return s.cursors.resume(in)
	}
	if out, err := s.tokens.repeated(in); out != nil || err != nil {
		return out, err
	}
	c, err := s.query(ctx, in.QueryString)
	if err != nil {
		return nil, err
	}
	out, err := c.page(0, in.rows())
	if err != nil {
		return nil, err
	}
	if out.NextToken != "" {
		s.cursors.keep(c)
	}
	s.tokens.keep(in, out, c.bytes)
	return out, nil
}

// maxQueries run at a time, for each may keep maxBytes; others wait.
const maxQueries = 4

// query runs a query to its end. It sees each table as it was when it began to read
// it; meanwhile writes go on.
func (s *State) query(ctx context.Context, text string) (*cursor, error) {
	select {
	case s.running <- struct{}{}:
		defer func() { <-s.running }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	now := time.Now()
	rel, err := s.statement(text, now.UnixNano())
	if err != nil {
		return nil, err
	}
	r := newRun(ctx, now.UnixNano())
	rows := rel.in(r, nil)
	if r.err != nil {
		return nil, r.err
	}
	id := strings.ToUpper(strings.ReplaceAll(wire.NewRequestID(), "-", ""))
	c := &cursor{query: text, id: id, started: now, rows: rows}
	for i, name := range rel.names {
		c.columns = append(c.columns, ColumnInfo{name, describe(rel.kinds[i])})
	}
	return c, nil
}

// CancelQueryInput names a query.
type CancelQueryInput struct{ QueryId string }

// CancelQueryOutput says what became of it.
type CancelQueryOutput struct{ CancellationMessage string }

// CancelQuery ends a query that has pages left; they cannot be read any more, and
// to cancel it again changes nothing. Errors: ValidationException for a query that
// is not there or was answered whole.
func (s *State) CancelQuery(_ context.Context, in *CancelQueryInput) (*CancelQueryOutput, error) {
	if !s.cursors.cancel(in.QueryId) {
		return nil, validation("The query %.64s does not exist or has been answered", in.QueryId)
	}
	return &CancelQueryOutput{"Query has been cancelled"}, nil
}
