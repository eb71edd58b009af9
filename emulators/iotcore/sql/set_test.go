package sql_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// AWS.md §2: An omitted awsIotSqlVersion … SET: one clause before SELECT. The
// examples are the page's (iot-sql-set.html).
// AWS.md §2: SET @x =.
func TestSet(t *testing.T) {
	for _, c := range []struct{ statement, payload, want string }{
		{`SET @temp_celsius = trunc((temp_fahrenheit - 32) * 5 / 9, 1) SELECT @temp_celsius AS celsius, humidity FROM 'a'`, `{"temp_fahrenheit": 75, "humidity": 60}`, `{"celsius":23.8,"humidity":60}`},
		{`SET @d = device1.deviceData.sensors SELECT @d.temp_fahrenheit AS temp_fahrenheit, @d.humidity as humidity, device1.deviceId as deviceId FROM 'a'`,
			`{"device1": {"deviceId":"weather_sensor", "deviceData": {"sensors": {"temp_fahrenheit": 75, "humidity": 60}, "location": [47.606,-122.332]}}}`,
			`{"temp_fahrenheit":75,"humidity":60,"deviceId":"weather_sensor"}`},
		{`SET @decoded = decode(x, 'base64') SELECT @decoded.sensor_id, @decoded.reading FROM 'a' WHERE @decoded.reading > 100`, `{"x":"eyJzZW5zb3JfaWQiOiJzIiwicmVhZGluZyI6MTAxfQ=="}`, `{"sensor_id":"s","reading":101}`},
		{`SET @encoded_payload = encode(*, 'base64') SELECT @encoded_payload AS raw_data FROM 'a'`, "\xff", `{"raw_data":"/w=="}`},
		{`SET @a = 2, @b = @a * 3 SELECT VALUE (SELECT VALUE v + @b FROM e) FROM 'a'`, `{"e":[{"v":1},{"v":2}]}`, `[7,8]`},
	} {
		got, fired, err := selected(t, c.statement, c.payload)
		require.NoError(t, err, c.statement)
		require.True(t, fired, c.statement)
		require.Equal(t, c.want, got, c.statement)
	}
	_, fired, err := selected(t, `SET @t = 50 SELECT * FROM 'a' WHERE temp > @t`, `{"temp":50}`)
	require.NoError(t, err)
	require.False(t, fired)
}

// AWS.md §2: visible in templates too.
func TestVariablesAreSeenByTemplates(t *testing.T) {
	s, err := sql.Parse(`SET @c = f - 32, @u = newuuid() SELECT @c AS c FROM 'a'`)
	require.NoError(t, err)
	tmpl, err := s.ParseTemplate("temp-${@c}C-${@u}-${c}")
	require.NoError(t, err)
	m := message(`{"f":75}`)
	_, err = s.Eval(m)
	require.NoError(t, err)
	got, err := tmpl.Expand(m)
	require.NoError(t, err)
	require.Equal(t, "temp-43C-uuid-", got)
	_, err = s.ParseTemplate("${@other}")
	require.ErrorContains(t, err, "variable @other is not SET before")
}

// AWS.md §2: SET: one clause before SELECT; ≤ 10 variables; immutable.
func TestSetIsLimited(t *testing.T) {
	eleven := "SET @v0 = 1"
	for _, n := range strings.Fields("1 2 3 4 5 6 7 8 9 10") {
		eleven += ", @v" + n + " = 1"
	}
	for statement, want := range map[string]string{
		eleven + ` SELECT * FROM 'a'`:                                     "more than 10 variables",
		`SET @` + strings.Repeat("a", 65) + ` = 1 SELECT * FROM 'a'`:      "at most 64 characters",
		`SET @a = 1 SET @b = 2 SELECT * FROM 'a'`:                         "expected 'SELECT'",
		`SET @a = 1, @a = 2 SELECT * FROM 'a'`:                            "set twice",
		`SELECT @a AS a FROM 'x'`:                                         "variable @a is not SET",
		`SET @a = 1 SELECT * FROM 'a' -- comments are not SQL of AWS IoT`: "unexpected",
	} {
		_, err := sql.Parse(statement)
		require.ErrorContains(t, err, want, statement)
	}
	_, _, err := selected(t, `SET @a = x, @b = x SELECT 1 AS one FROM 'a'`, `{"x":"`+strings.Repeat("x", 70<<10)+`"}`)
	require.ErrorContains(t, err, "longer than 131072 bytes")
}
