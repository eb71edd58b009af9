package sql_test

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

func message(payload string) *sql.Message {
	return &sql.Message{
		Payload: []byte(payload), Topic: "devices/s1/telemetry", ClientID: "s1", Account: "000000000000", MQTT: true,
		TraceID: "trace", Time: time.UnixMilli(1767225600000), UUID: func() string { return "uuid" },
	}
}

// value evaluates SELECT VALUE of an expression; "" is Undefined.
func evaluated(t *testing.T, expression, payload string) string {
	t.Helper()
	s, err := sql.Parse("SELECT VALUE " + expression + " FROM 'a'")
	require.NoError(t, err, expression)
	r, err := s.Eval(message(payload))
	require.NoError(t, err, expression)
	return string(r.Payload)
}

// The documented examples of iot-sql-functions.md, and its notes on conversion.
func TestFunctionsAsDocumented(t *testing.T) {
	for expression, want := range map[string]string{
		`abs(-5)`: "5", `abs("-5.123")`: "5.123", `abs(true)`: "", `abs()`: "",
		`acos(0)`: "1.5707963267948966", `asin(0)`: "0", `atan2(1, 0)`: "1.5707963267948966", `acos(2)`: "",
		`bitand(13, 5)`: "5", `bitor(8, 5)`: "13", `bitxor(13, 5)`: "8",
		`ceil(1.2)`: "2", `ceil(-1.2)`: "-1", `floor(1.2)`: "1", `floor(-1.2)`: "-2", `ceil("11.4")`: "12",
		`round(1.2)`: "1", `round(1.5)`: "2", `Round(-1.1)`: "-1", `round(-1.5)`: "-2", `round([1])`: "",
		`trunc(2.3123, 2)`: "2.31", `trunc(2.888, 2)`: "2.88", `trunc(2.00, 5)`: "2",
		`cos(0)`: "1", `power(2, 5)`: "32", `sqrt(9)`: "3", `log(100)`: "2", `sqrt(-1)`: "",
		`sign(-7)`: "-1", `sign(0)`: "0", `sign(13)`: "1", `mod(8, 3)`: "2", `remainder(8, 3)`: "2", `mod(8, 0)`: "",
		`Nanvl(8, 3)`: "8", `nanvl(null, 3)`: "3", `nanvl(nosuch, 3)`: "3",
		`chr(65)`: `"A"`, `chr(49)`: `"1"`, `chr(300)`: "",
		`concat(1, "hello")`: `"1hello"`, `concat([1,2,3], "hello", [4,5,6])`: `[1,2,3,"hello",4,5,6]`, `concat()`: "", `concat(1, 2)`: "",
		`endswith("cat","at")`: "true", `startswith("ranger","ran")`: "true", `startswith(nosuch,"ran")`: "",
		`indexof("abcd", "bc")`: "1", `length("hi")`: "2", `length(false)`: "5", `numbytes("hi")`: "2", `numbytes("€")`: "3",
		`lower("HELLO")`: `"hello"`, `upper("hello")`: `"HELLO"`, `upper(["hello"])`: `"[\"HELLO\"]"`,
		`lpad("hello", 2)`: `"  hello"`, `lpad(1, 3)`: `"   1"`, `rpad("hello", 2)`: `"hello  "`, `rpad(1, 3)`: `"1   "`,
		`Ltrim(" h i ")`: `"h i "`, `rtrim(" h i ")`: `" h i"`, `trim(" hi ")`: `"hi"`,
		`replace("abcd","bc","x")`: `"axd"`, `replace("abcdabcd","b","x")`: `"axcdaxcd"`,
		`regexp_matches("aaaa","a{2,}")`: "true", `regexp_matches("aaaa","b")`: "false", `regexp_matches("a","(")`: "",
		`regexp_replace("abcd","bc","x")`: `"axd"`, `regexp_replace("abcd","b(.*)d","$1")`: `"ac"`,
		`regexp_substr("hihihello","hi")`: `"hi"`, `regexp_substr("hihihello","(hi)*")`: `"hihi"`,
		`substring("012345",2.745)`: `"2345"`, `substring(123,2)`: `"3"`, `substring("012345",-1)`: `"012345"`,
		`substring(true,1.2)`: `"rue"`, `substring(false,-2.411E247)`: `"false"`, `substring("012345",1,3)`: `"12"`, `substring("012345",3,1)`: `""`,
		`md5("hello")`:      `"5d41402abc4b2a76b9719d911017c592"`,
		`cast(true as Int)`: "1", `cast(2.9 as Int)`: "2", `cast("true" as Boolean)`: "true", `cast(0 as Bool)`: "false", `cast(5 as String)`: `"5"`, `cast("x" as Decimal)`: "",
		`get(["a","b","c"],1)`: `"b"`, `get({"a":"b"},"a")`: `"b"`, `get("abc",0)`: `"a"`, `get([1],7)`: "",
		`get_or_default(nosuch, 7)`: "7", `get_or_default(1, 7)`: "1", `get_or_default(null)`: "",
		`isNull(5)`: "false", `isNull(Null)`: "true", `isUndefined(5)`: "false", `isUndefined(floor([1,2,3]))`: "true",
		`decode("eyAidGVtcGVyYXR1cmUiOiAzMyB9Cg==","base64").temperature`: "33", `decode("%","base64")`: "null",
		`topic()`: `"devices/s1/telemetry"`, `topic(2)`: `"s1"`, `topic(9)`: "",
		`clientId()`: `"s1"`, `timestamp()`: "1767225600000", `newuuid()`: `"uuid"`, `traceid()`: `"trace"`, `sql_version()`: `"2016-03-23"`,
	} {
		require.Equal(t, want, evaluated(t, expression, `{}`), expression)
	}
}

