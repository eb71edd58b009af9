package lambda_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda"
)

// canary makes function f with versions 1 to 3, of which 3 has another role, and an
// alias that sends a part of its invocations to version 2.
func canary(t *testing.T, config lambda.Config, h handler, weight float64) (*lambda.State, *client.Client) {
	t.Helper()
	ctx, f := t.Context(), aws.String("f")
	config.Functions = map[string]lambda.GoHandler{"f": h}
	s := lambda.New(config)
	c := sdk(s)
	_, err := c.CreateFunction(ctx, createInput("f"))
	require.NoError(t, err)
	for n, role := range []string{roleARN, roleARN, roleARN + "-other"} {
		_, err = c.UpdateFunctionConfiguration(ctx, &client.UpdateFunctionConfigurationInput{FunctionName: f, Description: aws.String(fmt.Sprint(n)), Role: &role})
		require.NoError(t, err)
		_, err = c.PublishVersion(ctx, &client.PublishVersionInput{FunctionName: f})
		require.NoError(t, err)
	}
	made, err := c.CreateAlias(ctx, &client.CreateAliasInput{
		FunctionName: f, Name: aws.String("live"), FunctionVersion: aws.String("1"), RoutingConfig: weights("2", weight),
	})
	require.NoError(t, err)
	require.Equal(t, weights("2", weight), made.RoutingConfig)
	return s, c
}

func weights(version string, weight float64) *types.AliasRoutingConfiguration {
	return &types.AliasRoutingConfiguration{AdditionalVersionWeights: map[string]float64{version: weight}}
}

// executed invokes the alias and answers the versions that ran.
func executed(t *testing.T, c *client.Client, n int) string {
	t.Helper()
	var out []byte
	for range n {
		answer, err := c.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("f:live")})
		require.NoError(t, err)
		out = append(out, *answer.ExecutedVersion...)
	}
	return string(out)
}

func count(versions string) map[rune]int {
	out := map[rune]int{}
	for _, v := range versions {
		out[v]++
	}
	return out
}

// "Version 2 of the function receives 3 percent of the traffic": here it is 25.
// See https://docs.aws.amazon.com/lambda/latest/dg/configuring-alias-routing.html
func TestAnAliasDividesItsInvocations(t *testing.T) {
	_, c := canary(t, lambda.Config{Seed: 1}, echo, 0.25)
	got := executed(t, c, 1000)
	require.InDelta(t, 250, count(got)['2'], 45, "three standard deviations")
	require.Equal(t, 1000, count(got)['1']+count(got)['2'])

	_, again := canary(t, lambda.Config{Seed: 1}, echo, 0.25)
	_, err := again.Invoke(t.Context(), &client.InvokeInput{FunctionName: aws.String("f:live"), InvocationType: types.InvocationTypeDryRun})
	require.NoError(t, err, "draws nothing")
	require.Equal(t, got[:100], executed(t, again, 100), "the seed decides")
	_, other := canary(t, lambda.Config{Seed: 2}, echo, 0.25)
	require.NotEqual(t, got[:100], executed(t, other, 100))

	_, all := canary(t, lambda.Config{}, echo, 1)
	require.Equal(t, "22222222", executed(t, all, 8))
	_, none := canary(t, lambda.Config{}, echo, 0)
	require.Equal(t, "11111111", executed(t, none, 8))
}

