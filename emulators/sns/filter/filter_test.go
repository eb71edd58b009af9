package filter_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/sns/filter"
)

// The examples of AWS's pages on string, numeric and key matching and on AND/OR
// logic: a policy, bodies that match and bodies that do not.
// https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html and following
var examples = []struct{ policy, yes, no string }{
	{`{"customer_interests": ["rugby", "tennis"]}`,
		`{"customer_interests": "rugby"} {"customer_interests": "tennis"} {"customer_interests": ["rugby", "tennis"]}`,
		`{"customer_interests": "baseball"} {"customer_interests": ["baseball"]} {"customer_interests": "Rugby"} {}`},
	{`{"customer_interests": [{"anything-but": ["rugby", "tennis"]}]}`,
		`{"customer_interests": "baseball"} {"customer_interests": "football"} {"customer_interests": ["rugby", "baseball"]}`,
		`{"customer_interests": "rugby"} {"customer_interests": ["rugby"]} {"other": "x"}`},
	{`{"event": [{"anything-but": {"prefix": "order-"}}]}`, `{"event": "data-entry"} {"event": "order_number"}`, `{"event": "order-cancelled"}`},
	{`{"customer_interests": [{"anything-but": {"wildcard": "*ball"}}]}`,
		`{"customer_interests": ["hockey", "rugby", "soccer"]}`, `{"customer_interests": ["baseball", "basketball"]}`},
	{`{"customer_interests": [{"anything-but": {"suffix": "ball"}}]}`,
		`{"customer_interests": ["hockey", "rugby", "soccer"]}`, `{"customer_interests": ["baseball", "basketball"]}`},
	{`{"customer_interests": [{"equals-ignore-case": "tennis"}]}`, `{"customer_interests": "TENNIS"} {"customer_interests": "teNnis"}`, `{"customer_interests": "golf"}`},
	{`{"source_ip": [{"cidr": "10.0.0.0/24"}]}`, `{"source_ip": "10.0.0.0"} {"source_ip": "10.0.0.255"}`, `{"source_ip": "10.1.1.0"} {"source_ip": "x"}`},
	{`{"customer_interests": [{"prefix": "bas"}]}`, `{"customer_interests": "baseball"} {"customer_interests": "basketball"}`, `{"customer_interests": "rugby"}`},
	{`{"customer_interests": [{"suffix": "ball"}]}`, `{"customer_interests": "baseball"}`, `{"customer_interests": "rugby"}`},
	{`{"customer_interests": [{"wildcard": "*ball"}]}`, `{"customer_interests": ["baseball", "basketball"]}`, `{"customer_interests": "ballet"}`},
	{`{"price_usd": [301.5]}`, `{"price_usd": 301.5} {"price_usd": 3.015e2}`, `{"price_usd": 31.5} {"price_usd": "301.5"}`},
	{`{"price": [{"anything-but": [100, 500]}]}`, `{"price": 101} {"price": 100.1} {"price": [100, 50]}`, `{"price": 100} {"price": [100, 500]}`},
	{`{"price_usd": [{"numeric": [">", 0, "<=", 150]}]}`, `{"price_usd": 150} {"price_usd": 0.1}`, `{"price_usd": 0} {"price_usd": 150.5} {"price_usd": "1"}`},
	{`{"store": [{"exists": true}]}`, `{"store": "fans", "customer_interests": ["baseball"]}`, `{"customer_interests": ["baseball"]} {"store": null} {"store": ""}`},
	{`{"store": [{"exists": false}]}`, `{"customer_interests": ["baseball"]}`, `{"store": "fans", "customer_interests": ["baseball"]} {}`},
	{`{"customer_interests": ["rugby"], "price_usd": [{"numeric": [">", 100]}]}`,
		`{"customer_interests": "rugby", "price_usd": 101}`, `{"customer_interests": "rugby"} {"customer_interests": "rugby", "price_usd": 100}`},
	{`{"source": ["aws.cloudwatch"], "$or": [{"metricName": ["CPUUtilization"]}, {"namespace": ["AWS/EC2"]}]}`,
		`{"source": "aws.cloudwatch", "metricName": "CPUUtilization"} {"source": "aws.cloudwatch", "namespace": "AWS/EC2"}`,
		`{"source": "aws.cloudwatch"} {"metricName": "CPUUtilization"}`},
	{`{"a": {"b": [{"exists": false}]}}`, `{"x": 1} {"a": 5} {"a": {"c": 1}} {"a": {}} {"a": [{"b": 1}, {"c": 1}]}`, `{} {"a": {"b": 1}} {"a": [{"b": 1}]}`},
	{`{"a": {"b": [{"exists": false}], "c": ["x"]}}`, `{"a": {"c": "x"}}`, `{"x": 1} {"a": {"b": 1, "c": "x"}}`},
	{`{"a": {"b": ["c"]}, "d": [true, null]}`, `{"a": {"b": "c"}, "d": true} {"a": [{"b": "x"}, {"b": "c"}], "d": null}`, `{"a": "c", "d": true} {"a": {"b": "c"}, "d": false}`},
}

