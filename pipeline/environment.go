package pipeline

import (
	"fmt"
	"time"
)

// Environment is what FromEnvironment reads back, for a function's configuration.
// The Region is not in it: Lambda sets AWS_REGION itself.
func (c Config) Environment() map[string]string {
	return map[string]string{
		"AWS_ACCOUNT_ID": c.Account, "TIMESTREAM_DATABASE": c.Database, "TIMESTREAM_TABLE": c.Telemetry, "ALERT_TABLE": c.Alerts,
		"DEVICE_TABLE": c.Table, "ALERT_TOPIC": c.AlertTopic, "DEAD_LETTER_QUEUE": c.DeadLetters, "SILENCE": c.Silence.String(),
	}
}

// FromEnvironment reads a function's configuration from its environment, with
// the names of the source document where it has them: TIMESTREAM_DATABASE,
// TIMESTREAM_TABLE, DEVICE_TABLE, ALERT_TOPIC (a name);
// besides ALERT_TABLE, DEAD_LETTER_QUEUE, SILENCE (such as 10m), AWS_REGION and
// AWS_ACCOUNT_ID. What is not set has its default.
func FromEnvironment(getenv func(string) string) (Config, error) {
	c := Config{
		Account: getenv("AWS_ACCOUNT_ID"), Region: getenv("AWS_REGION"),
		Database: getenv("TIMESTREAM_DATABASE"), Telemetry: getenv("TIMESTREAM_TABLE"), Alerts: getenv("ALERT_TABLE"),
		Table: getenv("DEVICE_TABLE"), AlertTopic: getenv("ALERT_TOPIC"), DeadLetters: getenv("DEAD_LETTER_QUEUE"),
	}
	if text := getenv("SILENCE"); text != "" {
		silence, err := time.ParseDuration(text)
		if err != nil {
			return c, fmt.Errorf("SILENCE %q is not a duration such as 10m", text)
		}
		c.Silence = silence
	}
	c = c.WithDefaults()
	return c, c.Validate()
}
