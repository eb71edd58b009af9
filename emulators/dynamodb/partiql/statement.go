package partiql

import "github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"

// Kind is what a statement does.
type Kind string

// Kinds of statements.
const (
	Select Kind = "SELECT"
	Insert Kind = "INSERT"
	Update Kind = "UPDATE"
	Delete Kind = "DELETE"
	// Exists is a SELECT that must find something, in a transaction.
	Exists Kind = "EXISTS"
)

// Statement is one statement with its parameters in place.
type Statement struct {
	Kind         Kind
	Table, Index string
	// Paths are what SELECT answers, each of another last name; nil is all.
	Paths []attribute.Path
	// Item is what INSERT inserts.
	Item attribute.Item
	// Sets and Removes are what UPDATE does.
	Sets    []Set
	Removes []attribute.Path
	// Where is nil when there is no such clause.
	Where *Condition
	Order []Order
	// Returning is the ReturnValues of UPDATE and DELETE, such as ALL_OLD; empty
	// is none.
	Returning string
}

// Set gives a path the value of an operand.
type Set struct {
	Path  attribute.Path
	Value Operand
}

// Order is a term of ORDER BY.
type Order struct {
	Name       string
	Descending bool
}

// Condition is AND, OR or NOT over parts, or a comparison (=, <>, <, <=, >, >=),
// BETWEEN, IN, or the function contains, begins_with, attribute_type,
// attribute_exists or attribute_not_exists (which IS MISSING is) over operands.
type Condition struct {
	Operator string
	Parts    []*Condition
	Args     []Operand
}

// Operand is a path, a value, or a call over operands: size, list_append, set_add,
// set_delete, + or -.
type Operand struct {
	Path  attribute.Path
	Value attribute.Value // of no type when it is not a value
	Call  string
	Args  []Operand
}

// IsValue tells a value.
func (o Operand) IsValue() bool { return o.Value.Type() != attribute.None }
