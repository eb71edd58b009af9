package iotcore

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

// direct is an HTTP client that calls a handler.
type direct struct{ http.Handler }

func (d direct) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Result(), nil
}

func newCore(t *testing.T) *Core {
	all := &targets{}
	core, err := New(Config{Endpoint: endpoint, Targets: action.Targets{Kinesis: all, Lambda: all, S3: all, SNS: all}})
	require.NoError(t, err)
	return core
}

func awsConfig(h http.Handler) aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://iot.localhost"), HTTPClient: direct{h},
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""), RetryMaxAttempts: 1,
	}
}

func controlClient(t *testing.T) *iot.Client {
	return iot.NewFromConfig(awsConfig(newCore(t).Control()))
}

// requireCode wants the error of a service, by its code and a part of its text.
var requireCode = operationtest.RequireCode

func TestSourceStepOne(t *testing.T) {
	ctx, c := context.Background(), controlClient(t)
	thing, err := c.CreateThing(ctx, &iot.CreateThingInput{ThingName: aws.String("sensor-001")})
	require.NoError(t, err)
	require.Equal(t, "arn:aws:iot:us-east-1:000000000000:thing/sensor-001", *thing.ThingArn)
	keys, err := c.CreateKeysAndCertificate(ctx, &iot.CreateKeysAndCertificateInput{SetAsActive: true})
	require.NoError(t, err)
	_, err = tls.X509KeyPair([]byte(*keys.CertificatePem), []byte(*keys.KeyPair.PrivateKey))
	require.NoError(t, err)
	_, err = c.CreatePolicy(ctx, &iot.CreatePolicyInput{PolicyName: aws.String("SensorPolicy"), PolicyDocument: aws.String(sensorPolicy)})
	require.NoError(t, err)
	_, err = c.AttachPolicy(ctx, &iot.AttachPolicyInput{PolicyName: aws.String("SensorPolicy"), Target: keys.CertificateArn})
	require.NoError(t, err)
	_, err = c.AttachThingPrincipal(ctx, &iot.AttachThingPrincipalInput{ThingName: aws.String("sensor-001"), Principal: keys.CertificateArn})
	require.NoError(t, err)

	described, err := c.DescribeCertificate(ctx, &iot.DescribeCertificateInput{CertificateId: keys.CertificateId})
	require.NoError(t, err)
	require.Equal(t, types.CertificateStatusActive, described.CertificateDescription.Status)
	require.Equal(t, 2049, described.CertificateDescription.Validity.NotAfter.Year())
	policies, err := c.ListAttachedPolicies(ctx, &iot.ListAttachedPoliciesInput{Target: keys.CertificateArn})
	require.NoError(t, err)
	require.Equal(t, "SensorPolicy", *policies.Policies[0].PolicyName)
	principals, err := c.ListThingPrincipals(ctx, &iot.ListThingPrincipalsInput{ThingName: aws.String("sensor-001")})
	require.NoError(t, err)
	require.Equal(t, []string{*keys.CertificateArn}, principals.Principals)
	things, err := c.ListPrincipalThings(ctx, &iot.ListPrincipalThingsInput{Principal: keys.CertificateArn})
	require.NoError(t, err)
	require.Equal(t, []string{"sensor-001"}, things.Things)
}

func TestCertificateIsSignedByTheCA(t *testing.T) {
	core := newCore(t)
	c := iot.NewFromConfig(awsConfig(core.Control()))
	keys, err := c.CreateKeysAndCertificate(context.Background(), &iot.CreateKeysAndCertificateInput{})
	require.NoError(t, err)
	block, _ := pem.Decode([]byte(*keys.CertificatePem))
	cert, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	require.True(t, roots.AppendCertsFromPEM(core.CACertificate()))
	_, err = cert.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	require.NoError(t, err)
	described, err := c.DescribeCertificate(context.Background(), &iot.DescribeCertificateInput{CertificateId: keys.CertificateId})
	require.NoError(t, err)
	require.Equal(t, types.CertificateStatusInactive, described.CertificateDescription.Status)
}

func TestDescribeEndpoint(t *testing.T) {
	ctx, c := context.Background(), controlClient(t)
	out, err := c.DescribeEndpoint(ctx, &iot.DescribeEndpointInput{EndpointType: aws.String("iot:Data-ATS")})
	require.NoError(t, err)
	require.Equal(t, endpoint, *out.EndpointAddress)
	_, err = c.DescribeEndpoint(ctx, &iot.DescribeEndpointInput{EndpointType: aws.String("iot:Jobs")})
	requireCode(t, err, "InvalidRequestException", "iot:Jobs")
}

