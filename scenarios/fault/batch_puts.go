package fault

import (
	"encoding/json"
	"net/http"
)

// puts is PutRecords of Kinesis and PutRecordBatch of Firehose: the failed records have
// an ErrorCode in their place.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
// https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
type puts struct {
	putsAnswer
	object
	records []json.RawMessage
}

// putsAnswer is what a service calls the results and how many failed, and what else it
// answers when all did.
type putsAnswer struct {
	service, results, failed string
	rest                     object
}

// readPuts reads the batch of a service that answers so.
func readPuts(a putsAnswer) func(body []byte) (batch, error) {
	return func(body []byte) (batch, error) {
		o, records, err := list(body, "Records")
		return puts{a, o, records}, err
	}
}

func (p puts) keys() []string { return p.keysOf(p.records, "Records") }

func (p puts) without(failed []bool) []byte {
	return mustJSON(p.with("Records", pick(p.records, failed, false)))
}

func (p puts) answer(m message, got *reply, failed []bool) *http.Response {
	rest, done := p.rest.with(p.failed, 0), []json.RawMessage{}
	if got != nil {
		if got.status != http.StatusOK {
			return nil
		}
		var err error
		if rest, done, err = list(got.body, p.results); err != nil || len(done) != len(pick(failed, failed, false)) {
			return nil
		}
	}
	throttle := services[p.service].throttle
	refused := mustJSON(map[string]string{"ErrorCode": throttle.code, "ErrorMessage": throttle.message})
	var count int
	_ = json.Unmarshal(rest[p.failed], &count) // none without it
	results := make([]json.RawMessage, len(failed))
	for i := range failed {
		if failed[i] {
			results[i] = refused
			count++
			continue
		}
		results[i], done = done[0], done[1:]
	}
	rest.put(p.failed, count)
	rest.put(p.results, results)
	return jsonFormat{version: "1.1"}.answer(m.Request, http.StatusOK, "", rest)
}
