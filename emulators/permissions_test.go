package emulators_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	apisdk "github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	lambdasdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	snssdk "github.com/aws/aws-sdk-go-v2/service/sns"
	sqssdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
)

const functionARN = "arn:aws:lambda:us-east-1:000000000000:function:f"

// permitted is a cloud with a function f that runs.
type permitted struct {
	*emulators.Cloud
	functions *lambdasdk.Client
	topics    *snssdk.Client
	queues    *sqssdk.Client
	calls     heard
}

func withPermissions(t *testing.T, do func(t *testing.T, p permitted)) {
	synctest.Test(t, func(t *testing.T) {
		cloud, err := emulators.New(emulators.Config{})
		require.NoError(t, err)
		p := permitted{cloud, lambdasdk.NewFromConfig(cloud.AWSConfig()), snssdk.NewFromConfig(cloud.AWSConfig()), sqssdk.NewFromConfig(cloud.AWSConfig()), make(heard, 9)}
		ctx, cancel := context.WithCancel(t.Context())
		cloud.Lambda.Bind("f", p.calls)
		done := make(chan error, 1)
		go func() { done <- cloud.Run(ctx) }()
		role, err := roletest.Make(ctx, cloud.AWSConfig(), "functions", "lambda.amazonaws.com")
		require.NoError(t, err)
		_, err = p.functions.CreateFunction(ctx, &lambdasdk.CreateFunctionInput{
			FunctionName: aws.String("f"), Role: &role, Runtime: lambdatypes.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
			Code: &lambdatypes.FunctionCode{ZipFile: []byte("zip")},
		})
		require.NoError(t, err)
		do(t, p)
		cancel()
		require.NoError(t, <-done)
	})
}

func (p permitted) allow(t *testing.T, service, source string) {
	_, err := p.functions.AddPermission(t.Context(), &lambdasdk.AddPermissionInput{
		FunctionName: aws.String("f"), StatementId: aws.String("one"), Action: aws.String("lambda:InvokeFunction"), Principal: &service, SourceArn: &source,
	})
	require.NoError(t, err)
}

func (p permitted) queue(t *testing.T, name, policy string) *string {
	q, err := p.queues.CreateQueue(t.Context(), &sqssdk.CreateQueueInput{QueueName: &name, Attributes: map[string]string{"Policy": policy}})
	require.NoError(t, err)
	return q.QueueUrl
}

func (p permitted) received(t *testing.T, queue *string) int {
	out, err := p.queues.ReceiveMessage(t.Context(), &sqssdk.ReceiveMessageInput{QueueUrl: queue, MaxNumberOfMessages: 10})
	require.NoError(t, err)
	return len(out.Messages)
}

// "To allow … the Amazon SNS topic to send messages to the queue … set a policy on the
// queue": https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html
// A dead-letter queue needs one, too:
// https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
func TestATopicReachesOnlyWhatLetsItIn(t *testing.T) {
	withPermissions(t, func(t *testing.T, p permitted) {
		topic, err := p.topics.CreateTopic(t.Context(), &snssdk.CreateTopicInput{Name: aws.String("alerts")})
		require.NoError(t, err)
		open, shut, dead, undead := p.queue(t, "open", letIn("sqs:SendMessage")), p.queue(t, "shut", letIn("sqs:ReceiveMessage")),
			p.queue(t, "dead", letIn("sqs:*")), p.queue(t, "undead", "")
		for _, to := range []struct{ protocol, endpoint, dead string }{
			{"sqs", "arn:aws:sqs:us-east-1:000000000000:open", ""},
			{"sqs", "arn:aws:sqs:us-east-1:000000000000:shut", `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead"}`},
			{"lambda", functionARN, `{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:undead"}`},
		} {
			attributes := map[string]string{}
			if to.dead != "" {
				attributes["RedrivePolicy"] = to.dead
			}
			_, err := p.topics.Subscribe(t.Context(), &snssdk.SubscribeInput{TopicArn: topic.TopicArn, Protocol: &to.protocol, Endpoint: &to.endpoint, Attributes: attributes})
			require.NoError(t, err)
		}
		publish := func() {
			_, err := p.topics.Publish(t.Context(), &snssdk.PublishInput{TopicArn: topic.TopicArn, Message: aws.String("hot")})
			require.NoError(t, err, "the publisher is not told")
			time.Sleep(time.Second)
		}
		publish()
		require.Equal(t, []int{1, 0, 1, 0, 0}, []int{p.received(t, open), p.received(t, shut), p.received(t, dead), p.received(t, undead), len(p.calls)})
		p.allow(t, "sns.amazonaws.com", "arn:aws:sns:us-east-1:000000000000:others")
		publish()
		require.Empty(t, p.calls, "the permission is another topic's")
		_, err = p.functions.RemovePermission(t.Context(), &lambdasdk.RemovePermissionInput{FunctionName: aws.String("f"), StatementId: aws.String("one")})
		require.NoError(t, err)
		p.allow(t, "sns.amazonaws.com", *topic.TopicArn)
		publish()
		require.Len(t, p.calls, 1)
	})
}

