package timestream

import (
	"fmt"
	"strconv"
	"strings"
)

// node is an expression as it was written.
type node struct {
	op   op
	at   token
	text string // of a column, function, operator or literal
	args []*node
	flag bool // NOT of BETWEEN, IN, LIKE, IS NULL; DISTINCT of count
}

type op int

const (
	columnOp op = iota
	textOp
	numberOp
	intervalOp
	boolOp
	nullOp
	starOp   // count(*)
	callOp   // text(args)
	castOp   // args[0]::text
	unaryOp  // text args[0]
	binaryOp // args[0] text args[1]
	betweenOp
	inOp
	isNullOp
)

// key is a canonical form: equal for expressions that are the same. Names are told
// apart without their case, texts with it.
func (n *node) key() string {
	if n.op == textOp {
		return strconv.Quote(n.text)
	}
	var args []string
	for _, a := range n.args {
		args = append(args, a.key())
	}
	return fmt.Sprintf("%d:%s:%v(%s)", n.op, strings.ToLower(n.text), n.flag, strings.Join(args, ","))
}

// query is a parsed SELECT.
type query struct {
	star     bool
	columns  []column
	database string
	table    string
	from     token
	where    *node
	group    []*node
	having   *node
	order    []ordering
	limit    int // -1 is none
}

type column struct {
	expr  *node
	alias string
}

type ordering struct {
	expr *node
	desc bool
}
