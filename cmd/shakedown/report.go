package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/reports/grafana"
	"github.com/shakedown-iot/shakedown/scenarios/record"
)

// renderers are the formats of `report`.
var renderers = map[string]func(io.Writer, *reports.Result) error{
	"text":     reports.Text,
	"json":     func(w io.Writer, r *reports.Result) error { return r.Write(w) },
	"junit":    reports.JUnit,
	"html":     reports.HTML,
	"markdown": reports.Markdown,
}

// partialRenderers are those of a run that was killed.
var partialRenderers = map[string]func(io.Writer, *reports.Partial) error{
	"text":     reports.PartialText,
	"json":     func(w io.Writer, p *reports.Partial) error { return p.Write(w) },
	"junit":    reports.PartialJUnit,
	"html":     reports.PartialHTML,
	"markdown": reports.PartialMarkdown,
}

type reportFlags struct {
	format    string
	json      bool
	schema    bool
	grafana   string
	compare   string
	tolerance percentage
}

func newReport() *cobra.Command {
	f := reportFlags{tolerance: 0.1}
	cmd := &cobra.Command{
		Use:   "report <run>",
		Short: "Print the report of a run again, or compare it with another run",
		Long: `Report prints the report of a run again, from its result. A run that was killed has
none: then report says how far it came, from its journal, and the exit code is 1.

With --compare it holds the run against an earlier one. What became worse by more
than the tolerance is marked, and the exit code is 1; losses, alerts, silences and
expectations have no tolerance. Where the two runs had another scenario, seed, clock
or machine it says so.`,
		Example: `  shakedown report runs/latest
  shakedown report runs/latest --json | jq .failures
  shakedown report runs/latest --format html > report.html
  shakedown report runs/latest --format markdown >> "$GITHUB_STEP_SUMMARY"
  shakedown report runs/latest --compare runs/20261124-101500-quickstart --tolerance 20%
  shakedown report --schema > result.schema.json
  shakedown report --grafana metrics > dashboard.json`,
		Args: func(cmd *cobra.Command, args []string) error {
			if f.schema || f.grafana != "" {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.ExactArgs(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case f.schema:
				_, err := cmd.OutOrStdout().Write(reports.ResultSchema())
				return err
			case f.grafana != "":
				return printDashboard(f.grafana, cmd.OutOrStdout())
			}
			if f.compare == "" && cmd.Flags().Changed("tolerance") {
				return usage(errors.New("--tolerance needs --compare"))
			}
			return f.run(args[0], cmd.OutOrStdout())
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.json, "json", false, "the same as --format json")
	flags.StringVar(&f.format, "format", "text", "text, json, junit, html or markdown")
	flags.StringVar(&f.compare, "compare", "", "an earlier run to hold this one against")
	flags.Var(&f.tolerance, "tolerance", "how much worse a latency, a rate or a share may be")
	flags.BoolVar(&f.schema, "schema", false, "print the JSON Schema of a result and end")
	flags.StringVar(&f.grafana, "grafana", "", "print a Grafana dashboard and end: "+strings.Join(grafana.Names(), " or "))
	cmd.MarkFlagsMutuallyExclusive("schema", "grafana", "compare")
	cmd.MarkFlagsMutuallyExclusive("schema", "grafana", "format", "json")
	return cmd
}

func (f reportFlags) run(folder string, stdout io.Writer) error {
	if f.json {
		f.format = "json"
	}
	if renderers[f.format] == nil {
		return usage(fmt.Errorf("--format %q is none of %s", f.format, formats(renderers)))
	}
	result, err := record.ReadResult(folder)
	switch {
	case errors.Is(err, os.ErrNotExist) && f.compare != "":
		return usage(fmt.Errorf("run %s has no result to compare: it is no run, or it was killed", folder))
	case errors.Is(err, os.ErrNotExist):
		return reportKilled(folder, partialRenderers[f.format], stdout)
	case err != nil:
		return usage(err)
	case f.compare != "":
		return f.against(result, stdout)
	}
	return renderers[f.format](stdout, result)
}

func formats[F any](list map[string]F) string {
	return strings.Join(slices.Sorted(maps.Keys(list)), ", ")
}

// reportKilled reports a run without a result, by its journal.
func reportKilled(folder string, render func(io.Writer, *reports.Partial) error, stdout io.Writer) error {
	recording, err := record.Open(folder)
	if err != nil {
		return usage(err)
	}
	if err := render(stdout, recording.Partial()); err != nil {
		return err
	}
	return &exitError{code: exitFailed, err: errVerdict}
}

func printDashboard(name string, stdout io.Writer) error {
	text, err := grafana.Dashboard(name)
	if err != nil {
		return usage(fmt.Errorf("--grafana: %w", err))
	}
	_, err = stdout.Write(text)
	return err
}
