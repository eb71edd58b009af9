package tap

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestContentFindsMembersAndWhatIsInside(t *testing.T) {
	c := contentOf([]byte(`{"TableName":"t","Key":{"PK":{"S":"DEVICE#1"}},"Values":{":a.b":{"N":"1"},":seen":{"S":"now"}}}`))
	require.Equal(t, "t", c.get("TableName").Str)
	require.Equal(t, "DEVICE#1", c.get("Key.PK.S").Str)
	require.Equal(t, "now", c.get("Values.:seen.S").Str)
	require.False(t, c.get("Values.:other").Exists())
	require.False(t, c.get("Item.PK").Exists())
	require.False(t, contentOf([]byte("Action=Publish&Message={}")).get("Message").Exists())
	require.False(t, contentOf(nil).get("Key").Exists())
}
