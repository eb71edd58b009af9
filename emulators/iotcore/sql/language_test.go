package sql_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// each holds expressions on one payload against what they make; "" is Undefined.
func each(t *testing.T, payload string, want map[string]string) {
	t.Helper()
	for expression, w := range want {
		require.Equal(t, w, evaluated(t, expression, payload), expression)
	}
}

// AWS.md §2: Undefined alone serialises to an empty string. Int 34 digits, Decimal
// 34-digit precision; trigonometry and power use doubles. CASE v with v Undefined is
// Undefined even with ELSE. No comments in SQL.
func TestPrecision(t *testing.T) {
	each(t, `{}`, map[string]string{
		`nosuch`: "", `9999999999999999999999999999999999 - 1`: "9999999999999999999999999999999998", `1/3`: "0.3333333333333333333333333333333333",
		`power(2, 0.5)`: "1.4142135623730951", `sin(1)`: "0.8414709848078965", `CASE nosuch WHEN 1 THEN 2 ELSE 3 END`: "",
	})
	for _, comment := range []string{"SELECT * FROM 'a' -- x", "SELECT /* x */ * FROM 'a'", "SELECT * FROM 'a' # x"} {
		_, err := sql.Parse(comment)
		require.Error(t, err, comment)
	}
}

// AWS.md §2: … Undecodable decode → Null. String→Int truncates; bit*, chr, lpad,
// rpad round down.
func TestRoundingOfArguments(t *testing.T) {
	each(t, `{}`, map[string]string{
		`decode("%", 'base64')`: "null", `decode("aGk=", 'base64')`: `"hi"`, `decode("aGk", 'base64')`: `"hi"`, `decode("aGk==", 'base64')`: "null",
		`get(["a","b"], "0.9")`: `"a"`, `get(["a","b"], 0.6)`: `"b"`,
		`bitand(13.9, "5.9")`: "5", `bitor(-1.5, 0)`: "-2", `chr(65.9)`: `"A"`, `lpad("x", 1.9)`: `" x"`, `rpad("x", 1.9)`: `"x "`,
	})
}

// AWS.md §2: WHERE is evaluated first; only true fires. SELECT aliases are invisible
// in WHERE and in ${…} templates (those see the original payload).
func TestAliasesAreInvisible(t *testing.T) {
	for statement, want := range map[string]bool{
		`SELECT v AS alias FROM 'a' WHERE alias = 1`: false, `SELECT 2 AS v FROM 'a' WHERE v = 1`: true, `SELECT * FROM 'a' WHERE "true"`: false, `SELECT * FROM 'a' WHERE 1`: false,
		`SELECT * FROM 'a' WHERE nosuch`: false, `SELECT * FROM 'a' WHERE null`: false, `SELECT * FROM 'a' WHERE true`: true,
		// what SELECT would fail on is not reached
		`SELECT aws_lambda('f', *) AS x FROM 'a' WHERE v = 2`: false,
	} {
		_, fired, err := selected(t, statement, `{"v":1}`)
		require.NoError(t, err, statement)
		require.Equal(t, want, fired, statement)
	}
	s, err := sql.Parse(`SELECT 2 AS v, 3 AS alias FROM 'a'`)
	require.NoError(t, err)
	m := message(`{"v":1}`)
	_, err = s.Eval(m)
	require.NoError(t, err)
	template, err := s.ParseTemplate("${v}/${alias}")
	require.NoError(t, err)
	text, err := template.Expand(m)
	require.NoError(t, err)
	require.Equal(t, "1/", text)
}

// AWS.md §2: Types: Int, Decimal, Boolean, String, Array, Object, Null, Undefined
// (dropped inside objects). Wrong argument types or counts → Undefined.
func TestTypes(t *testing.T) {
	each(t, `{"i":1,"d":1.5,"b":true,"s":"x","a":[1],"o":{"k":1},"n":null}`, map[string]string{
		`{'i':i,'d':d,'b':b,'s':s,'a':a,'o':o,'n':n,'u':u}`: `{"i":1,"d":1.5,"b":true,"s":"x","a":[1],"o":{"k":1},"n":null}`,
		`abs("x")`: "", `abs()`: "", `abs(1, 2)`: "", `floor(a)`: "", `get(i, 0)`: "",
	})
}

