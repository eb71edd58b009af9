package lambda_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda"
	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

// TestOperations holds the package to its operation table, and the members of inputs to
// being acted on or refused by name.
func TestOperations(t *testing.T) {
	bound := map[string]lambda.GoHandler{"f": handler(echo), "g": handler(inContext)}
	s := lambda.New(lambda.Config{Functions: bound, Streams: newShards("shard-0"), Queue: &queue{}, Messages: &mailbox{}, Objects: packages{}})
	config := aws.Config{
		Region: "us-east-1", HTTPClient: memory{lambda.Handler(s)}, BaseEndpoint: aws.String("http://lambda.test"),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
	}
	operationtest.Check(t, config, func(c aws.Config) *client.Client { return client.NewFromConfig(c) }, func(t *testing.T, c *client.Client) {
		actOnFunctions(t, c)
		actOnMappings(t, c)
		_, err := c.DeleteFunction(t.Context(), &client.DeleteFunctionInput{FunctionName: aws.String("f")})
		require.NoError(t, err)
		actOnMembersOfFunctions(t, c)
		actOnMembersOfVersions(t, c)
		actOnMembersOfMappings(t, c)
	}, operationtest.Fields(nil))
}

// actOnFunctions calls every operation on functions, and looks at what comes out.
func actOnFunctions(t *testing.T, c *client.Client) {
	ctx, f := t.Context(), aws.String("f")
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	_, err := c.CreateFunction(ctx, createInput("f"))
	must(err)
	_, err = c.UpdateFunctionCode(ctx, &client.UpdateFunctionCodeInput{FunctionName: f, ZipFile: []byte("other")})
	must(err)
	_, err = c.UpdateFunctionConfiguration(ctx, &client.UpdateFunctionConfigurationInput{FunctionName: f, Description: aws.String("new")})
	must(err)
	got, err := c.GetFunctionConfiguration(ctx, &client.GetFunctionConfigurationInput{FunctionName: f})
	must(err)
	require.Equal(t, "new", *got.Description)
	list, err := c.ListFunctions(ctx, &client.ListFunctionsInput{})
	must(err)
	require.Len(t, list.Functions, 1)
	actOnVersions(t, c)

	_, err = c.PutFunctionConcurrency(ctx, &client.PutFunctionConcurrencyInput{FunctionName: f, ReservedConcurrentExecutions: aws.Int32(7)})
	must(err)
	reserved, err := c.GetFunctionConcurrency(ctx, &client.GetFunctionConcurrencyInput{FunctionName: f})
	must(err)
	require.Equal(t, int32(7), *reserved.ReservedConcurrentExecutions)
	account, err := c.GetAccountSettings(ctx, &client.GetAccountSettingsInput{})
	must(err)
	require.Equal(t, int32(993), *account.AccountLimit.UnreservedConcurrentExecutions)
	_, err = c.DeleteFunctionConcurrency(ctx, &client.DeleteFunctionConcurrencyInput{FunctionName: f})
	must(err)

	_, err = c.AddPermission(ctx, &client.AddPermissionInput{FunctionName: f, StatementId: aws.String("s"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("iot.amazonaws.com")})
	must(err)
	policy, err := c.GetPolicy(ctx, &client.GetPolicyInput{FunctionName: f})
	must(err)
	require.Contains(t, *policy.Policy, "iot.amazonaws.com")
	_, err = c.RemovePermission(ctx, &client.RemovePermissionInput{FunctionName: f, StatementId: aws.String("s"), RevisionId: policy.RevisionId})
	must(err)

	_, err = c.PutFunctionEventInvokeConfig(ctx, &client.PutFunctionEventInvokeConfigInput{FunctionName: f, MaximumRetryAttempts: aws.Int32(1)})
	must(err)
	_, err = c.UpdateFunctionEventInvokeConfig(ctx, &client.UpdateFunctionEventInvokeConfigInput{FunctionName: f, MaximumEventAgeInSeconds: aws.Int32(60)})
	must(err)
	settings, err := c.GetFunctionEventInvokeConfig(ctx, &client.GetFunctionEventInvokeConfigInput{FunctionName: f})
	must(err)
	require.Equal(t, []int32{1, 60}, []int32{*settings.MaximumRetryAttempts, *settings.MaximumEventAgeInSeconds}, "an update keeps what it does not name")
	all, err := c.ListFunctionEventInvokeConfigs(ctx, &client.ListFunctionEventInvokeConfigsInput{FunctionName: f})
	must(err)
	require.Len(t, all.FunctionEventInvokeConfigs, 1)
	_, err = c.DeleteFunctionEventInvokeConfig(ctx, &client.DeleteFunctionEventInvokeConfigInput{FunctionName: f})
	must(err)

	function, err := c.GetFunction(ctx, &client.GetFunctionInput{FunctionName: f})
	must(err)
	arn := function.Configuration.FunctionArn
	_, err = c.TagResource(ctx, &client.TagResourceInput{Resource: arn, Tags: map[string]string{"a": "1", "b": "2"}})
	must(err)
	_, err = c.UntagResource(ctx, &client.UntagResourceInput{Resource: arn, TagKeys: []string{"a"}})
	must(err)
	tags, err := c.ListTags(ctx, &client.ListTagsInput{Resource: arn})
	must(err)
	require.Equal(t, map[string]string{"b": "2"}, tags.Tags)
	signing, err := c.GetFunctionCodeSigningConfig(ctx, &client.GetFunctionCodeSigningConfigInput{FunctionName: f})
	must(err)
	require.Nil(t, signing.CodeSigningConfigArn)
}

// actOnVersions publishes two versions and moves an alias between them.
func actOnVersions(t *testing.T, c *client.Client) {
	ctx, f := t.Context(), aws.String("f")
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	first, err := c.PublishVersion(ctx, &client.PublishVersionInput{FunctionName: f})
	must(err)
	require.Equal(t, "1", *first.Version)
	again, err := c.PublishVersion(ctx, &client.PublishVersionInput{FunctionName: f})
	must(err)
	require.Equal(t, "1", *again.Version, "nothing has changed")
	_, err = c.UpdateFunctionConfiguration(ctx, &client.UpdateFunctionConfigurationInput{FunctionName: f, Timeout: aws.Int32(9)})
	must(err)
	second, err := c.PublishVersion(ctx, &client.PublishVersionInput{FunctionName: f, Description: aws.String("two")})
	must(err)
	require.Equal(t, "2", *second.Version)
	versions, err := c.ListVersionsByFunction(ctx, &client.ListVersionsByFunctionInput{FunctionName: f})
	must(err)
	require.Len(t, versions.Versions, 3)
	require.Equal(t, []string{"$LATEST", "1", "2"}, []string{*versions.Versions[0].Version, *versions.Versions[1].Version, *versions.Versions[2].Version})
	require.Equal(t, int32(3), *versions.Versions[1].Timeout, "a version stays as it was")

	_, err = c.CreateAlias(ctx, &client.CreateAliasInput{FunctionName: f, Name: aws.String("live"), FunctionVersion: aws.String("1")})
	must(err)
	out, err := c.Invoke(ctx, &client.InvokeInput{FunctionName: f, Qualifier: aws.String("live")})
	must(err)
	require.Equal(t, "1", *out.ExecutedVersion)
	_, err = c.UpdateAlias(ctx, &client.UpdateAliasInput{FunctionName: f, Name: aws.String("live"), FunctionVersion: aws.String("2")})
	must(err)
	alias, err := c.GetAlias(ctx, &client.GetAliasInput{FunctionName: f, Name: aws.String("live")})
	must(err)
	require.Equal(t, "2", *alias.FunctionVersion)
	_, err = c.DeleteFunction(ctx, &client.DeleteFunctionInput{FunctionName: f, Qualifier: aws.String("2")})
	var conflict *types.ResourceConflictException
	require.ErrorAs(t, err, &conflict, "an alias names the version")
	aliases, err := c.ListAliases(ctx, &client.ListAliasesInput{FunctionName: f, FunctionVersion: aws.String("2")})
	must(err)
	require.Len(t, aliases.Aliases, 1)
	_, err = c.DeleteAlias(ctx, &client.DeleteAliasInput{FunctionName: f, Name: aws.String("live")})
	must(err)
	_, err = c.Invoke(ctx, &client.InvokeInput{FunctionName: f, Qualifier: aws.String("live")})
	var missing *types.ResourceNotFoundException
	require.ErrorAs(t, err, &missing)
}

func actOnMappings(t *testing.T, c *client.Client) {
	ctx := t.Context()
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	m, err := c.CreateEventSourceMapping(ctx, &client.CreateEventSourceMappingInput{
		FunctionName: aws.String("f"), EventSourceArn: aws.String(streamARN), StartingPosition: types.EventSourcePositionLatest, Tags: map[string]string{"a": "1"},
	})
	must(err)
	_, err = c.UpdateEventSourceMapping(ctx, &client.UpdateEventSourceMappingInput{
		UUID: m.UUID, BatchSize: aws.Int32(7), MaximumRetryAttempts: aws.Int32(2), Enabled: aws.Bool(false),
		DestinationConfig: &types.DestinationConfig{OnFailure: &types.OnFailure{Destination: aws.String(queueARN)}},
	})
	must(err)
	got, err := c.GetEventSourceMapping(ctx, &client.GetEventSourceMappingInput{UUID: m.UUID})
	must(err)
	require.Equal(t, int32(7), *got.BatchSize)
	require.Equal(t, int32(2), *got.MaximumRetryAttempts)
	require.Equal(t, queueARN, *got.DestinationConfig.OnFailure.Destination)
	require.Equal(t, "Disabled", *got.State)
	tags, err := c.ListTags(ctx, &client.ListTagsInput{Resource: m.EventSourceMappingArn})
	must(err)
	require.Equal(t, map[string]string{"a": "1"}, tags.Tags)
	list, err := c.ListEventSourceMappings(ctx, &client.ListEventSourceMappingsInput{FunctionName: aws.String("f")})
	must(err)
	require.Len(t, list.EventSourceMappings, 1)
	_, err = c.DeleteEventSourceMapping(ctx, &client.DeleteEventSourceMappingInput{UUID: m.UUID})
	must(err)
}
