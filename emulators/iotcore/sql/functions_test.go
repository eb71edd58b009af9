package sql_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// The rows of iot-sql-functions.md, in its order, and what the page Functions says
// about types. "" is Undefined.
func TestRows(t *testing.T) {
	rows := map[string]map[string]string{
		"numbers of other types are Undefined": {
			`abs([1])`: "", `abs({})`: "", `abs(null)`: "", `abs(nosuch)`: "", `abs(1, 2)`: "", `abs("+1")`: "", `abs(".5")`: "", `abs(" 1")`: "", `abs("1E+5")`: "", `abs("-1e-2")`: "0.01", `abs("1.")`: "", `abs("")`: "",
			`acos("0")`: "1.5707963267948966", `acos(true)`: "", `asin(2)`: "", `asin(0)`: "0", `atan(0)`: "0", `atan("x")`: "", `atan2("1", 0)`: "1.5707963267948966", `atan2(1)`: "", `atan2(1, null)`: "",
			`cos(0)`: "1", `cos(false)`: "", `cosh(2.3)`: "5.037220649268761", `sin(0)`: "0", `sinh(2.3)`: "4.936961805545957", `tan(3)`: "-0.1425465430742778", `tanh(2.3)`: "0.9800963962661914",
			`exp(1)`: "2.718281828459045", `exp(1E9)`: "", `ln(exp(1))`: "1", `ln(0)`: "", `ln(-1)`: "", `log(100)`: "2", `log("x")`: "", `sqrt("9")`: "3", `sqrt(null)`: "",
			`power(2, 5)`: "32", `power("2", 0.5)`: "1.4142135623730951", `power(2)`: "", `power(10, 400)`: "",
			`round(1.7)`: "2", `round("1.5")`: "2", `floor("-1.2")`: "-2", `ceil(5)`: "5", `trunc(2.3, 0)`: "2", `trunc(7, 2)`: "7",
			`sign("-7.5")`: "-1", `sign(true)`: "", `mod(8.5, 3)`: "2.5", `mod("8", "3")`: "2", `mod(8, true)`: "", `remainder(8, "x")`: "",
			`nanvl("x", 3)`: `"x"`, `nanvl(true, 3)`: "true", `nanvl(8)`: "",
		},
		"bits round down first": {
			`bitand(13.9, "5.9")`: "5", `bitor(8, 5.5)`: "13", `bitxor("13", 5)`: "8", `bitxor(-1.5, 0)`: "-2", `bitand(1, true)`: "", `bitand(1)`: "", `bitor(1E30, 1)`: "",
		},
		"strings": {
			`chr(65.9)`: `"A"`, `chr("65")`: `"A"`, `chr(-1)`: "", `chr(128)`: "", `chr(true)`: "", `chr(null)`: "",
			`concat(1)`: "1", `concat([1, 2, 3], 4)`: "[1,2,3,4]", `concat([1, 2, 3], "hello")`: `[1,2,3,"hello"]`, `concat("con", "cat")`: `"concat"`, `concat("he","is","man")`: `"heisman"`, `concat("a", null)`: "", `concat(true, "x", 1.50)`: `"truex1.5"`,
			`endswith("cat", null)`: "", `endswith(true, "ue")`: "true", `endswith("cat", "ca")`: "false", `startswith(12, 1)`: "true", `startswith("a")`: "",
			`indexof("€bcd", "bc")`: "1", `indexof("abcd", "x")`: "-1", `indexof(12, 2)`: "1", `length("€")`: "1", `length(null)`: "", `length([1,2])`: "5", `numbytes(10)`: "2",
			`lower(["HELLO"])`: `"[\"hello\"]"`, `upper(null)`: "", `lower(TRUE)`: `"true"`, `ltrim(1)`: `"1"`, `rtrim(nosuch)`: "", `trim(null)`: "", `trim(" 	hi	 ")`: `"hi"`,
			`lpad(null, 1)`: "", `lpad("a", null)`: "", `rpad([1], 1)`: `"[1] "`, `rpad("a", "x")`: "",
			`replace("aXbX", "X", "")`: `"ab"`, `replace(121, 2, 3)`: `"131"`, `replace("a", null, "b")`: "", `replace("a.c", ".", "$0")`: `"a$0c"`,
			`substring("012345", 0)`: `"012345"`, `substring("012345", 2)`: `"2345"`, `substring("012345", -50, 50)`: `"012345"`, `substring("012345", "2")`: `"2345"`, `substring("a", true)`: "", `substring("a")`: "", `substring("€uro", 1, 2)`: `"u"`,
			`md2("hello")`: `"a9046c73e00331af68917d3804f70655"`, `md2("")`: `"8350e5a3e24c153df2275c9f80692773"`, `md2("12345678901234567890123456789012345678901234567890123456789012345678901234567890")`: `"d5976f79d83d3a0dc9806c3c66f3efd8"`,
			`sha1("hello")`:   `"aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"`,
			`sha224("hello")`: `"ea09ae9cc6768c50fcee903ed054556e5bfc8347907f12598aa24193"`,
			`sha256("hello")`: `"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"`,
			`sha384("hello")`: `"59e1748777448c69de6b800d7a33bbfb9ff1b463e44354c3553bcdb9c666fa90125a3c79f90397bdf5f6a13de828684f"`,
			`sha512("hello")`: `"9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca72323c3d99ba5c11d7c7acc6e14b8c5da0c4663475c2e5c3adef46f73bcdec043"`,
			`md5(null)`:       "", `md5(1)`: `"c4ca4238a0b923820dcc509a6f75849b"`,
		},
		"types": {
			`cast(true as Decimal)`: "1", `cast(false as Integer)`: "0", `cast("2.9" as Int)`: "2", `cast(-2.1 as Int)`: "-3", `cast(10.0 as Double)`: "10", `cast(null as Int)`: "", `cast([1] as Int)`: "", `cast([1, "a"] as Text)`: `"[1,\"a\"]"`,
			`cast({"a": 1} as Nvarchar)`: `"{\"a\":1}"`, `cast(7 as Boolean)`: "true", `cast("FALSE" as Bool)`: "false", `cast("x" as Bool)`: "", `cast(true as varchar)`: `"true"`, `cast(null as Ntext)`: "", `cast(0.0 as Boolean)`: "false",
			`get(["a","b","c"], "1")`: `"b"`, `get(["a","b"], 0.6)`: `"b"`, `get(["a","b"], "0.6")`: `"a"`, `get([1], -1)`: "", `get("abc", 3)`: "", `get({"a":"b"}, 1)`: "", `get(5, 0)`: "", `get([1], true)`: "", `get("€", 0)`: `"€"`,
			`get_or_default(null, null)`: "null", `get_or_default(null, nosuch)`: "", `get_or_default("ok")`: `"ok"`, `get_or_default()`: "", `get_or_default(CASE "active" WHEN 'active' THEN 'GOOD' ELSE 'UNKNOWN' END, 'UNKNOWN')`: `"GOOD"`,
			`isNull(nosuch)`: "false", `isNull()`: "", `isUndefined(null)`: "false", `isUndefined(nosuch)`: "true", `isUndefined(1, 2)`: "",
			`decode("aGk=", 'base64')`: `"hi"`, `decode("!", 'base64')`: "null", `decode(5, 'base64')`: "", `decode("aGk=", 'hex')`: "", `decode("W10=", 'base64')`: "[]",
			`encode("hi", 'base64')`: `"aGk="`, `encode([1], 'base64')`: `"WzFd"`, `encode(null, 'base64')`: "", `encode("hi", 'hex')`: "", `encode("hi")`: "",
			`transform("enrichArray", {"data1":1,"data2":2}, [{"a":3},{"b":4},{"c":5}])`: `[{"a":3,"data1":1,"data2":2},{"b":4,"data1":1,"data2":2},{"c":5,"data1":1,"data2":2}]`,
			`transform("enrichArray", {"key": 1}, [{"a":3},{"b":4},{"c":5}])`:            `[{"a":3,"key":1},{"b":4,"key":1},{"c":5,"key":1}]`,
			`transform("other", {}, [])`: "", `transform("enrichArray", [], [])`: "", `transform("enrichArray", {}, [1])`: "", `transform("enrichArray", {})`: "", `transform("enrichArray", {}, [])`: "[]",
		},
		"message and connection": {
			`topic()`: `"devices/s1/telemetry"`, `topic(1.9)`: `"devices"`, `topic("2")`: `"s1"`, `topic(0)`: "", `topic(4)`: "", `topic(1, 2)`: "",
			`clientid()`: `"s1"`, `clientid(1)`: "", `principal()`: "", `sourceip()`: "", `accountid()`: `"000000000000"`, `traceid()`: `"trace"`, `sql_version()`: `"2016-03-23"`, `newuuid()`: `"uuid"`,
			`rand() >= 0 AND rand() < 1`: "true", `rand(1)`: "", `timestamp() % 12 = 0`: "true",
		},
		"operators": {
			`true AND "False"`: "false", `"x" OR true`: "", `[1] IN [[1], 2]`: "true", `{"a":1} IN [{"a":1.0}]`: "true", `null IN [null]`: "true", `1 IN "1"`: "",
			`"10" > 9.5`: "true", `2 <= "2"`: "true", `[1] < [2]`: "", `null <= null`: "", `1 = 1.0`: "true", `1 = "1"`: "false", `true <> "true"`: "true", `null <> null`: "false", `{"a":1,"b":2} = {"b":2,"a":1}`: "true", `[1,2] <> [2,1]`: "true",
			`1 + 1.5`: "2.5", `"a" + [1]`: `"a[1]"`, `null + "a"`: "", `true + 1`: "", `"5" - "3"`: "2", `"5" * 2`: "10", `[1] - 1`: "", `7 / 2`: "3.5", `"7" % 4`: "3", `1 % 0`: "", `5 % true`: "",
		},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			for expression, want := range row {
				require.Equal(t, want, evaluated(t, expression, `{}`), expression)
			}
		})
	}
}

// What AWS has and Shakedown has not is refused by name, within another too.
func TestEveryFunctionIsThereOrRefusedByName(t *testing.T) {
	for _, name := range []string{
		"bitnot", "get_secret", "machinelearning_predict",
	} {
		for _, statement := range []string{`SELECT ` + name + `(1) AS a FROM 'a'`, `SELECT * FROM 'a' WHERE isNull(` + name + `(1))`} {
			_, err := sql.Parse(statement)
			require.ErrorContains(t, err, "function "+name+" is not implemented by Shakedown", statement)
		}
		_, err := sql.ParseTemplate("${" + name + "(1)}")
		require.ErrorContains(t, err, name+" is not implemented by Shakedown")
	}
}

func TestClientOffMQTT(t *testing.T) {
	s, err := sql.Parse(`SELECT clientid() AS c, traceid() AS t, principal() AS p, sourceip() AS i FROM 'a'`)
	require.NoError(t, err)
	m := message(`{}`)
	m.MQTT, m.Principal, m.SourceIP = false, "thumb", "192.158.1.38"
	r, err := s.Eval(m)
	require.NoError(t, err)
	require.Equal(t, `{"c":"n/a","p":"thumb","i":"192.158.1.38"}`, string(r.Payload))
}
