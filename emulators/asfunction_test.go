package emulators

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	lambdasdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	snsclient "github.com/aws/aws-sdk-go-v2/service/sns"
	sqssdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// TestAFunctionsCallsNeedItsRole: what is allowed to the account is not allowed to the
// code of a function, whose role is asked for each resource.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
func TestAFunctionsCallsNeedItsRole(t *testing.T) {
	cloud, err := New(Config{})
	require.NoError(t, err)
	ctx, cfg := t.Context(), cloud.AWSConfig()
	cloud.Lambda.Bind("f", fussy{})
	makeFunction(t, cfg, nil)
	table := aws.String("states")
	_, err = dynamodb.NewFromConfig(cfg).CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName: table, BillingMode: dynamodbtypes.BillingModePayPerRequest,
		AttributeDefinitions: []dynamodbtypes.AttributeDefinition{{AttributeName: aws.String("k"), AttributeType: dynamodbtypes.ScalarAttributeTypeS}},
		KeySchema:            []dynamodbtypes.KeySchemaElement{{AttributeName: aws.String("k"), KeyType: dynamodbtypes.KeyTypeHash}},
	})
	require.NoError(t, err)
	key := map[string]dynamodbtypes.AttributeValue{"k": &dynamodbtypes.AttributeValueMemberS{Value: "v"}}
	as := cloud.AWSConfigAs("f")
	calls := map[string]func() error{
		"dynamodb:GetItem": func() error {
			_, err := dynamodb.NewFromConfig(as).GetItem(ctx, &dynamodb.GetItemInput{TableName: table, Key: key})
			return err
		},
		"dynamodb:Query": func() error { // the table by its ARN
			_, err := dynamodb.NewFromConfig(as).Query(ctx, &dynamodb.QueryInput{
				TableName: aws.String("arn:aws:dynamodb:us-east-1:000000000000:table/states"), KeyConditionExpression: aws.String("k = :k"),
				ExpressionAttributeValues: map[string]dynamodbtypes.AttributeValue{":k": key["k"]}})
			return err
		},
		"dynamodb:BatchGetItem": func() error {
			_, err := dynamodb.NewFromConfig(as).BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
				RequestItems: map[string]dynamodbtypes.KeysAndAttributes{"states": {Keys: []map[string]dynamodbtypes.AttributeValue{key}}}})
			return err
		},
		"iot:Publish": func() error {
			_, err := iotdataplane.NewFromConfig(as).Publish(ctx, &iotdataplane.PublishInput{Topic: aws.String("devices/s1/commands"), Payload: []byte("{}")})
			return err
		},
	}
	codes := map[string]string{"iot:Publish": "ForbiddenException"}
	for action, call := range calls {
		require.NoError(t, roletest.Allow(ctx, cfg, "functions", "*"))
		require.NoError(t, call(), action)
		require.NoError(t, roletest.Allow(ctx, cfg, "functions", "s3:PutObject"))
		var refused smithy.APIError
		require.ErrorAs(t, call(), &refused, action)
		code := "AccessDeniedException"
		if codes[action] != "" {
			code = codes[action]
		}
		require.Equal(t, code, refused.ErrorCode())
		require.Contains(t, refused.ErrorMessage(), "User: arn:aws:iam::000000000000:role/functions is not authorized to perform: "+action+" on resource: arn:aws:")
		require.NotContains(t, refused.ErrorMessage(), ":table/arn:")
		require.Contains(t, refused.ErrorMessage(), "allow it with: aws iam put-role-policy ")
	}
	require.NoError(t, roletest.Allow(ctx, cfg, "functions", "*"))
	_, err = snsclient.NewFromConfig(as).ListTopics(ctx, &snsclient.ListTopicsInput{})
	require.ErrorContains(t, err, "SNS ListTopics needs is not known for functions of this process")
}

// TestAFunctionsSessionHasItsName: a policy of a queue may let in, or out, just that session
// of the role.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-role-session
func TestAFunctionsSessionHasItsName(t *testing.T) {
	cloud, err := New(Config{})
	require.NoError(t, err)
	ctx, cfg := t.Context(), cloud.AWSConfig()
	cloud.Lambda.Bind("f", fussy{})
	makeFunction(t, cfg, nil)
	require.NoError(t, roletest.Allow(ctx, cfg, "functions"))
	queues, as := sqssdk.NewFromConfig(cfg), sqssdk.NewFromConfig(cloud.AWSConfigAs("f"))
	queue, err := queues.CreateQueue(ctx, &sqssdk.CreateQueueInput{QueueName: aws.String("q")})
	require.NoError(t, err)
	send := func(statements string) error {
		_, err := queues.SetQueueAttributes(ctx, &sqssdk.SetQueueAttributesInput{QueueUrl: queue.QueueUrl, Attributes: map[string]string{"Policy": `{"Statement":[` + statements + `]}`}})
		require.NoError(t, err)
		_, err = as.SendMessage(ctx, &sqssdk.SendMessageInput{QueueUrl: queue.QueueUrl, MessageBody: aws.String("m")})
		return err
	}
	of := func(effect, element, session string) string {
		return `{"Effect":"` + effect + `","` + element + `":{"AWS":["arn:aws:sts::000000000000:assumed-role/functions/` + session + `","arn:aws:iam::000000000000:root"]},"Action":"sqs:SendMessage","Resource":"*"}`
	}
	require.NoError(t, send(of("Allow", "Principal", "f")))
	require.ErrorContains(t, send(of("Allow", "Principal", "g")), "no identity-based policy allows the sqs:SendMessage action")
	require.NoError(t, send(of("Allow", "Principal", "f")+","+of("Deny", "NotPrincipal", "f")))
	require.ErrorContains(t, send(of("Allow", "Principal", "f")+","+of("Deny", "NotPrincipal", "g")), "an explicit deny in a resource-based policy")
}

