package lambda

import (
	"encoding/json"
	"strconv"
	"time"
)

// window is a tumbling window of a shard that is open: what the function has made
// of the window's records so far.
// See https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
type window struct {
	start, end time.Time
	state      json.RawMessage // an object; {} at first
	// The records that went in, for what is said of them when they are given up.
	first, last Record
	records     int
}

const (
	// maxState bounds a window's state: "your state can be a maximum of 1 MB for
	// each shard. If it exceeds that size, Lambda terminates the window early."
	maxState = 1 << 20
	// windowWait is for how long a window that has ended waits for records: "Lambda
	// waits for up to 2 minutes before assuming that the window is over".
	windowWait = 2 * time.Minute
)

// windowAt is the window of so many seconds in which a record arrived. Windows begin
// at whole multiples of their length, as 07:04 to 07:06 on AWS's page.
func windowAt(arrival time.Time, seconds int32) window {
	start := arrival.Unix() - arrival.Unix()%int64(seconds)
	return window{start: time.Unix(start, 0).UTC(), end: time.Unix(start+int64(seconds), 0).UTC(), state: json.RawMessage("{}")}
}

// covers is how many leading records belong to this window, or to those before it.
func (w *window) covers(records []Record) int {
	n := 0
	for n < len(records) && records[n].ApproximateArrivalTimestamp.Before(w.end) {
		n++
	}
	return n
}

// add notes records that the function has processed, and what it made of them.
func (w *window) add(records []Record, state json.RawMessage) {
	if w.records == 0 {
		w.first = records[0]
	}
	w.last = records[len(records)-1]
	w.records += len(records)
	w.state = state
}

// fresh forgets what went in; the window goes on.
func (w *window) fresh() {
	w.state, w.records = json.RawMessage("{}"), 0
}

// extend writes the window's members to the end of an event.
func (w *window) extend(event []byte, src source, final, early bool) []byte {
	out := append(event[:len(event)-1], `,"window":{"start":"`...)
	out = w.start.AppendFormat(out, time.RFC3339)
	out = append(out, `","end":"`...)
	out = w.end.AppendFormat(out, time.RFC3339)
	out = append(append(out, `"},"state":`...), w.state...)
	out = appendText(append(out, `,"shardId":`...), src.shard)
	out = appendText(append(out, `,"eventSourceARN":`...), src.streamARN)
	out = strconv.AppendBool(append(out, `,"isFinalInvokeForWindow":`...), final)
	out = strconv.AppendBool(append(out, `,"isWindowTerminatedEarly":`...), early)
	return append(out, '}')
}

// size is at most how many bytes extend writes.
func (w *window) size(src source) int {
	return 256 + len(w.state) + len(src.shard) + len(src.streamARN)
}

// stateOf is the state that a function has answered; false is that there is none:
// "if the response does not contain a state property, Lambda considers this a failed
// invocation". A null, which is what an empty map of Go is, is an empty state.
func stateOf(payload []byte) (json.RawMessage, bool) {
	var answer map[string]json.RawMessage // struct members would match in any case
	if json.Unmarshal(payload, &answer) != nil {
		return nil, false
	}
	state, ok := answer["state"]
	if string(state) == "null" {
		return json.RawMessage("{}"), true
	}
	return state, ok
}