// The two criteria of the page, the bounds of AliasRoutingConfiguration, and the reset
// of the page's third command.
func TestRoutingOfAnAlias(t *testing.T) {
	_, c := canary(t, lambda.Config{}, echo, 1)
	ctx, f, live := t.Context(), aws.String("f"), aws.String("live")
	for name, routing := range map[string]*types.AliasRoutingConfiguration{
		"-0.1": weights("2", -0.1), "1.1": weights("2", 1.1), "$LATEST": weights("$LATEST", 0.5), "already included": weights("1", 0.5),
		"execution role": weights("3", 0.5), "AdditionalVersionWeights": {AdditionalVersionWeights: map[string]float64{"2": 0.1, "3": 0.1}},
	} {
		_, err := c.UpdateAlias(ctx, &client.UpdateAliasInput{FunctionName: f, Name: live, RoutingConfig: routing})
		var invalid *types.InvalidParameterValueException
		require.ErrorAs(t, err, &invalid, name)
		require.ErrorContains(t, err, name)
	}
	_, err := c.UpdateAlias(ctx, &client.UpdateAliasInput{FunctionName: f, Name: live, FunctionVersion: aws.String("$LATEST")})
	require.ErrorContains(t, err, "$LATEST is not supported for an alias pointing to more than 1 version")
	_, err = c.UpdateAlias(ctx, &client.UpdateAliasInput{FunctionName: f, Name: live, RoutingConfig: weights("9", 0.5)})
	var missing *types.ResourceNotFoundException
	require.ErrorAs(t, err, &missing)
	require.Equal(t, "22", executed(t, c, 2), "nothing has changed")

	_, err = c.DeleteFunction(ctx, &client.DeleteFunctionInput{FunctionName: f, Qualifier: aws.String("2")})
	var conflict *types.ResourceConflictException
	require.ErrorAs(t, err, &conflict, "the alias leads to it")
	list, err := c.ListAliases(ctx, &client.ListAliasesInput{FunctionName: f, FunctionVersion: aws.String("2")})
	require.NoError(t, err)
	require.Len(t, list.Aliases, 1)

	reset, err := c.UpdateAlias(ctx, &client.UpdateAliasInput{
		FunctionName: f, Name: live, FunctionVersion: aws.String("2"),
		RoutingConfig: &types.AliasRoutingConfiguration{AdditionalVersionWeights: map[string]float64{}},
	})
	require.NoError(t, err)
	require.Nil(t, reset.RoutingConfig)
	require.Equal(t, "22", executed(t, c, 2))
}

// Asynchronous invocations and batches of a mapping go through an alias, too: their
// records name the version.
func TestRoutingOfEventsAndBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q, stream := &queue{}, newShards("shard-0")
		s, c := canary(t, lambda.Config{Seed: 1, Queue: q, Streams: stream}, fail, 0.5)
		f := aws.String("f:live")
		_, err := c.PutFunctionEventInvokeConfig(t.Context(), &client.PutFunctionEventInvokeConfigInput{
			FunctionName: f, MaximumRetryAttempts: aws.Int32(0), DestinationConfig: &types.DestinationConfig{OnFailure: &types.OnFailure{Destination: aws.String(queueARN)}},
		})
		require.NoError(t, err)
		_, err = c.CreateEventSourceMapping(t.Context(), &client.CreateEventSourceMappingInput{
			FunctionName: f, EventSourceArn: aws.String(streamARN), StartingPosition: types.EventSourcePositionTrimHorizon, BatchSize: aws.Int32(1), MaximumRetryAttempts: aws.Int32(0),
			DestinationConfig: &types.DestinationConfig{OnFailure: &types.OnFailure{Destination: aws.String(queueARN)}},
		})
		require.NoError(t, err)
		running(t, s, func() {
			for range 20 {
				require.NoError(t, s.InvokeAsync(t.Context(), "f:live", []byte(`{}`)))
			}
			time.Sleep(time.Minute)
			requireBoth(t, q, "events")
			for range 20 {
				stream.put("shard-0", "x")
			}
			time.Sleep(time.Minute)
			requireBoth(t, q, "batches")
		})
	})
}

// requireBoth takes 20 on-failure records, of both versions.
func requireBoth(t *testing.T, q *queue, of string) {
	t.Helper()
	q.mu.Lock()
	defer q.mu.Unlock()
	ran := map[string]int{}
	for _, body := range q.bodies {
		var record struct {
			ResponseContext struct{ ExecutedVersion string }
		}
		require.NoError(t, json.Unmarshal([]byte(body), &record))
		ran[record.ResponseContext.ExecutedVersion]++
	}
	q.bodies = nil
	require.Equal(t, 20, ran["1"]+ran["2"], of)
	require.Greater(t, ran["1"], 0, of)
	require.Greater(t, ran["2"], 0, of)
}
