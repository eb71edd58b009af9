package readback

import (
	"testing"

	ddbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"
)

func TestTimestampOfAnItem(t *testing.T) {
	text := func(s string) ddbtypes.AttributeValue { return &ddbtypes.AttributeValueMemberS{Value: s} }
	for name, c := range map[string]struct {
		item map[string]ddbtypes.AttributeValue
		want int64
		ok   bool
	}{
		"the default pipeline's":   {map[string]ddbtypes.AttributeValue{"timestamp": &ddbtypes.AttributeValueMemberN{Value: "5"}}, 5, true},
		"the published pipeline's": {map[string]ddbtypes.AttributeValue{"data": &ddbtypes.AttributeValueMemberM{Value: map[string]ddbtypes.AttributeValue{"lastSeen": text("1970-01-01T00:00:01Z")}}}, 1000, true},
		"presence alone":           {map[string]ddbtypes.AttributeValue{"status": text("online")}, 0, false},
		"not a number":             {map[string]ddbtypes.AttributeValue{"timestamp": &ddbtypes.AttributeValueMemberN{Value: "x"}}, 0, false},
	} {
		ms, ok := timestampOf(c.item)
		require.Equal(t, c.ok, ok, name)
		if ok {
			require.Equal(t, c.want, ms, name)
		}
	}
}
