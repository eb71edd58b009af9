package partiql

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// examples are statements in the spelling of
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-reference.html
var examples = []string{
	`SELECT * FROM "Orders" WHERE OrderID = 100 and Address='some address'`,
	`SELECT OrderID, Total FROM "Orders" WHERE OrderID IN [1, 2, 3] ORDER BY OrderID DESC`,
	`SELECT * FROM "Orders"."by-total" WHERE OrderID = 100 OR pk = 200`,
	`SELECT * FROM "Orders" WHERE Total BETWEEN 500 AND -6.5e2 AND NOT (a IS MISSING OR b IS NOT NULL)`,
	`INSERT into "Music" value {'Artist' : 'Acme Band', 'Awards' : <<'a', 'b'>>, 'm': {'x': [1, true, null]}, 'it''s': 1}`,
	`UPDATE "Music" SET AwardsWon=1 SET AwardDetail={'Grammys':[2020, 2018]} REMOVE a.b[1]."c d" WHERE Artist='Acme Band' AND SongTitle='PartiQL Rocks' RETURNING ALL NEW *`,
	`UPDATE "Music" SET tags = set_add(tags, <<'x'>>), n = n + 1, l = list_append(l, [1]) WHERE p = 1`,
	`DELETE FROM "Music" WHERE "Artist" = 'Acme Band' AND size("x") > 3 AND begins_with("y", 'a') RETURNING ALL OLD *;`,
}

func TestExamplesAreRead(t *testing.T) {
	for _, text := range examples {
		_, err := Parse(text, nil)
		require.NoError(t, err, text)
	}
	s, err := Parse(`SELECT a FROM "t"."i" WHERE 1 < b AND NOT c IN (?, 2)`, []attribute.Value{attribute.Int(5)})
	require.NoError(t, err)
	require.Equal(t, "i", s.Index)
	in := s.Where.Parts[1].Parts[0]
	require.Equal(t, "IN", in.Operator)
	require.Equal(t, attribute.Int(5), in.Args[1].Value)
	s, err = Parse(examples[5], nil)
	require.NoError(t, err)
	require.Equal(t, attribute.Path{attribute.Name("a"), attribute.Name("b"), attribute.Index(1), attribute.Name("c d")}, s.Removes[0])
	require.Equal(t, "ALL_NEW", s.Returning)
	s, err = Parse(examples[4], nil)
	require.NoError(t, err)
	require.Equal(t, attribute.Int(1), s.Item["it's"])
}

func TestStatementsAreRefused(t *testing.T) {
	for text, message := range map[string]string{
		``:                               "Statement must have 1 to 8192 characters",
		`SELECT`:                         "unexpected end",
		`SELECT * FROM t WHERE`:          "unexpected end",
		`SELECT * FROM t extra`:          `unexpected "extra" at offset 16`,
		`SELECT a.b[0] FROM t`:           "the element a.b[0] in SELECT is not implemented by Shakedown",
		`SELECT a.b, b FROM t`:           "a second b in SELECT is not implemented by Shakedown",
		`SELECT count(a) FROM t`:         "the function count in SELECT is not implemented by Shakedown",
		`SELECT * FROM t WHERE f(a) = 1`: "the function f is not implemented by Shakedown",
		`SELECT * FROM t WHERE EXISTS(SELECT * FROM t)`: "EXISTS is not implemented by Shakedown",
		`EXISTS(DELETE FROM t WHERE a = 1)`:             "unexpected",
		`EXISTS(SELECT * FROM t WHERE a = 1`:            "unexpected",
		`SELECT * FROM t WHERE a = ?`:                   "Number of parameters in request and statement don't match.",
		`SELECT * FROM t WHERE a = 'open`:               "wasn't well formed",
		`SELECT * FROM t WHERE a = "b" "c"`:             "wasn't well formed",
		`SELECT * FROM t WHERE size(a, b) = 1`:          "Incorrect number of operands for function size: 2",
		`INSERT INTO t VALUE 'x'`:                       "must be a tuple",
		`INSERT INTO t VALUE {'a': <<>>}`:               "may not be empty",
		`INSERT INTO t VALUE {'a': <<1, 1>>}`:           "contains duplicates",
		`INSERT INTO t VALUE {'a': <<1,'b'>>}`:          "one of the types",
		`INSERT INTO t VALUE {'a': 1, 'a': 2}`:          "twice",
		`UPDATE t WHERE a = 1`:                          "wasn't well formed",
		`UPDATE t SET a = 1`:                            "unexpected end",
		`DELETE FROM t WHERE a = 1 RETURNING ALL NEW *`: "DELETE can only be RETURNING ALL OLD *",
		`SELECT * FROM t WHERE ` + strings.Repeat("(", 40) + "a=1" + strings.Repeat(")", 40): "Nesting Levels",
	} {
		_, err := Parse(text, nil)
		require.ErrorContains(t, err, message, text)
		require.True(t, wire.IsCode(err, "ValidationException"), text)
	}
	_, err := Parse(`SELECT * FROM t`, []attribute.Value{attribute.Int(5)})
	require.ErrorContains(t, err, "don't match")
}

// FuzzParse looks for panics and errors that are not the service's.
func FuzzParse(f *testing.F) {
	for _, text := range examples {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parameters := make([]attribute.Value, strings.Count(text, "?"))
		for i := range parameters {
			parameters[i] = attribute.Int(int64(i))
		}
		s, err := Parse(text, parameters)
		if err != nil {
			require.NotEqual(t, "InternalFailure", wire.AsError(err).Code)
			return
		}
		require.NotEmpty(t, s.Table)
	})
}
