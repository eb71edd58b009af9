package attribute_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// TestPack: what is packed has nothing of the text that it was read from, at no depth.
func TestPack(t *testing.T) {
	const text = `{"s":{"S":"one"},"empty":{"S":""},"n":{"N":"-21.5"},"plain":{"N":"0042"},"b":{"B":"AQI="},"t":{"BOOL":true},
		"m":{"M":{"deep":{"S":"two"},"l":{"L":[{"S":"three"},{"N":"4"},{"M":{"deeper":{"S":"five"}}}]}}},"ss":{"SS":["a","b"]},"ns":{"NS":["1","2"]}}`
	var want, item attribute.Item
	require.NoError(t, want.UnmarshalJSON([]byte(text)))
	body := []byte(text)
	require.NoError(t, item.Read(wire.TextOf(body)))
	item.Pack()
	for i := range body {
		body[i] = 'x'
	}
	require.Equal(t, want, item)
	require.Equal(t, 1.0, testing.AllocsPerRun(10, item.Pack), "one text for all")
}
