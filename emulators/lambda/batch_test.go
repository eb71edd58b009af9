package lambda

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// The rows are the conditions of
// https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
// AWS.md §3: ReportBatchItemFailures: the lowest returned sequence number is the checkpoint; empty list = success; an
// empty or misnamed itemIdentifier = whole batch failed.
// AWS.md §3: ReportBatchItemFailures: the lowest returned sequence number is the
// checkpoint, everything from there is retried; null or empty response = success.
func TestFailedFrom(t *testing.T) {
	records := []Record{{SequenceNumber: "9"}, {SequenceNumber: "10"}, {SequenceNumber: "11"}}
	const success, whole = 3, 0
	for _, test := range []struct {
		name, answer string
		want         int
	}{
		{"no answer", ``, success},
		{"null", `null`, success},
		{"empty object", `{}`, success},
		{"null list", `{"batchItemFailures":null}`, success},
		{"empty list", `{"batchItemFailures":[]}`, success},
		{"misnamed list", `{"BatchItemFailures":[{"itemIdentifier":"9"}]}`, success},
		{"one", `{"batchItemFailures":[{"itemIdentifier":"10"}]}`, 1},
		{"the lowest by number, not by text", `{"batchItemFailures":[{"itemIdentifier":"11"},{"itemIdentifier":"10"}]}`, 1},
		{"empty identifier", `{"batchItemFailures":[{"itemIdentifier":""}]}`, whole},
		{"null identifier", `{"batchItemFailures":[{"itemIdentifier":null}]}`, whole},
		{"misnamed identifier", `{"batchItemFailures":[{"ItemIdentifier":"10"}]}`, whole},
		{"one good, one bad", `{"batchItemFailures":[{"itemIdentifier":"11"},{"itemIdentifier":""}]}`, whole},
		{"not of the batch", `{"batchItemFailures":[{"itemIdentifier":"77"}]}`, whole},
		{"not JSON", `ok`, whole},
		{"not an object", `"ok"`, whole},
	} {
		t.Run(test.name, func(t *testing.T) { require.Equal(t, test.want, failedFrom(records, []byte(test.answer))) })
	}
}

func FuzzFailedFrom(f *testing.F) {
	f.Add([]byte(`{"batchItemFailures":[{"itemIdentifier":"10"}]}`))
	f.Add([]byte(`[`))
	records := []Record{{SequenceNumber: "9"}, {SequenceNumber: "10"}}
	f.Fuzz(func(t *testing.T, payload []byte) {
		from := failedFrom(records, payload)
		require.True(t, from >= 0 && from <= len(records))
		for _, r := range []rules{{items: true, bisect: true, retries: 1}, {items: true, retries: 0}, {items: true, retries: -1}} {
			p := r.decide(work{records: records}, Result{Payload: payload})
			after := p.done
			for _, w := range p.next {
				require.Equal(t, records[after], w.records[0], "in order, nothing skipped")
				after += len(w.records)
			}
			require.True(t, p.discard || after == len(records), "every record is done, next or given up")
		}
	})
}

func FuzzNameOf(f *testing.F) {
	for _, ref := range []string{"f", "f:$LATEST", "arn:aws:lambda:us-east-1:000000000000:function:f", "000000000000:function:f", "arn:", ":"} {
		f.Add(ref)
	}
	s := New(Config{})
	f.Fuzz(func(t *testing.T, ref string) {
		if name, err := s.nameOf(ref); err == nil {
			require.Regexp(t, namePattern, name)
		}
	})
}

// AWS.md §3: Payload ≤ 6 MB (async 1 MB).
func TestEventsFitThePayloadLimit(t *testing.T) {
	src := source{streamARN: "arn:aws:kinesis:us-east-1:000000000000:stream/iot-telemetry", shard: "shardId-000000000000", region: "us-east-1", role: "arn:aws:iam::000000000000:role/r"}
	var records []Record
	for range 10 {
		records = append(records, Record{SequenceNumber: "49601189658422359378836298521827638475320189012309704722", PartitionKey: "<&>", Data: make([]byte, 1<<20)})
	}
	n := src.fit(records)
	event, err := src.event(records[:n])
	require.NoError(t, err)
	require.LessOrEqual(t, len(event), maxSyncPayload)
	require.Equal(t, 4, n, "1 MiB is 1.4 MB in base64")
}
