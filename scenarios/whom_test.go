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
