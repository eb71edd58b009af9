package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/expect"
)

func newValidate() *cobra.Command {
	var measures bool
	cmd := &cobra.Command{
		Use:   "validate <scenario>...",
		Short: "Check scenario files without running them",
		Long: `Validate reads each scenario strictly: unknown keys, wrong types, impossible
values and expectations that ask for what is not measured are errors, with line
and column where the form is wrong. Each file is told of; the exit code is 2 if any
is wrong.`,
		Example: `  shakedown validate scenarios/*.yaml
  shakedown validate --measures`,
		Args: func(cmd *cobra.Command, args []string) error {
			if measures {
				return cobra.NoArgs(cmd, args)
			}
			return cobra.MinimumNArgs(1)(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if measures {
				return listMeasures(cmd.OutOrStdout())
			}
			return validateAll(cmd, args)
		},
	}
	cmd.Flags().BoolVar(&measures, "measures", false, "list what expectations can measure")
	return cmd
}

// validateAll tells of each file whether it is valid; a wrong one does not keep it from the next.
func validateAll(cmd *cobra.Command, paths []string) error {
	var wrong []error
	for _, path := range paths {
		s, err := scenarios.Load(path)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%s: valid: %d devices, %s, %s clock\n", path, s.Devices(), s.Duration, s.Clock)
	}
	if len(wrong) == 0 {
		return nil
	}
	last := len(wrong) - 1
	for _, err := range wrong[:last] {
		fmt.Fprintln(cmd.ErrOrStderr(), "shakedown:", err)
	}
	return usage(wrong[last])
}

// listMeasures lists what expectations can measure.
func listMeasures(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, m := range expect.Measures() {
		fmt.Fprintf(table, "%s\t%s\t%s\n", m.Usage, m.Unit, m.About)
	}
	return table.Flush()
}
