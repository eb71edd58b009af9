package fault_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/firehose"
	firehosetypes "github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	kinesistypes "github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"
	timestreamtypes "github.com/aws/aws-sdk-go-v2/service/timestreamwrite/types"
	"github.com/stretchr/testify/require"

	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

// storeBatch stores entries and returns those that failed.
func (w *world) storeBatch(ctx context.Context, operation string, at time.Time, entries []int) []int {
	t, name := w.t, aws.String("thing")
	var failed []int
	switch operation {
	case "PutRecords":
		in := &kinesis.PutRecordsInput{StreamName: name}
		for _, n := range entries {
			in.Records = append(in.Records, kinesistypes.PutRecordsRequestEntry{PartitionKey: name, Data: []byte(strconv.Itoa(n))})
		}
		out, err := w.streams.PutRecords(ctx, in)
		require.NoError(t, err)
		require.Len(t, out.Records, len(entries))
		for i, r := range out.Records {
			if r.ErrorCode != nil {
				require.Equal(t, "ProvisionedThroughputExceededException", *r.ErrorCode)
				require.NotEmpty(t, *r.ErrorMessage)
				require.Nil(t, r.SequenceNumber)
				failed = append(failed, entries[i])
				continue
			}
			require.NotEmpty(t, *r.SequenceNumber)
		}
		require.EqualValues(t, len(failed), aws.ToInt32(out.FailedRecordCount))
	case "PutRecordBatch":
		in := &firehose.PutRecordBatchInput{DeliveryStreamName: name}
		for _, n := range entries {
			in.Records = append(in.Records, firehosetypes.Record{Data: []byte(strconv.Itoa(n))})
		}
		out, err := w.deliveries.PutRecordBatch(ctx, in)
		require.NoError(t, err)
		require.Len(t, out.RequestResponses, len(entries))
		for i, r := range out.RequestResponses {
			if r.ErrorCode != nil {
				require.Equal(t, "ServiceUnavailableException", *r.ErrorCode)
				require.Nil(t, r.RecordId)
				failed = append(failed, entries[i])
				continue
			}
			require.NotEmpty(t, *r.RecordId)
		}
		require.EqualValues(t, len(failed), *out.FailedPutCount)
	case "BatchWriteItem":
		in := &dynamodb.BatchWriteItemInput{RequestItems: map[string][]dynamodbtypes.WriteRequest{}}
		for _, n := range entries {
			in.RequestItems["thing"] = append(in.RequestItems["thing"], dynamodbtypes.WriteRequest{PutRequest: &dynamodbtypes.PutRequest{Item: item(n)}})
		}
		out, err := w.items.BatchWriteItem(ctx, in)
		if _, all := errors.AsType[*dynamodbtypes.ProvisionedThroughputExceededException](err); all {
			return entries
		}
		require.NoError(t, err)
		for _, r := range out.UnprocessedItems["thing"] {
			require.Len(t, r.PutRequest.Item, 7)
			failed = append(failed, numberOf(r.PutRequest.Item))
		}
	case "SendMessageBatch":
		in := &sqs.SendMessageBatchInput{QueueUrl: &w.queue}
		for _, n := range entries {
			in.Entries = append(in.Entries, sqstypes.SendMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(n)), MessageBody: aws.String("text " + strconv.Itoa(n))})
		}
		out, err := w.queues.SendMessageBatch(ctx, in)
		require.NoError(t, err)
		require.Equal(t, len(entries), len(out.Failed)+len(out.Successful))
		failed = failedMessages(t, out.Failed)
	case "WriteRecords":
		in := &timestreamwrite.WriteRecordsInput{DatabaseName: name, TableName: name, CommonAttributes: &timestreamtypes.Record{
			Dimensions: []timestreamtypes.Dimension{{Name: aws.String("site"), Value: aws.String("here")}}}}
		for _, n := range entries {
			in.Records = append(in.Records, point(n, at))
		}
		_, err := w.series.WriteRecords(ctx, in)
		if err == nil {
			return nil
		}
		rejection, ok := errors.AsType[*timestreamtypes.RejectedRecordsException](err)
		require.True(t, ok, "%v", err)
		for _, r := range rejection.RejectedRecords {
			require.Contains(t, *r.Reason, "injected")
			failed = append(failed, entries[r.RecordIndex])
		}
	}
	return failed
}

