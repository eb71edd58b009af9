package fault_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	cloudwatchtypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	firehosetypes "github.com/aws/aws-sdk-go-v2/service/firehose/types"
	iotdatatypes "github.com/aws/aws-sdk-go-v2/service/iotdataplane/types"
	kinesistypes "github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	timestreamtypes "github.com/aws/aws-sdk-go-v2/service/timestreamwrite/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

// is tells whether an error is one of the SDK's own types.
type is func(error) bool

func as[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

func code(want string) is {
	return func(err error) bool {
		e, ok := errors.AsType[smithy.APIError](err)
		return ok && e.ErrorCode() == want
	}
}

// refusals are what SDK clients see. S3 models neither error, Firehose, Logs,
// CloudWatch, SNS and SQS each but one of them.
var refusals = map[string]struct {
	throttle       is
	throttleStatus int
	broken         is
}{
	"dynamodb":   {as[*dynamodbtypes.ProvisionedThroughputExceededException], 400, as[*dynamodbtypes.InternalServerError]},
	"firehose":   {as[*firehosetypes.ServiceUnavailableException], 500, code("InternalFailure")},
	"logs":       {code("ThrottlingException"), 400, as[*logstypes.ServiceUnavailableException]},
	"monitoring": {code("ThrottlingException"), 400, as[*cloudwatchtypes.InternalServiceFault]},
	"iot-data":   {as[*iotdatatypes.ThrottlingException], 429, as[*iotdatatypes.InternalFailureException]},
	"kinesis":    {as[*kinesistypes.ProvisionedThroughputExceededException], 400, as[*kinesistypes.InternalFailureException]},
	"s3":         {code("SlowDown"), 503, code("InternalError")},
	"sns":        {code("ThrottlingException"), 400, as[*snstypes.InternalErrorException]},
	"sqs":        {as[*sqstypes.RequestThrottled], 400, code("InternalFailure")},
	"timestream": {as[*timestreamtypes.ThrottlingException], 400, as[*timestreamtypes.InternalServerException]},
}

// TestRefusals: throttle and server-error do nothing, lost-answer everything; the
// client sees its service's own error and would try again; End restores.
func TestRefusals(t *testing.T) {
	for service, want := range refusals {
		for kind, c := range map[simfault.Kind]struct {
			is     is
			status int
			stored int
		}{
			simfault.Throttle:    {want.throttle, want.throttleStatus, 0},
			simfault.ServerError: {want.broken, http.StatusInternalServerError, 0},
			simfault.LostAnswer:  {want.broken, http.StatusInternalServerError, 1},
		} {
			t.Run(service+"/"+string(kind), func(t *testing.T) {
				w := start(t)
				w.begin(kind, service, operations[service], simfault.Parameters{})
				err := w.store(t.Context(), service, 1)
				require.True(t, c.is(err), "%T: %v", err, err)
				answer, ok := errors.AsType[*awshttp.ResponseError](err)
				require.True(t, ok, "%T: %v", err, err)
				require.Equal(t, c.status, answer.HTTPStatusCode())
				require.NotContains(t, err.Error(), "deserialization")
				require.Equal(t, aws.TrueTernary, retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err))
				throttles := retry.IsErrorThrottles(retry.DefaultThrottles).IsErrorThrottle(err)
				// Firehose is unavailable, for which SDKs have no longer a pause.
				require.Equal(t, kind == simfault.Throttle && service != "firehose", throttles == aws.TrueTernary)
				require.Equal(t, c.stored, w.stored(service))
				require.Equal(t, 1, w.injector.Hits(0))

				require.NoError(t, w.store(own(t), service, 2), "the simulator's own calls are spared")
				w.injector.End(0)
				require.NoError(t, w.store(t.Context(), service, 3))
				if service != "iot-data" {
					require.Equal(t, c.stored+2, w.stored(service))
				}
				require.Equal(t, 1, w.injector.Hits(0))
			})
		}
	}
}

// TestOnlyTheTargetIsHit: neither other operations nor other services are.
func TestOnlyTheTargetIsHit(t *testing.T) {
	w := start(t)
	w.begin(simfault.Throttle, "kinesis", "PutRecords", simfault.Parameters{})
	for service := range operations {
		require.NoError(t, w.store(t.Context(), service, 1), service)
	}
	w.begin(simfault.Throttle, "kinesis", "", simfault.Parameters{})
	require.Error(t, w.store(t.Context(), "kinesis", 1))
	require.NoError(t, w.store(t.Context(), "sqs", 1))
}
