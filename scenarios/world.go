package scenarios

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
	"github.com/shakedown-iot/shakedown/emulators/lambda"
	"github.com/shakedown-iot/shakedown/pipeline"
	svcfault "github.com/shakedown-iot/shakedown/scenarios/fault"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/offline"
	"github.com/shakedown-iot/shakedown/scenarios/quota"
	"github.com/shakedown-iot/shakedown/scenarios/readback"
	"github.com/shakedown-iot/shakedown/scenarios/tap"
	"github.com/shakedown-iot/shakedown/scenarios/traffic"
	"github.com/shakedown-iot/shakedown/sim/journal"
	"github.com/shakedown-iot/shakedown/sim/memnet"
)

// brokerAddr is where the broker listens on an in-memory network.
const brokerAddr = "broker.iot.us-east-1.localhost:8883"

// WorldOptions configure a World. The zero value is a silent world on an
// in-memory network.
type WorldOptions struct {
	Pipeline Pipeline
	// Backend is where the stores are; in this process when zero. Elsewhere they
	// get names of this world's own, and Close removes them.
	Backend Backend
	// Attach, if set, is the base URL of a `shakedown up` or its image: the world has
	// no cloud of its own and no Backend. Its broker is at BrokerAddr, or where
	// DescribeEndpoint says.
	Attach string
	// NoPipeline leaves the cloud empty.
	NoPipeline bool
	// Network is where devices meet the broker; in memory when nil.
	Network Network
	// BrokerAddr is where the broker listens on Network.
	BrokerAddr string
	// Endpoint is the cloud's base URL, as clients see it.
	Endpoint string
	// Functions are bound by name besides the pipeline's own.
	Functions map[string]lambda.GoHandler
	// Processes runs functions as processes; nil runs none.
	Processes *Processes
	// Seed decides which calls faults hit.
	Seed uint64
	// Wrap stands between the SDK clients, behind faults and taps, and the cloud.
	Wrap func(HTTPClient) HTTPClient
	// WrapTargets changes the targets of rule actions.
	WrapTargets func(action.Targets) action.Targets
	// WrapFunction changes the handler of a function.
	WrapFunction func(name string, handler lambda.GoHandler) lambda.GoHandler
	// Beat, if set, counts what read-backs find: a sign of life.
	Beat *atomic.Int64
	// Traffic counts what goes through rules, streams and functions; one of the
	// world's own when nil.
	Traffic *traffic.Traffic
	// Certificates are the authority and those of a fleet, from an earlier run; new
	// ones when nil.
	Certificates *registry.Pool
	// Web reaches the web servers that topics deliver to; nil refuses them.
	Web HTTPClient
	// Enforce applies AWS's quotas of rates in the emulators.
	Enforce bool
	// Forget keeps no ledger: for a cloud that runs for long.
	Forget bool
	Log    *slog.Logger
}

// World is a running cloud with a deployed pipeline and a ledger: what a
// scenario runs in, and what the features use step by step.
//
//	w, err := scenarios.NewWorld(ctx, scenarios.WorldOptions{})
//	defer w.Close()
type World struct {
	Cloud    *emulators.Cloud // nil where the cloud is attached
	AWS      aws.Config
	Pipeline pipeline.Config
	Deployed pipeline.Outputs
	Stores   readback.Stores
	Ledger   *ledger.Ledger

	options WorldOptions
	// Faults befall the services, the stream and the functions.
	Faults *svcfault.Injector

	endpoint *endpoint // of processes; nil without
	attached *attachment
	broker   brokerRun
	offline  offline.Watch
	trouble  trouble
	quotas   *quota.Counter  // nil counts nothing
	found    ledger.Evidence // accumulated by ReadBack
	extra    []ledger.Finding
	facts    journal.Hash // of the run
	clients  *tls.Config  // of all devices
	stop     context.CancelFunc
	running  sync.WaitGroup
	failed   error // of a part that ended by itself; read after running.Wait
	failing  sync.Mutex
}

