package sql

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzRead holds the reader and the writer against encoding/json: they take the
// same texts and mean the same by them.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,-0,2.50,1e3,null,true,false],"b":{"a":"x\"\\\/\b\f\n\r\té\ud83d\ude00\ud800"}}`, `[01]`, `{"a":1,"a":2}`,
		"\"\xff\xfe€\u2028\"", `{"a" 1}`, `[1,]`, `1 2`, ` "x" `, `-`, `1.`, `1e`, `"\u12"`, "\"\x01\"", `[[[[]]]]`, `nul`, ``, `"\ud800\u0041"`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := decodeJSON(text)
		var limit *limitError
		if errors.As(err, &limit) {
			return
		}
		require.Equal(t, json.Valid(text), err == nil, "%q: %v", text, err)
		if err != nil {
			return
		}
		w := writer{limit: 1 << 30}
		w.value(v)
		var want, got any
		if json.Unmarshal(text, &want) != nil {
			return // a number that no float64 is
		}
		require.NoError(t, json.Unmarshal(w.b, &got), "%q became %q", text, w.b)
		require.Equal(t, canonical(want), canonical(got), "%q became %q", text, w.b)
	})
}

// canonical evens out that -0 leaves as 0.
func canonical(v any) any {
	switch v := v.(type) {
	case float64:
		return v + 0
	case []any:
		for i := range v {
			v[i] = canonical(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = canonical(v[k])
		}
	}
	return v
}

func TestStringsLeaveAsEncodingJSONWritesThem(t *testing.T) {
	for _, s := range []string{"", "plain", "\"\\/\b\f\n\r\t\x00\x1f\x7f", "<&>", "é€😀\u2028\u2029", "a\xffb\xc3"} {
		var want bytes.Buffer
		enc := json.NewEncoder(&want)
		enc.SetEscapeHTML(false)
		require.NoError(t, enc.Encode(s))
		require.Equal(t, strings.TrimSuffix(want.String(), "\n"), string(appendString(nil, s)), "%q", s)
	}
}

func TestNumbersLeaveAsTheyAre(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "-0": "0", "-0.0": "0", "10": "10", "10.0": "10", "100.500": "100.5", "-2.50": "-2.5", "1e3": "1000", "12E-1": "1.2",
		"0e99999": "0", "1E40": "1E+40", "9.99e999": "9.99E+999", "123456789012345678901234567890123456789": "123456789012345678901234567890123500000",
	} {
		v, err := decodeJSON([]byte(in))
		require.NoError(t, err, in)
		require.Equal(t, want, v.numberText(), in)
	}
}

// An object keeps the place of its first member and the value of its last, few
// members or many.
func TestObjects(t *testing.T) {
	for _, n := range []int{3, indexFrom, indexFrom + 1, 100} {
		o := newObject(0)
		for i := range n {
			o.set(strings.Repeat("k", i+1), ofInt(int64(i)))
		}
		o.set("k", ofString("last"))
		require.Len(t, o.fields, n)
		require.Equal(t, "last", o.fields[0].value.s)
		require.Equal(t, ofInt(int64(n-1)), o.get(strings.Repeat("k", n)))
		require.Equal(t, undefined, o.get("nosuch"))
	}
}

func BenchmarkRead(b *testing.B) {
	text := []byte(`{"deviceId":"sensor-001","timestamp":1767225600000,"seq":7,"data":{"temperature":21.53,"humidity":50.1,"pressure":1013.2,"battery_pct":87.5}}`)
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		decodeJSON(text)
	}
}
