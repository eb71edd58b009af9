package emulators

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// claim is a row of testdata/semantics.md: something that AWS does, and the tests
// that hold the emulators to it.
type claim struct {
	section string   // of AWS.md: 1
	text    string   // words of AWS.md; first words … last words
	tests   []string // iotcore/sql.TestTypes, or a file
	none    string   // why there is none
}

// TestSemantics holds testdata/semantics.md: each claim has a test, that is there
// and cites the claim as "AWS.md §1: <its first words>". make semantics prints what
// is missing.
func TestSemantics(t *testing.T) {
	cited := citations{}
	for _, c := range readClaims(t) {
		if len(c.tests) == 0 && c.none == "" {
			t.Errorf("§%s %q has no test, nor a reason why", c.section, c.text)
		}
		for _, name := range c.tests {
			switch comments, err := cited.of(name); {
			case err != nil:
				t.Errorf("§%s %q: %v", c.section, c.text, err)
			case !cites(comments, c):
				t.Errorf("%s does not cite AWS.md §%s: %s", name, c.section, c.first())
			}
		}
	}
}

// TestSemanticsAreAllOfAWS holds AWS.md itself, where that is (SHAKEDOWN_AWS_MD, or
// beside the repository): each word under its numbered headings is of a claim, and
// each claim's words are there, one clause of a statement.
func TestSemanticsAreAllOfAWS(t *testing.T) {
	path := os.Getenv("SHAKEDOWN_AWS_MD")
	if path == "" {
		path = filepath.Join("..", "..", "shared", "AWS.md")
	}
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		t.Skipf("AWS.md is not at %s (SHAKEDOWN_AWS_MD): that its every claim has a row is not checked", path)
	}
	require.NoError(t, err)
	statements := readStatements(string(text))
	for _, c := range readClaims(t) {
		if err := cover(statements, c); err != nil {
			t.Errorf("§%s %q: %v", c.section, c.text, err)
		}
	}
	for _, s := range statements {
		for _, words := range s.uncovered() {
			t.Errorf("§%s has no claim of %q", s.section, words)
		}
	}
}

// readClaims reads the tables of testdata/semantics.md, one a section.
func readClaims(t *testing.T) (claims []claim) {
	text, err := os.ReadFile("testdata/semantics.md")
	require.NoError(t, err)
	section := ""
	for line := range strings.Lines(string(text)) {
		if title, ok := strings.CutPrefix(line, "## "); ok {
			section, _, _ = strings.Cut(title, ".")
		}
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if !strings.HasPrefix(line, "| ") || strings.TrimSpace(cells[0]) == "Claim" {
			continue
		}
		require.Len(t, cells, 2, line)
		c := claim{section: section, text: strings.TrimSpace(cells[0])}
		if why, ok := strings.CutPrefix(strings.TrimSpace(cells[1]), "none: "); ok {
			c.none = why
		} else {
			c.tests = strings.FieldsFunc(cells[1], func(r rune) bool { return r == ',' || r == ' ' })
		}
		claims = append(claims, c)
	}
	require.NotEmpty(t, claims)
	return claims
}

// first are the words by which a test cites the claim.
func (c claim) first() string {
	first, _, _ := strings.Cut(c.text, " … ")
	return strings.TrimSpace(first)
}

// cites tells whether one of the comments has "AWS.md §<section>:" and, in the same
// paragraph, the first words of the claim.
func cites(comments []string, c claim) bool {
	for _, comment := range comments {
		for _, citation := range strings.Split(comment, "AWS.md §")[1:] {
			text, ok := strings.CutPrefix(citation, c.section+":")
			text, _, _ = strings.Cut(text, "\n\n")
			if ok && index(wordsOf(text), wordsOf(c.first())) >= 0 {
				return true
			}
		}
	}
	return false
}

// marks are of Markdown: of cells, code and bold text.
var marks = strings.NewReplacer("|", " ", "`", "", "**", "")

// wordsOf are the words of a text without the marks around them.
func wordsOf(text string) []string {
	words := strings.Fields(strings.ToLower(marks.Replace(text)))
	for i, w := range words {
		words[i] = strings.Trim(w, "*\"'“”.,;:()[]…")
	}
	return slices.DeleteFunc(words, func(w string) bool { return w == "" || w == "doc" || w == "live" || w == "inf" || w == "---" })
}

// index is where words are in all, or -1.
func index(all, words []string) int {
	for i := range len(all) - len(words) + 1 {
		if slices.Equal(all[i:i+len(words)], words) {
			return i
		}
	}
	return -1
}
