package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/record"
)

// comparisons are the formats of `report --compare`. JUnit is none: a comparison has
// no test cases.
var comparisons = map[string]func(io.Writer, *reports.Comparison) error{
	"text":     reports.CompareText,
	"json":     func(w io.Writer, c *reports.Comparison) error { return c.Write(w) },
	"html":     reports.CompareHTML,
	"markdown": reports.CompareMarkdown,
}

// against holds a result against that of an earlier run.
func (f reportFlags) against(now *reports.Result, stdout io.Writer) error {
	render, ok := comparisons[f.format]
	if !ok {
		return usage(fmt.Errorf("--format %s does not go with --compare; take one of %s", f.format, formats(comparisons)))
	}
	before, err := record.ReadResult(f.compare)
	if errors.Is(err, os.ErrNotExist) {
		return usage(fmt.Errorf("--compare: run %s has no result: it is no run, or it was killed", f.compare))
	}
	if err != nil {
		return usage(fmt.Errorf("--compare: %w", err))
	}
	comparison := reports.Compare(before, now, float64(f.tolerance))
	if err := render(stdout, comparison); err != nil {
		return err
	}
	if comparison.Regressed() {
		return &exitError{code: exitFailed, err: errVerdict}
	}
	return nil
}

// percentage is a flag such as 10%, kept as a share.
type percentage float64

// String implements pflag.Value.
func (p *percentage) String() string { return fmt.Sprintf("%.4g%%", 100*float64(*p)) }

// Type implements pflag.Value.
func (p *percentage) Type() string { return "percentage" }

// Set implements pflag.Value.
func (p *percentage) Set(text string) error {
	number, ok := strings.CutSuffix(strings.TrimSpace(text), "%")
	v, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if !ok || err != nil || !(v >= 0 && v <= 1000) {
		return fmt.Errorf("%q is no percentage between 0%% and 1000%%, such as 10%%", text)
	}
	*p = percentage(v / 100)
	return nil
}
