package scenarios_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const module = "github.com/shakedown-iot/shakedown/"

// bans are the arrows of DESIGN.md §1: who must not import whom, and why.
var bans = []struct{ from, to, why string }{
	{"sim", "emulators", "a device knows the cloud only by MQTT"},
	{"sim", "pipeline", "a device knows the cloud only by MQTT"},
	{"emulators", "pipeline", "an emulator runs any pipeline, not ours"},
	{"emulators", "sim", "an emulator serves any client, not ours"},
	{"pipeline", "sim", "the pipeline is deployed without the simulator"},
	{"pipeline", "emulators", "the pipeline reaches AWS only through an aws.Config"},
	{"pipeline", "scenarios", "the pipeline is deployed without the simulator"},
	{"pipeline", "reports", "the pipeline is deployed without the simulator"},
	{"reports", "", "a report is made from data alone"},
	{"scenarios", "hardware", "a board is one more client"},
	{"scenarios", "features", "features stand on scenarios"},
	{"scenarios/tap", "sim", "a tap is on the cloud's side of the network"},
	{"scenarios/tap", "pipeline", "a tap sees calls, not who makes them"},
	{"scenarios/verdict", "emulators", "a verdict is of ledger and evidence alone"},
	{"scenarios/verdict", "sim", "a verdict is of ledger and evidence alone"},
	{"scenarios/verdict", "pipeline", "a verdict is of ledger and evidence alone"},
	{"scenarios/record", "emulators", "what a run left is read without a cloud"},
	{"scenarios/readback", "emulators", "evidence comes through the public AWS APIs"},
	{"scenarios/readback", "sim", "evidence is what is stored, not what was sent"},
	{"scenarios/shape", "pipeline", "who judges a pipeline does not ask it"},
	{"scenarios/shape", "emulators", "who judges a pipeline does not ask the cloud"},
	{"scenarios/offline", "emulators", "silence is judged by instants alone"},
	{"scenarios/offline", "pipeline", "silence is judged by instants alone"},
	{"scenarios/offline", "scenarios", "the judgement of a run does not know how it was run"},
	{"scenarios/console", "emulators", "the console looks at any AWS endpoint"},
	{"scenarios/console", "sim", "the console knows devices only by the device API"},
	{"scenarios/traffic", "", "it is fed by every part and read from outside"},
	{"hardware", "emulators", "a board knows the cloud only by MQTT"},
	{"hardware", "pipeline", "a board knows the cloud only by MQTT"},
	{"sim/memnet", "", "every test may use it"},
	{"sim/bubble", "", "every test may use it"},
	{"sim/mqtt", "", "every test may use it"},
}

func TestImportArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, module+"...").Output()
	require.NoError(t, err)
	packages := 0
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		from := strings.TrimPrefix(words[0], module)
		packages++
		for _, imported := range words[1:] {
			to, ours := strings.CutPrefix(imported, module)
			if !ours {
				continue
			}
			for _, ban := range bans {
				inside := within(to, ban.from)
				require.False(t, within(from, ban.from) && !inside && within(to, ban.to),
					"%s imports %s: %s", from, to, ban.why)
			}
		}
	}
	require.Greater(t, packages, 20, "the list of packages is too short to prove anything")
}

func within(path, folder string) bool {
	return folder == "" || path == folder || strings.HasPrefix(path, folder+"/")
}