// sourceRule is rule 1 of the source (seed, step 3).
func sourceRule() *iot.CreateTopicRuleInput {
	return &iot.CreateTopicRuleInput{
		RuleName: aws.String("TelemetryToKinesis"),
		TopicRulePayload: &types.TopicRulePayload{
			Sql: aws.String("SELECT * FROM 'devices/+/telemetry'"),
			Actions: []types.Action{{Kinesis: &types.KinesisAction{
				StreamName: aws.String("iot-telemetry"), PartitionKey: aws.String("${deviceId}"), RoleArn: aws.String(role),
			}}},
			RuleDisabled: aws.Bool(false), AwsIotSqlVersion: aws.String("2016-03-23"),
		},
	}
}

// AWS.md §2: An omitted awsIotSqlVersion means 2015-10-08.
func TestTopicRules(t *testing.T) {
	ctx, c := context.Background(), controlClient(t)
	in := sourceRule()
	in.TopicRulePayload.ErrorAction = &types.Action{Sns: &types.SnsAction{TargetArn: aws.String("arn:aws:sns:us-east-1:000000000000:e"), RoleArn: aws.String(role)}}
	_, err := c.CreateTopicRule(ctx, in)
	require.NoError(t, err)
	_, err = c.CreateTopicRule(ctx, in)
	requireCode(t, err, "ResourceAlreadyExistsException", "TelemetryToKinesis")

	got, err := c.GetTopicRule(ctx, &iot.GetTopicRuleInput{RuleName: in.RuleName})
	require.NoError(t, err)
	require.Equal(t, "arn:aws:iot:us-east-1:000000000000:rule/TelemetryToKinesis", *got.RuleArn)
	require.Equal(t, in.TopicRulePayload.Actions, got.Rule.Actions)
	require.Equal(t, in.TopicRulePayload.ErrorAction, got.Rule.ErrorAction)
	require.Equal(t, *in.TopicRulePayload.Sql, *got.Rule.Sql)
	old := &types.TopicRulePayload{Sql: aws.String("SELECT * FROM 'a'"), Actions: in.TopicRulePayload.Actions}
	_, err = c.CreateTopicRule(ctx, &iot.CreateTopicRuleInput{RuleName: aws.String("Old"), TopicRulePayload: old})
	require.NoError(t, err)
	got, err = c.GetTopicRule(ctx, &iot.GetTopicRuleInput{RuleName: aws.String("Old")})
	require.NoError(t, err)
	require.Equal(t, "2015-10-08", *got.Rule.AwsIotSqlVersion)
	_, err = c.DeleteTopicRule(ctx, &iot.DeleteTopicRuleInput{RuleName: aws.String("Old")})
	require.NoError(t, err)
	_, err = c.GetTopicRule(ctx, &iot.GetTopicRuleInput{RuleName: aws.String("Other")})
	requireCode(t, err, "UnauthorizedException", "Other")

	in.TopicRulePayload.RuleDisabled = aws.Bool(true)
	_, err = c.ReplaceTopicRule(ctx, &iot.ReplaceTopicRuleInput{RuleName: in.RuleName, TopicRulePayload: in.TopicRulePayload})
	require.NoError(t, err)
	list, err := c.ListTopicRules(ctx, &iot.ListTopicRulesInput{})
	require.NoError(t, err)
	require.Len(t, list.Rules, 1)
	require.True(t, *list.Rules[0].RuleDisabled)
	require.Equal(t, "devices/+/telemetry", *list.Rules[0].TopicPattern)
	list, err = c.ListTopicRules(ctx, &iot.ListTopicRulesInput{RuleDisabled: aws.Bool(false)})
	require.NoError(t, err)
	require.Empty(t, list.Rules)
	_, err = c.DeleteTopicRule(ctx, &iot.DeleteTopicRuleInput{RuleName: in.RuleName})
	require.NoError(t, err)
	_, err = c.DeleteTopicRule(ctx, &iot.DeleteTopicRuleInput{RuleName: in.RuleName})
	requireCode(t, err, "UnauthorizedException", "TelemetryToKinesis")
}

