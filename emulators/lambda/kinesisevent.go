package lambda

import (
	"encoding/base64"
	"encoding/json"
	"strconv"
)

// source is what all records of a shard have in common in an event.
type source struct {
	streamARN, shard, region, role string
	// extra is how many bytes a tumbling window adds to an event.
	extra int
}

// event is the payload for these records: {"Records":[{"kinesis":{…},…}]}.
// It is written by hand, because every record of a stream goes through here once
// for each of its functions.
// See https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
func (src source) event(records []Record) ([]byte, error) {
	if ofTable(src.streamARN) {
		return tableEvent(records), nil
	}
	size := 16
	for _, r := range records {
		size += src.size(r)
	}
	common := src.common()
	out := append(make([]byte, 0, size), `{"Records":[`...)
	for i, r := range records {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, `{"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":`...)
		out = appendText(out, r.PartitionKey)
		out = append(out, `,"sequenceNumber":"`...)
		out = append(append(out, r.SequenceNumber...), `","data":"`...)
		out = base64.StdEncoding.AppendEncode(out, r.Data)
		// Seconds with milliseconds, as in 1545084650.987.
		out = append(out, `","approximateArrivalTimestamp":`...)
		out = strconv.AppendFloat(out, float64(r.ApproximateArrivalTimestamp.UnixMilli())/1000, 'f', 3, 64)
		out = append(out, `},"eventSource":"aws:kinesis","eventVersion":"1.0","eventName":"aws:kinesis:record","eventID":"`...)
		out = append(append(append(out, src.shard...), ':'), r.SequenceNumber...)
		out = append(append(out, `",`...), common...)
	}
	return append(out, "]}"...), nil
}

// common is the end of every record.
func (src source) common() []byte {
	out := append([]byte(nil), `"invokeIdentityArn":`...)
	out = append(appendText(out, src.role), `,"awsRegion":`...)
	out = append(appendText(out, src.region), `,"eventSourceARN":`...)
	return append(appendText(out, src.streamARN), '}')
}

// appendText appends a JSON string.
func appendText(out []byte, text string) []byte {
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(text) // a string always encodes
			return append(out, quoted...)
		}
	}
	return append(append(append(out, '"'), text...), '"')
}

// size is how many bytes a record takes in an event, with its comma.
func (src source) size(r Record) int {
	if ofTable(src.streamARN) {
		return len(r.Data) + 1
	}
	const fixed = 320 // names, quotes, numbers
	return fixed + (len(r.Data)+2)/3*4 + 6*len(r.PartitionKey) + 2*len(r.SequenceNumber) + len(src.shard) + len(src.streamARN) + len(src.region) + len(src.role)
}

// fit is how many of the records an event of at most 6 MB can take, at least
// one: a record alone that is too large fails on invocation.
func (src source) fit(records []Record) int {
	total := 16 + src.extra
	for i, r := range records {
		if total += src.size(r); total > maxSyncPayload {
			return max(i, 1)
		}
	}
	return len(records)
}
