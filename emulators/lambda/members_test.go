package lambda_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/stretchr/testify/require"
)

// packages has a deployment package at any place: its text is where.
type packages struct{}

func (packages) GetObject(_ context.Context, in *s3.GetObjectInput, _ ...func(*s3.Options)) (*s3.GetObjectOutput, error) {
	return &s3.GetObjectOutput{Body: io.NopCloser(strings.NewReader(*in.Bucket + "/" + *in.Key + "/" + aws.ToString(in.VersionId)))}, nil
}

func (packages) PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error) {
	return &s3.PutObjectOutput{}, nil
}

// inContext answers the client context.
func inContext(ctx context.Context, _ []byte) ([]byte, error) {
	c, _ := lambdacontext.FromContext(ctx)
	return json.Marshal(c.ClientContext.Custom)
}

// actOnMembersOfFunctions creates and changes g with every member that does something.
func actOnMembersOfFunctions(t *testing.T, c *client.Client) {
	ctx, g := t.Context(), aws.String("g")
	in := createInput("g")
	in.Code = &types.FunctionCode{S3Bucket: aws.String("b"), S3Key: aws.String("k"), S3ObjectVersion: aws.String("v")}
	in.Architectures, in.PackageType, in.Publish = []types.Architecture{types.ArchitectureX8664}, types.PackageTypeZip, true
	in.Description, in.Timeout, in.MemorySize = aws.String("d"), aws.Int32(7), aws.Int32(256)
	in.Environment, in.Tags = &types.Environment{Variables: map[string]string{"AA": "1"}}, map[string]string{"owner": "me"}
	in.DeadLetterConfig = &types.DeadLetterConfig{TargetArn: aws.String(queueARN)}
	in.LoggingConfig = &types.LoggingConfig{LogFormat: types.LogFormatText, LogGroup: aws.String("/g")}
	in.TracingConfig, in.SnapStart = &types.TracingConfig{Mode: types.TracingModePassThrough}, &types.SnapStart{ApplyOn: types.SnapStartApplyOnNone}
	in.EphemeralStorage, in.VpcConfig = &types.EphemeralStorage{Size: aws.Int32(512)}, &types.VpcConfig{Ipv6AllowedForDualStack: aws.Bool(false)}
	made, err := c.CreateFunction(ctx, in)
	require.NoError(t, err)
	require.Equal(t, []any{"1", "d", int32(7), int32(256), int64(len("b/k/v"))}, []any{*made.Version, *made.Description, *made.Timeout, *made.MemorySize, made.CodeSize})
	require.Equal(t, []any{in.Environment.Variables, in.DeadLetterConfig, in.LoggingConfig}, []any{made.Environment.Variables, made.DeadLetterConfig, made.LoggingConfig})
	require.Equal(t, []any{in.Architectures, in.PackageType, in.TracingConfig.Mode, in.SnapStart.ApplyOn, in.EphemeralStorage}, []any{made.Architectures, made.PackageType, made.TracingConfig.Mode, made.SnapStart.ApplyOn, made.EphemeralStorage})
	tags, err := c.ListTags(ctx, &client.ListTagsInput{Resource: aws.String(strings.TrimSuffix(*made.FunctionArn, ":1"))})
	require.NoError(t, err)
	require.Equal(t, in.Tags, tags.Tags)

	latest, err := c.GetFunctionConfiguration(ctx, &client.GetFunctionConfigurationInput{FunctionName: g, Qualifier: aws.String("$LATEST")})
	require.NoError(t, err)
	code, err := c.UpdateFunctionCode(ctx, &client.UpdateFunctionCodeInput{
		FunctionName: g, S3Bucket: aws.String("bucket"), S3Key: aws.String("k"), S3ObjectVersion: aws.String("v"), Publish: true,
		Architectures: []types.Architecture{types.ArchitectureArm64}, RevisionId: latest.RevisionId,
	})
	require.NoError(t, err)
	require.Equal(t, []any{"2", int64(len("bucket/k/v")), types.ArchitectureArm64}, []any{*code.Version, code.CodeSize, code.Architectures[0]})

	latest, err = c.GetFunctionConfiguration(ctx, &client.GetFunctionConfigurationInput{FunctionName: g})
	require.NoError(t, err)
	_, err = c.UpdateFunctionConfiguration(ctx, &client.UpdateFunctionConfigurationInput{FunctionName: g, RevisionId: latest.RevisionId})
	require.NoError(t, err)
	changed, err := c.UpdateFunctionConfiguration(ctx, &client.UpdateFunctionConfigurationInput{
		FunctionName: g, Handler: aws.String("main"), Role: aws.String(roleARN + "2"), Runtime: types.RuntimeProvidedal2,
		MemorySize: aws.Int32(512), Environment: &types.Environment{Variables: map[string]string{"BB": "2"}}, DeadLetterConfig: &types.DeadLetterConfig{TargetArn: aws.String(queueARN + "2")},
		LoggingConfig: &types.LoggingConfig{LogFormat: types.LogFormatText, LogGroup: aws.String("/g2")}, TracingConfig: in.TracingConfig, SnapStart: in.SnapStart,
		EphemeralStorage: in.EphemeralStorage, VpcConfig: in.VpcConfig,
	})
	require.NoError(t, err)
	require.Equal(t, []any{"main", roleARN + "2", types.RuntimeProvidedal2, int32(512), "2", queueARN + "2", "/g2"}, []any{
		*changed.Handler, *changed.Role, changed.Runtime, *changed.MemorySize, changed.Environment.Variables["BB"], *changed.DeadLetterConfig.TargetArn, *changed.LoggingConfig.LogGroup,
	})
	out, err := c.Invoke(ctx, &client.InvokeInput{
		FunctionName: g, Payload: []byte(`{}`), InvocationType: types.InvocationTypeRequestResponse, LogType: types.LogTypeTail,
		ClientContext: aws.String(base64.StdEncoding.EncodeToString([]byte(`{"custom":{"a":"1"}}`))),
	})
	require.NoError(t, err)
	require.JSONEq(t, `{"a":"1"}`, string(out.Payload))
	require.NotEmpty(t, *out.LogResult)
	functions, err := c.ListFunctions(ctx, &client.ListFunctionsInput{MaxItems: aws.Int32(1), Marker: aws.String("f")})
	require.NoError(t, err)
	require.Equal(t, "g", *functions.Functions[0].FunctionName)
}

