package timestream

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// written is how what has no call's form of its own is written.
var written = map[string]string{
	"all": "1 = ALL (VALUES 1)", "any": "1 = ANY (VALUES 1)", "some": "1 = SOME (VALUES 1)", "case": "CASE WHEN true THEN 1 END",
	"cast": "CAST(1 AS DOUBLE)", "try_cast": "TRY_CAST(1 AS DOUBLE)", "extract": "EXTRACT(YEAR FROM now())", "position": "POSITION('a' IN 'b')",
}

// TestTheGuidesFunctions holds the package to testdata/functions.txt, both ways.
//
// AWS.md §4: HAVING, ORDER BY, LIMIT, CASE, CTEs, joins, window functions, `date_trunc
// from_milliseconds to_milliseconds max_by min_by approx_percentile
func TestTheGuidesFunctions(t *testing.T) {
	text, err := os.ReadFile("testdata/functions.txt")
	require.NoError(t, err)
	state, listed := New(Config{}), map[string]bool{}
	for line := range strings.Lines(string(text)) {
		page, names, _ := strings.Cut(strings.TrimSpace(line), ":")
		if strings.HasPrefix(page, "#") {
			continue
		}
		for _, name := range strings.Fields(names) {
			call, special := written[name]
			listed[name] = true
			if !special {
				call = name + "()"
			}
			_, err := state.statement("SELECT "+call, 0)
			if special && page != "refused" {
				require.NoError(t, err, call)
				continue
			}
			unknown := err != nil && strings.Contains(err.Error(), "unknown or not implemented")
			require.Equal(t, page == "refused", unknown, "%s: %s: %v", page, name, err)
		}
	}
	known := slices.Concat(names(functions), names(generics), names(makers), names(isWindow), names(forms))
	for _, name := range known {
		require.True(t, listed[name], "%s is not in functions.txt", name)
	}
	require.Greater(t, len(listed), 200)
}

func names[V any](of map[string]V) []string { return slices.Collect(maps.Keys(of)) }
