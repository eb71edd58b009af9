package sql

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRowsAreTheDocuments holds rows to iot-sql-functions.md, where that is (beside
// the AWS.md of SHAKEDOWN_AWS_MD, or of the repository): each row is there, and each
// example with its result, but where the document says by (!) that AWS contradicts
// itself.
//
// AWS.md §2: Function by function (arguments, result, one example).
func TestRowsAreTheDocuments(t *testing.T) {
	beside := os.Getenv("SHAKEDOWN_AWS_MD")
	if beside == "" {
		beside = filepath.Join("..", "..", "..", "..", "shared", "AWS.md")
	}
	path := filepath.Join(filepath.Dir(beside), "iot-sql-functions.md")
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		t.Skipf("iot-sql-functions.md is not at %s (SHAKEDOWN_AWS_MD names the AWS.md beside it): that its every row is a test is not checked", path)
	}
	require.NoError(t, err)
	names, examples := 0, 0
	for line := range strings.Lines(string(text)) {
		cells := cellsOf(line)
		if len(cells) < 2 || cells[0] == "Function" || cells[0] == "Operator" || strings.HasPrefix(cells[0], "---") {
			continue
		}
		for _, name := range namesOf(cells[0]) {
			names++
			at := slices.IndexFunc(rows, func(r documented) bool { return r.row == name })
			if at < 0 {
				t.Errorf("there is no row %s", name)
				continue
			}
			examples += rows[at].holds(t, cells)
		}
	}
	require.Greater(t, names, 80)
	require.Greater(t, examples, 70)
}

// cellsOf splits a row of a table at its bars that are not escaped.
func cellsOf(line string) []string {
	line = strings.TrimSpace(line)
	if !strings.HasPrefix(line, "|") {
		return nil
	}
	cells := strings.Split(strings.Trim(strings.ReplaceAll(line, `\|`, "\x00"), "|"), "|")
	for i, c := range cells {
		cells[i] = strings.TrimSpace(strings.ReplaceAll(c, "\x00", "|"))
	}
	return cells
}

var (
	arguments = regexp.MustCompile(`\([^()]*\)`)
	lowercase = regexp.MustCompile(`^[a-z0-9_ ]+$`)
	example   = regexp.MustCompile("`([^`]+)` = ([^;]+)")
)

// namesOf are the names of the first cell: f(x), f(x) / g(x), "f g h (x)", or an
// operator as it is.
func namesOf(cell string) []string {
	names := strings.ToLower(arguments.ReplaceAllString(strings.ReplaceAll(cell, "'", ""), ""))
	if strings.Contains(cell, "(") && lowercase.MatchString(strings.ReplaceAll(names, "/", "")) && !strings.HasPrefix(cell, "EXISTS") {
		return strings.Fields(strings.ReplaceAll(names, "/", ""))
	}
	return []string{cell}
}

// inWords are examples whose results the document tells in words: they are tested
// with what the words mean.
var inWords = map[string]string{
	`abs("-5.123")`: "is abs(-5.123)", `exp(1)`: "is e", `ln(e)`: "e is exp(1)", `rand()`: "is between 0 and 1",
}

// holds looks for the examples of the document in the row's and compares their
// results.
func (r documented) holds(t *testing.T, cells []string) (found int) {
	last := cells[len(cells)-1]
	for _, m := range example.FindAllStringSubmatch(last, -1) {
		expression, want := m[1], strings.TrimRight(strings.TrimSpace(m[2]), ".")
		if function := lowercase.MatchString(r.row); function && strings.HasPrefix(expression, "(") {
			expression = r.row + expression
		} else if function && !strings.HasPrefix(strings.ToLower(expression), r.row) {
			continue // of another function of the row
		}
		got, ok := r.example(expression)
		switch {
		case inWords[expression] != "":
		case !ok:
			t.Errorf("row %s: %s is not tested", r.row, expression)
		case strings.Contains(last, "(!)"):
		case !sameResult(got, want):
			t.Errorf("row %s: %s is tested for %s, documented as %s", r.row, expression, got, want)
		default:
			found++
		}
	}
	return found
}

// example finds an expression, whatever its spaces and case.
func (r documented) example(expression string) (string, bool) {
	plain := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, " ", "")) }
	for e, want := range r.examples {
		if plain(e) == plain(expression) {
			return want, true
		}
	}
	return "", false
}

// sameResult compares JSON with what the document prints.
func sameResult(got, want string) bool {
	if text, ok := strings.CutPrefix(want, "the string "); ok {
		want = strconv.Quote(strings.Trim(text, "`"))
	}
	if want, _, _ = strings.Cut(want, " (the "); want == "U" {
		return got == ""
	}
	var a, b any
	return json.Unmarshal([]byte(got), &a) == nil && json.Unmarshal([]byte(want), &b) == nil && reflect.DeepEqual(a, b)
}
