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
	"testing/fstest"
	"time"

	"github.com/cucumber/godog"
	messages "github.com/cucumber/messages/go/v21"

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
	// Fresh, if set, makes each scenario's World instead, for its subtest: such as one
	// attached to a container of its own. Such scenarios run in real time.
	Fresh func(*testing.T) scenarios.WorldOptions
	// Board plays a tape of a bus as a device (package hardware has what it takes).
	// Without it scenarios with the tag @hardware are left out.
	Board func(tape string) (scenarios.Outsider, error)
	// Extra registers more steps.
	Extra func(*godog.ScenarioContext, *Steps)
}

// Run runs each scenario as a subtest, in a bubble of its own, and returns a hash
// over the hashes of all: equal for equal runs. On a backend outside this process
// the scenarios run in real time, side by side, and there is no hash.
func (s Suite) Run(t *testing.T) string {
	t.Helper()
	places, err := s.places()
	if err != nil {
		t.Fatal(err)
	}
	if s.Fresh != nil || realTime(s.World) {
		t.Run(realName, func(t *testing.T) { s.sideBySide(t, places) })
		return ""
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

// place is where one scenario is written: a scenario by itself, or one example of
// an outline.
type place struct {
	name string
	file string
	line int64   // of the scenario or outline
	at   int64   // of the scenario or example
	hide []int64 // the lines of the outline's other examples
}

func (p place) String() string { return fmt.Sprintf("%s:%d", p.file, p.at) }

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
		for _, pickle := range f.Pickles {
			scenario := f.FindScenario(pickle.AstNodeIds[0])
			p := place{name: strings.TrimSuffix(f.Feature.Name, ".") + "/" + pickle.Name, file: pickle.Uri, line: scenario.Location.Line, at: scenario.Location.Line}
			// The last node is the scenario, or the row of its examples.
			if _, row := f.FindExample(pickle.AstNodeIds[len(pickle.AstNodeIds)-1]); row != nil {
				p.at = row.Location.Line
				p.hide = otherRows(scenario, p.at)
			}
			places = append(places, p)
		}
	}
	if len(places) == 0 {
		return nil, errors.New("there are no scenarios")
	}
	return places, nil
}

func otherRows(outline *messages.Scenario, line int64) []int64 {
	var others []int64
	for _, table := range outline.Examples {
		for _, row := range table.TableBody {
			if row.Location.Line != line {
				others = append(others, row.Location.Line)
			}
		}
	}
	return others
}

// alone is the files in which a place is the only one at its line: godog picks by
// the line of an outline, and would play all its examples.
func (s Suite) alone(p place) (fs.FS, error) {
	if len(p.hide) == 0 {
		return s.FS, nil
	}
	text, err := fs.ReadFile(s.FS, p.file)
	if err != nil {
		return nil, err
	}
	lines := strings.SplitAfter(string(text), "\n")
	for _, n := range p.hide {
		lines[n-1] = "\n" // an empty line between rows is none
	}
	return fstest.MapFS{p.file: {Data: []byte(strings.Join(lines, ""))}}, nil
}

// tags are those that select scenarios, without what the suite has no means for.
func (s Suite) tags() string {
	switch {
	case s.Board != nil:
		return s.Tags
	case s.Tags == "":
		return "~" + hardwareTag
	}
	return s.Tags + " && ~" + hardwareTag
}

func (s Suite) options(paths []string, out io.Writer) *godog.Options {
	return &godog.Options{Format: "pretty", Output: out, FS: s.FS, Paths: paths, Tags: s.tags(), Strict: true, NoColors: true}
}

// one runs one scenario in a bubble. A failure shows the steps.
func (s Suite) one(p place) (hash string, err error) {
	var failed error
	err = bubble.Run(bubble.Options{Start: Start, Stall: 2 * time.Minute, Limit: 40 * 24 * time.Hour}, func() {
		hash, failed = s.play(p)
	})
	if err != nil {
		return "", fmt.Errorf("%s: %w", p, err)
	}
	return hash, failed
}

// play runs one scenario, in whatever time it is called in.
func (s Suite) play(p place) (hash string, err error) {
	files, err := s.alone(p)
	if err != nil {
		return "", fmt.Errorf("%s: %w", p, err)
	}
	var out strings.Builder
	played := 0
	steps := NewSteps(s.World)
	steps.board.open = s.Board
	steps.Beside(s.FS, path.Dir(p.file))
	options := s.options([]string{fmt.Sprintf("%s:%d", p.file, p.line)}, &out)
	options.FS = files
	suite := godog.TestSuite{
		Options: options,
		ScenarioInitializer: func(sc *godog.ScenarioContext) {
			played++
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
	if suite.Run() != 0 {
		return "", fmt.Errorf("%s failed:\n%s\nrun it alone: go test ./features -run 'TestFeatures/%s'", p, out.String(), strings.ReplaceAll(p.name, " ", "_"))
	}
	if played != 1 {
		return "", fmt.Errorf("%s: %d scenarios were played, not this one", p, played)
	}
	return hash, nil
}
