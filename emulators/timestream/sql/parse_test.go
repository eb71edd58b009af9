package sql_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// written is an expression with a parenthesis around all that has operands.
func written(n *sql.Node) string {
	if len(n.Args) == 0 {
		return n.Text
	}
	parts := []string{}
	if n.Text != "" {
		parts = append(parts, n.Text)
	}
	for _, a := range n.Args {
		parts = append(parts, written(a))
	}
	return "(" + strings.Join(parts, " ") + ")"
}

func TestExpressionsBindAsSQLSays(t *testing.T) {
	for text, want := range map[string]string{
		"1 - 2 - 3 * 4":              "(- (- 1 2) (* 3 4))",
		"a OR b AND NOT c = d":       "(OR a (AND b (NOT (= c d))))",
		"-a[1]::bigint":              "(- (BIGINT (a 1)))",
		"x != y || 'Z'":              "(<> x (|| y Z))",
		"measure_value::double > 21": "(> measure_value::double 21)",
		"f(x -> x.a > y.b)[1].c":     "(c ((f (x (> (a x) b))) 1))",
	} {
		s, err := sql.Parse("SELECT " + text)
		require.NoError(t, err, text)
		require.Equal(t, want, written(s.Query.Body.Selection.Columns[0].Expr), text)
	}
}

// Each part that is not implemented is refused at its own line and column.
func TestRefusalsHaveTheirPlace(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "line 1:1: ",
		"SELECT 'a":                          "line 1:8: the quote is not closed",
		"SELECT 1\nFROM a NATURAL JOIN b":    "line 2:8: NATURAL JOIN is not implemented",
		"SELECT max(a) WITHIN GROUP (b)":     "line 1:15: WITHIN GROUP is not implemented",
		"SELECT CAST(a AS VARCHAR(0))":       "line 1:26: VARCHAR has a length of at least 1",
		"SELECT measure_value::varchar(3)":   "line 1:23: the column measure_value::varchar has no length",
		"SELECT CAST(a AS BIGINT(3))":        "line 1:18: the type BIGINT has no parameters",
		"SELECT lag(a) IGNORE NULLS":         "line 1:27: expected 'OVER'",
		"SELECT f((s, S) -> s)":              "line 1:10: the parameter s of a lambda expression stands twice",
		"SELECT 1 -- one\n/* two\n*/ GROUP":  "line 3:9: ",
		"UNLOAD (SELECT 1) TO 's3://b'":      "line 1:1: UNLOAD is not implemented",
		"SHOW VIEWS":                         "line 1:6: expected DATABASES, TABLES or MEASURES, not 'VIEWS'",
		"SHOW TABLES LIKE x":                 "line 1:18: expected a pattern, not 'x'",
		"SELECT 1; SELECT 2":                 "line 1:11: 'SELECT' is not implemented",
		"SELECT " + strings.Repeat("(", 200): "nested deeper than 100",
		strings.Repeat(" ", 256<<10+1):       "longer than 262144 bytes",
		strings.Repeat("1 ", 20_001):         "more than 20000 tokens",
	} {
		_, err := sql.Parse(text)
		require.True(t, wire.IsCode(err, "ValidationException"), "%.80q: %v", text, err)
		require.ErrorContains(t, err, want, "%.80q", text)
	}
}

func TestShow(t *testing.T) {
	s, err := sql.Parse(`SHOW MEASURES FROM "iot".tab LIKE 'temp%';`)
	require.NoError(t, err)
	require.Equal(t, "MEASURES", s.Show.What)
	require.Equal(t, "iot", s.Show.Table.Database)
	require.Equal(t, "tab", s.Show.Table.Name)
	require.Equal(t, "temp%", *s.Show.Like)
}
