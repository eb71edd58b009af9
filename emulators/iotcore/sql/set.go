package sql

import (
	"fmt"
	"slices"
)

// Bounds of SET.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-set.html#iot-sql-set-limits
const (
	maxVariables    = 10
	maxVariableName = 64
	maxAssigned     = 128 << 10 // of one and of all, in bytes of JSON
)

// assigned is the value of a variable and its length as JSON.
type assigned struct {
	value value
	size  int
}

// variable is @name or a member of it: @name.reading.
type variable struct {
	index int
	names []string
}

func (n *variable) eval(c *scope) value {
	if n.index >= len(c.message.variables) {
		return undefined // a template without its statement
	}
	a := c.message.variables[n.index]
	if c.element != nil && !c.use(a.size) { // it is looked at again for each element
		return undefined
	}
	return descend(a.value, n.names)
}

// assign evaluates the expressions of SET in their order; each sees those before.
func (c *scope) assign(set []node) {
	c.message.variables = make([]assigned, 0, len(set))
	total := 0
	for _, n := range set {
		v := n.eval(c)
		size := v.jsonSize()
		if total += size; total > maxAssigned {
			c.fail(fmt.Errorf("SET: the variables are longer than %d bytes of JSON", maxAssigned))
		}
		if c.err != nil {
			return
		}
		c.message.variables = append(c.message.variables, assigned{v, size})
	}
}

// set reads SET @name = expression, …
func (p *parser) set() ([]node, error) {
	if !p.accept("SET") {
		return nil, nil
	}
	var set []node
	for {
		name, err := p.variableName()
		if err != nil {
			return nil, err
		}
		if err := p.expect("="); err != nil {
			return nil, err
		}
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		set, p.variables = append(set, e), append(p.variables, name)
		if !p.accept(",") {
			return set, nil
		}
	}
}

// variableName reads the name of a new variable.
func (p *parser) variableName() (string, error) {
	if err := p.expect("@"); err != nil {
		return "", err
	}
	t := p.next()
	switch {
	case t.kind != wordToken:
		return "", t.fail("expected the name of a variable, not %s", t)
	case len(t.text) > maxVariableName:
		return "", t.fail("the name of a variable has at most %d characters", maxVariableName)
	case slices.Contains(p.variables, t.text):
		return "", t.fail("variable @%s is set twice", t.text)
	case len(p.variables) == maxVariables:
		return "", t.fail("SET has more than %d variables", maxVariables)
	}
	return t.text, nil
}

// variable reads on behind @.
func (p *parser) variable(at token) (node, error) {
	t := p.next()
	i := slices.Index(p.variables, t.text)
	if i < 0 || t.kind != wordToken {
		return nil, at.fail("variable @%s is not SET before", t.text)
	}
	names, err := p.names()
	return &variable{i, names}, err
}
