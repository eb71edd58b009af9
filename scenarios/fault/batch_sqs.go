package fault

import (
	"encoding/json"
	"net/http"
)

// messages is SendMessageBatch or DeleteMessageBatch: each entry is answered
// among Successful or Failed, by its Id.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_BatchResultErrorEntry.html
type messages struct {
	object
	entries []json.RawMessage
}

// entryFailed is the code of a failed entry of SQS and SNS.
const entryFailed = "InternalError"

func readMessages(body []byte) (batch, error) {
	o, entries, err := list(body, "Entries")
	return messages{o, entries}, err
}

func (b messages) keys() []string { return b.keysOf(b.entries, "Entries") }

func (b messages) without(failed []bool) []byte {
	return mustJSON(b.with("Entries", pick(b.entries, failed, false)))
}

func (b messages) answer(m message, got *reply, failed []bool) *http.Response {
	rest := object{"Successful": json.RawMessage("[]")}
	var refused []json.RawMessage
	if got != nil {
		rest = got.members()
		if rest == nil || json.Unmarshal(orNull(rest["Failed"]), &refused) != nil {
			return nil
		}
	}
	for _, e := range pick(b.entries, failed, true) {
		var id struct{ Id json.RawMessage }
		_ = json.Unmarshal(e, &id) // without an Id it is answered without one
		refused = append(refused, mustJSON(map[string]any{
			"Id": id.Id, "Code": entryFailed, "Message": "Internal error", "SenderFault": false,
		}))
	}
	rest.put("Failed", refused)
	return services["sqs"].format.(jsonFormat).answer(m.Request, http.StatusOK, "", rest)
}
