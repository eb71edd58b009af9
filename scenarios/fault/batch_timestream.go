package fault

import (
	"encoding/json"
	"net/http"
	"sort"
)

// points is WriteRecords: the failed records are rejected, the others written.
// The reference says 400; SDKs and the service know 419 (AWS.md §4).
// https://docs.aws.amazon.com/timestream/latest/APIReference/API_WriteRecords.html
type points struct {
	object
	records []json.RawMessage
}

const statusRejected = 419

// rejected is a record that was not written.
type rejected struct {
	RecordIndex     int
	Reason          string
	ExistingVersion *int64 `json:",omitempty"`
}

func readPoints(body []byte) (batch, error) {
	o, records, err := list(body, "Records")
	return points{o, records}, err
}

func (p points) keys() []string { return p.keysOf(p.records, "Records") }

func (p points) without(failed []bool) []byte {
	return mustJSON(p.with("Records", pick(p.records, failed, false)))
}

func (p points) answer(m message, got *reply, failed []bool) *http.Response {
	var more []rejected
	switch {
	case got == nil || got.status == http.StatusOK:
	case got.status == statusRejected:
		var answer struct{ RejectedRecords []rejected }
		if json.Unmarshal(got.body, &answer) != nil {
			return nil
		}
		more = answer.RejectedRecords
	default:
		return nil
	}
	var sent []int // the index of what was sent in the whole call
	var all []rejected
	for i := range failed {
		if failed[i] {
			all = append(all, rejected{RecordIndex: i, Reason: "The record was rejected by an injected partial-batch-failure."})
			continue
		}
		sent = append(sent, i)
	}
	for _, one := range more {
		if one.RecordIndex >= 0 && one.RecordIndex < len(sent) {
			one.RecordIndex = sent[one.RecordIndex]
			all = append(all, one)
		}
	}
	sort.Slice(all, func(a, b int) bool { return all[a].RecordIndex < all[b].RecordIndex })
	format := services["timestream"].format.(jsonFormat)
	const code = "RejectedRecordsException"
	return format.answer(m.Request, statusRejected, code, map[string]any{
		"__type": format.prefix + code, "RejectedRecords": all,
		"message": "One or more records have been rejected. See RejectedRecords for details.",
	})
}
