package scenarios

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/pipeline"
	"github.com/shakedown-iot/shakedown/scenarios/readback"
)

// remoteWait is how long a queue elsewhere is waited at: there a topic delivers to its queue in its
// own time, and one answer may come from a part of the queue only.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
const remoteWait = time.Second

// deploy binds the pipeline's handlers by name, deploys it, and listens for its
// alerts.
func (w *World) deploy(ctx context.Context) error {
	out, err := w.deployVariant(ctx)
	if err != nil {
		return err
	}
	w.Deployed = out
	c := w.Pipeline
	w.Stores = readback.Stores{
		Bucket: c.Bucket, Table: c.Table, Stream: c.Stream, Database: c.Database, TimeSeriesTable: c.Telemetry,
		DeadLetters: out.DeadLetterURL,
	}
	if w.options.Backend.Remote() || w.attached != nil {
		w.Stores.Wait = remoteWait
	}
	w.Stores.AlertQueue, err = w.listenForAlerts(ctx, out.AlertTopicARN)
	return err
}

func (w *World) deployVariant(ctx context.Context) (pipeline.Outputs, error) {
	if w.options.Pipeline.Variant == PublishedPipeline {
		w.bind(pipeline.PublishedFunctions(w.AWS, w.Pipeline))
		w.bind(w.options.Functions)
		return pipeline.DeployPublished(ctx, w.AWS, w.Pipeline)
	}
	if !w.options.runsPipeline() {
		w.bind(pipeline.Functions(w.functionConfig, w.Pipeline))
	}
	w.bind(w.options.Functions)
	return pipeline.Deploy(ctx, w.AWS, w.packaged())
}

// functionConfig is what a function of the pipeline calls AWS with: its role's rights.
func (w *World) functionConfig(function string) aws.Config {
	if w.attached != nil {
		return w.AWS
	}
	return w.Cloud.AWSConfigAs(function)
}

// bind gives functions their code. An attached cloud has its own.
func (w *World) bind(functions map[string]lambda.Handler) {
	if w.attached != nil {
		return
	}
	for name, handler := range functions {
		if w.options.WrapFunction != nil {
			handler = w.options.WrapFunction(name, handler)
		}
		w.Cloud.Lambda.Bind(name, w.Faults.WrapFunction(name, handler))
	}
}

// configure makes the pipeline's configuration from the scenario's.
func configure(o WorldOptions) (pipeline.Config, error) {
	c := pipeline.Config{
		Shards: o.Pipeline.Shards, Silence: o.Pipeline.Silence, SweepEvery: o.Pipeline.Sweep, Log: functionLog(o.Log),
	}.WithDefaults()
	if o.Backend.Remote() {
		ownNames(&c)
	}
	return c, c.Validate()
}

// RootCAPath is where Handler serves the broker's root certificate: AWS has no
// API for it, because everybody has Amazon's.
const RootCAPath = "/_shakedown/ca.pem"

// MailsPath is where Handler lists the e-mails that topics would have sent, as JSON.
const MailsPath = "/_shakedown/mails"

// Handler is the cloud's endpoint with what `shakedown up` adds to it.
func (w *World) Handler() http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == RootCAPath:
			rw.Header().Set("Content-Type", "application/x-pem-file")
			rw.Write(w.Cloud.IoT.CACertificate())
		case r.URL.Path == MailsPath && w.Cloud.SNS != nil:
			rw.Header().Set("Content-Type", "application/json")
			json.NewEncoder(rw).Encode(w.Cloud.SNS.Mails())
		default:
			w.Cloud.ServeHTTP(rw, r)
		}
	})
}

// BrokerAddr is where the broker listens.
func (w *World) BrokerAddr() string { return w.options.BrokerAddr }

// DeviceAPI is the base URL of the device API; empty where none is deployed.
func (w *World) DeviceAPI() string { return w.Deployed.APIEndpoint }

// CallDeviceAPI sends a request to the device API and returns status and body.
func (w *World) CallDeviceAPI(ctx context.Context, method, path, body string) (int, string, error) {
	if w.DeviceAPI() == "" {
		return 0, "", fmt.Errorf("%s %s: this pipeline has no device API", method, path)
	}
	target, client := w.DeviceAPI()+path, HTTPClient(emulators.Direct{Handler: w.Cloud})
	if w.attached != nil {
		there, err := w.attached.reach(target)
		if err != nil {
			return 0, "", err
		}
		target, client = there, w.attached.client
	}
	r, err := http.NewRequestWithContext(ctx, method, target, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	answer, err := client.Do(r)
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text), err
}
