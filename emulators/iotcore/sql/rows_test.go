package sql

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// documented is a row of iot-sql-functions.md: its names, and each example with the
// answer in JSON; "" is Undefined, "refused" a statement that cannot be made.
type documented struct {
	row      string
	examples map[string]string
}

// What the document marks (!) is here as it says: bitnot is refused because the
// page's answer is not that of its own text, concat(1) is "unchanged", ltrim and
// round follow the description where the printed example does not, substring cuts.
// 0.0, 2.0, 3.0 and 32.0 leave as 0, 2, 3 and 32.
var rows = []documented{
	// Numbers
	{"abs", map[string]string{`abs(-5)`: "5", `abs("-5.123")`: "5.123", `abs(true)`: "", `abs([1])`: "", `abs({})`: "", `abs(null)`: "", `abs(nosuch)`: ""}},
	{"acos", map[string]string{`acos(0)`: "1.5707963267948966", `acos(2)`: ""}},
	{"asin", map[string]string{`asin(0)`: "0", `asin(2)`: ""}},
	{"atan", map[string]string{`atan(0)`: "0", `atan("x")`: ""}},
	{"atan2", map[string]string{`atan2(1, 0)`: "1.5707963267948966"}},
	{"bitand", map[string]string{`bitand(13, 5)`: "5", `bitand(13.9, "5.9")`: "5", `bitand(1, true)`: ""}},
	{"bitor", map[string]string{`bitor(8, 5)`: "13"}},
	{"bitxor", map[string]string{`bitxor(13, 5)`: "8"}},
	{"bitnot", map[string]string{`bitnot(13)`: "refused"}},
	{"ceil", map[string]string{`ceil(1.2)`: "2", `ceil(-1.2)`: "-1"}},
	{"floor", map[string]string{`floor(1.2)`: "1", `floor(-1.2)`: "-2"}},
	{"round", map[string]string{`round(1.2)`: "1", `Round(1.5)`: "2", `round(-1.1)`: "-1", `round(-1.5)`: "-2"}},
	{"trunc", map[string]string{`trunc(2.3123, 2)`: "2.31", `trunc(2.888, 2)`: "2.88", `trunc(2.00, 5)`: "2", `trunc(7, 1)`: "7"}},
	{"cos", map[string]string{`cos(0)`: "1"}},
	{"cosh", map[string]string{`cosh(2.3)`: "5.037220649268761"}},
	{"sin", map[string]string{`sin(0)`: "0"}},
	{"sinh", map[string]string{`sinh(2.3)`: "4.936961805545957"}},
	{"tan", map[string]string{`tan(3)`: "-0.1425465430742778"}},
	{"tanh", map[string]string{`tanh(2.3)`: "0.9800963962661914"}},
	{"exp", map[string]string{`exp(1)`: "2.718281828459045"}},
	{"ln", map[string]string{`ln(exp(1))`: "1"}},
	{"log", map[string]string{`log(100)`: "2"}},
	{"mod", map[string]string{`mod(8, 3)`: "2", `mod(8.5, "3")`: "2.5"}},
	{"remainder", map[string]string{`remainder(8, 3)`: "2"}},
	{"power", map[string]string{`power(2, 5)`: "32"}},
	{"sqrt", map[string]string{`sqrt(9)`: "3"}},
	{"sign", map[string]string{`sign(-7)`: "-1", `sign(0)`: "0", `sign(13)`: "1"}},
	{"nanvl", map[string]string{`Nanvl(8, 3)`: "8", `nanvl(null, 3)`: "3", `nanvl(nosuch, 3)`: "3"}},
	{"rand", map[string]string{`rand() >= 0 AND rand() <= 1`: "true"}},
	// Strings
	{"chr", map[string]string{`chr(65)`: `"A"`, `chr(49)`: `"1"`, `chr(65.9)`: `"A"`, `chr(128)`: ""}},
	{"concat", map[string]string{`concat()`: "", `concat(1)`: "1", `concat(1, "hello")`: `"1hello"`, `concat([1,2,3], "hello", [4,5,6])`: `[1,2,3,"hello",4,5,6]`}},
	{"endswith", map[string]string{`endswith("cat","at")`: "true", `endswith("cat",null)`: ""}},
	{"startswith", map[string]string{`startswith("ranger","ran")`: "true", `startswith(nosuch,"ran")`: ""}},
	{"indexof", map[string]string{`indexof("abcd", "bc")`: "1"}},
	{"length", map[string]string{`length("hi")`: "2", `length(false)`: "5"}},
	{"numbytes", map[string]string{`numbytes("hi")`: "2", `numbytes("€")`: "3"}},
	{"lower", map[string]string{`lower("HELLO")`: `"hello"`}},
	{"upper", map[string]string{`upper(["hello"])`: `"[\"HELLO\"]"`}},
	{"lpad", map[string]string{`lpad("hello", 2)`: `"  hello"`, `lpad(1, 3)`: `"   1"`, `lpad("a", true)`: ""}},
	{"rpad", map[string]string{`rpad("hello", 2)`: `"hello  "`, `rpad(1, 3)`: `"1   "`}},
	{"ltrim", map[string]string{`Ltrim(" h i ")`: `"h i "`, `ltrim(null)`: ""}},
	{"rtrim", map[string]string{`rtrim(" h i ")`: `" h i"`}},
	{"trim", map[string]string{`trim(" hi ")`: `"hi"`}},
	{"replace", map[string]string{`replace("abcd","bc","x")`: `"axd"`, `replace("abcdabcd","b","x")`: `"axcdaxcd"`}},
	{"regexp_matches", map[string]string{`regexp_matches("aaaa","a{2,}")`: "true", `regexp_matches("aaaa","b")`: "false", `regexp_matches("bbb","(aaa|bbb)")`: "true", `regexp_matches("a","(")`: ""}},
	{"regexp_replace", map[string]string{`regexp_replace("abcd","bc","x")`: `"axd"`, `regexp_replace("abcd","b(.*)d","$1")`: `"ac"`, `regexp_replace("abcd","b","$9")`: ""}},
	{"regexp_substr", map[string]string{`regexp_substr("hihihello","hi")`: `"hi"`, `regexp_substr("hihihello","(hi)*")`: `"hihi"`}},
	{"substring", map[string]string{`substring("012345",2.745)`: `"2345"`, `substring(123,2)`: `"3"`, `substring("012345",-1)`: `"012345"`, `substring(true,1.2)`: `"rue"`, `substring(false,-2.411E247)`: `"false"`, `substring("012345",1,3)`: `"12"`, `substring("012345",3,1)`: `""`}},
	{"md2", map[string]string{`md2("hello")`: `"a9046c73e00331af68917d3804f70655"`}},
	{"md5", map[string]string{`md5("hello")`: `"5d41402abc4b2a76b9719d911017c592"`}},
	{"sha1", map[string]string{`sha1("hello")`: `"aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"`}},
	{"sha224", map[string]string{`sha224("hello")`: `"ea09ae9cc6768c50fcee903ed054556e5bfc8347907f12598aa24193"`}},
	{"sha256", map[string]string{`sha256("hello")`: `"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"`}},
	{"sha384", map[string]string{`sha384("hello")`: `"59e1748777448c69de6b800d7a33bbfb9ff1b463e44354c3553bcdb9c666fa90125a3c79f90397bdf5f6a13de828684f"`}},
	{"sha512", map[string]string{`sha512("hello")`: `"9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca72323c3d99ba5c11d7c7acc6e14b8c5da0c4663475c2e5c3adef46f73bcdec043"`}},
	// Types, collections, encodings
	{"cast", map[string]string{`cast(true as Int)`: "1", `cast(2.9 as Integer)`: "2", `cast("2.5" as Double)`: "2.5", `cast(0 as Boolean)`: "false", `cast(7 as Bool)`: "true", `cast("TRUE" as Boolean)`: "true", `cast(5 as Nvarchar)`: `"5"`, `cast([1] as Text)`: `"[1]"`, `cast({} as Int)`: "", `cast(null as String)`: ""}},
	{"get", map[string]string{`get(["a","b","c"],1)`: `"b"`, `get({"a":"b"},"a")`: `"b"`, `get("abc",0)`: `"a"`, `get([1],7)`: "", `get({"1":2},1)`: "", `get(*, "key-with-hyphens")`: "5", `get(*, "none")`: "", `get(get(*, "a"), 0)`: ""}},
	{"get_or_default", map[string]string{`get_or_default(1, 7)`: "1", `get_or_default(null, 7)`: "7", `get_or_default(nosuch)`: "", `{'x': get_or_default(get_dynamodb("broken","id","1","arn"))}`: "{}", `get_or_default(1, aws_lambda("f", 1))`: "refused"}},
	{"isnull", map[string]string{`isNull(5)`: "false", `isNull(Null)`: "true", `isNull(nosuch)`: "false"}},
	{"isundefined", map[string]string{`isUndefined(5)`: "false", `isUndefined(floor([1,2,3]))`: "true"}},
	{"decode", map[string]string{`decode(encoded_temp,"base64").temperature`: "33", `decode("%","base64")`: "null", `decode("aGk=","base64")`: `"hi"`, `decode(*, 'proto', 's3-bucket', 'messageformat.desc', 'myproto', 'messagetype')`: "refused"}},
	{"encode", map[string]string{`length(encode(*, 'base64')) > 0`: "true", `encode("hi", 'base64')`: `"aGk="`}},
	{"transform", map[string]string{`transform("enrichArray", {"data1":1,"data2":2}, [{"a":3},{"b":4},{"c":5}])`: `[{"a":3,"data1":1,"data2":2},{"b":4,"data1":1,"data2":2},{"c":5,"data1":1,"data2":2}]`, `transform("other", {}, [])`: ""}},
	// Time
	{"timestamp", map[string]string{`timestamp()`: "1481825251155"}},
	{"parse_time", map[string]string{`parse_time("yyyy.MM.dd G 'at' HH:mm:ss z", 100000000, 'America/Belize')`: `"1970.01.01 AD at 21:46:40 CST"`}},
	{"time_to_epoch", map[string]string{`time_to_epoch("2020-04-03 09:45:18 UTC+01:00","yyyy-MM-dd HH:mm:ss VV")`: "1585903518000", `time_to_epoch("18 December 2015","dd MMMM yyyy")`: "1450396800000", `time_to_epoch("2007-12-03 10:15:30.592 America/Los_Angeles","yyyy-MM-dd HH:mm:ss.SSS z")`: "1196705730592"}},
	// Message and connection
	{"topic", map[string]string{`topic()`: `"Buildings/Building5/Floor2/Room201/Lights"`, `topic(3)`: `"Floor2"`}},
	{"clientid", map[string]string{`clientId()`: `"123456789012"`}},
	{"principal", map[string]string{`principal()`: `"` + strings.Repeat("0f", 32) + `"`}},
	{"sourceip", map[string]string{`sourceip()`: `"192.158.1.38"`}},
	{"traceid", map[string]string{`traceid()`: `"12345678-1234-1234-1234-123456789012"`}},
	{"accountid", map[string]string{`accountid()`: `"123456789012"`}},
	{"sql_version", map[string]string{`sql_version()`: `"2016-03-23"`}},
	{"newuuid", map[string]string{`newuuid()`: `"123a4567-b89c-12d3-e456-789012345000"`}},
	{"get_mqtt_property", map[string]string{`get_mqtt_property('format_indicator')`: `"UTF8_DATA"`, `get_mqtt_property('content_type')`: `"text/plain"`, `get_mqtt_property('response_topic')`: "", `get_mqtt_property('correlation_data')`: `"AP8="`, `get_mqtt_property('other')`: ""}},
	{"get_user_properties", map[string]string{`get_user_properties('some key')`: `["some value","value with duplicate key"]`, `get_user_properties('none')`: "", `get_user_properties()`: `[{"some key":"some value"},{"b":"c"},{"some key":"value with duplicate key"}]`}},
	// External
	{"aws_lambda", map[string]string{`aws_lambda("arn:f", {"payload":arr}).args`: `["\"arn:f\"","{\"payload\":[1,2,3,\"three\",5.7,null]}"]`, `aws_lambda("arn:f", *).function`: `"aws_lambda"`}},
	{"get_dynamodb", map[string]string{`get_dynamodb("InServiceDevices","deviceId",topic(2),"arn").args`: `["\"InServiceDevices\"","\"deviceId\"","\"Building5\"","\"arn\""]`, `[get_dynamodb("a","b","c","d"), get_dynamodb("a","b","c","d")]`: "refused"}},
	{"get_registry_data", map[string]string{`get_registry_data("DescribeThing",clientid(),"role").function`: `"get_registry_data"`}},
	{"get_thing_shadow", map[string]string{`get_thing_shadow("MyThing","arn").function = 'get_thing_shadow'`: "true", `get_thing_shadow("MyThing","named","arn").args`: `["\"MyThing\"","\"named\"","\"arn\""]`}},
	{"get_secret", map[string]string{`get_secret("id","SecretString","key","role")`: "refused"}},
	{"machinelearning_predict", map[string]string{`machinelearning_predict("m","role",{})`: "refused"}},
	// Operators
	{"AND OR NOT", map[string]string{`true AND "True"`: "true", `false OR "FALSE"`: "false", `NOT "false"`: "true", `true AND 1`: "", `NOT 1`: "", `nosuch OR true`: ""}},
	{"x IN a", map[string]string{`3 in arr`: "true", `"three" in arr`: "true", `4 in arr`: "false"}},
	{"EXISTS (select)", map[string]string{`exists (select * from arr as a where a = 3)`: "true", `exists (select * from arr as a where a = 4)`: "false", `exists (select * from e as e where foo = 2)`: "true"}},
	{"> >= < <=", map[string]string{`2 > 1`: "true", `"10" >= 9.5`: "true", `1 < 1`: "false", `2 <= "2"`: "true", `'abc' > 5`: "", `true > 0`: "", `null > 0`: ""}},
	{"=", map[string]string{`1 = 1.0`: "true", `[1,2] = [2,1]`: "false", `{"a":1,"b":2} = {"b":2,"a":1}`: "true", `1 = "1"`: "false", `nosuch = 1`: ""}},
	{"<>", map[string]string{`null <> null`: "false", `1 <> "1"`: "true", `1 <> nosuch`: "", `[1,2] <> [2,1]`: "true"}},
	{"+", map[string]string{`"a" + 1`: `"a1"`, `[1] + "a"`: `"[1]a"`, `1 + 2`: "3", `1 + 1.5`: "2.5", `true + 1`: "", `"a" + null`: "", `"1" + "2"`: `"12"`}},
	{"- * /", map[string]string{`5 - 7`: "-2", `2 * 1.5`: "3", `"5" - "3"`: "2", `[1] - 1`: "", `(50-32)*5/9`: "10", `trunc((75-32)*5/9, 2)`: "23.88"}},
	{"%", map[string]string{`8 % 3`: "2", `"8.5" % 3`: "2.5", `5 % true`: ""}},
}

