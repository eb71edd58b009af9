package fault

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	snstypes "github.com/aws/aws-sdk-go-v2/service/sns/types"
	"github.com/aws/smithy-go"
)

// typed is a failure as the SDK's client of the service returns it: a type of its
// own where the service's model has one.
func typed(c call, f failure) error {
	return &smithy.OperationError{ServiceID: serviceIDs[c.service], OperationName: c.operation, Err: modelled(c.service, f)}
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
