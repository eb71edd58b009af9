package expression

import (
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

// action is one change of an update: SET path = operand, REMOVE path, ADD path
// :value or DELETE path :value.
type action struct {
	verb string
	path attribute.Path
	to   operand
}

// Update is an update expression, bound to a request.
type Update struct{ actions []action }

func parseUpdate(text string) ([]action, error) {
	p, err := newParser(UpdateKind, text)
	if err != nil {
		return nil, err
	}
	var actions []action
	seen := map[string]bool{}
	for p.at == 0 || p.peek().kind != tokenEnd {
		verb := strings.ToUpper(p.peek().text)
		switch verb {
		case "SET", "REMOVE", "ADD", "DELETE":
		default:
			return nil, p.syntax()
		}
		p.next()
		if seen[verb] {
			p.wrong(repeated, "The %q section can only be used once in an update expression;", verb)
		}
		seen[verb] = true
		if actions, err = p.section(verb, actions); err != nil {
			return nil, err
		}
	}
	return actions, p.finish()
}

// section reads the actions of one verb.
func (p *parser) section(verb string, actions []action) ([]action, error) {
	for {
		path, err := p.path()
		if err != nil {
			return nil, err
		}
		a := action{verb: verb, path: path}
		p.operators++
		switch verb {
		case "SET":
			if err = p.expect("="); err == nil {
				a.to, err = p.sum()
			}
		case "ADD", "DELETE":
			if p.peek().kind != tokenValue {
				return nil, p.syntax()
			}
			a.to, err = p.operand()
		}
		if err != nil {
			return nil, err
		}
		actions = append(actions, a)
		if !p.sign(",") {
			return actions, nil
		}
	}
}

// sum reads an operand, or two with + or - between them.
func (p *parser) sum() (operand, error) {
	first, err := p.term()
	if err != nil || first.kind == operandSum {
		return first, err
	}
	t := p.peek()
	if !p.sign("+") && !p.sign("-") {
		return first, nil
	}
	p.operators++
	second, err := p.term()
	if err != nil {
		return second, err
	}
	for _, o := range []operand{first, second} {
		if o.kind == operandCall && o.text == "list_append" {
			p.misused(o)
		}
	}
	return operand{kind: operandSum, text: t.text, args: []operand{first, second}}, nil
}

// term reads an operand, or a sum in parentheses.
func (p *parser) term() (operand, error) {
	if !p.sign("(") {
		return p.operand()
	}
	if p.follows("(") {
		p.wrong(redundant, "The expression has redundant parentheses;")
	}
	o, err := p.sum()
	if err != nil {
		return o, err
	}
	return o, p.expect(")")
}

// bindUpdate binds all actions, and then checks their paths, what ADD and DELETE
// take, and calls: in this order, as the service does.
func bindUpdate(actions []action, b *Bindings) (*Update, error) {
	u := &Update{actions: make([]action, len(actions))}
	for i, a := range actions {
		var err error
		if a.path, err = b.path(UpdateKind, a.path); err != nil {
			return nil, err
		}
		if a.verb != "REMOVE" {
			if a.to, err = a.to.bind(UpdateKind, b); err != nil {
				return nil, err
			}
		}
		u.actions[i] = a
	}
	if err := checkPaths(UpdateKind, len(actions), func(i int) attribute.Path { return u.actions[i].path }); err != nil {
		return nil, err
	}
	for _, a := range u.actions {
		if err := a.checkType(); err != nil {
			return nil, err
		}
	}
	for _, a := range u.actions {
		if err := a.to.check(UpdateKind); err != nil {
			return nil, err
		}
	}
	return u, nil
}

// checkType checks what ADD adds and DELETE deletes.
func (a action) checkType() error {
	if a.verb == "SET" || a.verb == "REMOVE" {
		return nil
	}
	t := a.to.value.Type()
	if t.Set() || a.verb == "ADD" && t == attribute.N {
		return nil
	}
	return UpdateKind.invalid("Incorrect operand type for operator or function; operator: %s, operand type: %s, typeSet: ALLOWED_FOR_%s_OPERAND", a.verb, t.LongName(), a.verb)
}

// checkPaths refuses paths that overlap, and then those that conflict.
func checkPaths(k Kind, count int, path func(int) attribute.Path) error {
	for _, clash := range []attribute.Clash{attribute.Overlap, attribute.Conflict} {
		for i := range count {
			for j := range i {
				if path(j).Clash(path(i)) == clash {
					return k.invalid("Two document paths %s with each other; must remove or rewrite one of these paths; path one: %s, path two: %s", clash, path(j), path(i))
				}
			}
		}
	}
	return nil
}

// OnlyRemoves tells an update that takes away and adds nothing.
func (u *Update) OnlyRemoves() bool {
	return !slices.ContainsFunc(u.actions, func(a action) bool { return a.verb == "SET" || a.verb == "ADD" })
}

// Attributes calls f with the top-level attribute of each path that changes.
func (u *Update) Attributes(f func(name string)) {
	for _, a := range u.actions {
		f(a.path[0].Name)
	}
}

// Nested calls f with the top-level attribute of each path that goes into it, of those
// that are written and those that are read.
func (u *Update) Nested(f func(name string)) {
	for _, a := range u.actions {
		if len(a.path) > 1 {
			f(a.path[0].Name)
		}
		a.to.nested(f)
	}
}

func (o operand) nested(f func(string)) {
	if o.kind == operandPath && len(o.path) > 1 {
		f(o.path[0].Name)
	}
	for _, arg := range o.args {
		arg.nested(f)
	}
}

// Types calls f with each top-level attribute that is set to a value whose type does
// not depend on the item.
func (u *Update) Types(f func(name string, t attribute.Type)) {
	for _, a := range u.actions {
		if len(a.path) > 1 || a.verb != "SET" && a.verb != "ADD" {
			continue
		}
		if t := a.to.static(); t != attribute.None {
			f(a.path[0].Name, t)
		}
	}
}

// Written projects an item, as it was or as it is, to all paths that the update
// writes: what has moved to the place of a removed element is among the new values.
func (u *Update) Written(item attribute.Item) attribute.Item {
	paths := make([]attribute.Path, len(u.actions))
	for i, a := range u.actions {
		paths[i] = a.path
	}
	return project(item, paths)
}