func failedMessages(t *testing.T, list []sqstypes.BatchResultErrorEntry) (failed []int) {
	for _, f := range list {
		require.Equal(t, "InternalError", *f.Code)
		require.False(t, f.SenderFault)
		n, err := strconv.Atoi(*f.Id)
		require.NoError(t, err)
		failed = append(failed, n)
	}
	return failed
}

func numberOf(item map[string]dynamodbtypes.AttributeValue) int {
	var n int
	for n = 0; text("item "+strconv.Itoa(n)).(*dynamodbtypes.AttributeValueMemberS).Value != item["PK"].(*dynamodbtypes.AttributeValueMemberS).Value; n++ {
	}
	return n
}

var batchOperations = map[string]string{
	"BatchWriteItem": "dynamodb", "PutRecordBatch": "firehose", "PutRecords": "kinesis", "SendMessageBatch": "sqs", "WriteRecords": "timestream",
}

// TestPartialBatches: what failed is not done, the rest is; what failed can be
// sent again until it is done, each once.
func TestPartialBatches(t *testing.T) {
	entries := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}
	for operation, service := range batchOperations {
		t.Run(operation, func(t *testing.T) {
			w, at := start(t), time.Now()
			w.begin(simfault.PartialBatchFailure, service, "", simfault.Parameters{Rate: 0.5})
			failed := w.storeBatch(t.Context(), operation, at, entries)
			require.NotEmpty(t, failed)
			require.Less(t, len(failed), len(entries))
			require.Equal(t, len(entries)-len(failed), w.stored(service))
			require.Equal(t, 1, w.injector.Hits(0))
			for tries := 0; len(failed) > 0; tries++ {
				require.Less(t, tries, 30)
				failed = w.storeBatch(t.Context(), operation, at, failed)
			}
			require.Equal(t, len(entries), w.stored(service))
		})
		t.Run(operation+" without a rate", func(t *testing.T) {
			w := start(t)
			w.begin(simfault.PartialBatchFailure, service, operation, simfault.Parameters{})
			require.Equal(t, entries, w.storeBatch(t.Context(), operation, time.Now(), entries))
			require.Zero(t, w.stored(service))
			require.Zero(t, w.reached.Load())
			w.injector.End(0)
			require.Empty(t, w.storeBatch(t.Context(), operation, time.Now(), entries))
			require.Equal(t, len(entries), w.stored(service))
		})
	}
}

// TestPartialBatchesLeaveOthersAlone: operations without entries, and entries that
// are not drawn.
func TestPartialBatchesLeaveOthersAlone(t *testing.T) {
	w := start(t)
	for service, operation := range map[string]string{"dynamodb": "", "kinesis": "", "sns": "", "sqs": ""} {
		w.begin(simfault.PartialBatchFailure, service, operation, simfault.Parameters{})
		require.NoError(t, w.store(t.Context(), service, 1), service)
		require.Equal(t, 1, w.stored(service))
	}
	for operation, service := range batchOperations {
		w.begin(simfault.PartialBatchFailure, service, operation, simfault.Parameters{Rate: 1e-12})
		require.Empty(t, w.storeBatch(t.Context(), operation, time.Now(), []int{7, 8, 9}))
	}
	require.Zero(t, w.injector.Hits(0))
}

