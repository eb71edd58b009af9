package firehose

import (
	"encoding/base64"
	"encoding/json"
)

// event is what a function is called with: github.com/aws/aws-lambda-go's
// KinesisFirehoseEvent.
type event struct {
	InvocationID           string        `json:"invocationId"`
	DeliveryStreamARN      string        `json:"deliveryStreamArn"`
	SourceKinesisStreamARN string        `json:"sourceKinesisStreamArn,omitempty"`
	Region                 string        `json:"region"`
	Records                []eventRecord `json:"records"`
}

type eventRecord struct {
	RecordID string    `json:"recordId"`
	Arrival  int64     `json:"approximateArrivalTimestamp"` // Unix ms
	Data     []byte    `json:"data"`
	Metadata *metadata `json:"kinesisRecordMetadata,omitempty"`
}

// metadata is a record's place in the Kinesis stream that it comes from.
type metadata struct {
	SequenceNumber    string `json:"sequenceNumber"`
	SubsequenceNumber int    `json:"subsequenceNumber"`
	PartitionKey      string `json:"partitionKey"`
	ShardID           string `json:"shardId"`
	Arrival           int64  `json:"approximateArrivalTimestamp"`
}

func (s *State) event(w *work) event {
	out := event{InvocationID: w.invocationID(), DeliveryStreamARN: s.arn(w.stream.name), Region: s.config.Identity.Region}
	if w.stream.source != nil {
		out.SourceKinesisStreamARN = w.stream.source.KinesisStreamARN
	}
	for _, r := range w.records {
		e := eventRecord{RecordID: r.id, Arrival: r.arrived.UnixMilli(), Data: r.data}
		if o := r.origin; o != nil {
			e.Arrival = o.arrived.UnixMilli()
			e.Metadata = &metadata{SequenceNumber: o.sequence, PartitionKey: o.key, ShardID: o.shard, Arrival: e.Arrival}
		}
		out.Records = append(out.Records, e)
	}
	return out
}

// response is what a function answers. What else it has, as metadata for dynamic
// partitioning, concerns nothing here.
type response struct {
	Records []struct {
		RecordID string  `json:"recordId"`
		Result   string  `json:"result"`
		Data     *string `json:"data"`
	} `json:"records"`
}

// outcome is what became of a record.
type outcome struct {
	data    []byte
	dropped bool
	failure *failure
}

// outcomes reads an answer by the status model: each record comes back once, by its
// id, as Ok, Dropped or ProcessingFailed.
// https://docs.aws.amazon.com/firehose/latest/dev/data-transformation-status-model.html
func outcomes(records []record, payload []byte) (map[string]outcome, *failure) {
	var answer response
	if err := json.Unmarshal(payload, &answer); err != nil || answer.Records == nil {
		return nil, &failure{"Lambda.FunctionError", "There was an error parsing returned records from the Lambda function. Ensure that the returned records follow the status model."}
	}
	out := map[string]outcome{}
	for _, r := range answer.Records {
		if _, twice := out[r.RecordID]; twice {
			out[r.RecordID] = outcome{failure: &failure{"Lambda.DuplicatedRecordId", "Multiple records were returned with the same record ID. Ensure that the Lambda function returns unique record IDs for each record."}}
			continue
		}
		out[r.RecordID] = outcomeOf(r.Result, r.Data)
	}
	for _, r := range records {
		if _, ok := out[r.id]; !ok {
			out[r.id] = outcome{failure: &failure{"Lambda.MissingRecordId", "One or more record Ids were not returned. Ensure that the Lambda function returns all received record Ids."}}
		}
	}
	return out, nil
}

func outcomeOf(result string, data *string) outcome {
	switch {
	case result == "Dropped":
		return outcome{dropped: true}
	case result == "ProcessingFailed":
		return outcome{failure: &failure{"Lambda.ProcessingFailedStatus", "ProcessingFailed status set for record"}}
	case result != "Ok":
		return outcome{failure: &failure{"Lambda.FunctionError", "The result status of a record must be one of Dropped, Ok, or ProcessingFailed."}}
	case data == nil:
		return outcome{failure: &failure{"Lambda.FunctionError", "A record with the result Ok must have data."}}
	}
	raw, err := base64.StdEncoding.DecodeString(*data)
	if err != nil {
		return outcome{failure: &failure{"Lambda.JsonMappingException", "There was an error parsing returned records from the Lambda function. Ensure that data field is base-64 encoded."}}
	}
	return outcome{data: raw}
}
