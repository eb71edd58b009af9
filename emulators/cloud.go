package emulators

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	metricsclient "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	logsclient "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	dynamodbclient "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	firehoseclient "github.com/aws/aws-sdk-go-v2/service/firehose"
	kinesisclient "github.com/aws/aws-sdk-go-v2/service/kinesis"
	s3client "github.com/aws/aws-sdk-go-v2/service/s3"
	snsclient "github.com/aws/aws-sdk-go-v2/service/sns"
	sqsclient "github.com/aws/aws-sdk-go-v2/service/sqs"
	timestreamclient "github.com/aws/aws-sdk-go-v2/service/timestreamwrite"
	"golang.org/x/sync/errgroup"

	"github.com/shakedown-iot/shakedown/emulators/apigateway"
	"github.com/shakedown-iot/shakedown/emulators/cloudwatch"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb"
	"github.com/shakedown-iot/shakedown/emulators/firehose"
	"github.com/shakedown-iot/shakedown/emulators/iam"
	"github.com/shakedown-iot/shakedown/emulators/iotcore"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/broker"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
	"github.com/shakedown-iot/shakedown/emulators/kinesis"
	"github.com/shakedown-iot/shakedown/emulators/lambda"
	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
	"github.com/shakedown-iot/shakedown/emulators/logs"
	"github.com/shakedown-iot/shakedown/emulators/s3"
	"github.com/shakedown-iot/shakedown/emulators/scheduler"
	"github.com/shakedown-iot/shakedown/emulators/sns"
	"github.com/shakedown-iot/shakedown/emulators/sqs"
	"github.com/shakedown-iot/shakedown/emulators/sts"
	"github.com/shakedown-iot/shakedown/emulators/timestream"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Config is what a Cloud needs. The zero value is a cloud of its own in the
// default account and region, silent.
type Config struct {
	Identity wire.Identity
	// Backend is where the stores are; in this process when zero.
	Backend Backend
	// Endpoint is the base URL that clients reach the cloud by; it stands in
	// queue URLs and API endpoints. http://127.0.0.1:4566 when empty.
	Endpoint string
	// MQTTEndpoint is the host (and port) that DescribeEndpoint answers.
	MQTTEndpoint string
	// Wrap, when set, stands between every SDK client of the cloud's own parts
	// and the cloud: taps and faults.
	Wrap func(aws.HTTPClient) aws.HTTPClient
	// Retryer is that of the cloud's own clients and of AWSConfig; the SDK's
	// standard one when nil.
	Retryer func() aws.Retryer
	// WrapTargets, when set, changes the targets of rule actions: taps and faults.
	WrapTargets func(action.Targets) action.Targets
	// Web reaches the web servers that are subscribed to topics or are the target of
	// a rule's http action; nil refuses both.
	Web sns.HTTPClient
	// IoT, Lambda are told every decision of the broker and of the functions.
	IoT    func(event.Event)
	Lambda func(lambda.Event)
	// Enforce applies AWS's quotas of rates: see iotcore.Config, kinesis.Config and
	// dynamodb.Config.
	// Streams elsewhere have their own.
	Enforce bool
	// Appended is the streams': see kinesis.Config.
	Appended func(stream, shard string)
	// Certificates are the broker's, and Deliveries: see iotcore.Config.
	Certificates *registry.Pool
	Deliveries   func(broker.Lifecycle) []time.Duration
	// Seed is that of what is left to chance: see lambda.Config.
	Seed uint64
	// Poll and Gate are event source mappings': see lambda.Config.
	Poll time.Duration
	Gate func(ctx context.Context, function, shard string) error
	// Processes, if set, runs functions that no handler is bound to: see
	// lambda.Config. Its endpoint is this cloud's.
	Processes *process.Host
	Log       *slog.Logger
}

// Cloud is all services in one process, but for the stores of a Backend that has
// them elsewhere: those are nil.
type Cloud struct {
	IoT        *iotcore.Core
	Kinesis    *kinesis.State
	Lambda     *lambda.State
	Timestream *timestream.State
	DynamoDB   *dynamodb.State
	S3         *s3.State
	SNS        *sns.State
	SQS        *sqs.State
	APIGateway *apigateway.State
	Scheduler  *scheduler.State
	IAM        *iam.State
	Logs       *logs.State
	Metrics    *cloudwatch.State
	Firehose   *firehose.State

	config  Config
	router  Router
	network *http.Client // to a Backend elsewhere
	puts    puts
}

