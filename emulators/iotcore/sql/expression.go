package sql

import "strings"

// down guards the depth of recursion.
func (p *parser) down() (func(), error) {
	p.depth++
	if p.depth > maxDepth {
		return nil, p.peek().fail("the expression is nested deeper than %d", maxDepth)
	}
	return func() { p.depth-- }, nil
}

func (p *parser) expression() (node, error) {
	up, err := p.down()
	if err != nil {
		return nil, err
	}
	defer up()
	return p.binary(0)
}

// levels are the binary operators, loosest first; nil is where NOT and the
// comparisons stand.
var levels = [][]string{{"OR"}, {"AND"}, nil, {"+", "-"}, {"*", "/", "%"}}

func (p *parser) binary(level int) (node, error) {
	if level == len(levels) {
		return p.unary()
	}
	if levels[level] == nil {
		return p.comparison(level + 1)
	}
	left, err := p.binary(level + 1)
	if err != nil {
		return nil, err
	}
	for n := 0; ; n++ {
		t := p.peek()
		if !t.oneOf(levels[level]) {
			return left, nil
		}
		if n > maxDepth*8 {
			return nil, t.fail("more than %d operators in a row", maxDepth*8)
		}
		p.next()
		right, err := p.binary(level + 1)
		if err != nil {
			return nil, err
		}
		left = &operation{strings.ToUpper(t.text), left, right}
	}
}

func (t token) oneOf(texts []string) bool {
	for _, text := range texts {
		if t.is(text) {
			return true
		}
	}
	return false
}

func (p *parser) comparison(level int) (node, error) {
	if t := p.peek(); t.is("NOT") {
		p.next()
		up, err := p.down()
		if err != nil {
			return nil, err
		}
		defer up()
		inner, err := p.comparison(level)
		return &not{inner}, err
	}
	left, err := p.binary(level)
	if err != nil {
		return nil, err
	}
	for {
		t := p.peek()
		if t.is("!=") {
			return nil, t.fail("'!=' is not an operator of AWS IoT SQL: write <>")
		}
		if !t.oneOf([]string{"=", "<>", "<", "<=", ">", ">=", "IN"}) {
			return left, nil
		}
		p.next()
		right, err := p.binary(level)
		if err != nil {
			return nil, err
		}
		op := strings.ToUpper(t.text)
		left = &operation{op, left, right}
	}
}

func (p *parser) unary() (node, error) {
	if p.accept("-") {
		up, err := p.down()
		if err != nil {
			return nil, err
		}
		defer up()
		inner, err := p.unary()
		return &operation{"-", zero, inner}, err
	}
	return p.primary()
}

func (p *parser) primary() (node, error) {
	t := p.next()
	switch t.kind {
	case textToken:
		return literal{ofString(t.text)}, nil
	case numberToken:
		v, err := literalNumber(t.text)
		if err != nil {
			return nil, t.fail("%s", err)
		}
		return literal{v}, nil
	case wordToken:
		return p.word(t)
	}
	if p.old && (t.text == "[" || t.text == "{") { // "Literals are available only …"
		return nil, t.fail("a literal that begins with %s needs SQL version %s", t.text, Version2016)
	}
	switch t.text {
	case "(":
		inner, err := p.inParentheses()
		if err != nil {
			return nil, err
		}
		if err := p.expect(")"); err != nil {
			return nil, err
		}
		return p.below(inner)
	case "[":
		return p.array()
	case "{":
		return p.object()
	case "@":
		return p.variable(t)
	}
	return nil, t.fail("expected an expression, not %s", t)
}

// keywords cannot be names of members without quotes.
var keywords = []string{"SELECT", "FROM", "WHERE", "AS", "AND", "OR", "NOT", "IN", "CASE", "WHEN", "THEN", "ELSE", "END", "EXISTS", "SET"}

func (p *parser) word(t token) (node, error) {
	switch strings.ToUpper(t.text) {
	case "TRUE", "FALSE":
		return literal{ofBool(strings.EqualFold(t.text, "true"))}, nil
	case "NULL":
		return literal{null}, nil
	case "UNDEFINED":
		return literal{undefined}, nil
	case "CASE":
		return p.cases()
	case "EXISTS":
		return p.exists()
	}
	if t.oneOf(keywords) {
		return nil, t.fail("expected an expression, not %s", t)
	}
	if p.peek().is("(") {
		call, err := p.call(t)
		if err != nil {
			return nil, err
		}
		return p.below(call)
	}
	names, err := p.names()
	return &path{names: append([]string{t.text}, names...)}, err
}

// names reads .name as often as it comes.
func (p *parser) names() ([]string, error) {
	var names []string
	for p.accept(".") {
		part := p.next()
		if part.kind != wordToken && part.kind != textToken {
			return nil, part.fail("expected a name, not %s", part)
		}
		names = append(names, part.text)
	}
	return names, nil
}

// below reads .name behind a call or parentheses.
func (p *parser) below(of node) (node, error) {
	names, err := p.names()
	if names == nil {
		return of, err
	}
	return &member{of, names}, err
}

func (p *parser) array() (node, error) {
	a := &arrayLiteral{}
	for !p.accept("]") {
		if len(a.items) > 0 {
			if err := p.expect(","); err != nil {
				return nil, err
			}
		}
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		a.items = append(a.items, e)
	}
	return a, nil
}

