// Package alerts turns readings into alerts: one per crossing of a threshold,
// on SNS, in the alert history, and for a critical one a command to the device.
//
// The function is a second consumer of the telemetry stream, not the target of a
// rule as in the source: only there does it see the readings below the threshold
// and all readings of a device in order, without which "one alert per crossing"
// cannot be told from "one alert per sample".
//
// # What it remembers
//
// The item DEVICE#<thing> / ALERT holds the level of each kind and the timestamp
// and the sequence number of the reading that changed one last. A reading that is
// not newer than it, by the device's clock, is a repetition by the device; one that
// is not behind it on the stream is a repetition by Lambda: both decide nothing.
// (The clock alone would not do: one that was set back makes a later reading look
// older, and an earlier one newer.) An alert
// is first written there as pending, then each receiver is told, then it is cleared.
// Where one cannot be told, who has been is entered, and only the others are told
// when the record comes again. A crash in between repeats the publication, with the
// same id; it loses nothing. Subscribers tell a repetition by the id.
package alerts

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sort"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"

	"github.com/shakedown-iot/shakedown/pipeline/batch"
	"github.com/shakedown-iot/shakedown/pipeline/telemetry"
)

// Config says where alerts go.
type Config struct {
	DeviceTable string // DynamoDB: levels and pending alerts
	TopicARN    string // SNS
	Database    string // Timestream: alert history
	Table       string // Timestream: alert history
	Log         *slog.Logger
}

// Handler is the function.
type Handler struct {
	config  Config
	rules   []Rule
	items   *dynamodb.Client
	topic   *sns.Client
	series  *timestreamwrite.Client
	devices *iotdataplane.Client
}

// New makes a Handler of AWS clients.
func New(cfg aws.Config, c Config) *Handler {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Handler{
		config: c, rules: Rules(),
		items: dynamodb.NewFromConfig(cfg), topic: sns.NewFromConfig(cfg),
		series: timestreamwrite.NewFromConfig(cfg), devices: iotdataplane.NewFromConfig(cfg),
	}
}

// reading is a reading of a device with its place in the batch and on the stream.
type reading struct {
	index    int
	sequence string
	telemetry.Reading
}

// Handle looks at a batch, device by device in the order of their names, and
// names the first record that must come again. What is no reading is the stream
// processor's to set aside.
func (h *Handler) Handle(ctx context.Context, records []batch.Record) (again string) {
	byThing := map[string][]reading{}
	for i, record := range records {
		envelope, err := telemetry.Open(record.Data)
		if err != nil {
			continue
		}
		r, err := telemetry.Decode(envelope.Payload)
		if err != nil {
			continue
		}
		byThing[envelope.Thing] = append(byThing[envelope.Thing], reading{i, record.SequenceNumber, r})
	}
	things := make([]string, 0, len(byThing))
	for thing := range byThing {
		things = append(things, thing)
	}
	sort.Strings(things)
	first, cause := -1, error(nil)
	memories, err := h.load(ctx, things)
	for _, thing := range things {
		index, err := byThing[thing][0].index, err
		if err == nil {
			index, err = h.device(ctx, thing, memories[thing], byThing[thing])
		}
		if err != nil && (first < 0 || index < first) {
			first, cause = index, err
		}
	}
	if first < 0 {
		return ""
	}
	h.config.Log.WarnContext(ctx, "records will come again", "error", cause)
	return records[first].SequenceNumber
}

// device takes a device's readings in order. With an error it returns the index
// of the record from which to come again.
func (h *Handler) device(ctx context.Context, thing string, m *memory, readings []reading) (int, error) {
	if err := h.settle(ctx, thing, m); err != nil {
		return readings[0].index, err
	}
	for _, r := range readings {
		next, changed := h.decide(thing, m, r)
		if !changed {
			continue
		}
		err := h.save(ctx, thing, m.stored, next)
		if errors.Is(err, errStale) {
			// Another invocation was faster; its decision stands.
			return r.index, err
		}
		if err != nil {
			return r.index, err
		}
		m = next
		if err := h.settle(ctx, thing, m); err != nil {
			return r.index, err
		}
	}
	return 0, nil
}

// decide applies the rules to one reading: the memory it leads to, and whether
// that is to be saved. A reading that changes no level is not.
func (h *Handler) decide(thing string, m *memory, r reading) (*memory, bool) {
	if r.Timestamp <= m.Timestamp || m.seen(r.sequence) {
		return m, false
	}
	next := m.next(r.Timestamp)
	next.Sequence = r.sequence
	changed := false
	for _, rule := range h.rules {
		value, ok := r.Metric(rule.Metric)
		if !ok {
			continue
		}
		was := m.Levels[rule.Kind]
		now := rule.level(value, was)
		if now == was {
			continue
		}
		changed = true
		next.Levels[rule.Kind] = now
		if now > was {
			next.Pending = append(next.Pending, newAlert(thing, rule, now, value, r.Reading))
		}
	}
	return next, changed
}

// settle publishes what is pending and clears it.
func (h *Handler) settle(ctx context.Context, thing string, m *memory) error {
	if len(m.Pending) == 0 {
		return nil
	}
	told := 0
	var errs []error
	for i := range m.Pending {
		a := &m.Pending[i]
		before := len(a.Told)
		if err := h.publish(ctx, a); err != nil {
			errs = append(errs, fmt.Errorf("alert %s: %w", a.ID, err))
		}
		told += len(a.Told) - before
	}
	if err := errors.Join(errs...); err != nil {
		if told > 0 { // not to tell them again
			err = errors.Join(err, h.save(ctx, thing, m.stored, m.next(m.Timestamp)))
		}
		return err
	}
	cleared := m.next(m.Timestamp)
	cleared.Pending = nil
	if err := h.save(ctx, thing, m.stored, cleared); err != nil {
		return err
	}
	m.Pending, m.stored = nil, cleared.stored
	return nil
}
