package fault_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios/fault"
	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

func TestValidate(t *testing.T) {
	for _, c := range []struct {
		kind               simfault.Kind
		service, operation string
		want               string // of the error; none when empty
	}{
		{simfault.Throttle, "kinesis", "", ""},
		{simfault.Throttle, "kinesis", "PutRecord", ""},
		{simfault.ServerError, "timestream", "Query", ""},
		{simfault.PartialBatchFailure, "timestream", "", ""},
		{simfault.PartialBatchFailure, "dynamodb", "BatchGetItem", ""},
		{simfault.Throttle, "kinesis", "PutItem",
			`target.operation: "PutItem" is no operation of kinesis; the pipeline uses PutRecord; it has CreateStream,`},
		{simfault.SlowCalls, "dynamodb", "WriteRecords", "the pipeline uses GetItem, PutItem, Query, UpdateItem"},
		{simfault.PartialBatchFailure, "s3", "",
			"target.service: s3 has no batch operation here; partial-batch-failure acts on dynamodb (BatchGetItem, BatchWriteItem), " +
				"firehose (PutRecordBatch), kinesis (PutRecords), sns (PublishBatch), sqs (DeleteMessageBatch, SendMessageBatch), timestream (WriteRecords)"},
		{simfault.PartialBatchFailure, "kinesis", "PutRecord", "target.operation: PutRecord of kinesis has no entries; partial-batch-failure acts on PutRecords"},
		{simfault.Throttle, "ec2", "", `"ec2" is none of dynamodb,`},
		{simfault.SlowCalls, "monitoring", "PutMetricData", ""},
		{simfault.LostAnswer, "logs", "PutLogEvents", ""},
		{simfault.PartialBatchFailure, "firehose", "PutRecordBatch", ""},
		{simfault.Throttle, "monitoring", "PutMetricAlarm", `"PutMetricAlarm" is no operation of monitoring; it has GetMetricData, GetMetricStatistics,`},
		{simfault.PowerLoss, "", "", ""},
		{simfault.FunctionError, "", "", ""},
	} {
		err := fault.Validate(simfault.Fault{Kind: c.kind, Target: simfault.Target{Service: c.service, Operation: c.operation}})
		if c.want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, c.want)
	}
	for _, service := range simfault.Services() {
		require.NoError(t, fault.Validate(simfault.Fault{Kind: simfault.Throttle, Target: simfault.Target{Service: service}}),
			"every service that a schedule may name can fail")
	}
}
