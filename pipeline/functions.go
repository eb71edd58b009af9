package pipeline

import (
	"archive/zip"
	"bytes"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/shakedown-iot/shakedown/pipeline/alerts"
	"github.com/shakedown-iot/shakedown/pipeline/batch"
	"github.com/shakedown-iot/shakedown/pipeline/devices"
	"github.com/shakedown-iot/shakedown/pipeline/published"
	"github.com/shakedown-iot/shakedown/pipeline/streamprocessor"
)

// Functions are the handlers by function name, for running them in process: the
// same that cmd/<function> hands to lambda.Start. Each has a configuration of its own,
// as a function has its role's credentials.
func Functions(cfg func(function string) aws.Config, c Config) map[string]lambda.Handler {
	handlers := map[string]lambda.Handler{}
	for name, f := range handlerFuncs(cfg, c.WithDefaults()) {
		handlers[name] = lambda.NewHandler(f)
	}
	return handlers
}

// Function is one handler, for lambda.Start.
func Function(name string, cfg aws.Config, c Config) any {
	return handlerFuncs(func(string) aws.Config { return cfg }, c.WithDefaults())[name]
}

func handlerFuncs(cfg func(function string) aws.Config, c Config) map[string]any {
	return map[string]any{
		StreamProcessor: batch.Func(streamprocessor.New(cfg(StreamProcessor), streamprocessor.Config{
			Database: c.Database, Table: c.Telemetry, DeviceTable: c.Table, DeadLetterURL: c.deadLetterURL(),
			Function: StreamProcessor, Log: c.Log,
		}).Handle),
		AlertHandler: batch.Func(alerts.New(cfg(AlertHandler), alerts.Config{
			DeviceTable: c.Table, TopicARN: c.AlertTopicARN(), Database: c.Database, Table: c.Alerts, Log: c.Log,
		}).Handle),
		DeviceStatus:   devices.NewStatusHandler(cfg(DeviceStatus), c.Table).Handle,
		DevicePresence: devices.NewPresenceHandler(cfg(DevicePresence), c.Table).Handle,
		OfflineSweep:   devices.NewSweep(cfg(OfflineSweep), c.Table, c.Silence).Handle,
		DeviceAPI:      devices.NewAPI(cfg(DeviceAPI), c.Table, c.Log).Handle,
	}
}

// PublishedFunctions are the source's own handlers, faults included.
func PublishedFunctions(cfg aws.Config, c Config) map[string]lambda.Handler {
	c = c.WithDefaults()
	return map[string]lambda.Handler{
		StreamProcessor: lambda.NewHandler(published.NewStreamProcessor(cfg, c.Database, c.Telemetry).Handle),
		AlertHandler:    lambda.NewHandler(published.NewAlertHandler(cfg, c.AlertTopicARN()).Handle),
		DeviceAPI:       lambda.NewHandler(published.DeviceAPI),
	}
}

// emptyBootstrap is a zip with an empty bootstrap, for where handlers are bound
// by name.
func emptyBootstrap(string) ([]byte, error) {
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	if _, err := w.Create("bootstrap"); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return file.Bytes(), nil
}