// "Internal Server Error" is what a client sees of a missing permission:
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html
func TestAnAPIInvokesOnlyWhatLetsItIn(t *testing.T) {
	withPermissions(t, func(t *testing.T, p permitted) {
		apis := apisdk.NewFromConfig(p.AWSConfig())
		api, err := apis.CreateApi(t.Context(), &apisdk.CreateApiInput{Name: aws.String("a"), ProtocolType: "HTTP"})
		require.NoError(t, err)
		integration, err := apis.CreateIntegration(t.Context(), &apisdk.CreateIntegrationInput{ApiId: api.ApiId, IntegrationType: "AWS_PROXY", IntegrationUri: aws.String(functionARN), PayloadFormatVersion: aws.String("2.0")})
		require.NoError(t, err)
		_, err = apis.CreateRoute(t.Context(), &apisdk.CreateRouteInput{ApiId: api.ApiId, RouteKey: aws.String("GET /devices/{id}"), Target: aws.String("integrations/" + *integration.IntegrationId)})
		require.NoError(t, err)
		_, err = apis.CreateStage(t.Context(), &apisdk.CreateStageInput{ApiId: api.ApiId, StageName: aws.String("$default"), AutoDeploy: aws.Bool(true)})
		require.NoError(t, err)
		get := func() int {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, *api.ApiEndpoint+"/devices/a", nil)
			require.NoError(t, err)
			answer, err := emulators.Direct{Handler: p}.Do(r)
			require.NoError(t, err)
			_, _ = io.Copy(io.Discard, answer.Body)
			return answer.StatusCode
		}
		require.Equal(t, http.StatusInternalServerError, get())
		require.Empty(t, p.calls)
		p.allow(t, "apigateway.amazonaws.com", "arn:aws:execute-api:us-east-1:000000000000:"+*api.ApiId+"/*/GET/devices/{id}")
		require.Equal(t, http.StatusOK, get())
		require.Len(t, p.calls, 1)
	})
}

// The account's own calls need no statement, and a statement denies them.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func TestAnExplicitDenyIsForTheAccountToo(t *testing.T) {
	withPermissions(t, func(t *testing.T, p permitted) {
		deny := func(action string) string {
			return `{"Statement":{"Effect":"Deny","Principal":{"AWS":"000000000000"},"Action":"` + action + `","Resource":"*"}}`
		}
		queue := p.queue(t, "q", deny("sqs:SendMessage"))
		_, err := p.queues.SendMessage(t.Context(), &sqssdk.SendMessageInput{QueueUrl: queue, MessageBody: aws.String("x")})
		var denied smithy.APIError
		require.ErrorAs(t, err, &denied)
		require.Equal(t, "AccessDenied", denied.ErrorCode())
		require.Contains(t, denied.ErrorMessage(), "User: arn:aws:iam::000000000000:root is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:us-east-1:000000000000:q with an explicit deny in a resource-based policy")
		require.Zero(t, p.received(t, queue), "which is allowed")
		_, err = p.queues.SetQueueAttributes(t.Context(), &sqssdk.SetQueueAttributesInput{QueueUrl: queue, Attributes: map[string]string{"Policy": ""}})
		require.NoError(t, err)
		_, err = p.queues.SendMessage(t.Context(), &sqssdk.SendMessageInput{QueueUrl: queue, MessageBody: aws.String("x")})
		require.NoError(t, err)
		topic, err := p.topics.CreateTopic(t.Context(), &snssdk.CreateTopicInput{Name: aws.String("t"), Attributes: map[string]string{"Policy": deny("sns:Publish")}})
		require.NoError(t, err)
		_, err = p.topics.Publish(t.Context(), &snssdk.PublishInput{TopicArn: topic.TopicArn, Message: aws.String("x")})
		require.ErrorAs(t, err, &denied)
		require.Equal(t, "AuthorizationError", denied.ErrorCode())
	})
}
