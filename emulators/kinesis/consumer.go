package kinesis

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxConsumers bounds the consumers of a stream.
const maxConsumers = 20

// consumer reads a stream with throughput of its own (enhanced fan-out).
type consumer struct {
	name, arn, stream string
	created           time.Time
	tags              map[string]string
	subscribed        map[string]*subscription // the last of each shard
	gone              chan struct{}
}

// Consumer describes a consumer; it is ACTIVE at once.
type Consumer struct {
	ConsumerName, ConsumerARN, ConsumerStatus string
	ConsumerCreationTimestamp                 wire.Time
	StreamARN                                 string `json:",omitempty"`
}

func (c *consumer) describe(streamARN string) Consumer {
	return Consumer{c.name, c.arn, "ACTIVE", wire.At(c.created), streamARN}
}

// consumer finds a consumer by its ARN. The caller holds mu.
func (s *State) consumer(arn string) (*consumer, error) {
	if c := s.consumers[arn]; c != nil {
		return c, nil
	}
	return nil, wire.Errorf("ResourceNotFoundException", 0, "Consumer %s not found.", arn)
}

// RegisterStreamConsumerInput names a new consumer.
type RegisterStreamConsumerInput struct {
	StreamARN    string
	ConsumerName string
	Tags         map[string]string
}

// RegisterStreamConsumerOutput is the consumer.
type RegisterStreamConsumerOutput struct{ Consumer Consumer }

// RegisterStreamConsumer makes a consumer. Errors: ResourceInUseException,
// LimitExceededException, ResourceNotFoundException.
func (s *State) RegisterStreamConsumer(_ context.Context, in *RegisterStreamConsumerInput) (*RegisterStreamConsumerOutput, error) {
	if err := checkName("consumerName", in.ConsumerName); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream("", in.StreamARN)
	if err != nil {
		return nil, err
	}
	of := s.consumersOf(st)
	if slices.ContainsFunc(of, func(c *consumer) bool { return c.name == in.ConsumerName }) {
		return nil, wire.Errorf("ResourceInUseException", 0, "Consumer under stream %s already exists for account %s: %s", st.name, s.id.Account, in.ConsumerName)
	}
	if len(of) >= maxConsumers {
		return nil, wire.Errorf("LimitExceededException", 0, "stream %s has %d consumers", st.name, maxConsumers)
	}
	now := time.Now()
	c := &consumer{
		name: in.ConsumerName, stream: st.name, created: now, subscribed: map[string]*subscription{}, gone: make(chan struct{}),
		arn: fmt.Sprintf("%s/consumer/%s:%d", s.arn(st.name), in.ConsumerName, now.Unix()),
	}
	if err := addTags(&c.tags, in.Tags); err != nil {
		return nil, err
	}
	s.consumers[c.arn] = c
	return &RegisterStreamConsumerOutput{c.describe("")}, nil
}

// consumersOf are the consumers of a stream by name. The caller holds mu.
func (s *State) consumersOf(st *stream) []*consumer {
	var out []*consumer
	for _, c := range s.consumers {
		if c.stream == st.name {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b *consumer) int { return strings.Compare(a.name, b.name) })
	return out
}

// ConsumerRef names a consumer by its ARN, or by stream and name.
type ConsumerRef struct{ StreamARN, ConsumerName, ConsumerARN string }

func (s *State) resolveConsumer(in *ConsumerRef) (*consumer, error) {
	if in.ConsumerARN != "" {
		c, err := s.consumer(in.ConsumerARN)
		if err == nil && (in.ConsumerName != "" && in.ConsumerName != c.name || in.StreamARN != "" && in.StreamARN != s.arn(c.stream)) {
			err = wire.Errorf("InvalidArgumentException", 0, "ConsumerARN %s is not that of consumer %q of stream %q", c.arn, in.ConsumerName, in.StreamARN)
		}
		return c, err
	}
	st, err := s.stream("", in.StreamARN)
	if err != nil {
		return nil, err
	}
	for _, c := range s.consumersOf(st) {
		if c.name == in.ConsumerName {
			return c, nil
		}
	}
	return nil, wire.Errorf("ResourceNotFoundException", 0, "Consumer %s under stream %s not found.", in.ConsumerName, st.name)
}

// DescribeStreamConsumerOutput wraps the description.
type DescribeStreamConsumerOutput struct{ ConsumerDescription Consumer }

// DescribeStreamConsumer describes a consumer.
func (s *State) DescribeStreamConsumer(_ context.Context, in *ConsumerRef) (*DescribeStreamConsumerOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.resolveConsumer(in)
	if err != nil {
		return nil, err
	}
	return &DescribeStreamConsumerOutput{c.describe(s.arn(c.stream))}, nil
}

// DeregisterStreamConsumer removes a consumer and ends its subscriptions.
func (s *State) DeregisterStreamConsumer(_ context.Context, in *ConsumerRef) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.resolveConsumer(in)
	if err != nil {
		return nil, err
	}
	s.drop(c)
	return &Empty{}, nil
}

func (s *State) drop(c *consumer) {
	close(c.gone)
	delete(s.consumers, c.arn)
}

// ListStreamConsumersInput pages through the consumers of a stream.
type ListStreamConsumersInput struct {
	StreamARN               string
	NextToken               string
	MaxResults              *int
	StreamCreationTimestamp wire.Time
}

// ListStreamConsumersOutput is one page, by name.
type ListStreamConsumersOutput struct {
	Consumers []Consumer
	NextToken string `json:",omitempty"`
}

// ListStreamConsumers lists consumers by name; a token is the last name.
func (s *State) ListStreamConsumers(_ context.Context, in *ListStreamConsumersInput) (*ListStreamConsumersOutput, error) {
	limit, err := most(in.MaxResults, "MaxResults", maxPage, 100)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream("", in.StreamARN)
	if err != nil {
		return nil, err
	}
	if err := st.checkCreated(in.StreamCreationTimestamp); err != nil {
		return nil, err
	}
	out := &ListStreamConsumersOutput{Consumers: []Consumer{}}
	for _, c := range s.consumersOf(st) {
		if c.name <= in.NextToken {
			continue
		}
		if len(out.Consumers) == limit {
			out.NextToken = out.Consumers[limit-1].ConsumerName
			break
		}
		out.Consumers = append(out.Consumers, c.describe(""))
	}
	return out, nil
}

// checkCreated refuses a stream that was made at another time than meant.
func (st *stream) checkCreated(meant wire.Time) error {
	if meant.IsZero() || meant.Unix() == st.created.Unix() {
		return nil
	}
	return wire.Errorf("ResourceNotFoundException", 0, "Stream %s was not created at %s.", st.name, meant.UTC().Format(time.RFC3339))
}