// New makes a cloud; nothing runs before Run.
func New(config Config) (*Cloud, error) {
	config.Identity = config.Identity.OrDefault()
	if config.Endpoint == "" {
		config.Endpoint = "http://127.0.0.1:4566"
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	if err := config.Backend.Validate(); err != nil {
		return nil, err
	}
	c := &Cloud{config: config}
	id := config.Identity
	streams, targets := c.stores()
	c.Timestream = timestream.New(timestream.Config{Identity: id})
	if config.Processes != nil {
		host := *config.Processes
		host.Endpoint = config.Endpoint
		config.Processes = &host
	}
	queues, objects := sqsclient.NewFromConfig(c.AWSConfig()), c.objects()
	c.IAM = iam.New(id)
	c.Logs = logs.New(logs.Config{Identity: id})
	c.Lambda = lambda.New(lambda.Config{
		Identity: id,
		Streams:  streams,
		Messages: queues,
		Queue:    queues,
		Topic:    snsclient.NewFromConfig(c.AWSConfig()),
		Objects:  objects,
		Roles:    access{c},
		Endpoint: config.Endpoint,
		Tap:      config.Lambda,
		Logs:     c.Logs,
		Seed:     config.Seed,
		Poll:     config.Poll,
		Gate:     config.Gate,
		Log:      config.Log,

		Processes: config.Processes,
	})
	c.Metrics = cloudwatch.New(c.vended())
	c.Firehose = firehose.New(firehose.Config{
		Identity: id, Objects: objects, Functions: c.Lambda, Streams: firehoseSource{streams}, Roles: access{c}, Log: config.Log,
	})
	c.Scheduler = scheduler.New(c.schedules())
	c.APIGateway = apigateway.New(apigateway.Config{Identity: id, Invoker: c.Lambda, Roles: access{c}, Endpoint: config.Endpoint, Log: config.Log})
	c.aim(&targets)
	if config.WrapTargets != nil {
		targets = config.WrapTargets(targets)
	}
	core, err := iotcore.New(iotcore.Config{
		Identity: id, Targets: targets, Roles: access{c}, Endpoint: config.MQTTEndpoint, API: config.Endpoint, Tap: config.IoT, Deliveries: config.Deliveries, Logs: c.Logs, Log: config.Log,
		Certificates: config.Certificates, Enforce: config.Enforce,
	})
	if err != nil {
		return nil, fmt.Errorf("iot core: %w", err)
	}
	c.IoT = core
	c.router = c.routes()
	return c, nil
}

// stores makes Kinesis, DynamoDB, S3, SNS and SQS, or reaches them where they are,
// and answers how mappings and rules get at them.
func (c *Cloud) stores() (lambda.Streams, action.Targets) {
	id := c.config.Identity
	if c.config.Backend.Remote() {
		c.network = newNetwork()
		clients := c.AWSConfig()
		streams := kinesisclient.NewFromConfig(clients)
		return newPolledStreams(streams, &c.puts), action.Targets{
			Kinesis: streams,
			S3:      c.objects(),
			SNS:     snsclient.NewFromConfig(clients),
		}
	}
	c.Kinesis = kinesis.New(kinesis.Config{Identity: id, Appended: c.config.Appended, Enforce: c.config.Enforce})
	c.DynamoDB = dynamodb.New(dynamodb.Config{Identity: id, Enforce: c.config.Enforce})
	c.S3 = s3.New(s3.Config{Identity: id, Targets: objectEvents{c}, Log: c.config.Log})
	c.SQS = sqs.New(sqs.Config{Identity: id, Endpoint: c.config.Endpoint})
	c.SNS = sns.New(sns.Config{
		Identity: id, Queue: queueTarget{c.SQS}, Functions: functionTarget{c}, Web: c.config.Web, Endpoint: c.config.Endpoint, Log: c.config.Log,
	})
	return Streams{c.Kinesis, c.DynamoDB}, action.Targets{
		Kinesis: kinesisTarget{c.Kinesis}, S3: s3Target{c.S3}, SNS: snsclient.NewFromConfig(c.AWSConfig()),
	}
}

// schedules is how schedules reach their targets, once at a time.
func (c *Cloud) schedules() scheduler.Config {
	once := c.AWSConfig()
	once.RetryMaxAttempts = 1
	return scheduler.Config{
		Identity: c.config.Identity, Invoker: c.Lambda, Queue: sqsclient.NewFromConfig(once), Topic: snsclient.NewFromConfig(once),
		Stream: kinesisclient.NewFromConfig(once), Delivery: firehoseclient.NewFromConfig(once), Roles: access{c}, Log: c.config.Log,
	}
}

// objects is a client of the buckets.
func (c *Cloud) objects() *s3client.Client {
	return s3client.NewFromConfig(c.AWSConfig(), func(o *s3client.Options) { o.UsePathStyle = true })
}

// aim adds the targets that are reached in one way wherever the stores are: through
// clients that are wrapped as all of the cloud's own.
func (c *Cloud) aim(targets *action.Targets) {
	clients := c.AWSConfig()
	items := dynamodbclient.NewFromConfig(clients)
	targets.Lambda = lambdaTarget{c.Lambda}
	targets.SQS = sqsclient.NewFromConfig(clients)
	targets.DynamoDB, targets.Items = items, items
	targets.Timestream = timestreamclient.NewFromConfig(clients)
	targets.Logs = logsclient.NewFromConfig(clients)
	targets.Metrics = metricsclient.NewFromConfig(clients)
	targets.Firehose = firehoseclient.NewFromConfig(clients)
	if c.config.Web != nil {
		targets.Web = c.config.Web
	}
}

func (c *Cloud) routes() Router {
	services := map[string]http.Handler{
		"apigateway": apigateway.Handler(c.APIGateway),
		"firehose":   firehose.Handler(c.Firehose),
		"iam":        iam.Handler(c.IAM),
		"iot":        c.IoT.Control(),
		"iotdata":    c.IoT.Data(),
		"lambda":     lambda.Handler(c.Lambda),
		"logs":       logs.Handler(c.Logs),
		"monitoring": cloudwatch.Handler(c.Metrics),
		"scheduler":  scheduler.Handler(c.Scheduler),
		"sts":        sts.Handler(sts.New(c.config.Identity)),
		"timestream": timestream.Handler(c.Timestream),
	}
	if c.config.Backend.Remote() {
		for name := range storeServices {
			services[name] = elsewhere{name, c.config.Backend.Endpoint}
		}
	} else {
		services["dynamodb"] = dynamodb.Handler(c.DynamoDB)
		services["kinesis"] = kinesis.Handler(c.Kinesis)
		services["s3"] = s3.Handler(c.S3)
		services["sns"] = sns.Handler(c.SNS)
		services["sqs"] = sqs.Handler(c.SQS)
	}
	return Router{Identity: c.config.Identity, Services: services, Execute: apigateway.Execute(c.APIGateway), Packages: lambda.Packages(c.Lambda), Devices: c.IoT.WebSocket()}
}

// ServeHTTP implements http.Handler: every service on one endpoint.
func (c *Cloud) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.router.ServeHTTP(w, r) }

