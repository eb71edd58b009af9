package lambda

import (
	"encoding/json"
	"strconv"
)

// kinesisEvent is what a function gets from a mapping.
// See https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
type kinesisEvent struct {
	Records []kinesisEventRecord
}

type kinesisEventRecord struct {
	Kinesis           kinesisRecord `json:"kinesis"`
	EventSource       string        `json:"eventSource"`
	EventVersion      string        `json:"eventVersion"`
	EventID           string        `json:"eventID"`
	EventName         string        `json:"eventName"`
	InvokeIdentityArn string        `json:"invokeIdentityArn"`
	AwsRegion         string        `json:"awsRegion"`
	EventSourceARN    string        `json:"eventSourceARN"`
}

type kinesisRecord struct {
	KinesisSchemaVersion        string      `json:"kinesisSchemaVersion"`
	PartitionKey                string      `json:"partitionKey"`
	SequenceNumber              string      `json:"sequenceNumber"`
	Data                        []byte      `json:"data"`
	ApproximateArrivalTimestamp json.Number `json:"approximateArrivalTimestamp"`
}

// source is what all records of a shard have in common in an event.
type source struct {
	streamARN, shard, region, role string
}

// event is the payload for these records.
func (src source) event(records []Record) ([]byte, error) {
	out := kinesisEvent{Records: make([]kinesisEventRecord, 0, len(records))}
	for _, r := range records {
		out.Records = append(out.Records, kinesisEventRecord{
			Kinesis: kinesisRecord{
				KinesisSchemaVersion: "1.0", PartitionKey: r.PartitionKey, SequenceNumber: r.SequenceNumber, Data: r.Data,
				// Seconds with milliseconds, as in 1545084650.987.
				ApproximateArrivalTimestamp: json.Number(strconv.FormatFloat(float64(r.ApproximateArrivalTimestamp.UnixMilli())/1000, 'f', 3, 64)),
			},
			EventSource: "aws:kinesis", EventVersion: "1.0", EventName: "aws:kinesis:record",
			EventID:           src.shard + ":" + r.SequenceNumber,
			InvokeIdentityArn: src.role, AwsRegion: src.region, EventSourceARN: src.streamARN,
		})
	}
	return json.Marshal(out)
}

// size is how many bytes a record takes in an event, with its comma.
func (src source) size(r Record) int {
	const fixed = 320 // names, quotes, numbers
	return fixed + (len(r.Data)+2)/3*4 + 6*len(r.PartitionKey) + 2*len(r.SequenceNumber) + len(src.shard) + len(src.streamARN) + len(src.region) + len(src.role)
}

// fit is how many of the records an event of at most 6 MB can take, at least
// one: a record alone that is too large fails on invocation.
func (src source) fit(records []Record) int {
	total := 16
	for i, r := range records {
		if total += src.size(r); total > maxSyncPayload {
			return max(i, 1)
		}
	}
	return len(records)
}
