package sql

import (
	"crypto/sha256"
	"fmt"
)

// Node is an expression as it was written.
type Node struct {
	Op    Op
	At    Token  // where it begins, for errors
	Text  string // of a column, function, operator, type or literal
	Table string // that qualifies a column
	Args  []*Node
	Flag  bool   // NOT of BETWEEN, IN, LIKE, IS; DISTINCT of a call; TRY of a cast
	Query *Query // of a sub-query
	Over  *Over  // of a window function
	// Filter is FILTER (WHERE …) of an aggregate, IgnoreNulls that of a window function.
	Filter      *Node
	IgnoreNulls bool
	Type        *Type    // of a cast; Text is how it is written
	Names       []string // of a lambda's parameters; Text has them too
}

// Op says what an expression is; behind it, what its Args and Text are.
type Op int

const (
	ColumnOp Op = iota
	TextOp
	NumberOp
	IntervalOp
	TypedOp // TIMESTAMP '…', DOUBLE '…' and so on; Text is the type, Args[0] the literal
	BoolOp
	NullOp
	StarOp   // count(*)
	CallOp   // Text(Args) [FILTER (WHERE Filter)] [IGNORE NULLS] [OVER Over]
	CastOp   // Args[0]::Type
	UnaryOp  // Text Args[0]
	BinaryOp // Args[0] Text Args[1]
	BetweenOp
	InOp
	LikeOp // Args[0] LIKE Args[1] [ESCAPE Args[2]]
	IsNullOp
	DistinctOp // Args[0] IS DISTINCT FROM Args[1]
	CaseOp     // WHEN Args[0] THEN Args[1] …, with ELSE an odd last one
	SwitchOp   // CASE Args[0] WHEN Args[1] THEN Args[2] …, with ELSE an even last one
	ArrayOp    // ARRAY[Args]
	ElementOp  // Args[0][Args[1]]
	RowOp      // (Args), ROW(Args)
	FieldOp    // Args[0].Text
	LambdaOp   // (Names) -> Args[0]
	LocalOp    // Text, a parameter of the lambda around it
	ScalarOp   // (query)
	ExistsOp   // EXISTS (query)
	InQueryOp  // Args[0] IN (query)
	QuantifyOp // Args[0] = ANY (query): Text is the operator, Flag is ALL
)

// Over is OVER (PARTITION BY … ORDER BY … frame).
type Over struct {
	Partition []*Node
	Order     []Ordering
	Frame     Frame
}

// Frame is ROWS or RANGE BETWEEN From AND To.
type Frame struct {
	Rows     bool
	From, To Bound
}

// Bound is an edge of a frame: an offset of rows, or in the value that they are
// ordered by, before (negative sign) or after the current row; unbounded, all of them.
type Bound struct {
	Sign      int
	Unbounded bool
	Offset    *Node
}

// Key is a canonical form: equal for expressions that are the same. Names are told
// apart without their case, texts with it. part is the canonical form of an argument.
func (n *Node) Key(part func(*Node) string) string {
	text := n.Text
	if n.Op != TextOp {
		text = Lower(text)
	}
	h := sha256.New()
	fmt.Fprintf(h, "%d:%q:%v:%p:%p", n.Op, text, n.Flag, n.Query, n.Over)
	if n.Filter != nil {
		fmt.Fprintf(h, ":%s", part(n.Filter))
	}
	for _, a := range n.Args {
		h.Write([]byte(part(a)))
	}
	return string(h.Sum(nil))
}

// Walk visits an expression and what is in it, but for sub-queries.
func (n *Node) Walk(visit func(*Node)) {
	visit(n)
	for _, a := range n.Args {
		a.Walk(visit)
	}
	if n.Filter != nil {
		n.Filter.Walk(visit)
	}
	if n.Over == nil {
		return
	}
	for _, p := range n.Over.Partition {
		p.Walk(visit)
	}
	for _, o := range n.Over.Order {
		o.Expr.Walk(visit)
	}
}

// Query is [WITH …] body [ORDER BY …] [OFFSET n] [LIMIT n].
type Query struct {
	With   []CTE
	Body   *Body
	Order  []Ordering
	Offset int
	Limit  int // -1 is none
}

// CTE is name [(columns)] AS (query).
type CTE struct {
	At      Token
	Name    string
	Columns []string
	Query   *Query
}

// Body is one of: a selection, VALUES rows, a query in parentheses, or two bodies
// with UNION, INTERSECT or EXCEPT between them.
type Body struct {
	At          Token
	Selection   *Selection
	Values      [][]*Node
	Query       *Query
	Op          string
	All         bool
	Left, Right *Body
}

// Selection is SELECT … FROM … WHERE … GROUP BY … HAVING ….
type Selection struct {
	Distinct bool
	Columns  []Column
	From     *From // nil is none
	Where    *Node
	Group    []*Node
	Grouped  bool // GROUP BY is there, perhaps of ()
	Having   *Node
}

// Column is expr [AS alias], * or table.*.
type Column struct {
	At    Token
	Star  bool
	Table string
	Expr  *Node
	Alias string
}

// Ordering is expr [ASC|DESC] [NULLS FIRST|LAST].
type Ordering struct {
	Expr       *Node
	Desc       bool
	NullsFirst bool
}

// From is a table, a sub-query, UNNEST or a join of two of them.
type From struct {
	At             Token
	Database, Name string
	Query          *Query
	Unnest         []*Node
	Ordinality     bool
	Join           *Join
	Alias          string
	Columns        []string
}

// Join is left type JOIN right ON on | USING (using).
type Join struct {
	Left, Right *From
	// outer keeps rows of the left, of the right, or of both, that have no partner.
	OuterLeft, OuterRight bool
	On                    *Node
	Using                 []string
}
