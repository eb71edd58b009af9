package wire

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A key of a megabyte of dots costs no more than one of a few, and is refused.
func TestAKeyNestsOnlySoDeep(t *testing.T) {
	deep := url.Values{strings.Repeat("a.", 1<<19): {"x"}}
	require.Len(t, above(deep), maxNesting)
	var in struct{ A struct{ B []string } }
	require.ErrorContains(t, decodeForm(deep, &in, "Do", "InvalidParameter", nil), "is not implemented")
	require.NoError(t, decodeForm(url.Values{"A.B.member.1": {"x"}}, &in, "Do", "InvalidParameter", nil))
	require.Equal(t, []string{"x"}, in.A.B)
}
