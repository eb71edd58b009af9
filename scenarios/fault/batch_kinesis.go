package fault

import (
	"encoding/json"
	"net/http"
)

// puts is PutRecords: the failed records have an ErrorCode in their place.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
type puts struct {
	object
	records []json.RawMessage
}

func readPuts(body []byte) (batch, error) {
	o, records, err := list(body, "Records")
	return puts{o, records}, err
}

func (p puts) keys() []string { return p.keysOf(p.records, "Records") }

func (p puts) without(failed []bool) []byte {
	return mustJSON(p.with("Records", pick(p.records, failed, false)))
}

func (p puts) answer(m message, got *reply, failed []bool) *http.Response {
	rest, done := object{"EncryptionType": json.RawMessage(`"NONE"`)}, []json.RawMessage{}
	if got != nil {
		if got.status != http.StatusOK {
			return nil
		}
		var err error
		if rest, done, err = list(got.body, "Records"); err != nil || len(done) != len(pick(failed, failed, false)) {
			return nil
		}
	}
	throttle := services["kinesis"].throttle
	refused := mustJSON(map[string]string{"ErrorCode": throttle.code, "ErrorMessage": throttle.message})
	var count int
	_ = json.Unmarshal(rest["FailedRecordCount"], &count) // none without it
	results := make([]json.RawMessage, len(failed))
	for i := range failed {
		if failed[i] {
			results[i] = refused
			count++
			continue
		}
		results[i], done = done[0], done[1:]
	}
	rest.put("FailedRecordCount", count)
	rest.put("Records", results)
	return jsonFormat{version: "1.1"}.answer(m.Request, http.StatusOK, "", rest)
}