// echo answers with what it was asked.
type echo struct{}

func (echo) Fetch(function string, args []string) ([]byte, error) {
	if strings.Contains(args[0], "broken") {
		return nil, errors.New("there is no table")
	}
	quoted := make([]string, len(args))
	for i, a := range args {
		quoted[i] = string(appendString(nil, a))
	}
	return fmt.Appendf(nil, `{"function":%q,"args":[%s]}`, function, strings.Join(quoted, ",")), nil
}

func documentedMessage() *Message {
	return &Message{
		Payload: []byte(`{"encoded_temp":"eyAidGVtcGVyYXR1cmUiOiAzMyB9Cg==","arr":[1,2,3,"three",5.7,null],"foo":4,"bar":5,"key-with-hyphens":5,"e":[{"foo":1},{"foo":2}]}`),
		Topic:   "$aws/rules/BuildingManager/Buildings/Building5/Floor2/Room201/Lights", MQTT: true,
		ClientID: "123456789012", Principal: strings.Repeat("0f", 32), SourceIP: "192.158.1.38",
		TraceID: "12345678-1234-1234-1234-123456789012", Account: "123456789012", Time: time.UnixMilli(1481825251155),
		UUID:    func() string { return "123a4567-b89c-12d3-e456-789012345000" },
		Fetcher: echo{},
		Properties: &Properties{ContentType: "text/plain", CorrelationData: []byte{0, 0xff}, UTF8: true, User: []UserProperty{
			{"some key", "some value"}, {"b", "c"}, {"some key", "value with duplicate key"},
		}},
	}
}

// Every row of iot-sql-functions.md is a test. AWS.md §2: Function by function
// (arguments, result, one example).
// AWS.md §2: machinelearning_predict (refuse).
func TestEveryRowOfTheFunctions(t *testing.T) {
	for _, row := range rows {
		t.Run(row.row, func(t *testing.T) {
			for expression, want := range row.examples {
				s, err := Parse("SELECT VALUE " + expression + " FROM 'a'")
				if want == "refused" {
					require.Error(t, err, expression)
					require.Regexp(t, regexp.MustCompile("(?i)"+row.row), err.Error(), expression)
					continue
				}
				require.NoError(t, err, expression)
				r, err := s.Eval(documentedMessage())
				require.NoError(t, err, expression)
				require.Equal(t, want, string(r.Payload), expression)
			}
		})
	}
}

// AWS.md §2: Functions: abs accountid acos …: all names are rows, and each is there
// or refused by name.
func TestEveryFunctionHasARow(t *testing.T) {
	has := map[string]bool{}
	for _, row := range rows {
		has[row.row] = true
	}
	for name := range awsFunctions {
		require.True(t, has[name], name)
	}
	require.Len(t, awsFunctions, 82)
}
