package iotcore

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSharedGroupsAreLimited: 100 an account.
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits
func TestSharedGroupsAreLimited(t *testing.T) {
	inBubble(t, func(f *fixture) {
		for _, id := range []string{"a", "b"} {
			c := f.dial(id, f.thing(id, allowAll))
			for i := range 100 / 2 {
				require.Equal(t, []byte{1}, c.subscribe(1, fmt.Sprintf("$share/%s/%d", id, i)))
			}
		}
		c := f.dial("c", f.thing("c", allowAll))
		require.Equal(t, []byte{0x80, 1, 1}, c.subscribe(1, "$share/c/0", "$share/a/0", "plain"))
	})
}
