package tap

import (
	"net/http"
	"time"

	"github.com/shakedown-iot/shakedown/scenarios/offline"
	"github.com/shakedown-iot/shakedown/scenarios/shape"
)

// detection looks at the calls that keep lastSeen and at those that ask for it:
// what the offline detector could know.
type detection struct{ *offline.Watch }

func (t detection) watcher(operation string) watcher {
	switch operation {
	case "DynamoDB_20120810.UpdateItem":
		return t.update
	case "DynamoDB_20120810.Query":
		return t.query
	}
	return nil
}

// update enters a new lastSeen. The sweep's own update has one too, as condition.
func (t detection) update(call content, answer *http.Response, at time.Time) {
	if answer.StatusCode != http.StatusOK {
		return
	}
	thing, ok := shape.Device(call.get("Key.PK.S").Str)
	seen, err := time.Parse(time.RFC3339Nano, call.get("ExpressionAttributeValues.:seen.S").Str)
	if !ok || err != nil || call.get("ExpressionAttributeValues.:offline").Exists() {
		return
	}
	t.Know(thing, seen, at)
}

// query enters a sweep: it alone asks for a cutoff.
func (t detection) query(call content, answer *http.Response, at time.Time) {
	if answer.StatusCode == http.StatusOK && call.get("ExpressionAttributeValues.:cutoff").Exists() {
		t.Sweep(at)
	}
}
