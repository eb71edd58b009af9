package scheduler

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// payload is what the target gets for one attempt of a firing of a schedule, named by its ARN.
func (s *State) payload(schedule, input string, f firing) ([]byte, error) {
	at := f.due.UTC().Format(time.RFC3339)
	if input != "" {
		return []byte(strings.NewReplacer(
			"<aws.scheduler.schedule-arn>", schedule,
			"<aws.scheduler.scheduled-time>", at,
			"<aws.scheduler.execution-id>", f.id,
			"<aws.scheduler.attempt-number>", strconv.Itoa(f.attempts),
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
	}{"0", f.id, "Scheduled Event", "aws.scheduler", s.config.Identity.Account, at, s.config.Identity.Region, []string{schedule}, "{}"})
}
