package sql_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// VALUE is a keyword only where an expression follows; value is a name as well.
func TestValueIsAlsoAName(t *testing.T) {
	const payload = `{"value":{"x":7,"n":-1},"v":3,"red":"r"}`
	for statement, want := range map[string]string{
		`SELECT value AS v FROM 'a'`:                     `{"v":{"x":7,"n":-1}}`,
		`SELECT value.x AS v FROM 'a'`:                   `{"v":7}`,
		`SELECT value.x FROM 'a'`:                        `{"x":7}`,
		`SELECT value.x, v FROM 'a'`:                     `{"x":7,"v":3}`,
		`SELECT VALUE AS v FROM 'a'`:                     `{}`,
		`SELECT value.x + 1 AS v FROM 'a'`:               `{"v":8}`,
		`SELECT value = 1 AS v FROM 'a'`:                 `{"v":false}`,
		`SELECT value - 1 AS v, value * 2 AS w FROM 'a'`: `{}`,
		`SELECT VALUE value FROM 'a'`:                    `{"x":7,"n":-1}`,
		`SELECT VALUE value.x FROM 'a'`:                  `7`,
		`SELECT VALUE -v FROM 'a'`:                       `-3`,
		`SELECT VALUE (v) FROM 'a'`:                      `3`,
		`SELECT VALUE red FROM 'a'`:                      `"r"`,
		`SELECT "VALUE" AS v FROM 'a'`:                   `{"v":"VALUE"}`,
	} {
		got, fired, err := selected(t, statement, payload)
		require.NoError(t, err, statement)
		require.True(t, fired)
		require.Equal(t, want, got, statement)
	}
	_, err := sql.Parse(`SELECT VALUE * FROM 'a'`)
	require.ErrorContains(t, err, "VALUE * is not implemented")
}

// A failure that get_or_default took back comes again with the next path.
func TestEachPathFailsOnAPayloadThatIsNotJSON(t *testing.T) {
	got, _, err := selected(t, `SELECT get_or_default(a, 1) AS x FROM 'a'`, "\x00")
	require.NoError(t, err)
	require.Equal(t, `{"x":1}`, got)
	for _, statement := range []string{
		`SELECT get_or_default(a, 1) AS x, b FROM 'a'`, `SELECT get_or_default(a, b) AS x FROM 'a'`, `SELECT * FROM 'a' WHERE get_or_default(a, 1) = 1 AND b = 1`,
		`SELECT b FROM 'a' WHERE get_or_default(a, 1) = 1`, `SELECT get_or_default(a, 1) AS x, * FROM 'a'`,
	} {
		_, _, err := selected(t, statement, "\x00")
		require.ErrorContains(t, err, "the payload is not JSON: unexpected", statement)
	}
}

func TestWhyAPayloadIsRefused(t *testing.T) {
	for payload, want := range map[string]string{
		`{"a":1e99999}`: "the payload: number 1e99999 is out of range", `{"a":1e-1000}`: "the payload: number 1e-1000 is out of range",
		`{"a":1` + strings.Repeat("0", 1000) + `}`: "is out of range", strings.Repeat("[", 200): "the payload: JSON is nested deeper than 128",
		`{"a":1,}`: "the payload is not JSON: unexpected '}' at byte 8", `{"a":01}`: "not JSON: unexpected '1' at byte 7", `{} {}`: "not JSON: there is more than one",
		`{"a":`: "not JSON: unexpected end", "": "not JSON: unexpected end", `80 grad`: "not JSON",
	} {
		_, _, err := selected(t, `SELECT a FROM 'a'`, payload)
		require.ErrorContains(t, err, want, payload)
		if !strings.Contains(want, "not JSON") {
			require.NotContains(t, err.Error(), "not JSON")
		}
	}
}

func TestRefusedByName(t *testing.T) {
	for statement, want := range map[string]string{
		`SELECT VALUE decode(x, 'proto', 'bucket', 'key', 'name', 'type') FROM 'a'`: "at character 14: decode with 'proto' is not implemented",
		`SELECT VALUE decode(*, "PROTO", 'bucket', 'key', 'name', 'type') FROM 'a'`: "at character 14: decode with 'proto' is not implemented",
		`SELECT VALUE decode(*, 'base64') FROM 'a'`:                                 "only for 'proto'",
		`SELECT * FROM 'a' WHERE a != 1`:                                            "at character 27: '!=' is not an operator of AWS IoT SQL: write <>",
		`SELECT aws_lambda('arn') AS x FROM 'a'`:                                    "aws_lambda does not take 1 arguments",
		`SELECT VALUE upper(*) FROM 'a'`:                                            "expected an expression, not '*'",
	} {
		_, err := sql.Parse(statement)
		require.ErrorContains(t, err, want, statement)
	}
	_, _, err := selected(t, `SELECT VALUE decode(x, scheme) FROM 'a'`, `{"x":"","scheme":"proto"}`)
	require.ErrorContains(t, err, "decode with 'proto' is not implemented")
}

