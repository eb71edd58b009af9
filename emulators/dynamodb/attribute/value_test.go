package attribute

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func decode(t testing.TB, text string) Item {
	t.Helper()
	var i Item
	require.NoError(t, json.Unmarshal([]byte(text), &i))
	return i
}

func TestSizes(t *testing.T) {
	for text, want := range map[string]int{
		`{"a":{"S":"hello"}}`: 6, `{"ü":{"S":"ü"}}`: 4, `{"a":{"BOOL":true}}`: 2, `{"a":{"NULL":true}}`: 2, `{"a":{"B":"AAE="}}`: 3,
		`{"a":{"N":"0"}}`: 2, `{"a":{"N":"12"}}`: 3, `{"a":{"N":"123"}}`: 4, `{"a":{"N":"-123"}}`: 5, `{"a":{"N":"1200000"}}`: 3,
		`{"a":{"L":[]}}`: 4, `{"a":{"M":{}}}`: 4, `{"a":{"L":[{"S":"x"}]}}`: 6, `{"a":{"M":{"bc":{"S":"x"}}}}`: 8, `{"a":{"SS":["x","yz"]}}`: 4,
	} {
		require.Equal(t, want, decode(t, text).Size(), text)
	}
}

// "The maximum size of an attribute name is 64 KB", of which the service takes one byte
// less. See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
func TestNamesAreBounded(t *testing.T) {
	item := func(n int) error {
		return new(Item).UnmarshalJSON([]byte(`{"` + strings.Repeat("a", n) + `":{"S":""}}`))
	}
	require.NoError(t, item(64<<10-1))
	require.ErrorContains(t, item(64<<10), "Attribute name is too large, must be less than 65536 bytes")
}

func TestEquality(t *testing.T) {
	i := decode(t, `{"m":{"M":{"a":{"N":"1.0"},"b":{"SS":["x","y"]}}},"n":{"M":{"b":{"SS":["y","x"]},"a":{"N":"1"}}},"l":{"L":[{"S":"1"}]},"k":{"L":[{"N":"1"}]},
		"s":{"S":"AA=="},"b":{"B":"AA=="}}`)
	require.True(t, i["m"].Equal(i["n"]))
	require.False(t, i["l"].Equal(i["k"]))
	require.False(t, i["s"].Equal(i["b"]))
	require.False(t, i["m"].Equal(i["l"]))
}

func TestChangesLeaveTheOldItemAlone(t *testing.T) {
	const text = `{"a":{"M":{"b":{"L":[{"S":"x"},{"S":"y"}]}}}}`
	old := decode(t, text)
	item := old.Clone()
	require.NoError(t, item.Set(Path{Name("a"), Name("b"), Index(1)}, String("z")))
	require.NoError(t, item.Set(Path{Name("a"), Name("b"), Index(9)}, String("end")))
	require.NoError(t, item.Remove(Path{Name("a"), Name("b"), Index(0)}))
	require.Equal(t, decode(t, `{"a":{"M":{"b":{"L":[{"S":"z"},{"S":"end"}]}}}}`), item)
	require.Equal(t, decode(t, text), old)
}

func TestClash(t *testing.T) {
	a, ab, a0, a1 := Path{Name("a")}, Path{Name("a"), Name("b")}, Path{Name("a"), Index(0)}, Path{Name("a"), Index(1)}
	require.Equal(t, Overlap, a.Clash(a))
	require.Equal(t, Overlap, ab.Clash(a))
	require.Equal(t, Conflict, ab.Clash(a0))
	require.Equal(t, Apart, a0.Clash(a1))
	require.Equal(t, Apart, a.Clash(Path{Name("b")}))
	require.Equal(t, "[a, [1]]", a1.String())
}

// FuzzItem checks that what is read is written as it was, and that nothing
// makes the decoder panic, whether it is JSON or not.
func FuzzItem(f *testing.F) {
	for _, s := range []string{
		`{"a":{"S":"x\u00fc\n"},"b":{"N":"-1.5"},"c":{"B":"AAE="},"d":{"BOOL":false},"e":{"NULL":true}}`,
		`{"m":{"M":{"x":{"L":[{"SS":["b","a"]},{"NS":["1","2"]},{"BS":["AA=="]}]}}}}`,
		`{"a":{"S":"unfinished`, `{"a":{"N":1}}`, `{"a":{}}`, `{`, `nul`, `{"a":{"S":null,"N":"1"}} x`, "{\"a\":{\"S\":\"\xff\"}}", `{"a":{"L":[{"S":"x"},]}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var direct, item Item
		_ = direct.UnmarshalJSON(b)
		if json.Unmarshal(b, &item) != nil || item == nil {
			return
		}
		text, err := json.Marshal(item)
		require.NoError(t, err)
		again := decode(t, string(text))
		require.True(t, Map(item).Equal(Map(again)))
		second, err := json.Marshal(again)
		require.NoError(t, err)
		require.True(t, bytes.Equal(text, second))
	})
}