// TestTopicsOfDevicesAreNotRemembered: what was decided about other things stays so while
// a function publishes to each of many devices.
func TestTopicsOfDevicesAreNotRemembered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		cloud, err := New(Config{})
		require.NoError(t, err)
		cloud.Lambda.Bind("f", fussy{})
		makeFunction(t, cloud.AWSConfig(), nil)
		require.NoError(t, roletest.Allow(ctx, cloud.AWSConfig(), "functions", "iot:Publish"))
		done := make(chan error, 1)
		go func() { done <- cloud.Run(ctx) }()
		use := policy.Use{Caller: policy.Caller{Service: "lambda.amazonaws.com"}, Role: "arn:aws:iam::000000000000:role/functions", Action: "dynamodb:GetItem", Resource: "arn:aws:dynamodb:us-east-1:000000000000:table/t"}
		decided, as := cloud.IAM.Decide(use), iotdataplane.NewFromConfig(cloud.AWSConfigAs("f"))
		require.Error(t, decided)
		for i := range 4200 { // more than are remembered
			_, err := as.Publish(ctx, &iotdataplane.PublishInput{Topic: aws.String(fmt.Sprintf("devices/%d/commands", i)), Payload: []byte("{}")})
			require.NoError(t, err)
		}
		require.Same(t, decided, cloud.IAM.Decide(use))
		stop()
		require.NoError(t, <-done)
	})
}

// publisher publishes with the rights of the function.
type publisher struct{ config aws.Config }

func (p *publisher) Invoke(ctx context.Context, _ []byte) ([]byte, error) {
	_, err := iotdataplane.NewFromConfig(p.config).Publish(ctx, &iotdataplane.PublishInput{Topic: aws.String("devices/s1/commands"), Payload: []byte("{}")})
	return []byte("{}"), err
}

// TestAVersionCallsWithItsOwnRole: a published version keeps the role that it had.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
func TestAVersionCallsWithItsOwnRole(t *testing.T) {
	cloud, err := New(Config{})
	require.NoError(t, err)
	ctx, cfg, name := t.Context(), cloud.AWSConfig(), aws.String("f")
	functions := lambdasdk.NewFromConfig(cfg)
	cloud.Lambda.Bind("f", &publisher{cloud.AWSConfigAs("f")})
	makeFunction(t, cfg, nil)
	_, err = functions.PublishVersion(ctx, &lambdasdk.PublishVersionInput{FunctionName: name})
	require.NoError(t, err)
	_, err = functions.CreateAlias(ctx, &lambdasdk.CreateAliasInput{FunctionName: name, Name: aws.String("live"), FunctionVersion: aws.String("1")})
	require.NoError(t, err)
	other, err := roletest.Make(ctx, cfg, "other", "lambda.amazonaws.com")
	require.NoError(t, err)
	_, err = functions.UpdateFunctionConfiguration(ctx, &lambdasdk.UpdateFunctionConfigurationInput{FunctionName: name, Role: &other})
	require.NoError(t, err)
	refusal := func(qualifier string) string {
		out, err := functions.Invoke(ctx, &lambdasdk.InvokeInput{FunctionName: name, Qualifier: &qualifier})
		require.NoError(t, err)
		if out.FunctionError == nil {
			return ""
		}
		return string(out.Payload)
	}
	require.Contains(t, refusal("$LATEST"), "role/other is not authorized to perform: iot:Publish")
	for _, qualifier := range []string{"1", "live"} {
		require.Empty(t, refusal(qualifier), qualifier)
	}
	require.NoError(t, roletest.Allow(ctx, cfg, "functions"))
	require.NoError(t, roletest.Allow(ctx, cfg, "other", "iot:Publish"))
	require.Empty(t, refusal("$LATEST"))
	for _, qualifier := range []string{"1", "live"} {
		require.Contains(t, refusal(qualifier), "role/functions is not authorized to perform: iot:Publish", qualifier)
	}
}