func (p *parser) object() (node, error) {
	o := &objectLiteral{}
	for !p.accept("}") {
		if len(o.keys) > 0 {
			if err := p.expect(","); err != nil {
				return nil, err
			}
		}
		key := p.next()
		if key.kind != wordToken && key.kind != textToken {
			return nil, key.fail("expected a member's name, not %s", key)
		}
		if err := p.expect(":"); err != nil {
			return nil, err
		}
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		o.keys, o.items = append(o.keys, key.text), append(o.items, e)
	}
	return o, nil
}

func (p *parser) cases() (node, error) {
	if t := p.peek(); t.is("WHEN") {
		return nil, t.fail("CASE needs a value before WHEN")
	}
	of, err := p.expression()
	if err != nil {
		return nil, err
	}
	c := &caseOf{of: of}
	for p.accept("WHEN") {
		when, err := p.expression()
		if err != nil {
			return nil, err
		}
		if err := p.expect("THEN"); err != nil {
			return nil, err
		}
		then, err := p.expression()
		if err != nil {
			return nil, err
		}
		c.when, c.then = append(c.when, when), append(c.then, then)
	}
	if len(c.when) == 0 {
		return nil, p.peek().fail("expected 'WHEN', not %s", p.peek())
	}
	if p.accept("ELSE") {
		if c.otherwise, err = p.expression(); err != nil {
			return nil, err
		}
	}
	return c, p.expect("END")
}

// call reads a function's arguments. Their number is not checked here: a wrong
// one is Undefined.
func (p *parser) call(t token) (node, error) {
	name := strings.ToLower(t.text)
	if p.old && newFunctions[name] {
		return nil, t.fail("%s needs SQL version %s", name, Version2016)
	}
	f, ok := functions[name]
	if _, fetches := fetching[name]; !ok && !fetches {
		if awsFunctions[name] {
			return nil, t.fail("function %s is not implemented by Shakedown", name)
		}
		return nil, t.fail("unknown function %s", name)
	}
	p.next()
	c := &call{name: name, apply: f}
	for !p.accept(")") {
		if len(c.args) > 0 {
			if err := p.expect(","); err != nil {
				return nil, err
			}
		}
		if star := p.star(c); star != nil {
			c.args = append(c.args, star)
			continue
		}
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		if name == "cast" && p.accept("AS") {
			of := p.next()
			if of.kind != wordToken || castTypes[strings.ToLower(of.text)] == undefinedKind {
				return nil, of.fail("cast to %s: not a type", of)
			}
			if p.old && of.oneOf([]string{"Decimal", "Bool", "Boolean"}) {
				return nil, of.fail("cast to %s needs SQL version %s", of, Version2016)
			}
			c.args = append(c.args, e, literal{ofString(strings.ToLower(of.text))})
			continue
		}
		c.args = append(c.args, e)
	}
	if name == "cast" && (len(c.args) != 2 || !isLiteral(c.args[1])) {
		return nil, t.fail("cast is written cast(expression AS type)")
	}
	return p.special(t, c)
}

// star reads a * where an argument of the function may be one. AWS's page does not say so of
// get, whose get(*, "a-b") is the only way to such a key at the top of a payload, and which
// rules that run on AWS have.
func (p *parser) star(c *call) node {
	switch {
	case !p.peek().is("*"):
	case len(c.args) == 0 && (c.name == "encode" || c.name == "decode"):
		p.next()
		return rawPayload{}
	case len(c.args) == 1 && c.name == "aws_lambda", len(c.args) == 0 && c.name == "get":
		p.next()
		return wholePayload{}
	}
	return nil
}

// special makes the node of a call that is more than its function.
func (p *parser) special(t token, c *call) (node, error) {
	if _, ok := fetching[c.name]; ok {
		return p.fetch(t, c)
	}
	switch c.name {
	case "get_or_default":
		if len(c.args) == 2 {
			if f := fetchesIn(c.args[1]); f != "" {
				return nil, t.fail("the default of get_or_default may not be %s", f)
			}
		}
	case "regexp_matches", "regexp_replace", "regexp_substr":
		r, err := newRegexpCall(c.name, c.args)
		if err != nil {
			return nil, t.fail("%s: %s", c.name, err)
		}
		return r, nil
	case "parse_time", "time_to_epoch":
		if err := checkTimePattern(c); err != nil {
			return nil, t.fail("%s: %s", c.name, err)
		}
	case "encode":
		if len(c.args) == 2 && isStar(c.args[0]) && isText(c.args[1], "base64") {
			return encodedPayload{}, nil
		}
	case "decode":
		if len(c.args) > 1 && isText(c.args[1], "proto") {
			return nil, t.fail("%s", errProto)
		}
		if len(c.args) > 0 && isStar(c.args[0]) {
			return nil, t.fail("decode(*, …) is only for 'proto'; write decode(encode(*, 'base64'), 'base64')")
		}
	}
	return c, nil
}

// fetchesIn is the function that fetches, where the node is a call of one.
func fetchesIn(n node) string {
	switch n := n.(type) {
	case *fetchCall:
		return n.name
	case *member:
		return fetchesIn(n.of)
	}
	return ""
}

func isStar(n node) bool {
	_, ok := n.(rawPayload)
	return ok
}

func isText(n node, text string) bool {
	l, ok := n.(literal)
	return ok && l.v.kind == stringKind && strings.EqualFold(l.v.s, text)
}

func isLiteral(n node) bool {
	_, ok := n.(literal)
	return ok
}
