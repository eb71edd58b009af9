package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios"
)

// renderers are the formats of `report`.
var renderers = map[string]func(io.Writer, *reports.Result) error{
	"text":  reports.Text,
	"json":  func(w io.Writer, r *reports.Result) error { return r.Write(w) },
	"junit": reports.JUnit,
	"html":  reports.HTML,
}

func newReport() *cobra.Command {
	var format string
	cmd := &cobra.Command{
		Use:   "report <run>",
		Short: "Print the report of a run again: text, json, junit or html",
		Example: `  shakedown report runs/latest
  shakedown report runs/latest --format html > report.html`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			render, ok := renderers[format]
			if !ok {
				return usage(fmt.Errorf("--format %q is none of text, json, junit, html", format))
			}
			f, err := os.Open(filepath.Join(args[0], scenarios.ResultFile))
			if err != nil {
				return usage(fmt.Errorf("%s is not the folder of a run: %w", args[0], err))
			}
			defer f.Close()
			result, err := reports.Read(f)
			if err != nil {
				return usage(err)
			}
			return render(cmd.OutOrStdout(), result)
		},
	}
	cmd.Flags().StringVar(&format, "format", "text", "text, json, junit or html")
	return cmd
}
