package expression

import (
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

type operandKind uint8

const (
	operandPath operandKind = iota
	operandValue
	operandCall
	operandSum // of an update: first + second or first - second
)

// operand is a path, a :value, a function call or a sum. Before it is bound,
// names of the path may be placeholders and value is not set.
type operand struct {
	kind  operandKind
	path  attribute.Path
	text  string // the placeholder of a value, the name of a function, + or -
	value attribute.Value
	args  []operand
}

// operand reads a path, a :value or a call.
func (p *parser) operand() (operand, error) {
	t := p.peek()
	if t.kind == tokenValue {
		p.next()
		return operand{kind: operandValue, text: t.text}, nil
	}
	if t.kind == tokenWord && p.tokens[p.at+1].text == "(" {
		return p.call()
	}
	path, err := p.path()
	return operand{kind: operandPath, path: path}, err
}

// call reads a function with its arguments.
func (p *parser) call() (operand, error) {
	name := p.next().text
	p.operators++
	p.next() // the parenthesis
	c := operand{kind: operandCall, text: name}
	for {
		arg, err := p.grouped()
		if err != nil {
			return c, err
		}
		c.args = append(c.args, arg)
		if !p.sign(",") {
			break
		}
	}
	p.checkCall(c)
	return c, p.expect(")")
}

// function is what is known of a function by its name alone.
type function struct {
	operands int
	update   bool // belongs to update expressions, else to conditions
	truth    bool // is a condition by itself
}

var functions = map[string]function{
	"attribute_exists":     {1, false, true},
	"attribute_not_exists": {1, false, true},
	"attribute_type":       {2, false, true},
	"begins_with":          {2, false, true},
	"contains":             {2, false, true},
	"size":                 {1, false, false},
	"if_not_exists":        {2, true, false},
	"list_append":          {2, true, false},
}

// checkCall checks what of a call can be told without its operands' values.
func (p *parser) checkCall(c operand) {
	f, known := functions[c.text]
	switch {
	case !known:
		p.wrong(unknown, "Invalid function name; function: %s", c.text)
	case f.update && p.kind != UpdateKind:
		p.wrong(misused, "The function is not allowed in a condition expression; function: %s", c.text)
	case !f.update && p.kind == UpdateKind:
		p.wrong(misused, "The function is not allowed in an update expression; function: %s", c.text)
	}
	for _, arg := range c.args {
		if arg.kind == operandCall && arg.text != "if_not_exists" && arg.text != "size" {
			p.misused(arg)
		}
	}
}

func (p *parser) misused(c operand) {
	p.wrong(misused, "The function is not allowed to be used this way in an expression; function: %s", c.text)
}

// bind replaces placeholders.
func (o operand) bind(k Kind, b *Bindings) (operand, error) {
	var err error
	switch o.kind {
	case operandPath:
		o.path, err = b.path(k, o.path)
	case operandValue:
		o.value, err = b.value(k, o.text)
	default:
		o.args, err = bindAll(k, b, o.args)
	}
	return o, err
}

// check checks calls and sums, when all is bound: those within others first.
func (o operand) check(k Kind) error {
	for _, arg := range o.args {
		if err := arg.check(k); err != nil {
			return err
		}
	}
	if o.kind != operandCall && o.kind != operandSum {
		return nil
	}
	if f, call := functions[o.text]; call && len(o.args) != f.operands {
		return k.invalid("Incorrect number of operands for operator or function; operator or function: %s, number of operands: %d", o.text, len(o.args))
	}
	return o.checkBound(k)
}

func bindAll(k Kind, b *Bindings, args []operand) ([]operand, error) {
	bound := make([]operand, len(args))
	for i, arg := range args {
		var err error
		if bound[i], err = arg.bind(k, b); err != nil {
			return nil, err
		}
	}
	return bound, nil
}

// takes are the types a function or operator takes as a :value; attributes of
// other types make a condition false or an update fail when it is evaluated.
var takes = map[string][]attribute.Type{
	"<": scalars, "<=": scalars, ">": scalars, ">=": scalars, "BETWEEN": scalars,
	"begins_with": {attribute.S, attribute.B},
	"size":        {attribute.S, attribute.B, attribute.SS, attribute.NS, attribute.BS, attribute.L, attribute.M},
	"list_append": {attribute.L},
	"+":           {attribute.N},
	"-":           {attribute.N},
}

var scalars = []attribute.Type{attribute.S, attribute.N, attribute.B}

// checkTypes checks the :values among the operands of an operator or function.
func checkTypes(k Kind, operator string, args []operand) error {
	types, limited := takes[operator]
	for _, arg := range args {
		if t := arg.static(); limited && t != attribute.None && !slices.Contains(types, t) {
			return wrongType(k, operator, t)
		}
	}
	return nil
}

// static is the type that an operand has whatever the item is; None when that depends
// on the item.
func (o operand) static() attribute.Type {
	switch {
	case o.kind == operandValue:
		return o.value.Type()
	case o.kind == operandSum, o.text == "size" && o.kind == operandCall:
		return attribute.N
	case o.text == "list_append" && o.kind == operandCall:
		return attribute.L
	}
	return attribute.None
}

func wrongType(k Kind, operator string, t attribute.Type) error {
	return k.invalid("Incorrect operand type for operator or function; operator or function: %s, operand type: %s", operator, t)
}

// checkDistinct refuses an operator that compares a path with itself.
func checkDistinct(k Kind, operator string, args []operand) error {
	for _, arg := range args[1:] {
		if args[0].kind == operandPath && arg.kind == operandPath && arg.path.Equal(args[0].path) {
			return k.invalid("The first operand must be distinct from the remaining operands for this operator or function; operator: %s, first operand: %s", operator, arg.path)
		}
	}
	return nil
}

// checkBound checks the operands of a call or sum.
func (o operand) checkBound(k Kind) error {
	switch o.text {
	case "attribute_exists", "attribute_not_exists", "if_not_exists":
		if o.args[0].kind != operandPath {
			return k.invalid("Operator or function requires a document path; operator or function: %s", o.text)
		}
	case "attribute_type":
		return o.checkTypeName(k)
	case "begins_with", "contains":
		if err := checkDistinct(k, o.text, o.args); err != nil {
			return err
		}
	}
	return checkTypes(k, o.text, o.args)
}

func (o operand) checkTypeName(k Kind) error {
	name := o.args[1]
	if t := name.static(); t != attribute.None && t != attribute.S {
		return wrongType(k, o.text, t)
	}
	if name.kind != operandValue {
		return k.invalid("Incorrect operand type for operator or function; operator or function: attribute_type, operand type: {NS,SS,L,BS,N,M,B,BOOL,NULL,S}")
	}
	if _, ok := attribute.TypeOf(name.value.Text()); !ok {
		return k.invalid("Invalid attribute type name found; type: %s, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}", name.value.Text())
	}
	return nil
}
