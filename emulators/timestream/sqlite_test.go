package timestream_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestQueriesAnswerAsSQLiteDoes holds joins, groups, windows, sub-queries and set
// operations to another implementation of the same SQL; see testdata/sqlite.py.
//
// AWS.md §4: HAVING, ORDER BY, LIMIT, CASE, CTEs, joins, window functions, …
func TestQueriesAnswerAsSQLiteDoes(t *testing.T) {
	c := start(t)
	text, err := os.ReadFile("testdata/sqlite.txt")
	require.NoError(t, err)
	with, n := "", 0
	for _, block := range strings.Split(string(text), "\n\n") {
		lines := strings.Split(strings.TrimSpace(block), "\n")
		if strings.HasPrefix(lines[0], "#") || lines[0] == "" {
			continue
		}
		if strings.HasPrefix(lines[0], "with ") {
			for _, line := range lines {
				with += strings.TrimPrefix(line, "with ") + "\n"
			}
			continue
		}
		n++
		rows, err := c.rows(with + lines[0])
		if err != nil {
			t.Errorf("%s\n%s", lines[0], err)
			continue
		}
		var got []string
		for _, row := range rows {
			got = append(got, "= "+strings.Join(row, "|"))
		}
		if want := strings.Join(lines[1:], "\n"); strings.Join(got, "\n") != want {
			t.Errorf("%s\ngot\n%s\nwant\n%s", lines[0], strings.Join(got, "\n"), want)
		}
	}
	require.Greater(t, n, 80)
}
