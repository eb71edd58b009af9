package explore

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
)

// Write writes <name>.yaml and <name>.feature of a find into a folder, which is
// made where it is not there, and returns their paths.
//
// The scenario file is for `shakedown run` and `shakedown explore --replay`; the
// feature is for the step library of package features, which looks for the file
// beside it.
func (f Find) Write(folder, version string) ([]string, error) {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, err
	}
	scenario, err := f.yaml(version)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, file := range []struct{ name, text string }{
		{f.Scenario.Name + ".yaml", scenario}, {f.Scenario.Name + ".feature", f.feature()},
	} {
		path := filepath.Join(folder, file.name)
		if err := os.WriteFile(path, []byte(file.text), 0o666); err != nil {
			return paths, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// yaml is the scenario with what is known of it on top.
func (f Find) yaml(version string) (string, error) {
	text, err := yaml.MarshalWithOptions(f.Scenario, yaml.UseLiteralStyleIfMultiline(true), yaml.CustomMarshaler(plainDuration))
	if err != nil {
		return "", fmt.Errorf("write scenario %s: %w", f.Scenario.Name, err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "# Found by `shakedown explore --from %d --seeds 1`, shakedown %s, in %d smaller runs.\n", f.Seed, version, f.Runs)
	fmt.Fprintf(&b, "# %s\n", comment(f.Failure.String()))
	if f.Verdict {
		fmt.Fprintf(&b, "# See it again: shakedown run %s.yaml\n", f.Scenario.Name)
	} else {
		fmt.Fprintf(&b, "# `shakedown run` does not look at this promise; see it again: shakedown explore --replay %s.yaml\n", f.Scenario.Name)
	}
	b.Write(text)
	return b.String(), nil
}

// plainDuration writes 90s as people do, and as scenario files are read.
func plainDuration(d time.Duration) ([]byte, error) {
	text := []byte(d.String())
	if bytes.HasSuffix(text, []byte("m0s")) {
		text = text[:len(text)-2]
	}
	if bytes.HasSuffix(text, []byte("h0m")) {
		text = text[:len(text)-2]
	}
	return text, nil
}

// feature is the same as Gherkin.
func (f Find) feature() string {
	s := f.Scenario
	var b strings.Builder
	fmt.Fprintf(&b, "Feature: %s\n", s.Name)
	fmt.Fprintf(&b, "  Found by `shakedown explore` with seed %d.\n", f.Seed)
	fmt.Fprintf(&b, "  %s\n\n", comment(f.Failure.String()))
	fmt.Fprintf(&b, "  Scenario: %s\n", upper(string(f.Failure.Promise)))
	fmt.Fprintf(&b, "    Given the scenario file %q\n", s.Name+".yaml")
	fmt.Fprintf(&b, "    When it runs\n")
	fmt.Fprintf(&b, "    Then it holds that %q\n", f.Failure.Promise)
	return b.String()
}

// comment fits a text into one line.
func comment(text string) string {
	return strings.Join(strings.Fields(text), " ")
}

func upper(text string) string { return strings.ToUpper(text[:1]) + text[1:] }
