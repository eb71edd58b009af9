package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/record"
)

func newExplain() *cobra.Command {
	return &cobra.Command{
		Use:   "explain <run> <thing>/<seq>",
		Short: "Print one message's way, hop by hop, and its fate in each sink",
		Example: `  shakedown explain runs/latest sensor-00005/4
  shakedown explain runs/20261124-101500-quickstart sensor-00007/3`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := parseID(args[1])
			if err != nil {
				return usage(err)
			}
			f, err := os.Open(filepath.Join(args[0], record.LedgerFile))
			if errors.Is(err, os.ErrNotExist) {
				return explainKilled(args[0], id, cmd.OutOrStdout())
			}
			if err != nil {
				return usage(err)
			}
			defer f.Close()
			m, err := ledger.Find(f, id)
			if errors.Is(err, ledger.ErrNotFound) {
				return usage(fmt.Errorf("run %s has no message %s", args[0], id))
			}
			if err != nil {
				return err
			}
			return m.Explain(cmd.OutOrStdout())
		},
	}
}

// explainKilled says why a run without a ledger explains nothing, and how far it came.
func explainKilled(folder string, id ledger.ID, stdout io.Writer) error {
	recording, err := record.Open(folder)
	if err != nil {
		return usage(err)
	}
	fmt.Fprintf(stdout, "message  %s: unknown; the run left no ledger\n\n", id)
	if err := reports.PartialText(stdout, recording.Partial()); err != nil {
		return err
	}
	return &exitError{code: exitFailed, err: errVerdict}
}

// parseID reads <thing>/<seq>.
func parseID(text string) (ledger.ID, error) {
	thing, number, ok := strings.Cut(text, "/")
	seq, err := strconv.ParseUint(number, 10, 64)
	if !ok || thing == "" || err != nil {
		return ledger.ID{}, fmt.Errorf("%q is not <thing>/<seq>, such as sensor-00005/4", text)
	}
	return ledger.ID{Thing: thing, Seq: seq}, nil
}
