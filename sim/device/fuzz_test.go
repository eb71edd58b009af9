package device

import (
	"encoding/json"
	"testing"
	"time"
)

// FuzzCommand gives a device any command: its answer is always JSON, its interval
// always within bounds.
func FuzzCommand(f *testing.F) {
	for _, seed := range []string{`{"action":"reboot"}`, `{"action":"update_interval","interval":30,"id":7}`,
		`{"action":"update_interval","interval":-1e400}`, `{"action":"enter_safe_mode","id":{"a":[1]}}`, `{}`, `[]`, `null`, ``, `{"action":1}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		r := &runner{Device: New(Config{Thing: "s"}), interval: time.Minute, out: outbox{limit: 10}}
		r.receive(payload)
		r.execute(time.Now())
		if r.interval < minInterval || r.interval > maxInterval {
			t.Fatalf("interval %s", r.interval)
		}
		for _, m := range r.out.waiting {
			if !json.Valid(m.payload) {
				t.Fatalf("answer %q is not JSON", m.payload)
			}
		}
	})
}
