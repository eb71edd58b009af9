package reports

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
)

//go:embed partial.html.tmpl
var partialSource string

var partialTemplate = template.Must(template.New("partial").Funcs(template.FuncMap{
	"count": count, "short": short, "clean": clean,
}).Parse(partialSource))

// PartialHTML writes what is known of a killed run as one self-contained file.
func PartialHTML(w io.Writer, p *Partial) error {
	if err := partialTemplate.Execute(w, p); err != nil {
		return fmt.Errorf("write html report: %w", err)
	}
	return nil
}
