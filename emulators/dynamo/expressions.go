package dynamodb

import (
	"sort"
	"strings"
	"sync"
)

// Names and Values are the placeholders of a request.
type (
	Names  map[string]string
	Values map[string]Value
)

// cache keeps parsed expressions: a pipeline uses a handful, over and over.
type cache struct {
	mu      sync.Mutex
	entries map[string]any
}

const maxCached = 1000

// parse gives what make makes of a text, from the cache where it is there.
func parse[T any](c *cache, kind, text string, make func() (T, error)) (T, error) {
	key := kind + "\x00" + text
	c.mu.Lock()
	v, ok := c.entries[key]
	c.mu.Unlock()
	if ok {
		return v.(T), nil
	}
	made, err := make()
	if err != nil {
		return made, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.entries == nil || len(c.entries) >= maxCached {
		c.entries = map[string]any{}
	}
	c.entries[key] = made
	return made, nil
}

// usage checks that each placeholder is defined, and each defined one used.
type usage struct{ names, values map[string]bool }

func (u *usage) add(names, values map[string]bool) {
	if u.names == nil {
		u.names, u.values = map[string]bool{}, map[string]bool{}
	}
	for n := range names {
		u.names[n] = true
	}
	for v := range values {
		u.values[v] = true
	}
}

func (u usage) check(names Names, values Values) error {
	for _, n := range sorted(u.names) {
		if _, ok := names[n]; !ok {
			return validation("Invalid expression: An expression attribute name used in the document path is not defined; attribute name: %s", n)
		}
	}
	for _, v := range sorted(u.values) {
		if _, ok := values[v]; !ok {
			return validation("Invalid expression: An expression attribute value used in expression is not defined; attribute value: %s", v)
		}
	}
	for n := range names {
		if !u.names[n] {
			return validation("Value provided in ExpressionAttributeNames unused in expressions: keys: {%s}", n)
		}
	}
	for v := range values {
		if !u.values[v] {
			return validation("Value provided in ExpressionAttributeValues unused in expressions: keys: {%s}", v)
		}
	}
	return nil
}

func sorted(set map[string]bool) []string {
	list := make([]string, 0, len(set))
	for s := range set {
		list = append(list, s)
	}
	sort.Strings(list)
	return list
}

func invalid(kind string, err error) error {
	return validation("Invalid %s: %s", kind, strings.TrimPrefix(err.Error(), "ValidationException: "))
}

// projection is a parsed ProjectionExpression.
type projection struct {
	paths []path
	names map[string]bool
}

func parseProjection(text string) (*projection, error) {
	p, err := newParser("ProjectionExpression", text)
	if err != nil {
		return nil, err
	}
	out := &projection{names: p.names}
	for {
		one, err := p.path()
		if err != nil {
			return nil, err
		}
		out.paths = append(out.paths, one)
		if !p.accept(",") {
			return out, p.end()
		}
	}
}

// apply picks the paths of an item. A path into a list or map gives just that
// part of it.
func (p *projection) apply(e *env, item Item) Item {
	if p == nil {
		return item
	}
	out := Item{}
	e.item = item
	for _, path := range p.paths {
		v, ok := e.get(path)
		if !ok {
			continue
		}
		target := out
		for i, s := range path {
			if s.index >= 0 {
				// Inside a list the element stands alone, as DynamoDB gives it.
				break
			}
			name := e.attribute(s)
			if i == len(path)-1 || path[i+1].index >= 0 {
				if i < len(path)-1 {
					v = Value{kind: "L", l: append(target[name].l, v)}
				}
				target[name] = v
				break
			}
			inner, there := target[name]
			if !there {
				inner = Value{kind: "M", m: Item{}}
				target[name] = inner
			}
			target = inner.m
		}
	}
	return out
}

// keyCondition is a parsed KeyConditionExpression: hash = :v, and at most one
// condition on the sort key.
type keyCondition struct {
	test          predicate
	hash          string // :value
	names, values map[string]bool
	low, high     string // :values that bound the sort key, if any
}

// parseKeyCondition reads a key condition for a schema.
func parseKeyCondition(text string, key keySchema, names Names) (*keyCondition, error) {
	const kind = "KeyConditionExpression"
	p, err := newParser(kind, text)
	if err != nil {
		return nil, err
	}
	c := &keyCondition{names: p.names, values: p.values}
	var tests []predicate
	resolved := env{names: names}
	for {
		for p.peek().is("(") {
			p.at++
		}
		start := p.at
		test, err := p.test()
		if err != nil {
			return nil, err
		}
		for p.peek().is(")") {
			p.at++
		}
		if err := c.bound(&parser{kind: kind, tokens: p.tokens, at: start, names: map[string]bool{}, values: map[string]bool{}}, key, &resolved); err != nil {
			return nil, err
		}
		tests = append(tests, test)
		if !p.accept("AND") {
			break
		}
	}
	if len(tests) > 2 || c.hash == "" {
		return nil, validation("Query condition missed key schema element: %s", key.hash)
	}
	c.test = func(e *env) bool {
		for _, t := range tests {
			if !t(e) {
				return false
			}
		}
		return true
	}
	return c, p.end()
}

// bound looks at one condition: which key it is on, and what it bounds.
func (c *keyCondition) bound(p *parser, key keySchema, e *env) error {
	function := ""
	if p.tokens[p.at+1].is("(") {
		function = p.next().text
		p.at++
		if function != "begins_with" {
			return validation("Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: %s", function)
		}
	}
	target, err := p.path()
	if err != nil || len(target) != 1 {
		return validation("Invalid KeyConditionExpression: The key condition is not on a key attribute")
	}
	name := e.attribute(target[0])
	op := p.next()
	value, isValue := p.value()
	switch {
	case name == key.hash && op.is("=") && isValue && function == "":
		c.hash = value
	case name == key.hash:
		return validation("Query key condition not supported")
	case name != key.sort || key.sort == "":
		return validation("Query condition missed key schema element: %s", key.hash)
	case op.is("<>") || op.is("IN") || !isValue:
		return validation("Query key condition not supported")
	case function != "" || op.is(">=") || op.is(">"):
		c.low = value
	case op.is("<") || op.is("<="):
		c.high = value
	case op.is("="):
		c.low, c.high = value, value
	case op.is("BETWEEN"):
		c.low = value
		p.accept("AND")
		c.high, _ = p.value()
	}
	return nil
}
