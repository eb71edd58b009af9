package sqs

import (
	"strings"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Config is what a State needs.
type Config struct {
	Identity wire.Identity
	// Endpoint is the base URL that queue URLs begin with; http://127.0.0.1:4566
	// when empty.
	Endpoint string
}

// State is the queues of one account and region.
type State struct {
	id       wire.Identity
	endpoint string
	mu       sync.Mutex
	queues   map[string]*queue
	moves    []*move // oldest first
}

// New makes an empty State.
func New(c Config) *State {
	if c.Endpoint == "" {
		c.Endpoint = "http://127.0.0.1:4566"
	}
	return &State{id: c.Identity.OrDefault(), endpoint: c.Endpoint, queues: map[string]*queue{}}
}

func (s *State) url(name string) string { return s.endpoint + "/" + s.id.Account + "/" + name }

var errNoQueue = wire.Errorf("QueueDoesNotExist", 0, "The specified queue does not exist.")

// queue finds a queue by URL, of any host: its last parts are account and name, as in
// http://127.0.0.1:4566/000000000000/alerts; a name alone does too. The caller holds the
// lock.
func (s *State) queue(url string) (*queue, error) {
	path, name := cutLast(strings.TrimSuffix(url, "/"))
	_, account := cutLast(path)
	q, ok := s.queues[name]
	if !ok || account != s.id.Account && wire.IsAccount(account) {
		return nil, errNoQueue
	}
	return q, nil
}

// cutLast cuts a path before its last part.
func cutLast(path string) (before, last string) {
	i := strings.LastIndex(path, "/")
	return path[:max(i, 0)], path[i+1:]
}

// byARN finds a queue of this account and region by its ARN.
func (s *State) byARN(arn string) (*queue, bool) {
	name, ok := strings.CutPrefix(arn, s.id.ARN("sqs", ""))
	q := s.queues[name]
	return q, ok && q != nil
}

// Empty is the answer of operations that answer nothing.
type Empty struct{}

// on does something to a queue.
func (s *State) on(url string, do func(*queue) error) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moveDue(time.Now())
	q, err := s.queue(url)
	if err != nil {
		return nil, err
	}
	return &Empty{}, do(q)
}

func invalid(format string, args ...any) error {
	return wire.Errorf("InvalidParameterValue", 0, format, args...)
}

func missing(parameter string) error {
	return wire.Errorf("MissingParameter", 0, "The request must contain the parameter %s.", parameter)
}
