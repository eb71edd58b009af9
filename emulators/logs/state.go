package logs

import (
	"net/http"
	"strings"
	"sync"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// DefaultMaxBytes bounds the events of a State, counted as AWS counts them.
const DefaultMaxBytes = 256 << 20

// Bounds of what has no events yet.
const (
	maxGroups  = 10_000
	maxStreams = 100_000 // of all groups
)

// Config is what a State needs.
type Config struct {
	Identity wire.Identity
	// MaxBytes bounds the events that are kept; DefaultMaxBytes when zero.
	MaxBytes int64
}

// State is the log groups of one account and region.
type State struct {
	id       wire.Identity
	maxBytes int64
	mu       sync.Mutex
	groups   map[string]*group
	streams  int   // of all groups
	bytes    int64 // of all events
	arrivals int64 // events that ever came: the last one's number
}

// New makes an empty State.
func New(c Config) *State {
	if c.MaxBytes <= 0 {
		c.MaxBytes = DefaultMaxBytes
	}
	return &State{id: c.Identity.OrDefault(), maxBytes: c.MaxBytes, groups: map[string]*group{}}
}

// Empty is the answer of operations that answer nothing.
type Empty struct{}

// GroupRef names a group in one of the two ways that reading operations know.
type GroupRef struct {
	LogGroupName       string `json:"logGroupName"`
	LogGroupIdentifier string `json:"logGroupIdentifier"`
}

// group finds a group by its name. The caller holds the lock.
func (s *State) group(name string) (*group, error) {
	g, ok := s.groups[name]
	if !ok {
		return nil, wire.Errorf("ResourceNotFoundException", 0, "The specified log group does not exist.")
	}
	s.expire(g)
	return g, nil
}

// byRef finds a group by its name or its identifier: a name, or an ARN of either form.
func (s *State) byRef(ref GroupRef) (*group, error) {
	if (ref.LogGroupName == "") == (ref.LogGroupIdentifier == "") {
		return nil, invalid("Exactly one of logGroupName and logGroupIdentifier must be given.")
	}
	if ref.LogGroupName != "" {
		return s.group(ref.LogGroupName)
	}
	name := ref.LogGroupIdentifier
	if strings.HasPrefix(name, "arn:") {
		name, _ = strings.CutPrefix(strings.TrimSuffix(name, ":*"), s.id.ARN("logs", "log-group:"))
	}
	return s.group(name)
}

// on does something to a group.
func (s *State) on(name string, do func(*group) error) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.group(name)
	if err != nil {
		return nil, err
	}
	return &Empty{}, do(g)
}

func invalid(format string, args ...any) error {
	return wire.Errorf("InvalidParameterException", 0, format, args...)
}

// Handler is the wire of a State.
func Handler(s *State) http.Handler {
	return wire.JSON{
		TargetPrefix:  "Logs_20140328",
		Version:       "1.1",
		UnknownMember: "InvalidParameterException",
		Operations: map[string]wire.Operation{
			"CreateLogGroup":        wire.Op(s.CreateLogGroup),
			"CreateLogStream":       wire.Op(s.CreateLogStream),
			"DeleteLogGroup":        wire.Op(s.DeleteLogGroup),
			"DeleteLogStream":       wire.Op(s.DeleteLogStream),
			"DeleteRetentionPolicy": wire.Op(s.DeleteRetentionPolicy),
			"DescribeLogGroups":     wire.Op(s.DescribeLogGroups),
			"DescribeLogStreams":    wire.Op(s.DescribeLogStreams),
			"FilterLogEvents":       wire.Op(s.FilterLogEvents),
			"GetLogEvents":          wire.Op(s.GetLogEvents),
			"ListTagsForResource":   wire.Op(s.ListTagsForResource),
			"ListTagsLogGroup":      wire.Op(s.ListTagsLogGroup),
			"PutLogEvents":          wire.Op(s.PutLogEvents),
			"PutRetentionPolicy":    wire.Op(s.PutRetentionPolicy),
			"TagLogGroup":           wire.Op(s.TagLogGroup),
			"TagResource":           wire.Op(s.TagResource),
			"UntagLogGroup":         wire.Op(s.UntagLogGroup),
			"UntagResource":         wire.Op(s.UntagResource),
		},
	}
}
