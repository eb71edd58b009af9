package timestream

import (
	"crypto/sha256"
	"fmt"
)

// node is an expression as it was written.
type node struct {
	op    op
	at    token
	text  string // of a column, function, operator, type or literal
	table string // that qualifies a column
	args  []*node
	flag  bool   // NOT of BETWEEN, IN, LIKE, IS; DISTINCT of a call; TRY of a cast
	query *query // of a sub-query
	over  *over  // of a window function
}

type op int

const (
	columnOp op = iota
	textOp
	numberOp
	intervalOp
	typedOp // TIMESTAMP '…', DATE '…', TIME '…'; text is the type, args[0] the literal
	boolOp
	nullOp
	starOp   // count(*)
	callOp   // text(args) [OVER over]
	castOp   // args[0]::text
	unaryOp  // text args[0]
	binaryOp // args[0] text args[1]
	betweenOp
	inOp
	likeOp // args[0] LIKE args[1] [ESCAPE args[2]]
	isNullOp
	distinctOp // args[0] IS DISTINCT FROM args[1]
	caseOp     // WHEN args[0] THEN args[1] …, with ELSE an odd last one
	switchOp   // CASE args[0] WHEN args[1] THEN args[2] …, with ELSE an even last one
	arrayOp    // ARRAY[args]
	elementOp  // args[0][args[1]]
	rowOp      // (args), in VALUES
	scalarOp   // (query)
	existsOp   // EXISTS (query)
	inQueryOp  // args[0] IN (query)
	quantifyOp // args[0] = ANY (query): text is the operator, flag is ALL
)

// over is OVER (PARTITION BY … ORDER BY … frame).
type over struct {
	partition []*node
	order     []ordering
	frame     frame
}

// frame is ROWS or RANGE BETWEEN from AND to.
type frame struct {
	rows     bool
	from, to bound
}

// bound is an edge of a frame: offset rows before (negative sign) or after the
// current row; unbounded, all of them.
type bound struct {
	sign      int
	unbounded bool
	offset    *node
}

// key is a canonical form: equal for expressions that are the same. Names are told
// apart without their case, texts with it. part is the canonical form of an argument.
func (n *node) key(part func(*node) string) string {
	text := n.text
	if n.op != textOp {
		text = lower(text)
	}
	h := sha256.New()
	fmt.Fprintf(h, "%d:%q:%v:%p:%p", n.op, text, n.flag, n.query, n.over)
	for _, a := range n.args {
		h.Write([]byte(part(a)))
	}
	return string(h.Sum(nil))
}

// walk visits an expression and what is in it, but for sub-queries.
func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, a := range n.args {
		a.walk(visit)
	}
	if n.over == nil {
		return
	}
	for _, p := range n.over.partition {
		p.walk(visit)
	}
	for _, o := range n.over.order {
		o.expr.walk(visit)
	}
}

// query is [WITH …] body [ORDER BY …] [OFFSET n] [LIMIT n].
type query struct {
	with   []cte
	body   *body
	order  []ordering
	offset int
	limit  int // -1 is none
}

// cte is name [(columns)] AS (query).
type cte struct {
	at      token
	name    string
	columns []string
	query   *query
}

// body is one of: a selection, VALUES rows, a query in parentheses, or two bodies
// with UNION, INTERSECT or EXCEPT between them.
type body struct {
	at          token
	selection   *selection
	values      [][]*node
	query       *query
	op          string
	all         bool
	left, right *body
}

// selection is SELECT … FROM … WHERE … GROUP BY … HAVING ….
type selection struct {
	distinct bool
	columns  []column
	from     *from // nil is none
	where    *node
	group    []*node
	grouped  bool // GROUP BY is there, perhaps of ()
	having   *node
}

// column is expr [AS alias], * or table.*.
type column struct {
	at    token
	star  bool
	table string
	expr  *node
	alias string
}

type ordering struct {
	expr       *node
	desc       bool
	nullsFirst bool
}

// from is a table, a sub-query, UNNEST or a join of two of them.
type from struct {
	at             token
	database, name string
	query          *query
	unnest         []*node
	ordinality     bool
	join           *join
	alias          string
	columns        []string
}

// join is left type JOIN right ON on | USING (using).
type join struct {
	left, right *from
	// outer keeps rows of the left, of the right, or of both, that have no partner.
	outerLeft, outerRight bool
	on                    *node
	using                 []string
}
