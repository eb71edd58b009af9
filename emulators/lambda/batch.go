package lambda

import (
	"encoding/json"
	"time"
)

// work is a batch on its way: records of one shard in order.
type work struct {
	records  []Record
	retries  int // retries used
	refusals int // invocations in a row that could not begin
	// What an on-failure record says.
	invoked   int
	requestID string
	last      Result
	version   string // that ran last
	payload   []byte // of the last invocation, for as many records
	inPayload int
	// stands is how many records a window's state is made of, of which records has
	// the first and the last; 0 for a batch.
	stands int
}

// rules are the settings of a mapping that decide about a batch.
type rules struct {
	retries int           // MaximumRetryAttempts; −1 without bound
	age     time.Duration // MaximumRecordAgeInSeconds; 0 without bound
	bisect  bool
	items   bool // ReportBatchItemFailures
}

// plan is what an invocation means for its batch.
//
//	records  ├── done ──┼──────── next ────────┤   or discard
type plan struct {
	done    int    // leading records that are processed
	next    []work // what is invoked next, in order
	discard bool   // what is not done is given up
	wait    bool   // back off before next
	partial bool   // the function named failed items
}

// decide is the whole semantics of retries, partial batch responses and
// bisecting (AWS.md §3). w.invoked already counts this invocation.
//
//   - success → all done
//   - item failures from record i > 0 → the records before i are done; the rest
//     is a batch of its own: with bisect it uses no retry, without it uses one
//   - failure (or item failures from the first record on) → with bisect and more
//     than one record two halves, which uses no retry; else a retry; else given up
func (r rules) decide(w work, result Result) plan {
	from := 0
	if result.FunctionError == "" {
		from = len(w.records)
		if r.items {
			from = failedFrom(w.records, result.Payload)
		}
	}
	p := plan{done: from, partial: result.FunctionError == "" && from < len(w.records)}
	rest := w
	rest.records = w.records[from:]
	switch {
	case len(rest.records) == 0:
	case r.bisect && from > 0:
		p.next = []work{fresh(rest, rest.records)}
	case r.bisect && len(rest.records) > 1:
		half := len(rest.records) / 2
		p.next = []work{fresh(rest, rest.records[:half]), fresh(rest, rest.records[half:])}
	case r.retries >= 0 && w.retries >= r.retries:
		p.discard = true
	default:
		rest.retries++
		p.next, p.wait = []work{rest}, true
	}
	return p
}

// fresh is a part of a batch that has used no retry.
func fresh(w work, records []Record) work {
	w.records, w.retries, w.invoked = records, 0, 0
	return w
}

// expired counts the leading records older than the bound.
func (r rules) expired(w work, now time.Time) int {
	if r.age <= 0 {
		return 0
	}
	return olderThan(w.records, now, r.age)
}

func olderThan(records []Record, now time.Time, age time.Duration) int {
	n := 0
	for n < len(records) && now.Sub(records[n].ApproximateArrivalTimestamp) > age {
		n++
	}
	return n
}

// failedFrom reads a partial batch response: the index of the failed record
// with the lowest sequence number, len(records) for success, 0 for a batch that
// failed as a whole.
// See https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
func failedFrom(records []Record, payload []byte) int {
	ids, ok := failedItems(payload)
	if !ok {
		return 0
	}
	lowest := len(records)
	for _, id := range ids {
		i := indexOf(records, id)
		if i < 0 {
			return 0
		}
		lowest = min(lowest, i)
	}
	return lowest
}

// failedItems are the identifiers of a partial batch response; false is that the batch
// failed as a whole. No answer names none.
func failedItems(payload []byte) ([]string, bool) {
	if len(payload) == 0 {
		return nil, true
	}
	// Maps, because struct members would match in any case of letters.
	var answer map[string]json.RawMessage
	if err := json.Unmarshal(payload, &answer); err != nil {
		return nil, false
	}
	var failures []map[string]json.RawMessage
	if list, ok := answer["batchItemFailures"]; ok && json.Unmarshal(list, &failures) != nil {
		return nil, false
	}
	var ids []string
	for _, item := range failures {
		var id string
		if raw, ok := item["itemIdentifier"]; !ok || json.Unmarshal(raw, &id) != nil || id == "" {
			return nil, false
		}
		ids = append(ids, id)
	}
	return ids, true
}

func indexOf(records []Record, sequence string) int {
	for i, r := range records {
		if r.SequenceNumber == sequence {
			return i
		}
	}
	return -1
}
