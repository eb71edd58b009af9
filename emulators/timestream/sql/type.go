package sql

import (
	"strconv"
	"strings"
)

// Type is a type as it was written.
type Type struct {
	At     Token
	Name   string // in upper case
	Length int    // of VARCHAR(n); 0 is any
	// Fields are of a ROW; an ARRAY has one without a name.
	Fields []TypeField
}

// TypeField is name type, or a type alone.
type TypeField struct {
	Name string
	Type *Type
}

// typeName reads DOUBLE, VARCHAR(n), ARRAY(type) or ROW([name] type, …).
func (p *parser) typeName() (*Type, error) {
	defer func() { p.depth-- }()
	if err := p.deeper(); err != nil {
		return nil, err
	}
	t := p.next()
	if t.kind != wordToken {
		return nil, t.Fail("expected a type, not %s", t)
	}
	of := &Type{At: t, Name: t.upper()}
	if !p.peek().is("(") {
		return of, nil
	}
	p.next()
	var err error
	switch of.Name {
	case "VARCHAR":
		at := p.peek()
		if of.Length, err = p.count(); err == nil && of.Length == 0 {
			err = at.Fail("VARCHAR has a length of at least 1")
		}
	case "ARRAY":
		var item *Type
		item, err = p.typeName()
		of.Fields = []TypeField{{Type: item}}
	case "ROW":
		err = p.typeFields(of)
	default:
		err = t.Fail("the type %s has no parameters", of.Name)
	}
	if err != nil {
		return nil, err
	}
	return of, p.expect(")")
}

func (p *parser) typeFields(of *Type) error {
	for {
		var f TypeField
		// A name is what has a type behind it.
		if next := p.ahead(1); p.peek().kind == quotedToken || next.kind == wordToken {
			var err error
			if f.Name, err = p.name("a field's name"); err != nil {
				return err
			}
		}
		var err error
		if f.Type, err = p.typeName(); err != nil {
			return err
		}
		of.Fields = append(of.Fields, f)
		if !p.accept(",") {
			return nil
		}
	}
}

func (t *Type) String() string {
	if t.Length > 0 {
		return t.Name + "(" + strconv.Itoa(t.Length) + ")"
	}
	if t.Fields == nil {
		return t.Name
	}
	var fields []string
	for _, f := range t.Fields {
		fields = append(fields, strings.TrimSpace(f.Name+" "+f.Type.String()))
	}
	return t.Name + "(" + strings.Join(fields, ", ") + ")"
}
