package features

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/cucumber/godog"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/explore"
)

// faultSteps run a whole scenario file inside a Gherkin scenario: what
// `shakedown explore` writes beside the file that it found.
type faultSteps struct {
	files    fs.FS // beside the features; the working folder when nil
	folder   string
	scenario *scenarios.Scenario
	trial    *explore.Trial
	subject  explore.Subject
}

// hash is the run's; empty when none ran.
func (s *faultSteps) hash() string {
	if s.trial == nil {
		return ""
	}
	return s.trial.Hash
}

func (s *faultSteps) register(sc *godog.ScenarioContext) {
	sc.Step(`^the scenario file "([^"]*)"$`, s.load)
	sc.Step(`^the scenario of seed (\d+)$`, s.draw)
	sc.Step(`^it runs$`, s.run)
	sc.Step(`^it holds that "([^"]*)"$`, s.holds)
	sc.Step(`^every promise is kept$`, s.allHold)
}

// load reads a scenario file from beside the feature.
func (s *faultSteps) load(name string) error {
	if !fs.ValidPath(name) {
		return fmt.Errorf("%q is not a path beside the feature", name)
	}
	files := s.files
	if files == nil {
		files = os.DirFS(".")
	}
	text, err := fs.ReadFile(files, path.Join(s.folder, name))
	if err != nil {
		return err
	}
	if s.scenario, err = scenarios.Parse(text); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if s.scenario.Name == "" {
		s.scenario.Name = strings.TrimSuffix(path.Base(name), path.Ext(name))
	}
	return nil
}

func (s *faultSteps) draw(seed int) error {
	s.scenario = explore.Draw(uint64(seed))
	return nil
}

// run runs it in the bubble of this Gherkin scenario.
func (s *faultSteps) run() error {
	if s.scenario == nil {
		return fmt.Errorf("there is no scenario file yet")
	}
	trial := s.subject.TryHere(s.scenario, nil)
	s.trial = &trial
	return trial.Unfit
}

// holds looks at one promise, by its words.
func (s *faultSteps) holds(words string) error {
	if s.trial == nil {
		return fmt.Errorf("it has not run yet")
	}
	promise := explore.Promise(words)
	if !slices.Contains(explore.Promises(), promise) {
		return fmt.Errorf("%q is none of the promises: %q", words, explore.Promises())
	}
	for _, f := range s.trial.Failures {
		if f.Promise == promise {
			return fmt.Errorf("%s", f)
		}
	}
	return nil
}

func (s *faultSteps) allHold() error {
	if s.trial == nil {
		return fmt.Errorf("it has not run yet")
	}
	if len(s.trial.Failures) > 0 {
		return fmt.Errorf("%v", s.trial.Failures)
	}
	return nil
}
