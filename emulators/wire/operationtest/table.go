package operationtest

import (
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// table is the operation table of a package comment.
type table struct{ implemented, refused map[string]bool }

func (t table) names() []string {
	return slices.Sorted(slices.Values(slices.AppendSeq(slices.Collect(maps.Keys(t.implemented)), maps.Keys(t.refused))))
}

var operationName = regexp.MustCompile(`^[A-Z][A-Za-z0-9]+$`)

// readTable reads the section "# Operations" of a file's package comment.
func readTable(path string) (table, error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		return table{}, fmt.Errorf("operation table: %w", err)
	}
	_, section, ok := strings.Cut(file.Doc.Text(), "# Operations\n")
	if !ok {
		return table{}, fmt.Errorf("operation table: %s has no section \"# Operations\"", path)
	}
	section, _, _ = strings.Cut(section, "\n# ")
	t := table{implemented: map[string]bool{}, refused: map[string]bool{}}
	into := t.implemented
	for line := range strings.Lines(section) {
		if !strings.HasPrefix(line, "\t") {
			if strings.HasPrefix(line, "Refused") {
				into = t.refused
			}
			continue
		}
		names, _, _ := strings.Cut(line, ":")
		for _, name := range strings.Fields(names) {
			if !operationName.MatchString(name) {
				return table{}, fmt.Errorf("operation table: %s: %q is not the name of an operation", path, name)
			}
			if t.implemented[name] || t.refused[name] {
				return table{}, fmt.Errorf("operation table: %s: %s stands there twice", path, name)
			}
			into[name] = true
		}
	}
	return t, nil
}
