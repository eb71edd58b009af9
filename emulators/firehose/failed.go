package firehose

import (
	"encoding/json"
	"time"
)

// failedRecord is a record that could not be transformed, as it is delivered.
// https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-failure-handling.html
type failedRecord struct {
	AttemptsMade     int    `json:"attemptsMade"`
	ArrivalTimestamp int64  `json:"arrivalTimestamp"` // Unix ms, as the next one
	ErrorCode        string `json:"errorCode"`
	ErrorMessage     string `json:"errorMessage"`
	AttemptEnding    int64  `json:"attemptEndingTimestamp"`
	RawData          []byte `json:"rawData"`
	LambdaARN        string `json:"lambdaArn"`
}

// fail adds a record to those that go below ErrorOutputPrefix, one a line. The caller
// holds the lock.
func (s *State) fail(w *work, r record, why *failure, now time.Time) {
	text, err := json.Marshal(failedRecord{w.tries, r.arrived.UnixMilli(), why.code, why.message, now.UnixMilli(), r.data, w.destination.function.arn})
	if err != nil { // strings and numbers always encode
		s.config.Log.Error("a failed record is lost", "stream", w.stream.name, "error", err)
		return
	}
	d := w.destination
	d.prefix, d.delimiter = d.errorPrefix, "\n"
	s.fill(&w.stream.failed, w.stream, w.version, d, text, r.arrived)
}
