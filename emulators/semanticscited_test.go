package emulators

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
)

// citations are the comments of the tests of a directory, by the test's name.
type citations map[string]map[string][]string

// of are the comments of a test: dir.TestName, with dir below emulators or the
// repository, or a file of text, all of which counts.
func (c citations) of(name string) ([]string, error) {
	dir, test, ok := strings.Cut(name, ".Test")
	if !ok {
		text, err := os.ReadFile(filepath.Join("..", name))
		return []string{strings.ReplaceAll(string(text), "\n#", "\n")}, err
	}
	if _, err := os.Stat(dir); err != nil {
		dir = filepath.Join("..", dir)
	}
	if c[dir] == nil {
		if err := c.read(dir); err != nil {
			return nil, err
		}
	}
	comments, ok := c[dir]["Test"+test]
	if !ok {
		return nil, fmt.Errorf("there is no test %s", name)
	}
	return comments, nil
}

// read keeps the comments on and in each test of a directory.
func (c citations) read(dir string) error {
	c[dir] = map[string][]string{}
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		return err
	}
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv != nil || !strings.HasPrefix(f.Name.Name, "Test") {
				continue
			}
			comments := []string{f.Doc.Text()}
			for _, group := range file.Comments {
				if group.Pos() > f.Pos() && group.End() < f.End() {
					comments = append(comments, group.Text())
				}
			}
			c[dir][f.Name.Name] = comments
		}
	}
	return nil
}
