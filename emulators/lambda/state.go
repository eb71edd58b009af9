package lambda

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Queue is how on-failure records reach SQS; *sqs.Client is one. The queue URL
// it is given is https://sqs.<region>.amazonaws.com/<account>/<name>.
type Queue interface {
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
}

// Topic is how on-failure records reach SNS; *sns.Client is one.
type Topic interface {
	Publish(context.Context, *sns.PublishInput, ...func(*sns.Options)) (*sns.PublishOutput, error)
}

// Config is what a State is made of. The zero value has no functions.
type Config struct {
	Identity wire.Identity
	// Functions are handlers by function name; see Bind.
	Functions map[string]GoHandler
	// Streams feeds event source mappings; nil refuses them.
	Streams Streams
	// Messages feeds those that read SQS queues; nil refuses them.
	Messages Messages
	// Queue, Topic and Objects take on-failure records; nil refuses destinations of
	// their kind. Deployment packages come from Objects, too.
	Queue   Queue
	Topic   Topic
	Objects Objects
	// Roles decides what functions' roles may do; nil lets them do everything.
	Roles Roles
	// Endpoint is the cloud's base URL, for where GetFunction locates packages;
	// empty locates none.
	Endpoint string
	// Processes, if set, runs the deployment package of a function that no handler
	// is bound to. Its Region and Log are this Config's. Processes live in real
	// time: leave it nil in a bubble of virtual time.
	Processes *process.Host
	// Logs keeps what functions log; nil keeps nothing.
	Logs Logs
	// Seed is that of the choice between the versions of an alias.
	Seed uint64
	// Tap is told every decision, synchronously and from several goroutines at
	// a time. It may be nil.
	Tap func(Event)
	// Log is silent when nil.
	Log *slog.Logger
	// Concurrency bounds the invocations in progress; 1000 when zero, as in an
	// AWS account. More are refused with TooManyRequestsException.
	Concurrency int
	// Lanes bounds the functions whose asynchronous events run at one time; 16
	// when zero.
	Lanes int
	// QueueLimit bounds the asynchronous events that wait, 100,000 when zero, and
	// QueueBytes their payloads, 512 MiB when zero. More are refused with
	// TooManyRequestsException.
	QueueLimit, QueueBytes int
	// Poll is the time between two reads of a shard that a mapping has read to its
	// end; AWS Lambda reads once a second. Zero is at once, when a record arrives.
	// What one read has found is processed batch after batch, without a pause.
	Poll time.Duration
	// Gate, if set, is asked before each read of a shard: it may delay it, as a
	// slow shard or a stalled mapping does, until ctx ends.
	Gate func(ctx context.Context, function, shard string) error
	// Drain bounds the wait for abandoned handlers at the end of Run, behind which
	// processes are killed; one minute when zero.
	Drain time.Duration
}

func (c Config) orDefault() Config {
	c.Identity = c.Identity.OrDefault()
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Concurrency <= 0 {
		c.Concurrency = 1000
	}
	if c.Lanes <= 0 {
		c.Lanes = 16
	}
	if c.QueueLimit <= 0 {
		c.QueueLimit = 100_000
	}
	if c.QueueBytes <= 0 {
		c.QueueBytes = 512 << 20
	}
	if c.Drain <= 0 {
		c.Drain = time.Minute
	}
	return c
}

// State is the functions, queue and mappings of one account and region.
type State struct {
	config Config
	pool   *process.Pool // nil without Processes

	mu          sync.Mutex
	handlers    map[string]GoHandler
	functions   map[string]*function
	lanes       map[string]*lane
	queued      int // asynchronous events, of so many bytes
	mappings    map[string]*mapping
	queuedBytes int
	created     int            // mappings ever created, for their ids
	running     int            // handlers in progress, abandoned ones too
	reserved    int            // concurrency, by all functions
	inside      map[string]int // the same by function
	drained     chan struct{}  // closed when running falls to 0, if set
	claimed     bool           // Run runs
	warm        []*sandbox     // that wait for an invocation; only while Run runs

	changed chan struct{} // wakes Run
	slots   chan struct{} // one a running lane
	lost    lost          // lines of logs
}

// New makes a State; nothing runs before Run.
func New(config Config) *State {
	config = config.orDefault()
	s := &State{
		config:    config,
		handlers:  map[string]GoHandler{},
		functions: map[string]*function{},
		lanes:     map[string]*lane{},
		mappings:  map[string]*mapping{},
		inside:    map[string]int{},
		changed:   make(chan struct{}, 1),
		slots:     make(chan struct{}, config.Lanes),
	}
	if config.Processes != nil {
		host := *config.Processes
		host.Region, host.Log, host.Output = config.Identity.Region, config.Log, s.output(host.Output)
		s.pool = process.NewPool(host)
	}
	for name, h := range config.Functions {
		s.handlers[name] = h
	}
	return s
}

// output keeps the lines of processes, too.
func (s *State) output(next func(process.Line)) func(process.Line) {
	return func(l process.Line) {
		if next != nil {
			next(l)
		}
		if l.Text != "" { // CloudWatch Logs has no empty events
			s.keepLines(l.Role, l.Group, l.Stream, []LogLine{{At: l.At, Text: l.Text}})
		}
	}
}

// Bind makes h the code of the function with this name, now or once it is
// created. Binding again replaces the code for later invocations.
func (s *State) Bind(name string, h GoHandler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.handlers[name] = h
}

// notify wakes Run.
func (s *State) notify() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}