// Operators, AWS.md §2 and the page "Operators".
func TestOperators(t *testing.T) {
	const payload = `{"i":10,"d":10.0,"s":"abc","n":"42.5","t":true,"z":null,"a":[1,2,3,"three",5.7,null],"o":{"x":1}}`
	for expression, want := range map[string]string{
		`d`: "10", `i = d`: "true", `i = "10"`: "false", `i <> "10"`: "true", `nosuch = 1`: "", `nosuch <> 1`: "",
		`z = null`: "true", `z <> null`: "false", `n > 5`: "true", `s > 5`: "", `t > 0`: "", `z > 0`: "",
		`t AND "TRUE"`: "true", `t AND 1`: "", `NOT "false"`: "true", `NOT 1`: "", `t OR nosuch`: "",
		`1 + 2`: "3", `1 + 2.5`: "3.5", `s + 1`: `"abc1"`, `1 + "2"`: `"12"`, `t + 1`: "", `s + nosuch`: "", `n * 2`: "85", `n + 1`: `"42.51"`,
		`7 - 9`: "-2", `-i`: "-10", `7 % 4`: "3", `(50-32)*5/9`: "10", `1 / 0`: "", `2 * s`: "",
		`0.1 + 0.2`: "0.3", `1/3`: "0.3333333333333333333333333333333333",
		`3 in a`: "true", `"three" in a`: "true", `7 in a`: "false", `3 in s`: "",
		`[1,2] = [1,2]`: "true", `[1,2] = [2,1]`: "false", `{'x':1} = o`: "true",
		`CASE i WHEN 1 THEN 'one' WHEN 10 THEN 'ten' END`: `"ten"`, `CASE i WHEN 1 THEN 'one' END`: "", `CASE nosuch WHEN 1 THEN 2 ELSE 3 END`: "",
		`{'a': nosuch, 'b': 1}`: `{"b":1}`, `o.x`: "1", `o.x.y`: "", `NOT i = 10 AND t`: "false",
	} {
		require.Equal(t, want, evaluated(t, expression, payload), expression)
	}
}

func selected(t *testing.T, statement, payload string) (string, bool, error) {
	t.Helper()
	s, err := sql.Parse(statement)
	require.NoError(t, err, statement)
	r, err := s.Eval(message(payload))
	return string(r.Payload), r.Fired, err
}

