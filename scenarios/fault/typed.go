package fault

import (
	"net/http"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// typed is a failure as the SDK's client of the service returns it: a type of its
// own where the service's model has one.
// Retryers look at the status.
func typed(c call, f failure) error {
	answer := &http.Response{Status: strconv.Itoa(f.status) + " " + http.StatusText(f.status), StatusCode: f.status, Header: http.Header{}, Body: http.NoBody}
	return &smithy.OperationError{ServiceID: serviceIDs[c.service], OperationName: c.operation, Err: &awshttp.ResponseError{
		ResponseError: &smithyhttp.ResponseError{Response: &smithyhttp.Response{Response: answer}, Err: modelled(c.service, f)},
		RequestID:     wire.NewRequestID(),
	}}
}

// serviceIDs are the names that clients give themselves.
var serviceIDs = map[string]string{"kinesis": "Kinesis", "lambda": "Lambda", "s3": "S3", "sns": "SNS"}

func modelled(service string, f failure) error {
	message := aws.String(f.message)
	switch service + " " + f.code {
	case "kinesis ProvisionedThroughputExceededException":
		return &types.ProvisionedThroughputExceededException{Message: message}
	case "kinesis InternalFailureException":
		return &types.InternalFailureException{Message: message}
	case "lambda TooManyRequestsException":
		return &lambdatypes.TooManyRequestsException{Message: message}
	case "lambda ServiceException":
		return &lambdatypes.ServiceException{Message: message}
	case "sns InternalError":
		return &snstypes.InternalErrorException{Message: message}
	}
	fault := smithy.FaultClient
	if f.status >= 500 {
		fault = smithy.FaultServer
	}
	return &smithy.GenericAPIError{Code: f.code, Message: f.message, Fault: fault}
}