// actOnMembersOfVersions gives versions and aliases of g all they can have.
func actOnMembersOfVersions(t *testing.T, c *client.Client) {
	ctx, g, one := t.Context(), aws.String("g"), aws.String("1")
	latest, err := c.GetFunction(ctx, &client.GetFunctionInput{FunctionName: g, Qualifier: aws.String("$LATEST")})
	require.NoError(t, err)
	published, err := c.PublishVersion(ctx, &client.PublishVersionInput{FunctionName: g, RevisionId: latest.Configuration.RevisionId, CodeSha256: latest.Configuration.CodeSha256, Description: aws.String("three")})
	require.NoError(t, err)
	require.Equal(t, []string{"3", "three"}, []string{*published.Version, *published.Description})
	made, err := c.CreateAlias(ctx, &client.CreateAliasInput{FunctionName: g, Name: aws.String("a"), FunctionVersion: one, Description: aws.String("d"), RoutingConfig: weights("2", 0.5)})
	require.NoError(t, err)
	changed, err := c.UpdateAlias(ctx, &client.UpdateAliasInput{FunctionName: g, Name: aws.String("a"), RevisionId: made.RevisionId, Description: aws.String("e"), FunctionVersion: aws.String("2"), RoutingConfig: weights("1", 0.25)})
	require.NoError(t, err)
	require.Equal(t, []any{"d", "e", "2", weights("1", 0.25)}, []any{*made.Description, *changed.Description, *changed.FunctionVersion, changed.RoutingConfig})
	for _, name := range []string{"b", "c"} {
		_, err = c.CreateAlias(ctx, &client.CreateAliasInput{FunctionName: g, Name: &name, FunctionVersion: one})
		require.NoError(t, err)
	}
	aliases, err := c.ListAliases(ctx, &client.ListAliasesInput{FunctionName: g, MaxItems: aws.Int32(1), Marker: aws.String("a")})
	require.NoError(t, err)
	require.Equal(t, "b", *aliases.Aliases[0].Name)
	versions, err := c.ListVersionsByFunction(ctx, &client.ListVersionsByFunctionInput{FunctionName: g, MaxItems: aws.Int32(1)})
	require.NoError(t, err)
	versions, err = c.ListVersionsByFunction(ctx, &client.ListVersionsByFunctionInput{FunctionName: g, MaxItems: aws.Int32(1), Marker: versions.NextMarker})
	require.NoError(t, err)
	require.Equal(t, "1", *versions.Versions[0].Version)

	to := &types.DestinationConfig{OnSuccess: &types.OnSuccess{Destination: aws.String(queueARN)}, OnFailure: &types.OnFailure{Destination: aws.String(queueARN)}}
	for _, qualifier := range []string{"a", "b"} {
		put, err := c.PutFunctionEventInvokeConfig(ctx, &client.PutFunctionEventInvokeConfigInput{
			FunctionName: g, Qualifier: &qualifier, MaximumEventAgeInSeconds: aws.Int32(60), MaximumRetryAttempts: aws.Int32(1), DestinationConfig: to,
		})
		require.NoError(t, err)
		require.Equal(t, to, put.DestinationConfig)
	}
	updated, err := c.UpdateFunctionEventInvokeConfig(ctx, &client.UpdateFunctionEventInvokeConfigInput{
		FunctionName: g, Qualifier: aws.String("a"), MaximumRetryAttempts: aws.Int32(0),
		DestinationConfig: &types.DestinationConfig{OnSuccess: &types.OnSuccess{Destination: aws.String(queueARN + "2")}, OnFailure: &types.OnFailure{Destination: aws.String(queueARN + "3")}},
	})
	require.NoError(t, err)
	require.Equal(t, []any{int32(0), int32(60), queueARN + "2", queueARN + "3"}, []any{
		*updated.MaximumRetryAttempts, *updated.MaximumEventAgeInSeconds, *updated.DestinationConfig.OnSuccess.Destination, *updated.DestinationConfig.OnFailure.Destination,
	})
	settings, err := c.ListFunctionEventInvokeConfigs(ctx, &client.ListFunctionEventInvokeConfigsInput{FunctionName: g, MaxItems: aws.Int32(1), Marker: aws.String("a")})
	require.NoError(t, err)
	require.True(t, strings.HasSuffix(*settings.FunctionEventInvokeConfigs[0].FunctionArn, ":b"))
	got, err := c.GetFunctionEventInvokeConfig(ctx, &client.GetFunctionEventInvokeConfigInput{FunctionName: g, Qualifier: aws.String("b")})
	require.NoError(t, err)
	require.Equal(t, int32(1), *got.MaximumRetryAttempts)
	_, err = c.DeleteFunctionEventInvokeConfig(ctx, &client.DeleteFunctionEventInvokeConfigInput{FunctionName: g, Qualifier: aws.String("b")})
	require.NoError(t, err)

	actOnMembersOfPolicies(t, c)
	_, err = c.DeleteFunction(ctx, &client.DeleteFunctionInput{FunctionName: g, Qualifier: aws.String("3")})
	require.NoError(t, err)
}

func actOnMembersOfPolicies(t *testing.T, c *client.Client) {
	ctx, g, a := t.Context(), aws.String("g"), aws.String("a")
	in := &client.AddPermissionInput{
		FunctionName: g, Qualifier: a, StatementId: aws.String("s"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("iot.amazonaws.com"),
		SourceArn: aws.String("arn:aws:iot:us-east-1:000000000000:rule/r"), SourceAccount: aws.String("000000000000"), PrincipalOrgID: aws.String("o-1234567890"),
	}
	added, err := c.AddPermission(ctx, in)
	require.NoError(t, err)
	for _, part := range []string{*in.SourceArn, *in.SourceAccount, *in.PrincipalOrgID, "function:g:a"} {
		require.Contains(t, *added.Statement, part)
	}
	policy, err := c.GetPolicy(ctx, &client.GetPolicyInput{FunctionName: g, Qualifier: a})
	require.NoError(t, err)
	in.StatementId, in.RevisionId = aws.String("s2"), policy.RevisionId
	_, err = c.AddPermission(ctx, in)
	require.NoError(t, err)
	_, err = c.RemovePermission(ctx, &client.RemovePermissionInput{FunctionName: g, Qualifier: a, StatementId: aws.String("s")})
	require.NoError(t, err)
}
