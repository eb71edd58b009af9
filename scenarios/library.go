package scenarios

import (
	"embed"
	"fmt"
)

// library holds the scenario files that users start from.
//
//go:embed *.yaml
var library embed.FS

// FromLibrary is a scenario that ships with Shakedown, by name: quickstart,
// as-published.
func FromLibrary(name string) (*Scenario, error) {
	text, err := library.ReadFile(name + ".yaml")
	if err != nil {
		return nil, fmt.Errorf("there is no scenario %q in the library: %w", name, err)
	}
	s, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s.yaml: %w", name, err)
	}
	return s, nil
}
