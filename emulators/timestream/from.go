package timestream

import "github.com/shakedown-iot/shakedown/emulators/timestream/sql"

// from compiles a FROM clause in the scope of its SELECT, which it cannot see yet.
func (p *planner) from(f *sql.From, s *scope) (source, error) {
	src, err := p.item(f, s)
	if err != nil {
		return nil, err
	}
	if f.Alias == "" {
		return src, nil
	}
	return aliased(src, f)
}

func (p *planner) item(f *sql.From, s *scope) (source, error) {
	switch {
	case f.Join != nil:
		return p.join(f, s)
	case f.Unnest != nil:
		return p.unnest(f, s)
	case f.Query != nil:
		rel, err := p.query(f.Query, s.outer)
		if err != nil {
			return nil, err
		}
		return newRowSource(rel, ""), nil
	case f.Database == "":
		if rel, ok := p.with[sql.Lower(f.Name)]; ok {
			if rel.correlated {
				p.correlate(rel.depth - 1)
			}
			return newRowSource(rel, f.Name), nil
		}
	}
	return p.named(f)
}

// named is a table of the catalog. Only here a query holds the lock.
func (p *planner) named(f *sql.From) (*tableSource, error) {
	p.state.mu.Lock()
	defer p.state.mu.Unlock()
	t, err := p.state.lookup(f)
	if err != nil {
		return nil, err
	}
	return newTableSource(f, t, p.rows(t), p.now), nil
}

// lookup finds a table. The caller holds the lock.
func (s *State) lookup(f *sql.From) (*table, error) {
	if f.Database == "" {
		return nil, f.At.Fail(`Table '%s' does not exist: a table is named "database"."table"`, f.Name)
	}
	d, ok := s.databases[f.Database]
	if !ok {
		return nil, f.At.Fail("Schema %s does not exist.", f.Database)
	}
	t, ok := d.tables[f.Name]
	if !ok {
		return nil, f.At.Fail("Table '%s.%s' does not exist", f.Database, f.Name)
	}
	return t, nil
}

// aliased gives a source's columns the alias, and their new names.
func aliased(src source, f *sql.From) (source, error) {
	var shown []*sourceColumn
	for _, c := range src.columns() {
		c.table = f.Alias
		if !c.hidden {
			shown = append(shown, c)
		}
	}
	if f.Columns == nil {
		return src, nil
	}
	if len(f.Columns) != len(shown) {
		return nil, f.At.Fail("Column alias list has %d entries but '%s' has %d columns available", len(f.Columns), f.Alias, len(shown))
	}
	for i, name := range f.Columns {
		shown[i].name = name
	}
	return src, nil
}
