package timestream

// from compiles a FROM clause in the scope of its SELECT, which it cannot see yet.
func (p *planner) from(f *from, s *scope) (source, error) {
	src, err := p.item(f, s)
	if err != nil {
		return nil, err
	}
	if f.alias == "" {
		return src, nil
	}
	return aliased(src, f)
}

func (p *planner) item(f *from, s *scope) (source, error) {
	switch {
	case f.join != nil:
		return p.join(f, s)
	case f.unnest != nil:
		return p.unnest(f, s)
	case f.query != nil:
		rel, err := p.query(f.query, s.outer)
		if err != nil {
			return nil, err
		}
		return newRowSource(rel, ""), nil
	case f.database == "":
		if rel, ok := p.with[lower(f.name)]; ok {
			if rel.correlated {
				p.correlate(rel.depth - 1)
			}
			return newRowSource(rel, f.name), nil
		}
		return nil, f.at.fail(`Table '%s' does not exist: a table is named "database"."table"`, f.name)
	}
	d, ok := p.state.databases[f.database]
	if !ok {
		return nil, f.at.fail("Schema %s does not exist.", f.database)
	}
	t, ok := d.tables[f.name]
	if !ok {
		return nil, f.at.fail("Table '%s.%s' does not exist", f.database, f.name)
	}
	return newTableSource(f, t, p.now), nil
}

// aliased gives a source's columns the alias, and their new names.
func aliased(src source, f *from) (source, error) {
	var shown []*sourceColumn
	for _, c := range src.columns() {
		c.table = f.alias
		if !c.hidden {
			shown = append(shown, c)
		}
	}
	if f.columns == nil {
		return src, nil
	}
	if len(f.columns) != len(shown) {
		return nil, f.at.fail("Column alias list has %d entries but '%s' has %d columns available", len(f.columns), f.alias, len(shown))
	}
	for i, name := range f.columns {
		shown[i].name = name
	}
	return src, nil
}
