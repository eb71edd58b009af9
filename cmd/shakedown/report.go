package main

import (
	"errors"
	"fmt"
	"io"
	"os"

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

// partialRenderers are those of a run that was killed.
var partialRenderers = map[string]func(io.Writer, *reports.Partial) error{
	"text":  reports.PartialText,
	"json":  func(w io.Writer, p *reports.Partial) error { return p.Write(w) },
	"junit": reports.PartialJUnit,
	"html":  reports.PartialHTML,
}

func newReport() *cobra.Command {
	var format string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "report <run>",
		Short: "Print the report of a run again: text, json, junit or html",
		Long: `Report prints the report of a run again, from its result. A run that was killed has
none: then report says how far it came, from its journal, and the exit code is 1.`,
		Example: `  shakedown report runs/latest
  shakedown report runs/latest --json | jq .failures
  shakedown report runs/latest --format html > report.html`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if asJSON {
				format = "json"
			}
			render, ok := renderers[format]
			if !ok {
				return usage(fmt.Errorf("--format %q is none of text, json, junit, html", format))
			}
			result, err := scenarios.ReadResult(args[0])
			if errors.Is(err, os.ErrNotExist) {
				return reportKilled(args[0], partialRenderers[format], cmd.OutOrStdout())
			}
			if err != nil {
				return usage(err)
			}
			return render(cmd.OutOrStdout(), result)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "the same as --format json")
	cmd.Flags().StringVar(&format, "format", "text", "text, json, junit or html")
	return cmd
}

// reportKilled reports a run without a result, by its journal.
func reportKilled(folder string, render func(io.Writer, *reports.Partial) error, stdout io.Writer) error {
	recording, err := scenarios.OpenRecording(folder)
	if err != nil {
		return usage(err)
	}
	if err := render(stdout, recording.Partial()); err != nil {
		return err
	}
	return &exitError{code: exitFailed, err: errVerdict}
}