// NewWorld starts the cloud and deploys the pipeline. Close ends it.
func NewWorld(ctx context.Context, options WorldOptions) (*World, error) {
	if options.Attach != "" {
		settings, err := configure(options)
		if err != nil {
			return nil, err
		}
		return newAttached(ctx, options, settings)
	}
	if options.Network == nil {
		options.Network = &memnet.Network{}
	}
	if options.Traffic == nil {
		options.Traffic = &traffic.Traffic{}
	}
	orDefault(&options.BrokerAddr, brokerAddr)
	settings, err := configure(options)
	if err != nil {
		return nil, err
	}
	w := &World{options: options, Pipeline: settings, Ledger: ledger.New(), Faults: svcfault.New(options.Seed)}
	w.options.Pipeline.Silence, w.options.Pipeline.Sweep = settings.Silence, settings.SweepEvery
	if err := w.openEndpoint(); err != nil {
		return nil, err
	}
	config := emulators.Config{
		Backend:      options.Backend,
		Endpoint:     w.options.Endpoint,
		Processes:    options.Processes.host(),
		MQTTEndpoint: options.BrokerAddr,
		Wrap:         w.wrap,
		WrapTargets:  w.wrapTargets,
		Retryer:      newRetryer,
		Gate:         w.Faults.Gate,
		Certificates: options.Certificates,
		Deliveries:   w.Faults.Deliveries,
		Enforce:      options.Enforce,
		Web:          options.Web,
		Seed:         options.Seed,
		Poll:         options.Pipeline.Poll,
		Log:          options.Log,
	}
	config.Appended, config.IoT, config.Lambda = w.countAppended, w.countRules, w.countFunctions
	if !options.Forget {
		w.quotas = quota.New(quota.Defaults())
		t := w.tap()
		config.IoT = func(e event.Event) { w.countRules(e); t.Broker(e) }
		config.Lambda = func(e lambda.Event) { w.countFunctions(e); t.Function(e) }
	}
	cloud, err := emulators.New(config)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("start the cloud: %w", err), w.endpoint.close())
	}
	w.Cloud, w.AWS = cloud, cloud.AWSConfig()
	w.clients = w.clientTLS(cloud.IoT.CACertificate())
	if err := w.start(ctx); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	return w, nil
}

// tap enters what the cloud does into ledger, quotas and offline detection.
func (w *World) tap() tap.Tap {
	return tap.Tap{
		Ledger: w.Ledger, Quotas: w.quotas, Offline: &w.offline, Trouble: w.trouble.add,
		Series: w.Pipeline.Telemetry, Devices: w.Pipeline.Table,
	}
}

// wrap puts faults and taps in front of the cloud. The tap is behind the faults:
// it sees what a service did, whatever the caller was told.
func (w *World) wrap(next aws.HTTPClient) aws.HTTPClient {
	var client HTTPClient = next
	if w.options.Wrap != nil {
		client = w.options.Wrap(client)
	}
	if !w.options.Forget {
		client = w.tap().Client(client)
	}
	return w.Faults.Wrap(client)
}

func (w *World) wrapTargets(targets action.Targets) action.Targets {
	if w.options.WrapTargets != nil {
		targets = w.options.WrapTargets(targets)
	}
	if !w.options.Forget {
		targets.Kinesis = w.tap().Stream(targets.Kinesis)
	}
	return w.Faults.WrapTargets(targets)
}

// start runs the cloud's parts, listens, and deploys.
func (w *World) start(ctx context.Context) error {
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	w.stop, w.broker.running = stop, running
	if w.endpoint != nil {
		w.endpoint.serve(w.AWS.HTTPClient)
	}
	w.run("cloud", func() error { return w.Cloud.Run(running) })
	if err := w.StartBroker(); err != nil {
		return err
	}
	if w.options.NoPipeline {
		w.bind(pipeline.PublishedFunctions(w.AWS, w.Pipeline))
		w.bind(w.options.Functions)
		return nil
	}
	if err := w.deploy(ctx); err != nil {
		return err
	}
	if w.options.Pipeline.Variant != PublishedPipeline && w.options.Pipeline.Sweep < schedulerMinimum {
		w.run("offline sweep", func() error { return w.driveSweep(running) })
	}
	return nil
}

func (w *World) run(name string, part func() error) {
	w.running.Go(func() {
		if err := part(); err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, net.ErrClosed) {
			w.failing.Lock()
			w.failed = errors.Join(w.failed, fmt.Errorf("%s: %w", name, err))
			w.failing.Unlock()
		}
	})
}

