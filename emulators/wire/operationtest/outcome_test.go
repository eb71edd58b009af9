package operationtest

import (
	"reflect"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	logstypes "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	kinesistypes "github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

func TestABatchOfNothingButFailuresHasFailed(t *testing.T) {
	code, text := aws.String("ValidationException"), aws.String("the key is missing")
	ok, bad := kinesistypes.PutRecordsResultEntry{SequenceNumber: aws.String("1")}, kinesistypes.PutRecordsResultEntry{ErrorCode: code, ErrorMessage: text}
	wrong := []sqstypes.BatchResultErrorEntry{{Id: aws.String("a"), Code: code, Message: text}}
	statement := dynamodbtypes.BatchStatementResponse{Error: &dynamodbtypes.BatchStatementError{Code: "ValidationError", Message: text}}
	for _, out := range []any{
		&kinesis.PutRecordsOutput{Records: []kinesistypes.PutRecordsResultEntry{bad, bad}},
		&sqs.SendMessageBatchOutput{Failed: wrong},
		&dynamodb.BatchExecuteStatementOutput{Responses: []dynamodbtypes.BatchStatementResponse{statement}},
	} {
		err := failed(out)
		require.ErrorContains(t, err, "the key is missing")
		require.True(t, names(err, path{"Key"}))
	}
	for _, out := range []any{
		nil, &cloudwatchlogs.GetLogEventsOutput{Events: []logstypes.OutputLogEvent{{Message: text}}}, (*kinesis.PutRecordsOutput)(nil), &kinesis.PutRecordsOutput{},
		&kinesis.PutRecordsOutput{Records: []kinesistypes.PutRecordsResultEntry{bad, ok}},
		&sqs.SendMessageBatchOutput{Failed: wrong, Successful: []sqstypes.SendMessageBatchResultEntry{{}}},
		&dynamodb.BatchExecuteStatementOutput{Responses: []dynamodbtypes.BatchStatementResponse{statement, {}}},
	} {
		require.NoError(t, failed(out))
	}
}

// TestCopiedSharesNothing that a test may change when its call is over.
func TestCopiedSharesNothing(t *testing.T) {
	in := dynamodb.PutItemInput{TableName: aws.String("t"), Item: map[string]dynamodbtypes.AttributeValue{
		"k": &dynamodbtypes.AttributeValueMemberL{Value: []dynamodbtypes.AttributeValue{&dynamodbtypes.AttributeValueMemberS{Value: "v"}}}}}
	was := copied(reflect.ValueOf(in)).Interface()
	require.Equal(t, in, was)
	*in.TableName = "other"
	in.Item["k"].(*dynamodbtypes.AttributeValueMemberL).Value[0].(*dynamodbtypes.AttributeValueMemberS).Value = "other"
	in.Item["l"] = nil
	require.Equal(t, dynamodb.PutItemInput{TableName: aws.String("t"), Item: map[string]dynamodbtypes.AttributeValue{
		"k": &dynamodbtypes.AttributeValueMemberL{Value: []dynamodbtypes.AttributeValue{&dynamodbtypes.AttributeValueMemberS{Value: "v"}}}}}, was)
	body := struct{ Body any }{strings.NewReader("b")}
	require.Same(t, body.Body, copied(reflect.ValueOf(body)).Interface().(struct{ Body any }).Body)
}
