package console

import (
	"crypto/rand"
	"embed"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/timestreamquery"

	"github.com/shakedown-iot/shakedown/pipeline"
	"github.com/shakedown-iot/shakedown/scenarios/traffic"
)

// Config is what a Console shows.
type Config struct {
	// AWS reaches the services; its HTTP client also calls the device API.
	AWS aws.Config
	// Pipeline names the resources; Deployed says where the device API is. Without
	// one, devices are those of the registry.
	Pipeline pipeline.Config
	Deployed pipeline.Outputs
	// Traffic are the counters that no API has; none are shown when nil.
	Traffic func() traffic.Snapshot
	// Title says what this is the console of, such as the scenario's name.
	Title string
	Log   *slog.Logger
}

// Console is the web page. It is an http.Handler.
type Console struct {
	config    Config
	token     string // that a command needs, in every form
	directory directory
	commands  commands
	messages  bodies

	registry  *iot.Client
	series    *timestreamquery.Client
	objects   *s3.Client
	streams   *kinesis.Client
	functions *lambda.Client
	queues    *sqs.Client
	handler   http.Handler
}

//go:embed static
var static embed.FS

// answerWithin bounds how long a page may wait for the services.
const answerWithin = 15 * time.Second

// New makes a Console. It calls nothing yet.
func New(config Config) (*Console, error) {
	if config.AWS.HTTPClient == nil {
		return nil, errors.New("console: the AWS config has no HTTP client")
	}
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	config.Pipeline = config.Pipeline.WithDefaults()
	c := &Console{
		config: config, token: rand.Text(),
		registry:  iot.NewFromConfig(config.AWS),
		series:    timestreamquery.NewFromConfig(config.AWS),
		objects:   s3.NewFromConfig(config.AWS, func(o *s3.Options) { o.UsePathStyle = true }),
		streams:   kinesis.NewFromConfig(config.AWS),
		functions: lambda.NewFromConfig(config.AWS),
		queues:    sqs.NewFromConfig(config.AWS),
	}
	c.handler = c.guard(c.routes())
	return c, nil
}

func (c *Console) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /static/", http.FileServerFS(static))
	mux.HandleFunc("GET /{$}", c.showDevices)
	mux.HandleFunc("GET /devices/{id}", c.showDevice)
	mux.HandleFunc("POST /devices/{id}/commands", c.sendCommand)
	mux.HandleFunc("GET /alerts", c.showAlerts)
	mux.HandleFunc("GET /rules", c.showRules)
	mux.HandleFunc("GET /streams", c.showStreams)
	mux.HandleFunc("/", c.notFound)
	return mux
}

// ServeHTTP implements http.Handler.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) { c.handler.ServeHTTP(w, r) }
