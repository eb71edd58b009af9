package timestream

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// ran runs a query, of which room and work are left, and answers its rows.
func ran(t *testing.T, sql string, room, work int) ([][]value.Value, *run) {
	rel, err := New(Config{}).statement(sql, 0)
	require.NoError(t, err, sql)
	r := newRun(t.Context(), 0)
	r.bytes, r.work = maxBytes-room, maxWork-work
	return rel.in(r, nil), r
}

// many is an expression many times.
func many(expression string, n int) string {
	return strings.TrimSuffix(strings.Repeat(expression+", ", n), ", ")
}

// Whatever a query keeps beside the rows of its result counts, too, and it ends as soon
// as that is too much.
func TestAllThatIsKeptIsCounted(t *testing.T) {
	const (
		rows = ` FROM UNNEST(sequence(1, 1000)) AS t(n)`
		long = `lpad(cast(n AS varchar), 2000, 'x')`
	)
	for _, sql := range []string{
		`SELECT n` + rows + ` ORDER BY ` + long,
		`SELECT count(*) FROM (SELECT n` + rows + ` GROUP BY n HAVING max(` + long + `) > '')`,
		`SELECT cardinality(max(` + long + `, 1000))` + rows,
		`SELECT cardinality(max_by(n, ` + long + `, 1000))` + rows,
		`SELECT count(*) OVER (PARTITION BY ` + long + `)` + rows,
		`SELECT count(*) OVER (ORDER BY ` + long + `)` + rows,
		`SELECT length(lag(` + long + `) OVER (ORDER BY n))` + rows,
		`SELECT ` + many(`lpad('', 2000, 'x')`, 700),
		`SELECT count(*) FROM (SELECT 1 GROUP BY ` + many(`lpad('', 2000, 'x')`, 700) + `)`,
		`SELECT count(*) FROM (VALUES ` + many(`lpad('', 2000, 'x')`, 700) + `)`,
		`SELECT length(greatest(` + many(`lpad('', 2000, 'x')`, 700) + `))`,
		`SELECT cardinality(ARRAY[` + many(`lpad('', 2000, 'x')`, 700) + `])`,
		`SELECT count(*) FROM UNNEST(` + many(`sequence(1, 1000)`, 20) + `)`,
	} {
		t.Run(sql[:min(len(sql), 80)], func(t *testing.T) {
			_, r := ran(t, sql, 1<<20, maxWork)
			require.ErrorContains(t, r.err, "keeps more than")
			require.Less(t, r.bytes, maxBytes+100_000)
			_, r = ran(t, sql, maxBytes, maxWork)
			require.NoError(t, r.err)
		})
	}
}

func TestWhatIsNotKeptIsNotCounted(t *testing.T) {
	const pairs = ` FROM UNNEST(sequence(1, 300)) AS a(n) CROSS JOIN UNNEST(sequence(1, 1000)) AS b(m)`
	for _, sql := range []string{
		`SELECT count(DISTINCT m % 10)` + pairs,
		`SELECT approx_distinct(m % 10)` + pairs,
		`SELECT DISTINCT m % 10` + pairs,
		`SELECT m % 10` + pairs + ` GROUP BY 1`,
		`SELECT max(cast(m AS varchar))` + pairs,
	} {
		t.Run(sql, func(t *testing.T) {
			_, r := ran(t, sql, 8<<20, maxWork)
			require.NoError(t, r.err)
		})
	}
}

// What takes long within one row is work, too.
func TestAllWorkIsCounted(t *testing.T) {
	for _, sql := range []string{
		`SELECT lpad('', 20000, 'a') LIKE '%' || lpad('', 5000, 'a') || 'b%'`,
		`SELECT regexp_like(lpad('', 100000, 'a'), '(a?){500}b')`,
		`SELECT strpos(lpad('', 20000, 'a'), lpad('', 10000, 'a'), 10000)`,
		`SELECT strrpos(lpad('', 20000, 'a'), lpad('', 10000, 'a'), 10000)`,
		`SELECT levenshtein_distance(lpad('', 990, 'a'), lpad('', 990, cast(n AS varchar))) FROM UNNEST(sequence(1, 10)) AS t(n)`,
		`SELECT n <> ALL (SELECT m + 10000 FROM UNNEST(sequence(1, 1000)) AS b(m)) FROM UNNEST(sequence(1, 300)) AS a(n)`,
		`SELECT length(lpad('', 200000, 'a')) FROM UNNEST(sequence(1, 100)) AS t(n)`,
	} {
		t.Run(sql, func(t *testing.T) {
			_, r := ran(t, sql, maxBytes, 100_000)
			require.ErrorContains(t, r.err, "looks at more than")
		})
	}
}

