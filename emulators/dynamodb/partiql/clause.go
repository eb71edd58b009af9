package partiql

import (
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

func (p *parser) statement() (*Statement, error) {
	switch {
	case p.keyword("SELECT"):
		return p.selects()
	case p.keyword("INSERT", "INTO"):
		return p.inserts()
	case p.keyword("UPDATE"):
		return p.updates()
	case p.keyword("DELETE", "FROM"):
		return p.deletes()
	case p.keyword("EXISTS"):
		return p.exists()
	}
	return nil, p.syntax()
}

// exists reads EXISTS(SELECT …).
func (p *parser) exists() (*Statement, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	if !p.keyword("SELECT") {
		return nil, p.syntax()
	}
	s, err := p.selects()
	if err != nil {
		return nil, err
	}
	s.Kind = Exists
	return s, p.expect(")")
}

func (p *parser) selects() (*Statement, error) {
	s := &Statement{Kind: Select}
	if !p.sign("*") {
		for more := true; more; more = p.sign(",") {
			from := p.peek().at
			path, err := p.path()
			text := strings.TrimSpace(p.text[from:p.peek().at])
			switch {
			case err != nil:
				return nil, err
			case p.sign("("):
				return nil, p.unsupported("the function " + text + " in SELECT")
			case path[len(path)-1].IsIndex():
				return nil, p.unsupported("the element " + text + " in SELECT")
			case slices.ContainsFunc(s.Paths, func(other attribute.Path) bool { return other[len(other)-1] == path[len(path)-1] }):
				return nil, p.unsupported("a second " + text + " in SELECT")
			}
			s.Paths = append(s.Paths, path)
		}
	}
	if err := p.expectWords("FROM"); err != nil {
		return nil, err
	}
	if err := p.table(s); err != nil {
		return nil, err
	}
	if p.sign(".") {
		var err error
		if s.Index, err = p.name(); err != nil {
			return nil, err
		}
	}
	if err := p.where(s, false); err != nil {
		return nil, err
	}
	return s, p.order(s)
}

func (p *parser) table(s *Statement) (err error) {
	s.Table, err = p.name()
	return err
}

// where reads a WHERE clause, which may be missing unless it must be there.
func (p *parser) where(s *Statement, must bool) (err error) {
	if !p.keyword("WHERE") {
		if must {
			return p.syntax()
		}
		return nil
	}
	s.Where, err = p.any()
	return err
}

func (p *parser) order(s *Statement) error {
	if !p.keyword("ORDER", "BY") {
		return nil
	}
	for more := true; more; more = p.sign(",") {
		name, err := p.name()
		if err != nil {
			return err
		}
		o := Order{Name: name}
		if !p.keyword("ASC") {
			o.Descending = p.keyword("DESC")
		}
		s.Order = append(s.Order, o)
	}
	return nil
}

func (p *parser) inserts() (*Statement, error) {
	s := &Statement{Kind: Insert}
	if err := p.table(s); err != nil {
		return nil, err
	}
	if err := p.expectWords("VALUE"); err != nil {
		return nil, err
	}
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	if v.Type() != attribute.M {
		return nil, invalid("The VALUE of INSERT must be a tuple")
	}
	s.Item = v.Members()
	return s, nil
}

func (p *parser) updates() (*Statement, error) {
	s := &Statement{Kind: Update}
	if err := p.table(s); err != nil {
		return nil, err
	}
	for {
		switch {
		case p.keyword("SET"):
			for more := true; more; more = p.sign(",") {
				if err := p.set(s); err != nil {
					return nil, err
				}
			}
			continue
		case p.keyword("REMOVE"):
			for more := true; more; more = p.sign(",") {
				path, err := p.path()
				if err != nil {
					return nil, err
				}
				s.Removes = append(s.Removes, path)
			}
			continue
		}
		break
	}
	if len(s.Sets)+len(s.Removes) == 0 {
		return nil, p.syntax()
	}
	if err := p.where(s, true); err != nil {
		return nil, err
	}
	return s, p.returning(s)
}

func (p *parser) set(s *Statement) error {
	path, err := p.path()
	if err != nil {
		return err
	}
	if err := p.expect("="); err != nil {
		return err
	}
	value, err := p.sum()
	s.Sets = append(s.Sets, Set{path, value})
	return err
}

func (p *parser) deletes() (*Statement, error) {
	s := &Statement{Kind: Delete}
	if err := p.table(s); err != nil {
		return nil, err
	}
	if err := p.where(s, true); err != nil {
		return nil, err
	}
	if err := p.returning(s); err != nil {
		return nil, err
	}
	if s.Returning != "" && s.Returning != "ALL_OLD" {
		return nil, invalid("DELETE can only be RETURNING ALL OLD *")
	}
	return s, nil
}

func (p *parser) returning(s *Statement) error {
	if !p.keyword("RETURNING") {
		return nil
	}
	switch {
	case p.keyword("ALL", "OLD"):
		s.Returning = "ALL_OLD"
	case p.keyword("ALL", "NEW"):
		s.Returning = "ALL_NEW"
	case p.keyword("MODIFIED", "OLD"):
		s.Returning = "UPDATED_OLD"
	case p.keyword("MODIFIED", "NEW"):
		s.Returning = "UPDATED_NEW"
	default:
		return p.syntax()
	}
	return p.expect("*")
}
