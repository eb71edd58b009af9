package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/shakedown-iot/shakedown/emulators/localstack"
)

func newSweep() *cobra.Command {
	var all bool
	cmd := &cobra.Command{
		Use:   "sweep",
		Short: "Remove containers that killed runs have left behind",
		Long: `Sweep removes the containers of runs with --backend localstack whose process has
ended without removing them, as one killed by SIGKILL has. They are found by their
labels; those of runs that still run stay. The next run sweeps, too.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			removed, err := localstack.Sweep(cmd.Context(), all)
			if errors.Is(err, localstack.ErrNoDocker) {
				return environment(err, installDocker)
			}
			printSwept(cmd.OutOrStdout(), removed)
			if err != nil {
				return environment(err, "")
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "remove those of running processes and of other hosts, too")
	return cmd
}

func printSwept(w io.Writer, names []string) {
	for _, name := range names {
		fmt.Fprintln(w, "removed container", name)
	}
	if len(names) == 0 {
		fmt.Fprintln(w, "no container was left behind")
	}
}
