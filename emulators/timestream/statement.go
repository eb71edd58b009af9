package timestream

import (
	"maps"
	"slices"
	"strings"
)

// statement compiles a text: a query, SHOW or DESCRIBE. Errors are
// ValidationExceptions with the position.
// https://docs.aws.amazon.com/timestream/latest/developerguide/supported-sql-constructs.html
func (s *State) statement(text string, now int64) (*relation, error) {
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	pl := &planner{state: s, now: now}
	var rel *relation
	switch t := p.peek(); {
	case t.is("SHOW"):
		p.next()
		rel, err = p.show(pl)
	case t.is("DESCRIBE"), t.is("DESC"):
		p.next()
		rel, err = p.describe(pl)
	case t.is("UNLOAD"), t.is("EXPLAIN"):
		return nil, t.fail("%s is not implemented by Shakedown", t.upper())
	default:
		var q *query
		if q, err = p.query(); err == nil {
			if err = p.end(); err == nil {
				return pl.query(q, nil)
			}
		}
	}
	if err == nil {
		err = p.end()
	}
	return rel, err
}

func (p *parser) end() error {
	p.accept(";")
	if t := p.peek(); t.kind != endToken {
		return t.fail("%s is not implemented by Shakedown here", t)
	}
	return nil
}

// listing is a relation of rows that are there.
func listing(names []string, kinds []kind, rows [][]value) *relation {
	return &relation{names: names, kinds: kinds, rows: func(*run, *env) [][]value { return rows }}
}

// show reads DATABASES [LIKE p], TABLES [FROM db] [LIKE p] and MEASURES FROM
// db.table [LIKE p].
func (p *parser) show(pl *planner) (*relation, error) {
	t := p.next()
	var rows [][]value
	var column string
	switch {
	case t.is("DATABASES"), t.is("SCHEMAS"):
		column = "Database"
		for _, name := range slices.Sorted(maps.Keys(pl.state.databases)) {
			rows = append(rows, []value{ofText(name)})
		}
	case t.is("TABLES"):
		column = "Table"
		var err error
		if rows, err = p.tables(pl); err != nil {
			return nil, err
		}
	case t.is("MEASURES"):
		if err := p.expect("FROM"); err != nil {
			return nil, err
		}
		t, err := p.table(pl)
		if err != nil {
			return nil, err
		}
		rows, err = p.liked(t.shown())
		return listing([]string{"measure_name", "data_type", "dimensions"}, []kind{varchar, varchar, dimensionRow.array()}, rows), err
	default:
		return nil, t.fail("expected DATABASES, TABLES or MEASURES, not %s", t)
	}
	rows, err := p.liked(rows)
	return listing([]string{column}, []kind{varchar}, rows), err
}

// tables reads [FROM db] and lists its tables, or all.
func (p *parser) tables(pl *planner) (rows [][]value, err error) {
	from := ""
	if p.accept("FROM") {
		at := p.peek()
		if from, err = p.name("a database's name"); err != nil {
			return nil, err
		}
		if pl.state.databases[from] == nil {
			return nil, at.fail("Schema %s does not exist.", from)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(pl.state.databases)) {
		if from != "" && from != name {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(pl.state.databases[name].tables)) {
			rows = append(rows, []value{ofText(name)})
		}
	}
	return rows, nil
}

// liked keeps the rows whose first value is LIKE what follows, where that is there.
func (p *parser) liked(rows [][]value) ([][]value, error) {
	if !p.accept("LIKE") {
		return rows, nil
	}
	t := p.next()
	if t.kind != textToken {
		return nil, t.fail("expected a pattern, not %s", t)
	}
	return slices.DeleteFunc(rows, func(row []value) bool {
		found, _ := like(row[0].s, t.text, -1)
		return !found
	}), nil
}

func (p *parser) table(pl *planner) (*table, error) {
	f, err := p.item()
	if err != nil {
		return nil, err
	}
	src, err := pl.item(f, &scope{planner: pl})
	if err != nil {
		return nil, err
	}
	t, ok := src.(*tableSource)
	if !ok || f.alias != "" {
		return nil, f.at.fail(`expected "database"."table"`)
	}
	return t.table, nil
}

// shown are the table's measures with their types and the dimensions that have
// them.
func (t *table) shown() [][]value {
	dims := map[[2]string]map[string]bool{}
	for _, s := range t.order {
		key := [2]string{s.measure, lower(s.kind.String())}
		if dims[key] == nil {
			dims[key] = map[string]bool{}
		}
		for _, d := range s.dims {
			dims[key][d.Name] = true
		}
	}
	keys := slices.SortedFunc(maps.Keys(dims), func(a, b [2]string) int {
		return strings.Compare(a[0]+"\x00"+a[1], b[0]+"\x00"+b[1])
	})
	var rows [][]value
	for _, key := range keys {
		var of []value
		for _, name := range slices.Sorted(maps.Keys(dims[key])) {
			of = append(of, value{kind: dimensionRow, list: &list{items: []value{ofText(name), ofText("varchar")}}})
		}
		rows = append(rows, []value{ofText(key[0]), ofText(key[1]), arrayValue(dimensionRow, of)})
	}
	return rows
}

// describe reads db.table and lists its columns.
func (p *parser) describe(pl *planner) (*relation, error) {
	t, err := p.table(pl)
	if err != nil {
		return nil, err
	}
	var rows [][]value
	for _, c := range newTableSource(&from{}, t, pl.now).cols {
		if c.hidden {
			continue
		}
		attribute := "DIMENSION"
		switch {
		case c.name == "time":
			attribute = "TIMESTAMP"
		case c.name == "measure_name":
			attribute = "MEASURE_NAME"
		case strings.HasPrefix(c.name, "measure_value::"):
			attribute = "MEASURE_VALUE"
		case t.measures[c.name] != unknown:
			attribute = "MULTI"
		}
		rows = append(rows, []value{ofText(c.name), ofText(lower(c.kind.String())), ofText(attribute)})
	}
	return listing([]string{"Column", "Type", "Timestream attribute type"}, []kind{varchar, varchar, varchar}, rows), nil
}
