// Package pipeline deploys the source document's IoT pipeline on any AWS
// endpoint: streams, tables, bucket, topics, roles, functions, mappings, rules, API and
// schedule, and names the handlers behind the functions.
//
//	devices/+/telemetry ─ TelemetryToKinesis ─> iot-telemetry ─┬─> iot-stream-processor ─> Timestream, DynamoDB
//	                    └ ArchiveToS3 ────────> iot-raw-archive └─> iot-alert-handler ───> SNS, command, alert history
//	devices/+/status ──── DeviceStatus ───────> iot-device-status ┐
//	$aws/events/presence ─ DevicePresence ────> iot-device-presence ├─> DynamoDB <─ iot-device-api <─ API Gateway
//	rate(1 minute) ───────────────────────────> iot-offline-sweep ┘
//	failed actions, poison records, rejected points, batches given up ─> iot-dead-letter
//
// [Deploy] may run twice: what is there as wanted is left alone. The pipeline
// imports nothing of the simulator and reaches AWS only through an aws.Config.
package pipeline

import (
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// The functions, by name.
const (
	StreamProcessor = "iot-stream-processor"
	AlertHandler    = "iot-alert-handler"
	DeviceStatus    = "iot-device-status"
	DevicePresence  = "iot-device-presence"
	OfflineSweep    = "iot-offline-sweep"
	DeviceAPI       = "iot-device-api"
)

// FunctionMemory is what each function has, in MB.
const FunctionMemory = 256

// Config names the resources. The zero value is the source's names and two
// shards.
type Config struct {
	Account, Region string

	Stream      string // Kinesis
	Shards      int
	Bucket      string // S3
	Table       string // DynamoDB, PK and SK with StatusIndex
	Database    string // Timestream
	Telemetry   string // Timestream table
	Alerts      string // Timestream table
	AlertTopic  string // SNS
	ErrorTopic  string // SNS: error actions of rules
	DeadLetters string // SQS
	Policy      string // IoT policy of devices
	API         string // API Gateway
	Schedule    string // EventBridge Scheduler

	// Silence is how long a device may be silent before it counts as offline.
	Silence time.Duration
	// SweepEvery is how often that is looked at. EventBridge Scheduler cannot go
	// below a minute; with less no schedule is made and the caller invokes
	// OfflineSweep itself.
	SweepEvery time.Duration
	// MemoryRetention and MagneticRetention are Timestream's, in hours and days.
	MemoryRetentionHours, MagneticRetentionDays int64
	// Code is the zip with a function's bootstrap; where Go handlers are bound by
	// name it is not looked into.
	Code func(function string) ([]byte, error)
	Log  *slog.Logger
}

// WithDefaults fills in what is empty.
func (c Config) WithDefaults() Config {
	for _, d := range []struct {
		field *string
		value string
	}{
		{&c.Account, "000000000000"}, {&c.Region, "us-east-1"},
		{&c.Stream, "iot-telemetry"}, {&c.Bucket, "iot-raw-archive"}, {&c.Table, "iot-devices"},
		{&c.Database, "iot-data"}, {&c.Telemetry, "telemetry"}, {&c.Alerts, "alerts"},
		{&c.AlertTopic, "iot-alerts"}, {&c.ErrorTopic, "iot-pipeline-errors"}, {&c.DeadLetters, "iot-dead-letter"},
		{&c.Policy, "SensorPolicy"}, {&c.API, "iot-device-api"}, {&c.Schedule, "iot-offline-sweep"},
	} {
		if *d.field == "" {
			*d.field = d.value
		}
	}
	if c.Shards == 0 {
		c.Shards = 2
	}
	if c.Silence == 0 {
		c.Silence = 10 * time.Minute
	}
	if c.SweepEvery == 0 {
		c.SweepEvery = time.Minute
	}
	if c.MemoryRetentionHours == 0 {
		c.MemoryRetentionHours = 24
	}
	if c.MagneticRetentionDays == 0 {
		c.MagneticRetentionDays = 365
	}
	if c.Code == nil {
		c.Code = emptyBootstrap
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// Validate says what is wrong with a configuration with its defaults.
func (c Config) Validate() error {
	var errs []error
	if c.Shards < 1 {
		errs = append(errs, fmt.Errorf("pipeline: %d shards", c.Shards))
	}
	if c.Silence < time.Second {
		errs = append(errs, fmt.Errorf("pipeline: silence %s is shorter than 1s", c.Silence))
	}
	if c.SweepEvery <= 0 {
		errs = append(errs, fmt.Errorf("pipeline: sweep every %s", c.SweepEvery))
	}
	if c.SweepEvery >= time.Minute && c.SweepEvery%time.Minute != 0 {
		errs = append(errs, fmt.Errorf("pipeline: sweep every %s is not a whole number of minutes, the unit of EventBridge Scheduler", c.SweepEvery))
	}
	return errors.Join(errs...)
}

func (c Config) arn(service, resource string) string {
	return "arn:aws:" + service + ":" + c.Region + ":" + c.Account + ":" + resource
}

// role is the ARN of a role.
func (c Config) role(name string) string { return "arn:aws:iam::" + c.Account + ":role/" + name }

// FunctionARN is the ARN of a function.
func (c Config) FunctionARN(name string) string { return c.arn("lambda", "function:"+name) }

// AlertTopicARN is the ARN of the topic of alerts.
func (c Config) AlertTopicARN() string { return c.arn("sns", c.AlertTopic) }

// deadLetterURL is the dead-letter queue as SDKs name it; AWS routes by its path.
func (c Config) deadLetterURL() string {
	return "https://sqs." + c.Region + ".amazonaws.com/" + c.Account + "/" + c.DeadLetters
}
