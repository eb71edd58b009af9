package emulators

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// permission is what a call needs: an action on each of the resources. code is that of
// the service's error where it is missing. once is that each resource is hardly asked for
// again, so that the answer is not remembered.
type permission struct {
	code, action string
	resources    []string
	once         bool
}

// Codes of what IAM does not allow.
const (
	accessDenied       = "AccessDeniedException"
	authorizationError = "AuthorizationError" // https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
	forbidden          = "ForbiddenException" // https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_Publish.html
)

// permissionOf is what an SDK call needs, of those that a pipeline's functions make.
//
//   - https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
//   - https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazontimestream.html
//   - https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
//   - https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
//   - https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiot.html
func permissionOf(id wire.Identity, input any) (permission, bool) {
	switch in := input.(type) {
	case *dynamodb.GetItemInput:
		return onTable(id, "dynamodb:GetItem", in.TableName, nil), true
	case *dynamodb.PutItemInput:
		return onTable(id, "dynamodb:PutItem", in.TableName, nil), true
	case *dynamodb.UpdateItemInput:
		return onTable(id, "dynamodb:UpdateItem", in.TableName, nil), true
	case *dynamodb.DeleteItemInput:
		return onTable(id, "dynamodb:DeleteItem", in.TableName, nil), true
	case *dynamodb.QueryInput:
		return onTable(id, "dynamodb:Query", in.TableName, in.IndexName), true
	case *dynamodb.ScanInput:
		return onTable(id, "dynamodb:Scan", in.TableName, in.IndexName), true
	case *dynamodb.BatchGetItemInput:
		return onTables(id, "dynamodb:BatchGetItem", in.RequestItems), true
	case *dynamodb.BatchWriteItemInput:
		return onTables(id, "dynamodb:BatchWriteItem", in.RequestItems), true
	case *timestreamwrite.WriteRecordsInput:
		return permission{accessDenied, "timestream:WriteRecords",
			[]string{id.ARN("timestream", "database/"+aws.ToString(in.DatabaseName)+"/table/"+aws.ToString(in.TableName))}, false}, true
	case *timestreamwrite.DescribeEndpointsInput:
		return permission{accessDenied, "timestream:DescribeEndpoints", []string{"*"}, false}, true
	case *sns.PublishInput:
		// A phone number has no ARN: a policy that allows it names every resource.
		resource := cmp.Or(aws.ToString(in.TopicArn), aws.ToString(in.TargetArn), "*")
		return permission{authorizationError, "sns:Publish", []string{resource}, false}, true
	case *sqs.SendMessageInput:
		return permission{accessDenied, "sqs:SendMessage", []string{id.ARN("sqs", path.Base(aws.ToString(in.QueueUrl)))}, false}, true
	case *iotdataplane.PublishInput:
		// Each device has a topic of its own.
		return permission{forbidden, "iot:Publish", []string{id.ARN("iot", "topic/"+aws.ToString(in.Topic))}, true}, true
	}
	return permission{}, false
}

// onTable is a permission on a table, or on an index of one.
func onTable(id wire.Identity, action string, table, index *string) permission {
	arn := tableARN(id, aws.ToString(table))
	if index != nil {
		arn += "/index/" + *index
	}
	return permission{accessDenied, action, []string{arn}, false}
}

func onTables[R any](id wire.Identity, action string, requests map[string]R) permission {
	p := permission{code: accessDenied, action: action}
	for _, name := range slices.Sorted(maps.Keys(requests)) {
		p.resources = append(p.resources, tableARN(id, name))
	}
	return p
}

// tableARN is the ARN of a table that a call names, or that is its name in the call.
func tableARN(id wire.Identity, name string) string {
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	return id.ARN("dynamodb", "table/"+name)
}
