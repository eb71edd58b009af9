package main

import (
	"embed"
	"fmt"
	"os"
	"strings"
	"text/template"
)

//go:embed snippets
var snippetFiles embed.FS

var snippetTemplates = template.Must(template.ParseFS(snippetFiles, "snippets/*.tmpl"))

// snippet is a file that lets a board of another kind publish as a thing.
type snippet struct {
	name string
	mode os.FileMode
}

// snippets are the files by what --for names.
var snippets = map[string][]snippet{
	"python":  {{"sensor.py", 0o755}},
	"arduino": {{"sensor.ino", 0o644}, {"secrets.h", 0o600}},
}

// snippetFacts are what the files are filled with.
type snippetFacts struct {
	Thing, Host, Port      string
	Root, Certificate, Key string
}

// snippetsFor are the files of a kind of board; none for "".
func snippetsFor(kind string) ([]snippet, error) {
	list, ok := snippets[kind]
	if kind != "" && !ok {
		return nil, fmt.Errorf("--for %q is neither python nor arduino", kind)
	}
	return list, nil
}

// fill is the text of a file.
func (s snippet) fill(facts snippetFacts) (string, error) {
	var b strings.Builder
	if err := snippetTemplates.ExecuteTemplate(&b, s.name+".tmpl", facts); err != nil {
		return "", fmt.Errorf("write %s: %w", s.name, err)
	}
	return b.String(), nil
}