// Close stops everything the world started and waits for it. Stores elsewhere are
// removed; what could not be is the error.
func (w *World) Close() error {
	w.stop()
	w.running.Wait()
	if w.attached != nil {
		w.attached.client.CloseIdleConnections()
		return w.failed
	}
	failed := errors.Join(w.failed, w.endpoint.close())
	if !w.options.Backend.Remote() {
		return failed
	}
	left := w.teardown()
	w.Cloud.CloseIdleConnections()
	return errors.Join(failed, left)
}

// alertQueue is named after the topic: on a server elsewhere that is one of its own.
func alertQueue(c pipeline.Config) string { return "shakedown-" + c.AlertTopic }

// listenForAlerts subscribes a queue of the simulator's own to the alert topic.
func (w *World) listenForAlerts(ctx context.Context, topicARN string) (string, error) {
	queues := sqs.NewFromConfig(w.AWS)
	queue, err := queues.CreateQueue(ctx, &sqs.CreateQueueInput{QueueName: aws.String(alertQueue(w.Pipeline))})
	if err != nil {
		return "", fmt.Errorf("create the alert queue: %w", err)
	}
	attributes, err := queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{
		QueueUrl: queue.QueueUrl, AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameQueueArn}})
	if err != nil {
		return "", fmt.Errorf("look up the alert queue: %w", err)
	}
	arn := attributes.Attributes["QueueArn"]
	_, err = queues.SetQueueAttributes(ctx, &sqs.SetQueueAttributesInput{QueueUrl: queue.QueueUrl, Attributes: map[string]string{
		"Policy": `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"` +
			arn + `","Condition":{"ArnEquals":{"aws:SourceArn":"` + topicARN + `"}}}]}`}})
	if err != nil {
		return "", fmt.Errorf("let the alert topic send to its queue: %w", err)
	}
	_, err = sns.NewFromConfig(w.AWS).Subscribe(ctx, &sns.SubscribeInput{
		TopicArn: &topicARN, Protocol: aws.String("sqs"), Endpoint: &arn,
		Attributes: map[string]string{"RawMessageDelivery": "true"},
	})
	if err != nil {
		return "", fmt.Errorf("subscribe the alert queue: %w", err)
	}
	return aws.ToString(queue.QueueUrl), nil
}

// AddThing makes a thing with attributes and a certificate of its own, attached
// to the thing and to the fleet's policy.
func (w *World) AddThing(ctx context.Context, thing string, attributes map[string]string) (*Identity, error) {
	identity, _, _, err := w.addThing(ctx, thing, attributes)
	return identity, err
}

// addThing is AddThing with certificate and key as PEM, for a device elsewhere.
func (w *World) addThing(ctx context.Context, thing string, attributes map[string]string) (identity *Identity, certPEM, keyPEM []byte, err error) {
	control := iot.NewFromConfig(w.AWS)
	_, err = control.CreateThing(ctx, &iot.CreateThingInput{
		ThingName: &thing, AttributePayload: &iottypes.AttributePayload{Attributes: attributes}})
	if err != nil {
		return nil, nil, nil, fmt.Errorf("create thing %s: %w", thing, err)
	}
	var arn string
	if w.attached != nil {
		certPEM, keyPEM, arn, err = w.issue(ctx)
	} else {
		certPEM, keyPEM, arn, err = w.Cloud.IoT.IssueCertificate(thing)
	}
	if err != nil {
		return nil, nil, nil, fmt.Errorf("issue the certificate of %s: %w", thing, err)
	}
	if err := w.attach(ctx, thing, arn); err != nil {
		return nil, nil, nil, err
	}
	identity, err = fromPEM(thing, arn, certPEM, keyPEM)
	return identity, certPEM, keyPEM, err
}

// Link is the way of one device to the broker: a dial whose connection faults
// may act on.
type Link func(ctx context.Context) (net.Conn, error)

// Dial connects to the broker over TCP or memory, without TLS.
func (w *World) Dial(ctx context.Context) (net.Conn, error) {
	return w.options.Network.Dial(ctx, "tcp", w.options.BrokerAddr)
}

func hostOf(addr string) string {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	return host
}