func TestTheExamplesOfThePages(t *testing.T) {
	for _, e := range examples {
		p, err := filter.Parse(e.policy, filter.Body)
		require.NoError(t, err, e.policy)
		for _, body := range each(t, e.yes) {
			require.True(t, p.Matches(nil, body), "%s must match %s", e.policy, body)
		}
		for _, body := range each(t, e.no) {
			require.False(t, p.Matches(nil, body), "%s must not match %s", e.policy, body)
		}
		require.False(t, p.Matches(nil, "not JSON"))
	}
}

// each splits a row of JSON objects.
func each(t *testing.T, text string) []string {
	var list []string
	for decoder := json.NewDecoder(strings.NewReader(text)); decoder.More(); {
		var body json.RawMessage
		require.NoError(t, decoder.Decode(&body))
		list = append(list, string(body))
	}
	return list
}

func TestAttributes(t *testing.T) {
	p, err := filter.Parse(`{"severity": ["CRITICAL"], "temperature": [{"numeric": [">", 40]}], "tags": ["a"]}`, filter.Attributes)
	require.NoError(t, err)
	message := func(severity, temperature, tags string) map[string]filter.Attribute {
		return map[string]filter.Attribute{"severity": {"String", severity}, "temperature": {"Number", temperature}, "tags": {"String.Array", tags}}
	}
	require.True(t, p.Matches(message("CRITICAL", "40.5", `["b", "a"]`), "not JSON"))
	require.False(t, p.Matches(message("CRITICAL", "40", `["a"]`), ""))
	require.False(t, p.Matches(message("WARNING", "50", `["a"]`), ""))
	require.False(t, p.Matches(message("CRITICAL", "50", `not JSON`), ""))
	binary, err := filter.Parse(`{"a": [{"exists": true}]}`, filter.Attributes)
	require.NoError(t, err)
	require.False(t, binary.Matches(map[string]filter.Attribute{"a": {"Binary", "x"}}, ""), "binary attributes are ignored")
}

// The page's examples of complexity: 6, 72, 7 and 32 combinations are allowed.
func TestConstraints(t *testing.T) {
	for _, ok := range []string{
		`{"key_a": ["1", "2", "3"], "key_b": ["1"], "key_c": ["1", "2"]}`,
		`{"key_a": {"key_b": {"key_c": ["1", "2", "3", "4"]}}, "key_d": {"key_e": ["1", "2", "3"]}}`,
		`{"source": ["a"], "$or": [{"name": ["b", "c"]}, {"type": ["d"], "$or": [{"metric": [1234, 4321]}, {"space": [1, 2, 3]}]}]}`,
		`{}`,
	} {
		_, err := filter.Parse(ok, filter.Body)
		require.NoError(t, err, ok)
	}
	many := `"1"`
	for i := range 150 {
		many += fmt.Sprintf(`,"%d"`, i)
	}
	for text, complaint := range map[string]string{
		`{"a":["1"],"b":["1"],"c":["1"],"d":["1"],"e":["1"],"f":["1"]}`: "more than 5 keys",
		`{"a":[` + many + `]}`:                     "too complex",
		`{"a":[{"wildcard":"*a*b*c*"}]}`:           "more than 3 wildcards",
		`{"a":[{"wildcard":"a**"}]}`:               "side by side",
		`{"a":[]}`:                                 "empty arrays",
		`{"a":"b"}`:                                "must be an object or an array",
		`{"a":[{"nosuch":1}]}`:                     "unrecognized match type nosuch",
		`{"a":[{"prefix":"x","suffix":"y"}]}`:      "only one key",
		`{"a":[{"numeric":["<",5,">",3]}]}`:        "a lower bound",
		`{"a":[{"numeric":["~",5]}]}`:              "not a comparison",
		`{"a":[2000000000]}`:                       "not between",
		`{"a":["b"],"a":["c"]}`:                    "twice",
		`[]`:                                       "not a JSON object",
		`{"a":["b"]} x`:                            "not a JSON object",
		`{"a":["b"]}]`:                             "not a JSON object",
		`{"a":[{"anything-but":{"exists":true}}]}`: "cannot stand in anything-but",
	} {
		_, err := filter.Parse(text, filter.Body)
		require.ErrorContains(t, err, complaint, text)
	}
	_, err := filter.Parse(`{"a":{"b":["c"]}}`, filter.Attributes)
	require.ErrorContains(t, err, "cannot nest")
	_, err = filter.Parse(`{}`, "Elsewhere")
	require.ErrorContains(t, err, "Elsewhere")
}

func FuzzParse(f *testing.F) {
	for _, e := range examples {
		f.Add(e.policy, `{"a": 1}`)
	}
	f.Fuzz(func(t *testing.T, policy, body string) {
		for _, scope := range []filter.Scope{filter.Attributes, filter.Body} {
			if p, err := filter.Parse(policy, scope); err == nil {
				p.Matches(map[string]filter.Attribute{"a": {"String", body}}, body)
			}
		}
	})
}
