package pattern_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda/pattern"
)

// The operators' rows are those of AWS's table of comparison operators.
// See https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
func TestMatch(t *testing.T) {
	for _, c := range []struct {
		name, pattern string
		match, not    []string
	}{
		{"null", `{"UserID":[null]}`, []string{`{"UserID":null}`}, []string{`{}`, `{"UserID":""}`}},
		{"empty", `{"LastName":[""]}`, []string{`{"LastName":""}`}, []string{`{"LastName":"x"}`, `{}`}},
		{"equals", `{"Name":["Alice"]}`, []string{`{"Name":"Alice","x":1}`, `{"Name":["Bob","Alice"]}`}, []string{`{"Name":"alice"}`, `{}`}},
		{"ignore case", `{"Name":[{"equals-ignore-case":"alice"}]}`, []string{`{"Name":"ALICE"}`}, []string{`{"Name":"Bob"}`}},
		{"and", `{"Location":["New York"],"Day":["Monday"]}`, []string{`{"Location":"New York","Day":"Monday"}`}, []string{`{"Day":"Monday"}`}},
		{"or", `{"PaymentType":["Credit","Debit"]}`, []string{`{"PaymentType":"Debit"}`}, []string{`{"PaymentType":"Cash"}`}},
		{"or of fields", `{"$or":[{"Location":["New York"]},{"Day":["Monday"]}]}`, []string{`{"Day":"Monday"}`, `{"Location":"New York"}`}, []string{`{}`, `{"Day":"Friday"}`}},
		{"not", `{"Weather":[{"anything-but":["Raining"]}]}`, []string{`{"Weather":"Sun"}`}, []string{`{"Weather":"Raining"}`, `{}`}},
		{"not a prefix", `{"W":[{"anything-but":{"prefix":"R"}}]}`, []string{`{"W":"Sun"}`}, []string{`{"W":"Rain"}`}},
		{"number", `{"Price":[{"numeric":["=",100]}]}`, []string{`{"Price":100}`, `{"Price":1e2}`}, []string{`{"Price":"100"}`, `{"Price":101}`}},
		{"number as written", `{"Price":[300,{"anything-but":[1]}]}`, []string{`{"Price":300}`, `{"Price":1.0}`}, []string{`{"Price":1}`}},
		{"no other number", `{"Price":[300]}`, []string{`{"Price":300}`}, []string{`{"Price":300.0}`, `{"Price":3.0e2}`, `{"Price":"300"}`}},
		{"range", `{"Price":[{"numeric":[">",10,"<=",20]}]}`, []string{`{"Price":20}`}, []string{`{"Price":10}`, `{"Price":21}`}},
		{"exists", `{"ProductName":[{"exists":true}]}`, []string{`{"ProductName":null}`}, []string{`{}`, `{"ProductName":{"a":1}}`}},
		{"does not exist", `{"ProductName":[{"exists":false}]}`, []string{`{}`, `{"a":1}`}, []string{`{"ProductName":"x"}`}},
		{"nothing below", `{"a":{"b":[{"exists":false}]}}`, []string{`{}`, `{"a":{}}`}, []string{`{"a":{"b":1}}`}},
		{"begins", `{"Region":[{"prefix":"us-"}]}`, []string{`{"Region":"us-east-1"}`}, []string{`{"Region":"eu"}`, `{"Region":1}`}},
		{"ends", `{"FileName":[{"suffix":".png"}]}`, []string{`{"FileName":"a.png"}`}, []string{`{"FileName":"a.jpg"}`}},
		{"nested", `{"data":{"t":[{"numeric":[">",40]}]}}`, []string{`{"data":{"t":41}}`}, []string{`{"data":41}`, `{"data":{"t":40}}`, `{}`}},
		{"boolean", `{"on":[true]}`, []string{`{"on":true}`}, []string{`{"on":"true"}`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := pattern.Compile([]byte(c.pattern))
			require.NoError(t, err)
			for want, events := range map[bool][]string{true: c.match, false: c.not} {
				for _, text := range events {
					var event map[string]any
					require.NoError(t, pattern.Decode([]byte(text), &event))
					require.Equal(t, want, p.Match(event), text)
				}
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	for text, want := range map[string]string{
		``:                            "JSON object",
		`[]`:                          "JSON object",
		`{}`:                          "empty pattern",
		`{"a":1}`:                     "must be an object or an array",
		`{"a":[]}`:                    "empty arrays",
		`{"a":[{"cidr":"10.0.0.0"}]}`: `rule "cidr" is not implemented`,
		`{"a":[{"numeric":["~",1]}]}`: "numeric takes",
		`{"a":[{"exists":1}]}`:        "true or false",
		`{"$or":[{"a":[1]}]}`:         "at least two",
		`{"a":[[1]]}`:                 "a value is",
		`{"a":[1]}{}`:                 "one JSON object",
		`{"a":[1]}]`:                  "one JSON object",
	} {
		_, err := pattern.Compile([]byte(text))
		require.ErrorContains(t, err, want, text)
	}
}

func FuzzPattern(f *testing.F) {
	f.Add([]byte(`{"a":[{"anything-but":["x"]}],"$or":[{"b":[1]},{"c":{"d":[{"exists":false}]}}]}`), []byte(`{"a":1}`))
	f.Fuzz(func(t *testing.T, text, event []byte) {
		p, err := pattern.Compile(text)
		var object map[string]any
		if err == nil && pattern.Decode(event, &object) == nil {
			p.Match(object)
		}
	})
}