// The documented example of iot-function-topic.
func TestTopicHidesThePrefixOfBasicIngest(t *testing.T) {
	s, err := sql.Parse(`SELECT topic() AS whole, topic(3) AS floor, topic(5) AS last, topic(6) AS none, topic(0) AS zero FROM 'a'`)
	require.NoError(t, err)
	for topic, want := range map[string]string{
		"$aws/rules/BuildingManager/Buildings/Building5/Floor2/Room201/Lights": `{"whole":"Buildings/Building5/Floor2/Room201/Lights","floor":"Floor2","last":"Lights"}`,
		"$aws/rules/R":            `{"whole":""}`,
		"$aws/events/x":           `{"whole":"$aws/events/x","floor":"x"}`,
		"things/myThings/thing/1": `{"whole":"things/myThings/thing/1","floor":"thing"}`,
	} {
		m := message(`{}`)
		m.Topic = topic
		r, err := s.Eval(m)
		require.NoError(t, err)
		require.Equal(t, want, string(r.Payload), topic)
	}
}

// page Functions: numbers outside of a range are set to the nearest end of it.
func TestHugeNumbersAreClamped(t *testing.T) {
	blanks := strings.Repeat(" ", 1000)
	for expression, want := range map[string]string{
		`lpad("a", 1E30)`: `"` + blanks + `a"`, `rpad("a", 1E999)`: `"a` + blanks + `"`, `lpad("a", "99999999999999999999")`: `"` + blanks + `a"`,
		`rpad("a", -1E30)`: `"a"`, `rpad("a", 2.9)`: `"a  "`, `lpad("a", true)`: "",
		`trunc(2.345, 1E30)`: "2.345", `trunc(2.345, -1E30)`: "2", `trunc(1E900, 2)`: "1E+900", `trunc(1E-900, 34)`: "0", `trunc("2.3", 0)`: "2", `trunc(2.3, "0")`: "",
		`substring("abc", 1E900)`: `""`, `substring("abc", -1E900, 1E900)`: `"abc"`, `chr(1E900)`: "", `topic(1E900)`: "", `get([1], 1E900)`: "",
		`1E999 * 10`: "", `1E-999 / 10`: "", `9.99E999`: "9.99E+999", `1E999 + 1E-999`: "1E+999", `-1E999 - 9.99E999`: "", `bitand(1E900, 1)`: "", `ceil(1E40)`: "1E+40",
	} {
		require.Equal(t, want, evaluated(t, expression, `{}`), expression)
	}
}

func TestTemplateErrorsCarryAPosition(t *testing.T) {
	for text, position := range map[string]int{
		"a/${nosuch()}": 5, "€/${topic(}/x": 11, "${topic()}/${1 +}": 17, "abc${": 4, "${'}": 1, "${topic()}${§}": 13, "${regexp_matches(a, '(?=x)')}": 3,
	} {
		_, err := sql.ParseTemplate(text)
		var wrong *sql.Error
		require.True(t, errors.As(err, &wrong), "%s: %v", text, err)
		require.Equal(t, position, wrong.Position, "%s: %v", text, err)
	}
}

