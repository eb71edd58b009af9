package ledger

import (
	"encoding/json"
	"fmt"
	"time"
)

// instants are when a message reached each stage, in Unix ns; 0 is never. In a
// file they are an object of RFC 3339 times.
type instants [stages]int64

// stageKeys name the stages in files.
var stageKeys = [stages]string{"sampled", "sent", "accepted", "archived", "streamed", "acked", "written", "state", "alerted"}

// MarshalJSON implements json.Marshaler.
func (i instants) MarshalJSON() ([]byte, error) {
	out := append(make([]byte, 0, 48*stages), '{')
	for s, ns := range i {
		if ns == 0 {
			continue
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(append(out, '"'), stageKeys[s]...), `":"`...)
		out = append(time.Unix(0, ns).UTC().AppendFormat(out, time.RFC3339Nano), '"')
	}
	return append(out, '}'), nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (i *instants) UnmarshalJSON(text []byte) error {
	var times map[string]time.Time
	if err := json.Unmarshal(text, &times); err != nil {
		return fmt.Errorf("at: %w", err)
	}
	for s, key := range stageKeys {
		if at, ok := times[key]; ok {
			i[s] = at.UnixNano()
		}
	}
	return nil
}