func TestTopicRuleRefusals(t *testing.T) {
	tests := map[string]struct {
		change func(*iot.CreateTopicRuleInput)
		code   string
		text   string
	}{
		"sql": {func(in *iot.CreateTopicRuleInput) { in.TopicRulePayload.Sql = aws.String("SELEC *") }, "SqlParseException", ""},
		"no version": {func(in *iot.CreateTopicRuleInput) {
			in.TopicRulePayload.AwsIotSqlVersion, in.TopicRulePayload.Sql = nil, aws.String("SELECT [a] AS a FROM 'b'")
		}, "SqlParseException", "2016-03-23"},
		"beta": {func(in *iot.CreateTopicRuleInput) { in.TopicRulePayload.AwsIotSqlVersion = aws.String("beta") },
			"InvalidRequestException", "beta"},
		"name": {func(in *iot.CreateTopicRuleInput) { in.RuleName = aws.String("a-b") }, "InvalidRequestException", "a-b"},
		"tags": {func(in *iot.CreateTopicRuleInput) { in.Tags = aws.String("aws:a=b") }, "InvalidRequestException", "aws:a"},
		"no target": {func(in *iot.CreateTopicRuleInput) {
			in.TopicRulePayload.Actions[0] = types.Action{Sqs: &types.SqsAction{QueueUrl: aws.String("q"), RoleArn: aws.String(role)}}
		}, "InvalidRequestException", "sqs"},
		"firehose": {func(in *iot.CreateTopicRuleInput) {
			in.TopicRulePayload.Actions[0] = types.Action{Firehose: &types.FirehoseAction{DeliveryStreamName: aws.String("q"), RoleArn: aws.String(role)}}
		}, "InvalidRequestException", "firehose"},
		"cloudwatchLogs": {func(in *iot.CreateTopicRuleInput) {
			in.TopicRulePayload.Actions[0] = types.Action{CloudwatchLogs: &types.CloudwatchLogsAction{LogGroupName: aws.String("q"), RoleArn: aws.String(role)}}
		}, "InvalidRequestException", "cloudwatchLogs"},
		"cloudwatchMetric": {func(in *iot.CreateTopicRuleInput) {
			in.TopicRulePayload.Actions[0] = types.Action{CloudwatchMetric: &types.CloudwatchMetricAction{MetricName: aws.String("q"), MetricNamespace: aws.String("q"), MetricUnit: aws.String("q"), MetricValue: aws.String("1"), RoleArn: aws.String(role)}}
		}, "InvalidRequestException", "cloudwatchMetric"},
		"two in one": {func(in *iot.CreateTopicRuleInput) {
			in.TopicRulePayload.Actions[0].Lambda = &types.LambdaAction{FunctionArn: aws.String("f")}
		}, "InvalidRequestException", "exactly one"},
		"no role": {func(in *iot.CreateTopicRuleInput) { in.TopicRulePayload.Actions[0].Kinesis.RoleArn = aws.String("x") },
			"InvalidRequestException", "roleArn"},
		"no partition key": {func(in *iot.CreateTopicRuleInput) { in.TopicRulePayload.Actions[0].Kinesis.PartitionKey = nil },
			"InvalidRequestException", "partitionKey is missing"},
		"acl": {func(in *iot.CreateTopicRuleInput) {
			in.TopicRulePayload.Actions[0] = types.Action{S3: &types.S3Action{BucketName: aws.String("b"), Key: aws.String("k"), RoleArn: aws.String(role), CannedAcl: types.CannedAccessControlListPrivate}}
		}, "InvalidRequestException", "cannedAcl"},
		"sns format": {func(in *iot.CreateTopicRuleInput) {
			in.TopicRulePayload.Actions[0] = types.Action{Sns: &types.SnsAction{TargetArn: aws.String("t"), RoleArn: aws.String(role), MessageFormat: "XML"}}
		}, "InvalidRequestException", `messageFormat is RAW or JSON, not "XML"`},
		"republish format":      {republishing(types.MqttHeaders{PayloadFormatIndicator: aws.String("TEXT")}), "InvalidRequestException", "payloadFormatIndicator"},
		"republish correlation": {republishing(types.MqttHeaders{CorrelationData: aws.String("?")}), "InvalidRequestException", "correlationData is not base64"},
		"republish expiry":      {republishing(types.MqttHeaders{MessageExpiry: aws.String("soon")}), "InvalidRequestException", `messageExpiry "soon"`},
		"republish response":    {republishing(types.MqttHeaders{ResponseTopic: aws.String("a/#")}), "InvalidRequestException", "wildcard"},
		"republish template":    {republishing(types.MqttHeaders{ContentType: aws.String("${nosuch()}")}), "InvalidRequestException", "contentType"},
		"republish long":        {republishing(types.MqttHeaders{ContentType: aws.String(strings.Repeat("x", 1025))}), "InvalidRequestException", "the most are 1024"},
		"republish reserved": {func(in *iot.CreateTopicRuleInput) {
			in.TopicRulePayload.Actions[0] = types.Action{Republish: &types.RepublishAction{Topic: aws.String("$$aws/things/a/shadow/update/delta"), RoleArn: aws.String(role)}}
		}, "InvalidRequestException", "reserved"},
		"republish to provisioning": {func(in *iot.CreateTopicRuleInput) {
			in.TopicRulePayload.Actions[0] = types.Action{Republish: &types.RepublishAction{Topic: aws.String("$" + createKeysTopic), RoleArn: aws.String(role)}}
		}, "InvalidRequestException", "provisioning is asked for over MQTT"},
		"eleven": {func(in *iot.CreateTopicRuleInput) {
			for len(in.TopicRulePayload.Actions) < 11 {
				in.TopicRulePayload.Actions = append(in.TopicRulePayload.Actions, in.TopicRulePayload.Actions[0])
			}
		}, "InvalidRequestException", "11 actions"},
		"error action": {func(in *iot.CreateTopicRuleInput) {
			in.TopicRulePayload.ErrorAction = &types.Action{Lambda: &types.LambdaAction{FunctionArn: aws.String("")}}
		}, "InvalidRequestException", "errorAction"},
		"jobs topics": {func(in *iot.CreateTopicRuleInput) {
			in.TopicRulePayload.Sql = aws.String("SELECT * FROM '$aws/things/+/jobs/update'")
		}, "SqlParseException", "reserved"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			in := sourceRule()
			test.change(in)
			_, err := controlClient(t).CreateTopicRule(context.Background(), in)
			requireCode(t, err, test.code, test.text)
		})
	}
}