// The examples of binary-payloads.html and of sourceip on the page Functions.
func TestStarOfTheDocumentation(t *testing.T) {
	for _, c := range []struct{ statement, payload, want string }{
		{`SELECT *, principal() as principal, timestamp() as time FROM 'topic/subtopic'`, ``, `{"time":1767225600000}`},
		{`SELECT *, timestamp() as time FROM 'topic/subtopic'`, `{"a":1.0}`, `{"a":1,"time":1767225600000}`},
		{`SELECT encode(*, 'base64') AS data, timestamp() AS ts FROM 'topic/subtopic'`, "\xff", `{"data":"/w==","ts":1767225600000}`},
		{`SELECT decode(encode(*, 'base64'), 'base64') AS payload FROM 'topic'`, `80`, `{"payload":80}`},
		{`SELECT decode(encode(*, 'base64'), 'base64') AS value FROM 'topic/subtopic' WHERE decode(encode(*, 'base64'), 'base64') > 50`, `80`, `{"value":80}`},
		{`SELECT * AS message FROM 'some/topic'`, `{"a":1}`, `{"message":{"a":1}}`},
		{`SELECT *, 15 as speed FROM 'topic/subtopic'`, `{"color":"red", "temperature":50}`, `{"color":"red","temperature":50,"speed":15}`},
		{`SELECT color.red as red_value FROM 'topic/subtopic'`, `{"color":{"red":255,"green":0,"blue":0}, "temperature":50}`, `{"red_value":255}`},
		{`SELECT (temperature - 32) * 5 / 9 AS celsius, upper(color) as my_color FROM 'topic/subtopic'`, `{"color":"red", "temperature":50}`, `{"celsius":10,"my_color":"RED"}`},
		{`SELECT {'latitude': get(lat_long, 0),'longitude':get(lat_long, 1)} as lat_long FROM 'topic/subtopic'`, `{"lat_long": [47.606,-122.332]}`, `{"lat_long":{"latitude":47.606,"longitude":-122.332}}`},
		{`SELECT [lat,long] as lat_long FROM 'topic/subtopic'`, `{"lat": 47.696, "long": -122.332}`, `{"lat_long":[47.696,-122.332]}`},
		{`SELECT {"key-with-hyphen": color, "123-numeric-start": temperature} FROM 'topic/subtopic'`, `{"color":"red", "temperature":50}`, `{"key-with-hyphen":"red","123-numeric-start":50}`},
		{`SELECT temp, md5(deviceid) AS hashed_id FROM 'topic/#'`, `{"deviceid" : "iot123", "temp" : 54.98}`, `{"temp":54.98,"hashed_id":"e37f81fb397e595c4aeb5645b8cbbbd1"}`},
		{`SELECT foo.bar AS bar.baz FROM 'topic/subtopic'`, `{"foo": {"bar": "RED", "bar1": "GREEN"}}`, `{"bar":{"baz":"RED"}}`},
		{`SELECT VALUE 1 FROM 'iot/rules' WHERE get(get(get(mydata,"item2"),"0"),"my-key") = "myValue"`, `{"mydata": {"item2": {"0": {"my-key": "myValue"}}}}`, `1`},
		{`SELECT VALUE arr FROM 'topic'`, `{"a": {"b":"c"}, "arr":[1,2,3,4]}`, `[1,2,3,4]`},
		{`SELECT CASE color WHEN 'green' THEN 'go' WHEN 'yellow' THEN 'caution' ELSE 'x' END as instructions FROM 'topic/subtopic'`, `{"color":"yellow"}`, `{"instructions":"caution"}`},
		{`SELECT 007 AS bond, 0.50 AS half FROM 'a'`, ``, `{"bond":7,"half":0.5}`},
	} {
		got, fired, err := selected(t, c.statement, c.payload)
		require.NoError(t, err, c.statement)
		require.True(t, fired, c.statement)
		require.Equal(t, c.want, got, c.statement)
	}
}

// Numbers of a payload are kept as text until they are counted with.
func TestNumbersOfThePayload(t *testing.T) {
	const payload = `{"long":1234567890123456789012.50,"neg":-0.0625,"d":2.250,"e":12E-1,"i":9,"s":"9","digits":1234567890123456789012345678901234567890}`
	for expression, want := range map[string]string{
		`long`: "1234567890123456789012.5", `long + 1`: "1234567890123456789013.5", `long > 1`: "true", `long = 1234567890123456789012.5`: "true", `floor(long)`: "1234567890123456789012", `cast(long as String)`: `"1234567890123456789012.5"`,
		`sqrt(i)`: "3", `sqrt(s)`: "3", `sqrt(d)`: "1.5", `abs(neg)`: "0.0625", `-neg`: "0.0625", `neg < 0`: "true", `sign(neg)`: "-1", `trunc(d, 1)`: "2.2", `round(d)`: "2", `ceil(neg)`: "0", `d * e`: "2.7", `e`: "1.2", `i / d`: "4", `mod(i, d)`: "0", `power(e, 2)`: "1.44",
		`i = s`: "false", `i >= s`: "true", `d IN [1, 2.25]`: "true", `cast(i as Decimal)`: "9", `cast(d as Int)`: "2", `digits`: "1234567890123456789012345678901235000000", `[d, e] = [2.25, 1.2]`: "true",
		`encode(*, 'hex')`: "", `length(encode(*, 'base64')) > 100`: "true", `'it''s'`: `"it's"`, `"a""b"`: `"a\"b"`, `CASE i WHEN 9.0 THEN d END`: "2.25",
	} {
		require.Equal(t, want, evaluated(t, expression, payload), expression)
	}
}

func TestTransformIsLimited(t *testing.T) {
	payload := `{"o":{"k":"` + strings.Repeat("x", 1000) + `"},"a":[{}` + strings.Repeat(",{}", 200) + `]}`
	_, _, err := selected(t, `SELECT VALUE transform('enrichArray', o, a) FROM 'a'`, payload)
	require.ErrorContains(t, err, "longer than 131072 bytes")
	_, _, err = selected(t, `SELECT VALUE transform('enrichArray', {'o': o, 'p': o}, a) FROM 'a'`, payload)
	require.ErrorContains(t, err, "longer than 131072 bytes")
}
