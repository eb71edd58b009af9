package partiql

import (
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

// nullType names the type of a null.
var nullType = Operand{Value: attribute.String("NULL")}

// arguments are how many operands a function takes.
var arguments = map[string]int{
	"size": 1, "contains": 2, "begins_with": 2, "attribute_type": 2, "attribute_exists": 1, "attribute_not_exists": 1,
	"list_append": 2, "set_add": 2, "set_delete": 2,
}

// sum reads an operand, or two with + or - between.
func (p *parser) sum() (Operand, error) {
	first, err := p.operand()
	if err != nil {
		return first, err
	}
	for _, s := range []string{"+", "-"} {
		if p.sign(s) {
			second, err := p.operand()
			return Operand{Call: s, Args: []Operand{first, second}}, err
		}
	}
	return first, nil
}

// operand reads a value, a path or a call.
func (p *parser) operand() (Operand, error) {
	if err := p.deeper(); err != nil {
		return Operand{}, err
	}
	defer func() { p.depth-- }()
	t := p.peek()
	if t.kind == tokenWord && !keywords[strings.ToUpper(t.text)] && p.tokens[p.at+1].text == "(" && p.tokens[p.at+1].kind == tokenSign {
		return p.call()
	}
	if t.kind == tokenName || t.kind == tokenWord && !keywords[strings.ToUpper(t.text)] {
		path, err := p.path()
		return Operand{Path: path}, err
	}
	v, err := p.value()
	return Operand{Value: v}, err
}

func (p *parser) call() (Operand, error) {
	o := Operand{Call: strings.ToLower(p.peek().text)}
	want, known := arguments[o.Call]
	if !known {
		return o, p.unsupported("the function " + o.Call)
	}
	p.at += 2
	for more := true; more; more = p.sign(",") {
		arg, err := p.operand()
		if err != nil {
			return o, err
		}
		o.Args = append(o.Args, arg)
	}
	if len(o.Args) != want {
		return o, invalid("Incorrect number of operands for function %s: %d", o.Call, len(o.Args))
	}
	return o, p.expect(")")
}
