package scheduler

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// payload is what the function gets for one firing.
func (s *State) payload(name, input string, due time.Time, attempt int) ([]byte, error) {
	at := due.UTC().Format(time.RFC3339)
	id := wire.NewRequestID()
	if input != "" {
		return []byte(strings.NewReplacer(
			"<aws.scheduler.schedule-arn>", s.arn(name),
			"<aws.scheduler.scheduled-time>", at,
			"<aws.scheduler.execution-id>", id,
			"<aws.scheduler.attempt-number>", strconv.Itoa(attempt),
		).Replace(input)), nil
	}
	return json.Marshal(struct {
		Version    string   `json:"version"`
		ID         string   `json:"id"`
		DetailType string   `json:"detail-type"`
		Source     string   `json:"source"`
		Account    string   `json:"account"`
		Time       string   `json:"time"`
		Region     string   `json:"region"`
		Resources  []string `json:"resources"`
		Detail     string   `json:"detail"`
	}{"0", id, "Scheduled Event", "aws.scheduler", s.config.Identity.Account, at, s.config.Identity.Region, []string{s.arn(name)}, "{}"})
}