// republishing makes a rule's action republish with headers.
func republishing(headers types.MqttHeaders) func(*iot.CreateTopicRuleInput) {
	return func(in *iot.CreateTopicRuleInput) {
		in.TopicRulePayload.Actions[0] = types.Action{Republish: &types.RepublishAction{Topic: aws.String("t"), RoleArn: aws.String(role), Headers: &headers}}
	}
}

func TestRuleWithoutTargetIsRefused(t *testing.T) {
	core, err := New(Config{})
	require.NoError(t, err)
	_, err = iot.NewFromConfig(awsConfig(core.Control())).CreateTopicRule(context.Background(), sourceRule())
	requireCode(t, err, "InvalidRequestException", "no target for the action kinesis")
}

func TestUnknownOperationIsNamed(t *testing.T) {
	_, err := controlClient(t).ListJobs(context.Background(), &iot.ListJobsInput{})
	requireCode(t, err, "InvalidRequestException", "ListJobs is not implemented")
}

func TestDataPlane(t *testing.T) {
	inBubble(t, func(f *fixture) {
		f.rule("R", "a/b", toKinesis("s"))
		c := iotdataplane.NewFromConfig(awsConfig(f.core.Data()))
		_, err := c.Publish(context.Background(), &iotdataplane.PublishInput{Topic: aws.String("a/b"), Qos: 1, Payload: []byte("x")})
		require.NoError(t, err)
		settle()
		require.Equal(t, []string{"kinesis s b x"}, f.targets.took())
		accepted := f.heard(event.Accepted)
		require.Equal(t, message.OffMQTT, accepted[0].ClientID)

		_, err = c.Publish(context.Background(), &iotdataplane.PublishInput{Topic: aws.String("$aws/rules/a-b/x"), Payload: []byte("x")})
		requireCode(t, err, "InvalidRequestException", "not the name of a rule")
		_, err = c.Publish(context.Background(), &iotdataplane.PublishInput{Topic: aws.String("a"), Payload: bytes.Repeat([]byte("x"), message.MaxPayload+1)})
		require.Error(t, err)
	})
}

// principal() of who signs with IAM's credentials is a user id. Here all are the root user's,
// whose id is the account's, as GetCallerIdentity says.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-sql-functions.html#iot-function-principal
func TestPrincipalOfASignedPublish(t *testing.T) {
	inBubble(t, func(f *fixture) {
		f.createRule("R", rule.Payload{SQL: "SELECT principal() AS p, clientid() AS c, sourceip() AS ip FROM 'a/b'", Actions: []action.Action{toKinesis("s")}})
		_, err := iotdataplane.NewFromConfig(awsConfig(f.core.Data())).Publish(context.Background(), &iotdataplane.PublishInput{Topic: aws.String("a/b"), Payload: []byte("{}")})
		require.NoError(t, err)
		settle()
		require.Equal(t, []string{`kinesis s b {"p":"000000000000","c":"n/a"}`}, f.targets.took())
	})
}

func TestPublishAfterTheEndIsRefused(t *testing.T) {
	core := newCore(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.NoError(t, core.Run(ctx))
	require.Error(t, core.Run(ctx))
	w := httptest.NewRecorder()
	core.Data().ServeHTTP(w, httptest.NewRequest("POST", "/topics/a", strings.NewReader("x")))
	require.Equal(t, http.StatusServiceUnavailable, w.Code)
}
