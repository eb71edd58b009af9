package fault

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
)

// batch is a call with many entries, each of which can fail by itself.
type batch interface {
	// keys are what the entries carry, in order.
	keys() []string
	// without is the request without the failed entries.
	without(failed []bool) []byte
	// answer is that to the whole call: what was answered to the rest and, for the
	// failed entries, an error each. got is nil when all failed and nothing was
	// sent. It is nil when got says that the rest failed as a whole.
	answer(m message, got *reply, failed []bool) *http.Response
}

// reply is what a service answered.
type reply struct {
	status int
	body   []byte
}

// members are those of an answer that says the call succeeded; nil of any other.
func (r *reply) members() object {
	var o object
	if r.status != http.StatusOK || json.Unmarshal(r.body, &o) != nil {
		return nil
	}
	return o
}

// batches read the batch of an operation. An error leaves the call as it is: the
// service may say what is wrong with it.
var batches = map[call]func(body []byte) (batch, error){
	{"dynamodb", "BatchGetItem"}:   readGets,
	{"dynamodb", "BatchWriteItem"}: readWrites,
	{"firehose", "PutRecordBatch"}: readPuts(putsAnswer{"firehose", "RequestResponses", "FailedPutCount", object{"Encrypted": json.RawMessage("false")}}),
	{"kinesis", "PutRecords"}:      readPuts(putsAnswer{"kinesis", "Records", "FailedRecordCount", object{"EncryptionType": json.RawMessage(`"NONE"`)}}),
	{"sns", "PublishBatch"}:        readPublishes,
	{"sqs", "DeleteMessageBatch"}:  readMessages,
	{"sqs", "SendMessageBatch"}:    readMessages,
	{"timestream", "WriteRecords"}: readPoints,
}

// splitter cuts batches of one operation in two.
type splitter struct {
	call
	read func(body []byte) (batch, error)
}

// split does the call for the entries that are not to fail.
func (s splitter) split(ctx context.Context, m message, a *active, do func(message) (*http.Response, error)) (*http.Response, error) {
	b, err := s.read(m.body)
	if err != nil {
		return do(m)
	}
	failed, n := s.draw(a, b.keys())
	if n == 0 {
		return do(m)
	}
	a.count()
	if n == len(failed) {
		return b.answer(m, nil, failed), nil
	}
	answer, err := do(m.with(ctx, b.without(failed)))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	if err != nil {
		return nil, fmt.Errorf("read the answer of %s %s: %w", s.service, s.operation, err)
	}
	if whole := b.answer(m, &reply{answer.StatusCode, body}, failed); whole != nil {
		return whole, nil
	}
	return respond(m.Request, answer.StatusCode, answer.Header, body), nil
}

// draw picks the entries that fail.
func (s splitter) draw(a *active, keys []string) (failed []bool, n int) {
	failed = make([]bool, len(keys))
	for i, key := range keys {
		if a.hit(a.about(s.service, s.operation, key)) {
			failed[i] = true
			n++
		}
	}
	return failed, n
}

// object is a JSON object of which some members are of interest.
type object map[string]json.RawMessage

// put sets a member.
func (o object) put(name string, value any) { o[name] = mustJSON(value) }

// with is the object with another member.
func (o object) with(name string, value any) object {
	other := object{}
	for n, v := range o {
		other[n] = v
	}
	other.put(name, value)
	return other
}

// list reads the object and one of its members, which is a list of entries.
func list(body []byte, member string) (object, []json.RawMessage, error) {
	var o object
	var entries []json.RawMessage
	if err := json.Unmarshal(body, &o); err != nil {
		return nil, nil, err
	}
	return o, entries, json.Unmarshal(o[member], &entries)
}

// keysOf are the contents of entries, each with what the object says of all: the
// stream, the queue or the table.
func (o object) keysOf(entries []json.RawMessage, member string) []string {
	keys, common := make([]string, len(entries)), digest(canonical(mustJSON(o.with(member, nil))))
	for i, e := range entries {
		keys[i] = common + " " + digest(canonical(e))
	}
	return keys
}

// pick are the entries that failed, or those that did not.
func pick[T any](entries []T, failed []bool, want bool) []T {
	var some []T
	for i, e := range entries {
		if failed[i] == want {
			some = append(some, e)
		}
	}
	return some
}
