package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/shakedown-iot/shakedown/scenarios"
)

func newValidate() *cobra.Command {
	return &cobra.Command{
		Use:     "validate <scenario>...",
		Short:   "Check scenario files without running them",
		Long:    "Validate reads each scenario strictly: unknown keys, wrong types and impossible\nvalues are errors, with line and column where the form is wrong.",
		Example: "  shakedown validate scenarios/*.yaml",
		Args:    cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, path := range args {
				s, err := scenarios.Load(path)
				if err != nil {
					return usage(err)
				}
				fmt.Fprintf(cmd.OutOrStdout(), "%s: valid: %d devices, %s, %s clock\n", path, s.Devices(), s.Duration, s.Clock)
			}
			return nil
		},
	}
}
