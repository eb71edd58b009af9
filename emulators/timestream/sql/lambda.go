package sql

import (
	"slices"
	"strings"
)

// lambdaNames are those of (a, b) -> behind the parenthesis that was read; nil is
// that it begins something else.
func (p *parser) lambdaNames() []string {
	var names []string
	for i := 0; ; i += 2 {
		name, behind := p.ahead(i), p.ahead(i+1)
		if name.kind != quotedToken && (name.kind != wordToken || isKeyword(name.text)) {
			return nil
		}
		names = append(names, Lower(name.text))
		switch {
		case behind.is(","):
		case behind.is(")") && p.ahead(i+2).is("->"):
			for range i + 2 {
				p.next()
			}
			return names
		default:
			return nil
		}
	}
}

// lambda reads -> expr. In it the names are parameters, not columns.
func (p *parser) lambda(t Token, names []string) (*Node, error) {
	if err := p.expect("->"); err != nil {
		return nil, err
	}
	for i, name := range names {
		if slices.Contains(names[:i], name) {
			return nil, t.Fail("the parameter %s of a lambda expression stands twice", name)
		}
	}
	p.locals = append(p.locals, names)
	body, err := p.expression()
	p.locals = p.locals[:len(p.locals)-1]
	return &Node{Op: LambdaOp, At: t, Text: strings.Join(names, ","), Names: names, Args: []*Node{body}}, err
}

func (p *parser) isLocal(name string) bool {
	return slices.ContainsFunc(p.locals, func(names []string) bool { return slices.Contains(names, Lower(name)) })
}