// A text is not made to be found too long.
func TestTextsAreNotMadeTooLong(t *testing.T) {
	_, r := ran(t, `SELECT array_join(sequence(1, 1000000), lpad('', 262144, 'x'))`, maxBytes, maxWork)
	require.ErrorContains(t, r.err, "the text is longer than 1048576 bytes")
	groups, err := replacementOf(regexp.MustCompile(`(.*)`), strings.Repeat("$1", 1000))
	require.NoError(t, err)
	var b strings.Builder
	text := strings.Repeat("x", 100_000)
	groups.appendTo(&b, text, []int{0, len(text), 0, len(text)})
	require.Less(t, b.Len(), maxText+len(text)+1)
	_, r = ran(t, `SELECT regexp_extract_all(lpad('', 2000, 'x'), '`+strings.Repeat("()", 490)+`')`, maxBytes, maxWork)
	require.NoError(t, r.err)
	_, r = ran(t, `SELECT regexp_extract_all(lpad('', 200000, 'x'), '`+strings.Repeat("()", 490)+`')`, maxBytes, maxWork)
	require.ErrorContains(t, r.err, "an array has more than")
}

// As in Trino.
func TestReplacements(t *testing.T) {
	text := func(with string) (string, error) {
		rows, r := ran(t, `SELECT regexp_replace('x1a', '(?P<digit>\d)([ab])', '`+with+`')`, maxBytes, maxWork)
		if r.err != nil {
			return "", r.err
		}
		return rows[0][0].S, nil
	}
	for with, want := range map[string]string{"$2$1": "xa1", "$23": "xa3", `\$1\\`: `x$1\`, "${digit}!": "x1!", "": "x", "[$0]": "x[1a]"} {
		got, err := text(with)
		require.NoError(t, err, with)
		require.Equal(t, want, got, with)
	}
	for with, message := range map[string]string{
		"$3": "Pattern has 2 groups. Cannot access group 3", "$": "Illegal replacement sequence: $", "$x": "Illegal replacement sequence: $x",
		`a\`: `Illegal replacement sequence: a\`, "${none}": "Illegal replacement sequence: ${none}",
	} {
		_, err := text(with)
		require.ErrorContains(t, err, message, with)
	}
}

// The rows are in the order of the column that they show: it is not computed again.
func TestOrderOfAColumnIsThatOfItsValues(t *testing.T) {
	rows, r := ran(t, `SELECT rand() AS r FROM UNNEST(sequence(1, 100)) AS t(n) ORDER BY r`, maxBytes, maxWork)
	require.NoError(t, r.err)
	require.True(t, slices.IsSortedFunc(rows, func(a, b []value.Value) int { return value.Compare(a[0], b[0]) }))
}

func TestOpenResultsAreBoundedTogether(t *testing.T) {
	part := value.OfText(strings.Repeat("x", 1<<20))
	large := [][]value.Value{{value.OfArray(value.Varchar, slices.Repeat([]value.Value{part}, 100))}}
	var c cursors
	for _, id := range []string{"a", "b", "c"} {
		c.keep(&cursor{id: id, rows: large})
	}
	require.Equal(t, []string{"b", "c"}, c.order)
	require.True(t, c.cancel("b"))
	c.keep(&cursor{id: "d", rows: large})
	require.Equal(t, []string{"b", "c", "d"}, c.order, "one that is cancelled takes nothing")
}

func TestAnAnswerIsKeptOnceForItsToken(t *testing.T) {
	var c clientTokens
	for range 3 {
		c.keep(&QueryInput{ClientToken: "a"}, &QueryOutput{}, maxAnswerBytes-1)
	}
	require.Equal(t, maxAnswerBytes-1, c.bytes)
	require.Contains(t, c.calls, "a")
	c.keep(&QueryInput{ClientToken: "b"}, &QueryOutput{}, 1)
	require.Equal(t, []string{"a", "b"}, c.order)
}

// A query that has ended does not look at the rest: of relations that name one another
// twice there are more than it would ever come to.
func TestAQueryEndsAtOnce(t *testing.T) {
	sql := `WITH a0 AS (SELECT 1 AS x)`
	for i := range 40 {
		sql += fmt.Sprintf(`, a%d AS (SELECT x FROM a%d UNION ALL SELECT x FROM a%d)`, i+1, i, i)
	}
	_, r := ran(t, sql+` SELECT count(*) FROM a40`, 1<<20, maxWork)
	require.ErrorContains(t, r.err, "keeps more than")
}
