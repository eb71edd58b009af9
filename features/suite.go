package features

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"
	"testing"
	"time"

	"github.com/cucumber/godog"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/sim/bubble"
)

// Files are Shakedown's own features.
//
//go:embed *.feature
var Files embed.FS

// Start is the virtual time at which each scenario begins.
var Start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Suite is a set of features to run.
type Suite struct {
	// FS and Paths are where the .feature files are; all of FS when Paths is empty.
	FS    fs.FS
	Paths []string
	// Tags selects scenarios by a godog tag expression, such as @portable.
	Tags string
	// World is what each scenario's world is made with.
	World scenarios.WorldOptions
	// Extra registers more steps.
	Extra func(*godog.ScenarioContext, *Steps)
}

// Run runs each scenario as a subtest, in a bubble of its own, and returns a hash
// over the hashes of all: equal for equal runs.
func (s Suite) Run(t *testing.T) string {
	t.Helper()
	places, err := s.places()
	if err != nil {
		t.Fatal(err)
	}
	all := sha256.New()
	for _, p := range places {
		t.Run(p.name, func(t *testing.T) {
			// t.Run inside a bubble panics, and so does a suite with TestingT: one
			// bubble and one fresh suite a scenario (DESIGN.md §3).
			hash, err := s.one(p)
			if err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(all, "%s %s\n", p.name, hash)
		})
	}
	return hex.EncodeToString(all.Sum(nil))
}

type place struct{ name, uri string }

// places lists the scenarios; an outline is one per example.
func (s Suite) places() ([]place, error) {
	paths := s.Paths
	if len(paths) == 0 {
		paths = []string{"."}
	}
	suite := godog.TestSuite{Options: s.options(paths, io.Discard)}
	found, err := suite.RetrieveFeatures()
	if err != nil {
		return nil, fmt.Errorf("read features: %w", err)
	}
	var places []place
	for _, f := range found {
		for _, p := range f.Pickles {
			// The last node is the scenario, or the row of its examples.
			id := p.AstNodeIds[len(p.AstNodeIds)-1]
			var line int64
			if _, row := f.FindExample(id); row != nil {
				line = row.Location.Line
			} else {
				line = f.FindScenario(p.AstNodeIds[0]).Location.Line
			}
			places = append(places, place{
				name: strings.TrimSuffix(f.Feature.Name, ".") + "/" + p.Name,
				uri:  fmt.Sprintf("%s:%d", p.Uri, line),
			})
		}
	}
	if len(places) == 0 {
		return nil, errors.New("there are no scenarios")
	}
	return places, nil
}

func (s Suite) options(paths []string, out io.Writer) *godog.Options {
	return &godog.Options{Format: "pretty", Output: out, FS: s.FS, Paths: paths, Tags: s.Tags, Strict: true, NoColors: true}
}

// one runs one scenario in a bubble. A failure shows the steps.
func (s Suite) one(p place) (string, error) {
	var out strings.Builder
	var hash string
	var status int
	err := bubble.Run(bubble.Options{Start: Start, Stall: 2 * time.Minute, Limit: 40 * 24 * time.Hour}, func() {
		steps := NewSteps(s.World)
		steps.Beside(s.FS, path.Dir(p.uri))
		suite := godog.TestSuite{
			Options: s.options([]string{p.uri}, &out),
			ScenarioInitializer: func(sc *godog.ScenarioContext) {
				steps.Register(sc)
				if s.Extra != nil {
					s.Extra(sc, steps)
				}
				sc.After(func(ctx context.Context, _ *godog.Scenario, err error) (context.Context, error) {
					var closing error
					hash, closing = steps.Close()
					return ctx, closing
				})
			},
		}
		status = suite.Run()
	})
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", p.uri, err, out.String())
	}
	if status != 0 {
		return "", fmt.Errorf("%s failed:\n%s\nrun it alone: go test ./features -run 'TestFeatures/%s'", p.uri, out.String(), strings.ReplaceAll(p.name, " ", "_"))
	}
	return hash, nil
}
