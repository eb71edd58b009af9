package explore

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/tidwall/gjson"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
	"github.com/shakedown-iot/shakedown/pipeline/telemetry"
	"github.com/shakedown-iot/shakedown/scenarios"
)

// witness stands next to the cloud, behind everything that may go wrong, and
// remembers what the stores took, in order.
type witness struct {
	mu      sync.Mutex
	records map[string][]telemetry.Reading // of the stream, by thing, in the stream's order
	items   map[string]int64               // the state's timestamp, by thing
	back    []string                       // states that went back in time
	alerts  map[string][]string            // messages to the alert topic, by id
}

func newWitness() *witness {
	return &witness{records: map[string][]telemetry.Reading{}, items: map[string]int64{}, alerts: map[string][]string{}}
}

// targets watches the records that a rule puts on the stream. A thing is a
// partition key, and so its records are in one shard, in this order.
func (w *witness) targets(t action.Targets) action.Targets {
	t.Kinesis = streamWitness{t.Kinesis, w}
	return t
}

type streamWitness struct {
	action.KinesisTarget
	w *witness
}

// PutRecord implements iotcore.KinesisTarget.
func (s streamWitness) PutRecord(ctx context.Context, in *kinesis.PutRecordInput, o ...func(*kinesis.Options)) (*kinesis.PutRecordOutput, error) {
	out, err := s.KinesisTarget.PutRecord(ctx, in, o...)
	if err != nil {
		return out, err
	}
	envelope, bad := telemetry.Open(in.Data)
	if bad != nil {
		return out, nil
	}
	if r, bad := telemetry.Decode(envelope.Payload); bad == nil {
		s.w.mu.Lock()
		defer s.w.mu.Unlock()
		thing := aws.ToString(in.PartitionKey)
		s.w.records[thing] = append(s.w.records[thing], r)
	}
	return out, nil
}

// calls watches the calls of SDK clients.
func (w *witness) calls(next scenarios.HTTPClient) scenarios.HTTPClient { return callWitness{next, w} }

type callWitness struct {
	next scenarios.HTTPClient
	w    *witness
}

// Do implements scenarios.HTTPClient.
func (c callWitness) Do(r *http.Request) (*http.Response, error) {
	update := r.Header.Get("X-Amz-Target") == "DynamoDB_20120810.UpdateItem"
	form := strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
	if !update && !form || r.Body == nil {
		return c.next.Do(r)
	}
	body, err := io.ReadAll(r.Body)
	r.Body.Close()
	if err != nil {
		return nil, fmt.Errorf("read the request of %s: %w", r.URL.Host, err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	answer, err := c.next.Do(r)
	if err != nil || answer.StatusCode != http.StatusOK {
		return answer, err
	}
	c.w.mu.Lock()
	defer c.w.mu.Unlock()
	if update {
		c.w.updated(body)
	} else {
		c.w.published(body)
	}
	return answer, nil
}

// updated enters a state that DynamoDB took.
func (w *witness) updated(body []byte) {
	call := gjson.GetManyBytes(body, "Key.PK.S", "Key.SK.S", "ExpressionAttributeValues.:timestamp.N")
	thing, ok := strings.CutPrefix(call[0].Str, "DEVICE#")
	if !ok || call[1].Str != "STATE" || !call[2].Exists() {
		return
	}
	now := call[2].Int()
	if was := w.items[thing]; now < was {
		w.back = append(w.back, fmt.Sprintf("%s went from the reading of %d back to the one of %d", thing, was, now))
	}
	w.items[thing] = now
}

// published enters an alert that SNS took.
func (w *witness) published(body []byte) {
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("Action") != "Publish" {
		return
	}
	message := form.Get("Message")
	if id := gjson.Get(message, "id"); id.Exists() && gjson.Get(message, "severity").Exists() {
		w.alerts[id.Str] = append(w.alerts[id.Str], message)
	}
}