func TestPartialGets(t *testing.T) {
	w := start(t)
	keys := []map[string]dynamodbtypes.AttributeValue{}
	for n := range 10 {
		require.NoError(t, w.store(own(t), "dynamodb", n))
		keys = append(keys, key(n))
	}
	w.begin(simfault.PartialBatchFailure, "dynamodb", "BatchGetItem", simfault.Parameters{Rate: 0.5})
	asked := dynamodbtypes.KeysAndAttributes{Keys: keys, ProjectionExpression: aws.String("PK, #a"), ExpressionAttributeNames: map[string]string{"#a": "a"}}
	out, err := w.items.BatchGetItem(t.Context(), &dynamodb.BatchGetItemInput{RequestItems: map[string]dynamodbtypes.KeysAndAttributes{"thing": asked}})
	require.NoError(t, err)
	left := out.UnprocessedKeys["thing"]
	require.NotEmpty(t, left.Keys)
	require.NotEmpty(t, out.Responses["thing"])
	require.Len(t, keys, len(left.Keys)+len(out.Responses["thing"]))
	require.Equal(t, "PK, #a", *left.ProjectionExpression)
	require.Equal(t, map[string]string{"#a": "a"}, left.ExpressionAttributeNames)
	w.begin(simfault.PartialBatchFailure, "dynamodb", "BatchGetItem", simfault.Parameters{})
	_, err = w.items.BatchGetItem(t.Context(), &dynamodb.BatchGetItemInput{RequestItems: out.UnprocessedKeys})
	require.True(t, as[*dynamodbtypes.ProvisionedThroughputExceededException](err), "%v", err)
	w.injector.End(0)
	out, err = w.items.BatchGetItem(t.Context(), &dynamodb.BatchGetItemInput{RequestItems: out.UnprocessedKeys})
	require.NoError(t, err)
	require.Len(t, out.Responses["thing"], len(left.Keys))
}

func TestPartialDeletes(t *testing.T) {
	w := start(t)
	for n := range 10 {
		require.NoError(t, w.store(own(t), "sqs", n))
	}
	got, err := w.queues.ReceiveMessage(own(t), &sqs.ReceiveMessageInput{QueueUrl: &w.queue, MaxNumberOfMessages: 10, VisibilityTimeout: 600})
	require.NoError(t, err)
	require.Len(t, got.Messages, 10)
	in := &sqs.DeleteMessageBatchInput{QueueUrl: &w.queue}
	for i, m := range got.Messages {
		in.Entries = append(in.Entries, sqstypes.DeleteMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), ReceiptHandle: m.ReceiptHandle})
	}
	// Receipt handles are drawn by the queue: all or none, so that the test knows.
	w.begin(simfault.PartialBatchFailure, "sqs", "DeleteMessageBatch", simfault.Parameters{})
	out, err := w.queues.DeleteMessageBatch(t.Context(), in)
	require.NoError(t, err)
	require.Len(t, failedMessages(t, out.Failed), 10)
	require.Empty(t, out.Successful)
	w.injector.End(0)
	out, err = w.queues.DeleteMessageBatch(t.Context(), in)
	require.NoError(t, err)
	require.Len(t, out.Successful, 10, "nothing was deleted before")
}

// TestRejectedByTheServiceToo: indexes of what the service itself rejects are
// those of the whole call.
func TestRejectedByTheServiceToo(t *testing.T) {
	w, now := start(t), time.Now()
	in := &timestreamwrite.WriteRecordsInput{DatabaseName: aws.String("thing"), TableName: aws.String("thing")}
	for n := range 20 {
		at := now
		if n%2 == 1 {
			at = now.AddDate(-10, 0, 0)
		}
		in.Records = append(in.Records, point(n, at))
	}
	w.begin(simfault.PartialBatchFailure, "timestream", "", simfault.Parameters{Rate: 0.5})
	_, err := w.series.WriteRecords(t.Context(), in)
	rejection, ok := errors.AsType[*timestreamtypes.RejectedRecordsException](err)
	require.True(t, ok, "%v", err)
	why := map[int32]string{}
	for _, r := range rejection.RejectedRecords {
		why[r.RecordIndex] = *r.Reason
	}
	injected := 0
	for n := range int32(20) {
		switch {
		case n%2 == 1:
			require.NotEmpty(t, why[n], "record %d is too old", n)
		case why[n] != "":
			require.Contains(t, why[n], "injected", n)
			injected++
		}
	}
	require.NotZero(t, injected)
	require.Equal(t, 10-injected, w.stored("timestream"))
}
