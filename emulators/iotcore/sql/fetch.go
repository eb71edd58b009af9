package sql

import (
	"errors"
	"fmt"
)

// Fetcher answers the functions that ask other services. An error ends the rule
// unless get_or_default is around.
type Fetcher interface {
	// Fetch answers JSON; the arguments are JSON too.
	Fetch(function string, args []string) (json []byte, err error)
}

// Fetch is one call of a function that asks another service, as the text has it.
type Fetch struct {
	Function string
	// First is the first argument where it is a text; empty when it is computed.
	First string
	pos   int
}

// Fail is an error at the place of the call.
func (f Fetch) Fail(format string, args ...any) error {
	return &Error{f.pos, fmt.Sprintf(format, args...)}
}

// fetching are the functions that ask, and how many arguments they take.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html
var fetching = map[string]struct {
	least, most int
	once        bool // a statement may have one call
}{
	"aws_lambda":        {least: 2, most: 2},
	"get_dynamodb":      {least: 4, most: 6, once: true},
	"get_registry_data": {least: 3, most: 3, once: true},
	"get_thing_shadow":  {least: 2, most: 3},
}

// fetchCall is the call of a function that asks another service.
type fetchCall struct {
	name string
	args []node
}

var errNoFetcher = errors.New("there is nothing to ask here")

func (n *fetchCall) eval(c *scope) value {
	args := make([]string, len(n.args))
	for i, a := range n.args {
		v := a.eval(c)
		if c.err != nil {
			return undefined
		}
		if v.kind == undefinedKind {
			return n.fail(c, fmt.Errorf("argument %d is Undefined", i+1))
		}
		w := writer{limit: maxOutput, old: c.old}
		if w.value(v); w.over {
			return n.fail(c, errOutput)
		}
		args[i] = string(w.b)
	}
	if c.message.Fetcher == nil {
		return n.fail(c, errNoFetcher)
	}
	answer, err := c.message.Fetcher.Fetch(n.name, args)
	if err != nil {
		return n.fail(c, err)
	}
	r := reader{text: string(answer)}
	v, err := r.one()
	if err != nil {
		return n.fail(c, fmt.Errorf("the answer: %w", err))
	}
	if !c.use(len(answer) + r.made) {
		return undefined
	}
	return v
}

func (n *fetchCall) fail(c *scope, err error) value {
	c.fail(fmt.Errorf("%s: %w", n.name, err))
	return undefined
}

// fetch makes the node of a call.
func (p *parser) fetch(t token, c *call) (node, error) {
	rule := fetching[c.name]
	if n := len(c.args); n < rule.least || n > rule.most || c.name == "get_dynamodb" && n == 5 {
		return nil, t.fail("%s does not take %d arguments", c.name, n)
	}
	for _, f := range p.fetches {
		if rule.once && f.Function == c.name {
			return nil, t.fail("%s may be called once in a statement", c.name)
		}
	}
	f := Fetch{Function: c.name, pos: t.pos}
	if first, ok := c.args[0].(literal); ok && first.v.kind == stringKind {
		f.First = first.v.s
	}
	p.fetches = append(p.fetches, f)
	return &fetchCall{c.name, c.args}, nil
}
