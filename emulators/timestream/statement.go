package timestream

import (
	"maps"
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// statement compiles a text: a query, SHOW or DESCRIBE. Errors are
// ValidationExceptions with the position.
func (s *State) statement(text string, now int64) (*relation, error) {
	parsed, err := sql.Parse(text)
	if err != nil {
		return nil, err
	}
	switch {
	case parsed.Show != nil:
		return s.show(parsed.Show)
	case parsed.Describe != nil:
		return s.columnsOf(parsed.Describe)
	}
	return newPlanner(s, now).query(parsed.Query, nil)
}

// listing is a relation of rows that are there.
func listing(names []string, kinds []value.Kind, rows [][]value.Value) *relation {
	return &relation{names: names, kinds: kinds, rows: func(*run, *env) [][]value.Value { return rows }}
}

// show lists names, or the measures of a table.
func (s *State) show(show *sql.Show) (*relation, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	names, kinds := []string{"Database"}, []value.Kind{value.Varchar}
	var rows [][]value.Value
	switch show.What {
	case "DATABASES":
		for _, name := range slices.Sorted(maps.Keys(s.databases)) {
			rows = append(rows, []value.Value{value.OfText(name)})
		}
	case "TABLES":
		names[0] = "Table"
		if show.Database != "" && s.databases[show.Database] == nil {
			return nil, show.At.Fail("Schema %s does not exist.", show.Database)
		}
		rows = s.tableNames(show.Database)
	case "MEASURES":
		t, err := s.lookup(show.Table)
		if err != nil {
			return nil, err
		}
		names, kinds = []string{"measure_name", "data_type", "dimensions"}, []value.Kind{value.Varchar, value.Varchar, value.DimensionRow.Array()}
		rows = t.shown()
	}
	if show.Like != nil {
		rows = slices.DeleteFunc(rows, func(row []value.Value) bool {
			found, _ := like(row[0].S, *show.Like, -1, nil)
			return !found
		})
	}
	return listing(names, kinds, rows), nil
}

// tableNames lists the tables of a database, or all.
func (s *State) tableNames(database string) (rows [][]value.Value) {
	for _, in := range slices.Sorted(maps.Keys(s.databases)) {
		if database != "" && database != in {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(s.databases[in].tables)) {
			rows = append(rows, []value.Value{value.OfText(name)})
		}
	}
	return rows
}

// shown are the table's measures with their types and the dimensions that have
// them.
func (t *table) shown() [][]value.Value {
	dims := map[[2]string]map[string]bool{}
	for _, s := range t.order {
		key := [2]string{s.measure, sql.Lower(s.kind.String())}
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
	var rows [][]value.Value
	for _, key := range keys {
		var of []value.Value
		for _, name := range slices.Sorted(maps.Keys(dims[key])) {
			of = append(of, value.OfRow(value.DimensionRow, value.OfText(name), value.OfText("varchar")))
		}
		rows = append(rows, []value.Value{value.OfText(key[0]), value.OfText(key[1]), value.OfArray(value.DimensionRow, of)})
	}
	return rows
}

// columnsOf lists the columns of a table.
func (s *State) columnsOf(f *sql.From) (*relation, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, err := s.lookup(f)
	if err != nil {
		return nil, err
	}
	var rows [][]value.Value
	for _, c := range newTableSource(&sql.From{}, t, nil, 0).cols {
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
		case t.measures[c.name] != value.Unknown:
			attribute = "MULTI"
		}
		rows = append(rows, []value.Value{value.OfText(c.name), value.OfText(sql.Lower(c.kind.String())), value.OfText(attribute)})
	}
	return listing([]string{"Column", "Type", "Timestream attribute type"}, []value.Kind{value.Varchar, value.Varchar, value.Varchar}, rows), nil
}
