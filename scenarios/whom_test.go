package scenarios_test

import (
	"strings"
	"testing"

	"github.com/shakedown-iot/shakedown/scenarios"
)

// What is for nobody is an error of the file, with its place, and not one of the
// run after the cloud has started.
func TestValidateTellsWhatIsForNobody(t *testing.T) {
	const fleet = "duration: 1m\nfleet:\n  - {name: berlin, count: 2, attributes: {site: berlin}}\n"
	for text, want := range map[string]string{
		"faults: [{at: 1s, for: 1s, kind: partition, target: {attribute: {site: mars}}}]": "[4:53] faults[0].target: site=mars befalls nobody",
		"faults: [{at: 1s, for: 1s, kind: partition, target: {thing: berlin-00003}}]":     "faults[0].target: berlin-00003 befalls nobody",
		"faults: [{at: 1s, for: 1s, kind: partition, target: {group: bonn}}]":             "befalls nobody",
		"commands: [{at: 1s, thing: berlin-00003, action: reboot}]":                       `[4:28] commands[0].thing: "berlin-00003": the thing is not in the fleet`,
		"  - {name: bonn, count: 3, only: {bonn-00004: {humidity: {base: 1}}}}":           "fleet[1].only.bonn-00004: group bonn has bonn-00001 to bonn-00003",
		"---\nname: second": "[5:5] a second document: a file holds one scenario",
		"faults: [{at: 1s, for: 1s, kind: partition, target: {attribute: {site: berlin}}}]":   "",
		"faults: [{at: 1s, for: 1s, kind: partition, target: {thing: '*-00002', share: 1%}}]": "",
		"commands: [{at: 1s, thing: berlin-00002, action: reboot}]\n---":                      "",
	} {
		_, err := scenarios.Parse([]byte(fleet + text))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: %v, not %q", text, err, want)
		}
	}
}

// Errors of the YAML library have a position and speak of the scenario, not of Go.
func TestParseTellsWhatAValueMustBe(t *testing.T) {
	for text, want := range map[string]string{
		"duration: 1m\nfleet: [{name: s, count: five}]": "[2:26] this must be a whole number",
		"duration: 60\nfleet: [{name: s, count: 1}]":    "[1:11] this must be a duration such as 250ms, 20s or 24h",
		"seed: -1": "[1:7] this must be a whole number that is not negative",
		"faults: [{at: 1s, kind: partition, target: {share: 110%}}]": `[1:52] "110%" is not a share between 0% and 100%`,
	} {
		_, err := scenarios.Parse([]byte(text))
		if err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, not %q", text, err, want)
		}
	}
}