// AWS.md §2: 10.0 becomes Int 10. = on mismatched types is false, <> is true; either
// side Undefined → Undefined (does not fire).
func TestEquality(t *testing.T) {
	each(t, `{"d":10.0}`, map[string]string{
		`d`: "10", `cast(d as Decimal)`: "10", `d + ""`: `"10"`, `1 = "1"`: "false", `1 <> "1"`: "true", `nosuch = nosuch`: "", `nosuch <> 1`: "", `1 = nosuch`: "",
	})
}

// AWS.md §2: < <= > >= convert both sides to Decimal; a numeric string compares as a
// number; otherwise Undefined.
func TestComparison(t *testing.T) {
	each(t, `{}`, map[string]string{`"10" > 9`: "true", `2 <= "2.0"`: "true", `'abc' > 5`: "", `true > 0`: "", `null > 0`: "", `"b" > "a"`: ""})
}

// AWS.md §2: AND OR NOT: Booleans or the strings "true"/"false" in any case; else
// Undefined. + with a String on either side concatenates.
func TestLogic(t *testing.T) {
	each(t, `{}`, map[string]string{`true AND "TRUE"`: "true", `"False" OR false`: "false", `NOT "False"`: "true", `1 AND true`: "", `NOT 0`: "", `true OR nosuch`: "", `1 + "1"`: `"11"`, `"a" + true`: `"atrue"`})
}

// AWS.md §2: Implicit Decimal→Int rounds; cast(d as Int) rounds down. Booleans
// convert only with cast.
func TestConversion(t *testing.T) {
	each(t, `{}`, map[string]string{`get(["a","b"], 0.6)`: `"b"`, `cast(0.6 as Int)`: "0", `cast(-0.6 as Int)`: "-1", `true + 1`: "", `get(["a","b"], true)`: "", `cast(true as Int) + 1`: "2"})
}

// AWS.md §2: keys with hyphens need get(); literals {…} […]; CASE v WHEN … END (no
// match and no ELSE → Undefined); IN, EXISTS; SELECT foo.bar AS bar.baz builds a
// nested result.
func TestLanguage(t *testing.T) {
	each(t, `{"a-b":1,"o":{"c-d":2},"arr":[1,2]}`, map[string]string{
		`get(o, "c-d")`: "2", `o."c-d"`: "2", `{'x':[1,'y']}`: `{"x":[1,"y"]}`, `CASE 1 WHEN 2 THEN 3 END`: "", `2 IN arr`: "true", `EXISTS (SELECT * FROM arr AS e WHERE e = 3)`: "false",
	})
	got, _, err := selected(t, `SELECT foo.bar AS bar.baz FROM 'a'`, `{"foo":{"bar":"RED"}}`)
	require.NoError(t, err)
	require.Equal(t, `{"bar":{"baz":"RED"}}`, got)
}

// AWS.md §2: Non-JSON payload: SELECT * passes the raw bytes; encode(*, 'base64').
func TestPayloadsThatAreNotJSON(t *testing.T) {
	for statement, want := range map[string]string{`SELECT * FROM 'a'`: "\x00\xff", `SELECT encode(*, 'base64') AS data FROM 'a'`: `{"data":"AP8="}`, `SELECT topic() AS t FROM 'a'`: `{"t":"devices/s1/telemetry"}`} {
		got, fired, err := selected(t, statement, "\x00\xff")
		require.NoError(t, err, statement)
		require.True(t, fired)
		require.Equal(t, want, got, statement)
	}
}

// AWS.md §2: topic()/topic(n) 1-based, Basic Ingest prefix hidden; clientid() is n/a
// off MQTT; timestamp() = ms at the engine; newuuid(); principal(); traceid();
// accountid().
func TestOfTheMessage(t *testing.T) {
	s, err := sql.Parse(`SELECT topic() AS t, topic(1) AS one, topic(0) AS zero, clientid() AS c, timestamp() AS ms, newuuid() AS u, principal() AS p, traceid() AS trace, accountid() AS a`)
	require.NoError(t, err)
	require.Empty(t, s.Filter(), "FROM is optional")
	m := message(`{}`)
	m.Topic, m.Principal = "$aws/rules/R/x/y", "thumb"
	r, err := s.Eval(m)
	require.NoError(t, err)
	require.Equal(t, `{"t":"x/y","one":"x","c":"s1","ms":1767225600000,"u":"uuid","p":"thumb","trace":"trace","a":"000000000000"}`, string(r.Payload))
	m.MQTT = false
	r, err = s.Eval(m)
	require.NoError(t, err)
	require.Equal(t, `{"t":"x/y","one":"x","c":"n/a","ms":1767225600000,"u":"uuid","p":"thumb","a":"000000000000"}`, string(r.Payload))
}