func TestSelect(t *testing.T) {
	for _, c := range []struct{ statement, payload, want string }{
		{`SELECT * FROM 'a'`, "\x00\xff not JSON", "\x00\xff not JSON"},
		{`SELECT * FROM 'a'`, `{ "a" : 10.0 }`, `{ "a" : 10.0 }`},
		{`SELECT *, topic(2) AS thing FROM 'a'`, `{"b":1,"thing":"x","a":2.50}`, `{"b":1,"thing":"s1","a":2.5}`},
		{`SELECT data.temperature FROM 'a'`, `{"data":{"temperature":21.5}}`, `{"temperature":21.5}`},
		{`SELECT data.temperature AS t.c, 1 AS t.n FROM 'a'`, `{"data":{"temperature":21.5}}`, `{"t":{"c":21.5,"n":1}}`},
		{`SELECT nosuch FROM 'a'`, `{}`, `{}`},
		{`SELECT encode(*, 'base64') AS payload, topic(2) AS thing FROM 'a'`, "\x00\xff\x10", `{"payload":"AP8Q","thing":"s1"}`},
		{`SELECT value FROM 'a'`, `{"value":7}`, `{"value":7}`},
		{`SELECT VALUE [1, 'x'] FROM 'a'`, `{}`, `[1,"x"]`},
	} {
		got, fired, err := selected(t, c.statement, c.payload)
		require.NoError(t, err, c.statement)
		require.True(t, fired)
		require.Equal(t, c.want, got, c.statement)
	}
	_, _, err := selected(t, `SELECT a FROM 'a'`, "\x00")
	require.ErrorContains(t, err, "not JSON")
}

func TestWhereIsTrueOrTheRuleDoesNotFire(t *testing.T) {
	for payload, want := range map[string]bool{
		`{"data":{"temperature":41}}`: true, `{"data":{"temperature":40}}`: false, `{"data":{"temperature":"41"}}`: true,
		`{"data":{"temperature":"hot"}}`: false, `{"data":{}}`: false, `{}`: false, `{"data":null}`: false,
	} {
		_, fired, err := selected(t, `SELECT * FROM 'devices/+/telemetry' WHERE data.temperature > 40`, payload)
		require.NoError(t, err)
		require.Equal(t, want, fired, payload)
	}
}

func TestParseRefusesWithThePosition(t *testing.T) {
	for statement, want := range map[string]string{
		``:                          "expected 'SELECT'",
		`SELECT nosuch(a) FROM 'x'`: "at character 8: unknown function nosuch",
		`SELECT get_secret('a', 'b') AS s FROM 'x'`:     "get_secret is not implemented by Shakedown",
		`SELECT vpc_id() AS v FROM 'x'`:                 "unknown function vpc_id",
		`SELECT * FROM 'x' WHERE EXISTS (1)`:            "expected 'SELECT'",
		`SET @a = 1, @a = 2 SELECT * FROM 'x'`:          "at character 14: variable @a is set twice",
		`SET @a = @b SELECT * FROM 'x'`:                 "at character 10: variable @b is not SET before",
		`SET @a = 1 SELECT @b AS b FROM 'x'`:            "variable @b is not SET before",
		`SET a = 1 SELECT * FROM 'x'`:                   "expected '@'",
		`SELECT (SELECT 1 AS b) AS a FROM 'x'`:          "expected 'FROM'",
		`SELECT (SELECT b FROM c AS 'd') AS a FROM 'x'`: "expected a name",
		`SELECT * FROM 'a/#/b'`:                         "topic filter",
		`SELECT * FROM 'a/b+'`:                          "topic filter",
		`SELECT * FROM x`:                               "topic filter in quotes",
		`SELECT * FROM 'x' WHERE a >`:                   "expected an expression",
		`SELECT * FROM 'x' WHERE 'a`:                    "quote is not closed",
		`SELECT * FROM 'x' LIMIT 1`:                     "unexpected 'LIMIT'",
		`SELECT 1 + 1 FROM 'x'`:                         "needs a name",
	} {
		_, err := sql.Parse(statement)
		require.ErrorContains(t, err, want, statement)
	}
}

