package process

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestALineIsCutBetweenCharacters(t *testing.T) {
	for name, c := range map[string]struct {
		line string
		want int
	}{
		"one byte":    {strings.Repeat("x", MaxLine+1), MaxLine},
		"two bytes":   {"x" + strings.Repeat("ö", MaxLine), MaxLine - 1},
		"three bytes": {strings.Repeat("€", MaxLine), MaxLine - 1},
		"four bytes":  {"x" + strings.Repeat("𝄞", MaxLine), MaxLine - 3},
		"fitting":     {strings.Repeat("𝄞", MaxLine), MaxLine},
		"not UTF-8":   {strings.Repeat("\x80", 2*MaxLine), MaxLine},
	} {
		require.Equal(t, c.want, Cut(c.line), name)
		require.Equal(t, c.want, Cut([]byte(c.line)), name)
	}
}

// TestWhatAProcessPrintsIsCutBetweenCharacters, and nothing of it is lost.
func TestWhatAProcessPrintsIsCutBetweenCharacters(t *testing.T) {
	var lines []string
	o := &output{mark: []byte("\x00mark\x00"), line: func(text string) { lines = append(lines, text) }, passes: func(string) bool { return true }}
	long := "x" + strings.Repeat("ö", MaxLine)
	rest := o.lines([]byte(long))
	require.Equal(t, []int{MaxLine - 1, MaxLine}, []int{len(lines[0]), len(lines[1])})
	require.Equal(t, long, strings.Join(lines, "")+string(rest))
}
