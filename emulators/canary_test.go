package emulators

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	apisdk "github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	logssdk "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"
	lambdasdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	s3sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	snssdk "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/stretchr/testify/require"
)

const canaryARN = "arn:aws:lambda:us-east-1:000000000000:function:f:live"

// canary makes an alias of version 1 that sends everything to version 2, and that the
// services may invoke.
func (c *ruled) canary(functions *lambdasdk.Client) {
	c.Cloud.Lambda.Bind("f", fussy{})
	makeFunction(c.t, c.AWSConfig(), nil)
	f := aws.String("f")
	for _, text := range []string{"one", "two"} {
		_, err := functions.UpdateFunctionConfiguration(c.ctx, &lambdasdk.UpdateFunctionConfigurationInput{FunctionName: f, Description: &text})
		require.NoError(c.t, err)
		_, err = functions.PublishVersion(c.ctx, &lambdasdk.PublishVersionInput{FunctionName: f})
		require.NoError(c.t, err)
	}
	_, err := functions.CreateAlias(c.ctx, &lambdasdk.CreateAliasInput{
		FunctionName: f, Name: aws.String("live"), FunctionVersion: aws.String("1"),
		RoutingConfig: &lambdatypes.AliasRoutingConfiguration{AdditionalVersionWeights: map[string]float64{"2": 1}},
	})
	require.NoError(c.t, err)
	for _, service := range []string{"iot", "sns", "s3", "apigateway"} {
		_, err := functions.AddPermission(c.ctx, &lambdasdk.AddPermissionInput{
			FunctionName: f, Qualifier: aws.String("live"), StatementId: &service, Action: aws.String("lambda:InvokeFunction"), Principal: aws.String(service + ".amazonaws.com"),
		})
		require.NoError(c.t, err)
	}
}

// started counts the invocations of a version in the function's log: "Lambda
// automatically emits a START log entry that contains the invoked version ID".
// See https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
func (c *ruled) started(version string) int {
	out, err := logssdk.NewFromConfig(c.AWSConfig()).FilterLogEvents(c.ctx, &logssdk.FilterLogEventsInput{LogGroupName: aws.String("/aws/lambda/f"), FilterPattern: aws.String("START")})
	require.NoError(c.t, err)
	n := 0
	for _, e := range out.Events {
		if strings.HasSuffix(*e.Message, "Version: "+version) {
			n++
		}
	}
	return n
}

// Whatever invokes an alias invokes the version that its weights choose.
func TestServicesInvokeThroughAWeightedAlias(t *testing.T) {
	withRules(t, nil, func(t *testing.T, c *ruled) {
		c.canary(lambdasdk.NewFromConfig(c.AWSConfig()))

		c.rule("canary", "SELECT * FROM 'a'", iottypes.Action{Lambda: &iottypes.LambdaAction{FunctionArn: aws.String(canaryARN)}})
		c.publish("a", `{}`)
		require.Equal(t, 1, c.started("2"), "a rule")

		topics := snssdk.NewFromConfig(c.AWSConfig())
		topic, err := topics.CreateTopic(c.ctx, &snssdk.CreateTopicInput{Name: aws.String("t")})
		require.NoError(t, err)
		_, err = topics.Subscribe(c.ctx, &snssdk.SubscribeInput{TopicArn: topic.TopicArn, Protocol: aws.String("lambda"), Endpoint: aws.String(canaryARN)})
		require.NoError(t, err)
		_, err = topics.Publish(c.ctx, &snssdk.PublishInput{TopicArn: topic.TopicArn, Message: aws.String("hot")})
		require.NoError(t, err)
		c.settle()
		require.Equal(t, 2, c.started("2"), "a topic")

		objects, bucket := s3sdk.NewFromConfig(c.AWSConfig(), func(o *s3sdk.Options) { o.UsePathStyle = true }), aws.String("archive")
		_, err = objects.CreateBucket(c.ctx, &s3sdk.CreateBucketInput{Bucket: bucket})
		require.NoError(t, err)
		_, err = objects.PutBucketNotificationConfiguration(c.ctx, &s3sdk.PutBucketNotificationConfigurationInput{Bucket: bucket, NotificationConfiguration: &s3types.NotificationConfiguration{
			LambdaFunctionConfigurations: []s3types.LambdaFunctionConfiguration{{LambdaFunctionArn: aws.String(canaryARN), Events: []s3types.Event{"s3:ObjectCreated:*"}}},
		}})
		require.NoError(t, err)
		_, err = objects.PutObject(c.ctx, &s3sdk.PutObjectInput{Bucket: bucket, Key: aws.String("k"), Body: strings.NewReader("x")})
		require.NoError(t, err)
		c.settle()
		require.Equal(t, 3, c.started("2"), "a bucket")

		apis := apisdk.NewFromConfig(c.AWSConfig())
		api, err := apis.CreateApi(c.ctx, &apisdk.CreateApiInput{Name: aws.String("a"), ProtocolType: "HTTP", Target: aws.String(canaryARN)})
		require.NoError(t, err)
		r, err := http.NewRequestWithContext(c.ctx, http.MethodGet, *api.ApiEndpoint+"/", nil)
		require.NoError(t, err)
		answer, err := Direct{Handler: c}.Do(r)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, 4, c.started("2"), "an API")
		require.Zero(t, c.started("1"))
	})
}
