package sql_test

import (
	"encoding/base64"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// constructs are Java's alone; each is refused by name.
var constructs = map[string]string{
	`a(?=b)`: "lookahead", `a(?!b)`: "lookahead", `(?<=a)b`: "lookbehind", `(?<!a)b`: "lookbehind", `(?>a)b`: "atomic group",
	`(a)\1`: `backreference \1`, `(?<n>a)\k<n>`: `backreference \k`, `a*+b`: "possessive quantifier *+", `a++`: "possessive quantifier ++",
	`a{1,2}+b`: "possessive quantifier }+", `[a-z&&[^b]]`: "intersection", `[a[b]]`: "class inside a character class", `\u0041`: `escape \u`,
	`a\Z`: `escape \Z`, `\R`: `escape \R`, `\p{javaLowerCase}`: `\p{javaLowerCase}`, `(?x) a`: "flag x", `a{2000}`: "repetition", `(?P<n>a)`: "(?P<…>)",
}

func TestRegexpsOfJavaAloneAreRefusedByName(t *testing.T) {
	for pattern, want := range constructs {
		literal := "'" + pattern + "'"
		for _, call := range []string{"regexp_matches(a, " + literal + ")", "regexp_substr(a, " + literal + ")", "regexp_replace(a, " + literal + ", 'x')"} {
			_, err := sql.Parse("SELECT VALUE " + call + " FROM 'a'")
			require.ErrorContains(t, err, want, call)
			require.ErrorContains(t, err, "at character 14", call)
		}
		_, _, err := selected(t, `SELECT VALUE regexp_matches('ab', p) FROM 'a'`, `{"p":`+strconv.Quote(pattern)+`}`)
		require.ErrorContains(t, err, want, pattern)
	}
}

func TestRegexps(t *testing.T) {
	for expression, want := range map[string]string{
		// page Functions
		`regexp_matches("aaaa", "a{2,}")`: "true", `regexp_matches("aaaa", "b")`: "false", `regexp_matches("aaa", "(aaa|bbb)")`: "true",
		`regexp_matches("bbb", "(aaa|bbb)")`: "true", `regexp_matches("ccc", "(aaa|bbb)")`: "false",
		`regexp_replace("abcd", "bc", "x")`: `"axd"`, `regexp_replace("abcd", "b(.*)d", "$1")`: `"ac"`,
		`regexp_substr("hihihello", "hi")`: `"hi"`, `regexp_substr("hihihello", "(hi)*")`: `"hihi"`,
		// no constructs of Java alone
		`regexp_matches("a+", "a\+")`: "true", `regexp_matches("x{}+", "x\{\}+")`: "true", `regexp_matches("&", "[&]+")`: "true", `regexp_matches("\Q1", "\\Q1")`: "true",
		`regexp_matches("a(?=b", "\Qa(?=b\E")`: "true", `regexp_matches("[", "[\[]")`: "true", `regexp_matches("ab", "(?i:AB)")`: "true", `regexp_matches("aa", "a+?a")`: "true",
		// an invalid pattern, wrong counts and Null are Undefined
		`regexp_matches("a", "(")`: "", `regexp_matches("a")`: "", `regexp_matches(null, "a")`: "", `regexp_matches("a", null)`: "", `regexp_substr("a", "b")`: "",
		`regexp_replace("a", "*", "x")`: "", `regexp_replace("a", "a")`: "",
		// replacements as Java's Matcher reads them
		`regexp_replace("abc", "b", "\$1")`: `"a$1c"`, `regexp_replace("abc", "b", "\\")`: `"a\\c"`, `regexp_replace("abc", "(b)", "$11")`: `"ab1c"`,
		`regexp_replace("abc", "(b)", "<$0>")`: `"a<b>c"`, `regexp_replace("abc", "(?<n>b)", "${n}${n}")`: `"abbc"`, `regexp_replace("abc", "b|(x)", "-$1-")`: `"a--c"`,
		`regexp_replace("abc", "b", "$9")`: "", `regexp_replace("abc", "(b)", "$2")`: "", `regexp_replace("abc", "b", "$")`: "", `regexp_replace("abc", "b", "$x")`: "",
		`regexp_replace("abc", "b", "\")`: "", `regexp_replace("abc", "b", "${n}")`: "", `regexp_replace("abc", "b", "${1}")`: "",
		`regexp_replace("aaa", "", "-")`: `"-a-a-a-"`, `regexp_replace(121, 2, 3)`: "\"131\"",
		`regexp_replace("a1b2", concat("[0-", "9]"), concat("<", "$0>"))`: `"a<1>b<2>"`,
	} {
		require.Equal(t, want, evaluated(t, expression, `{}`), expression)
	}
}

// The result is bounded while it is built: here it would be 40 GB.
func TestReplacementsAreBounded(t *testing.T) {
	long := strings.Repeat("a", 100_000)
	for statement, want := range map[string]string{
		`SELECT VALUE regexp_replace(a, 'a', r) FROM 'a'`:                                   "regexp_replace: the result is longer",
		`SELECT VALUE replace(a, 'a', r) FROM 'a'`:                                          "replace: the result is longer",
		`SELECT VALUE regexp_replace(a, '` + strings.Repeat("()", 200) + `', 'x') FROM 'a'`: "regexp_replace: more than",
		`SELECT VALUE concat(a` + strings.Repeat(", a + a", 200) + `) FROM 'a'`:             "the functions make more than",
		`SELECT a AS a` + many(", a AS a%", 20) + ` FROM 'a'`:                               "longer than 1048576 bytes",
	} {
		_, _, err := selected(t, statement, `{"a":"`+long+`","r":"`+long[:40_000]+`"}`)
		require.ErrorContains(t, err, want, statement[:40])
	}
	for _, statement := range []string{`SELECT VALUE regexp_matches(a, '(a{1000}){10}') FROM 'a'`, `SELECT VALUE regexp_matches(a, '` + strings.Repeat("a{1000}", 20) + `') FROM 'a'`} {
		_, err := sql.Parse(statement)
		require.Error(t, err, statement)
	}
	_, _, err := selected(t, `SELECT VALUE concat(a`+strings.Repeat(", a", 100)+`) FROM 'a'`, `{"a":[0`+strings.Repeat(",0", 1000)+`]}`)
	require.ErrorContains(t, err, "concat: the result has more than")
}

// A list of decoded payloads is bounded as a whole, though each is allowed.
func TestDecodedPayloadsAreBounded(t *testing.T) {
	inner := base64.StdEncoding.EncodeToString([]byte("[" + strings.Repeat("{},", 20_000) + "{}]"))
	_, _, err := selected(t, `SELECT VALUE [decode(a, 'base64')`+strings.Repeat(", decode(a, 'base64')", 100)+`] FROM 'a'`, `{"a":"`+inner+`"}`)
	require.ErrorContains(t, err, "the functions make more than")
}

// many repeats a text with a number in the place of its %.
func many(text string, n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.ReplaceAll(text, "%", strconv.Itoa(i)))
	}
	return b.String()
}
