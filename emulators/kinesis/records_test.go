package kinesis

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestRecordsStayRightWhileOthersAreDropped walks over several blocks, one of
// them larger than usual.
func TestRecordsStayRightWhileOthersAreDropped(t *testing.T) {
	var r records
	type record struct{ key, data string }
	var want []record
	for i := range 2000 {
		size := 50 + i%200
		if i == 700 {
			size = 3 * block
		}
		one := record{fmt.Sprint("thing-", i), strings.Repeat(string(rune('a'+i%26)), size)}
		want = append(want, one)
		r.add(one.key, []byte(one.data), time.Unix(int64(i), 0))
		if i%500 == 499 {
			n := r.since(time.Unix(int64(i-300), 0).UnixNano())
			r.drop(n)
			want = want[n:]
		}
		require.Equal(t, len(want), r.len())
	}
	for i, w := range want {
		key, data, _ := r.get(i)
		require.Equal(t, w, record{key, string(data)})
	}
	require.Less(t, len(r.blocks), 4, "blocks of dropped records are free")
	r.drop(r.len())
	require.Len(t, r.blocks, 1)
	r.add("k", []byte("v"), time.Unix(9, 0))
	key, data, at := r.get(0)
	require.Equal(t, "k v 9", fmt.Sprintf("%s %s %d", key, data, at.Unix()))
}
