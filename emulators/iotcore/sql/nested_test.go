package sql_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// AWS.md §2: data.temperature nests; … Nested SELECT (SELECT VALUE n FROM e). The
// examples are the pages' (iot-sql-nested-queries.html, iot-sql-operators.html).
// AWS.md §2: SELECT VALUE expr.
func TestNestedSelect(t *testing.T) {
	const payload = `{"e":[{"n":"temperature","u":"Cel","t":1234,"v":22.5},{"n":"light","u":"lm","t":1235,"v":135},{"n":"acidity","u":"pH","t":1235,"v":7}],"o":{"x":1},"arr":[1,[2],3]}`
	for statement, want := range map[string]string{
		`SELECT (SELECT VALUE n FROM e) as sensors FROM 'my/topic'`:                                               `{"sensors":["temperature","light","acidity"]}`,
		`SELECT (SELECT v FROM e WHERE n = 'temperature') as temperature FROM 'my/topic'`:                         `{"temperature":[{"v":22.5}]}`,
		`SELECT get((SELECT v FROM e WHERE n = 'temperature'), 0).v as temperature FROM 'topic'`:                  `{"temperature":22.5}`,
		`SELECT (SELECT * FROM e AS x WHERE x.v > 100) AS big FROM 'topic'`:                                       `{"big":[{"n":"light","u":"lm","t":1235,"v":135}]}`,
		`SELECT (SELECT *, v * 2 AS w FROM e WHERE v < 10) AS small FROM 'topic'`:                                 `{"small":[{"n":"acidity","u":"pH","t":1235,"v":7,"w":14}]}`,
		`SELECT (SELECT VALUE x FROM o) AS one, (SELECT VALUE nosuch FROM e) AS none FROM 'topic'`:                `{"one":[1],"none":[]}`,
		`SELECT (SELECT a FROM nosuch) AS none, (SELECT VALUE a FROM (SELECT VALUE v FROM e) AS a) AS v FROM 't'`: `{"v":[22.5,135,7]}`,
		`SELECT VALUE (SELECT VALUE (SELECT VALUE b FROM a AS b) FROM arr AS a) FROM 'topic'`:                     `[[2]]`,
		`SELECT EXISTS (SELECT * FROM nosuch) AS a, NOT EXISTS (SELECT * FROM e) AS b FROM 'topic'`:               `{"a":false,"b":false}`,
	} {
		got, fired, err := selected(t, statement, payload)
		require.NoError(t, err, statement)
		require.True(t, fired)
		require.Equal(t, want, got, statement)
	}
}

// The work of nested SELECTs is bounded: each level would multiply it.
func TestNestedSelectsAreBounded(t *testing.T) {
	payload := `{"a":[0` + strings.Repeat(",0", 1000) + `]}`
	_, _, err := selected(t, `SET @a = a SELECT VALUE (SELECT VALUE (SELECT VALUE (SELECT VALUE 1 FROM @a) FROM @a) FROM @a) FROM 'a'`, payload)
	require.ErrorContains(t, err, "the functions make more than")
	_, err = sql.Parse("SELECT VALUE " + strings.Repeat("-(SELECT VALUE ", 100) + "1" + strings.Repeat(" FROM a)", 100) + " FROM 'a'")
	require.ErrorContains(t, err, "nested deeper")
}

// AWS.md §2: An omitted awsIotSqlVersion means 2015-10-08 (there 10.0 stays Decimal).
func TestVersion2015(t *testing.T) {
	for statement, want := range map[string]string{
		`SELECT d, i, half, sql_version() AS v FROM 'a'`:              `{"d":10.0,"i":10,"half":0.5,"v":"2015-10-08"}`,
		`SELECT d + "" AS text, sqrt(9) AS r, round(d) AS n FROM 'a'`: `{"text":"10.0","r":3.0,"n":10}`,
		`SELECT VALUE half FROM 'a'`:                                  `0.5`,
		`SELECT VALUE o FROM 'a'`:                                     `{"k":1}`,
	} {
		s, err := sql.ParseVersion(sql.Version2015, statement)
		require.NoError(t, err)
		r, err := s.Eval(message(`{"d":10.0,"i":10,"half":0.50,"o":{"k":1}}`))
		require.NoError(t, err)
		require.Equal(t, want, string(r.Payload))
	}
	for statement, want := range map[string]string{
		`SELECT {'k':v} AS o FROM 'a'`:                 "a literal that begins with { needs SQL version 2016-03-23",
		`SELECT * FROM 'a' WHERE v IN [1, 2]`:          "a literal that begins with [ needs SQL version 2016-03-23",
		`SELECT length(s) AS n FROM 'a'`:               "length needs SQL version 2016-03-23",
		`SELECT Get_Or_Default(a, 1) AS b FROM 'a'`:    "get_or_default needs SQL version 2016-03-23",
		`SELECT (SELECT VALUE n FROM e) AS n FROM 'a'`: "a nested SELECT needs SQL version 2016-03-23",
		`SELECT encode(*, 'base64') AS e FROM 'a'`:     "encode needs SQL version 2016-03-23",
		`SELECT cast(a AS Boolean) AS b FROM 'a'`:      "needs SQL version 2016-03-23",
	} {
		_, err := sql.ParseVersion(sql.Version2015, statement)
		require.ErrorContains(t, err, want, statement)
	}
	s, err := sql.ParseVersion(sql.Version2015, `SELECT VALUE arr FROM 'a'`)
	require.NoError(t, err)
	_, err = s.Eval(message(`{"arr":[1]}`))
	require.ErrorContains(t, err, "SELECT VALUE of an Array needs SQL version 2016-03-23")
	_, err = sql.ParseVersion("beta", `SELECT * FROM 'a'`)
	require.ErrorContains(t, err, `SQL version "beta" is not implemented`)
}