// Run runs what acts by itself: the broker's rules, functions and mappings, the
// schedules, Firehose's deliveries. It blocks until ctx ends and everything has
// stopped; what Firehose has buffered then is delivered, for at most lastFlush, and
// buckets tell nobody of those objects any more. What cannot be delivered is an error.
func (c *Cloud) Run(ctx context.Context) error {
	defer c.CloseIdleConnections()
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return c.IoT.Run(ctx) })
	group.Go(func() error { return c.Lambda.Run(ctx) })
	group.Go(func() error { return c.Scheduler.Run(ctx) })
	group.Go(func() error { return c.Firehose.Run(ctx) })
	if c.SNS != nil {
		group.Go(func() error { return c.SNS.Run(ctx) })
	}
	if c.S3 != nil {
		group.Go(func() error { return c.S3.Run(ctx) })
	}
	err := group.Wait()
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	flushing, done := context.WithTimeout(context.WithoutCancel(ctx), lastFlush)
	defer done()
	return errors.Join(err, c.Firehose.Flush(flushing))
}

// lastFlush bounds the deliveries at the end of Run.
const lastFlush = 5 * time.Second

// CloseIdleConnections ends the connections to stores elsewhere that nobody uses.
func (c *Cloud) CloseIdleConnections() {
	if c.network != nil {
		c.network.CloseIdleConnections()
	}
}

// Idle tells that no message is on its way through rules, functions, shards or
// Firehose's buffers.
func (c *Cloud) Idle() bool {
	return c.IoT.Idle() && c.Firehose.Idle() && (c.S3 == nil || c.S3.Idle()) && c.Lambda.Idle() && (c.SNS == nil || c.SNS.Idle())
}

// AWSConfig makes SDK clients of this cloud: any credentials do, and the HTTP
// client calls the services directly, or over the network where they are there.
func (c *Cloud) AWSConfig() aws.Config {
	endpoint := c.config.Endpoint
	var client aws.HTTPClient = Direct{c}
	if c.network != nil {
		client, endpoint = route{client, c.network, &c.puts}, c.config.Backend.Endpoint
	}
	if c.config.Wrap != nil {
		client = c.config.Wrap(client)
	}
	cfg := aws.Config{
		Region:       c.config.Identity.Region,
		BaseEndpoint: &endpoint,
		Credentials:  credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient:   client,
		Retryer:      c.config.Retryer,
	}
	if c.network == nil {
		cfg.ServiceOptions = append(cfg.ServiceOptions, lighten)
	}
	return cfg
}