func TestTemplates(t *testing.T) {
	for text, want := range map[string]string{
		"plain": "plain", "${topic()}/${timestamp()}": "devices/s1/telemetry/1767225600000",
		"a${nosuch}b": "ab", "${get({'a': '}'}, 'a')}": "}", "${data.t}": "21.5", "": "",
	} {
		tmpl, err := sql.ParseTemplate(text)
		require.NoError(t, err, text)
		got, err := tmpl.Expand(message(`{"data":{"t":21.5}}`))
		require.NoError(t, err)
		require.Equal(t, want, got, text)
	}
	for _, bad := range []string{"${", "${topic(}", "${nosuch()}"} {
		_, err := sql.ParseTemplate(bad)
		require.Error(t, err, bad)
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		filter, topic string
		want          bool
	}{
		{"a/b", "a/b", true}, {"a/+", "a/b", true}, {"a/+", "a", false}, {"a/+", "a/b/c", false}, {"a/#", "a/b/c", true},
		{"a/#", "a", false}, {"#", "a", true}, {"#", "$aws/x", false}, {"+/x", "$aws/x", false}, {"$aws/+", "$aws/x", true}, {"a", "b", false},
	} {
		require.Equal(t, c.want, sql.Match(c.filter, c.topic), "%s %s", c.filter, c.topic)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`SELECT *, topic(2) AS a.b FROM 'devices/+/telemetry' WHERE data.t > 40 AND NOT (1 IN [1]) OR CASE a WHEN 1 THEN 2 END = {'a': -1}`, `{"data":{"t":41}}`)
	f.Add(`SET @a = e, @b = @a.b SELECT (SELECT VALUE n.v, @b FROM @a AS n WHERE EXISTS (SELECT * FROM n.x)), get_user_properties('k') FROM 'a'`, `{"e":[{"n":1,"x":[1]}]}`)
	f.Add(`a/${@b}/${get((SELECT VALUE n FROM e), 0)}/${aws_lambda('f', *).x}`, `{"e":[{"n":1}]}`)
	f.Add(`SELECT VALUE substring(regexp_replace(a, "(b)", "$1"), 1, 2) FROM "a"`, `{"a":"abc"}`)
	f.Fuzz(func(t *testing.T, statement, payload string) {
		if s, err := sql.Parse(statement); err == nil {
			s.Eval(message(payload))
		}
		if tmpl, err := sql.ParseTemplate(statement); err == nil {
			tmpl.Expand(message(payload))
		}
	})
}

// FuzzEval: no statement panics with any payload, what it makes is bounded, and it
// makes the same twice.
func FuzzEval(f *testing.F) {
	for _, statement := range []string{
		`SELECT *, topic(2) AS id, timestamp() AS ts FROM 'x' WHERE temperature > 30`,
		`SELECT VALUE transform('enrichArray', {'k': a}, concat(b, [b, c.d, -1.5E3])) FROM 'x' WHERE NOT (a <> 1 OR 'x' IN b)`,
		`SELECT regexp_replace(a, b, c) AS r, regexp_matches(a, '(x|y)+') AS m, replace(a, b, c) AS p, substring(a, 1, 2) AS s FROM 'x'`,
		`SELECT decode(encode(*, 'base64'), 'base64').a AS a.b, get_or_default(get(b, 0), cast(a as Decimal)) AS c, trunc(a, b) % 3 AS t FROM 'x'`,
		`SELECT lpad(a, 1E30) + rpad(b, 7) AS p, md2(a) AS h, CASE a WHEN 1 THEN chr(65) ELSE power(a, b) END AS c, newuuid() AS u, rand() AS n FROM 'x'`,
		`SET @v = [b, c], @w = (SELECT VALUE (SELECT VALUE x FROM @v AS y) FROM @v AS x) SELECT (SELECT *, @w AS w FROM b WHERE EXISTS (SELECT VALUE x FROM @v)) AS n, @w.a AS m FROM 'x' WHERE 1 IN @v OR NOT EXISTS (SELECT * FROM c)`,
		`SELECT parse_time(a, temperature, c) AS p, time_to_epoch(a, b) AS e, parse_time("yyyy-MM-dd'T'HH:mm:ss.SSSZZ", 1E12, '+01:00') AS s FROM 'x'`,
	} {
		for _, payload := range []string{`{"temperature":41.5,"a":"abc","b":[1,{"x":null}],"c":{"d":1e3}}`, `{"a":10.0,"b":"(b)","c":"$1"}`, `{"a":"yyyyMMdd","b":"20200403","c":"Europe/Berlin","temperature":1}`, "\x00", ``} {
			f.Add(statement, payload)
		}
	}
	f.Fuzz(func(t *testing.T, statement, payload string) {
		if len(payload) > 128<<10 {
			return
		}
		s, err := sql.Parse(statement)
		if err != nil {
			return
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		first, err := s.Eval(message(payload))
		runtime.ReadMemStats(&after)
		if made := after.TotalAlloc - before.TotalAlloc; made > 256<<20 {
			t.Fatalf("evaluation made %d bytes", made)
		}
		second, again := s.Eval(message(payload))
		require.Equal(t, err, again)
		require.Equal(t, first, second)
		if err == nil && first.Fired && strings.HasPrefix(statement, "SELECT VALUE ") && len(first.Payload) > 0 {
			require.True(t, json.Valid(first.Payload), "%q", first.Payload)
		}
	})
}
