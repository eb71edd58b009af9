package shape

import (
	"encoding/json"
	"time"

	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// Alert reads an alert message, of the default or the published pipeline.
func Alert(text []byte) (ledger.SentAlert, bool) {
	var m struct{ Kind, Severity, DeviceID, Timestamp, Message string }
	if json.Unmarshal(text, &m) != nil || m.DeviceID == "" {
		return ledger.SentAlert{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, m.Timestamp)
	if err != nil {
		return ledger.SentAlert{}, false
	}
	return ledger.SentAlert{Thing: m.DeviceID, Kind: m.Kind, Severity: m.Severity, Timestamp: at.UnixMilli(), Message: m.Message}, true
}
