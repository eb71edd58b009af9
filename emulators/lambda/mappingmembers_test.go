package lambda_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"
)

// actOnMembersOfMappings gives mappings of a stream and of a queue all they can have.
func actOnMembersOfMappings(t *testing.T, c *client.Client) {
	ctx, g := t.Context(), aws.String("g")
	filters := &types.FilterCriteria{Filters: []types.Filter{{Pattern: aws.String(`{"body":{"a":[1]}}`)}}}
	queued, err := c.CreateEventSourceMapping(ctx, &client.CreateEventSourceMappingInput{
		FunctionName: g, EventSourceArn: aws.String(queueARN), ScalingConfig: &types.ScalingConfig{MaximumConcurrency: aws.Int32(3)},
		FunctionResponseTypes: []types.FunctionResponseType{types.FunctionResponseTypeReportBatchItemFailures},
	})
	require.NoError(t, err)
	require.Equal(t, int32(3), *queued.ScalingConfig.MaximumConcurrency)
	changed, err := c.UpdateEventSourceMapping(ctx, &client.UpdateEventSourceMappingInput{UUID: queued.UUID, ScalingConfig: &types.ScalingConfig{MaximumConcurrency: aws.Int32(4)}})
	require.NoError(t, err)
	require.Equal(t, int32(4), *changed.ScalingConfig.MaximumConcurrency)

	start, to := time.UnixMilli(1_700_000_000_000).UTC(), &types.DestinationConfig{OnFailure: &types.OnFailure{Destination: aws.String(queueARN)}}
	in := &client.CreateEventSourceMappingInput{
		FunctionName: g, EventSourceArn: aws.String(streamARN), StartingPosition: types.EventSourcePositionAtTimestamp, StartingPositionTimestamp: &start, Enabled: aws.Bool(false),
		BatchSize: aws.Int32(7), MaximumBatchingWindowInSeconds: aws.Int32(8), MaximumRetryAttempts: aws.Int32(9), MaximumRecordAgeInSeconds: aws.Int32(61),
		BisectBatchOnFunctionError: aws.Bool(true), ParallelizationFactor: aws.Int32(2), TumblingWindowInSeconds: aws.Int32(0), DestinationConfig: withEmpty(to), FilterCriteria: filters,
		FunctionResponseTypes: []types.FunctionResponseType{types.FunctionResponseTypeReportBatchItemFailures}, Tags: map[string]string{"a": "1"},
	}
	made, err := c.CreateEventSourceMapping(ctx, in)
	require.NoError(t, err)
	require.Equal(t, []any{in.BatchSize, in.MaximumBatchingWindowInSeconds, in.MaximumRetryAttempts, in.MaximumRecordAgeInSeconds, in.BisectBatchOnFunctionError, in.ParallelizationFactor, in.TumblingWindowInSeconds}, []any{
		made.BatchSize, made.MaximumBatchingWindowInSeconds, made.MaximumRetryAttempts, made.MaximumRecordAgeInSeconds, made.BisectBatchOnFunctionError, made.ParallelizationFactor, made.TumblingWindowInSeconds,
	})
	require.Equal(t, []any{in.StartingPosition, &start, to, filters, in.FunctionResponseTypes}, []any{made.StartingPosition, made.StartingPositionTimestamp, made.DestinationConfig, made.FilterCriteria, made.FunctionResponseTypes})

	update := &client.UpdateEventSourceMappingInput{
		UUID: made.UUID, FunctionName: aws.String("g:a"), Enabled: aws.Bool(false), BatchSize: aws.Int32(17), MaximumBatchingWindowInSeconds: aws.Int32(18), MaximumRetryAttempts: aws.Int32(19),
		MaximumRecordAgeInSeconds: aws.Int32(71), BisectBatchOnFunctionError: aws.Bool(false), ParallelizationFactor: aws.Int32(1), TumblingWindowInSeconds: aws.Int32(30),
		DestinationConfig: withEmpty(&types.DestinationConfig{OnFailure: &types.OnFailure{Destination: aws.String(queueARN + "2")}}), FunctionResponseTypes: []types.FunctionResponseType{types.FunctionResponseTypeReportBatchItemFailures},
		FilterCriteria: &types.FilterCriteria{Filters: []types.Filter{{Pattern: aws.String(`{"body":{"a":[2]}}`)}}},
	}
	after, err := c.UpdateEventSourceMapping(ctx, update)
	require.NoError(t, err)
	require.Equal(t, []any{update.BatchSize, update.MaximumBatchingWindowInSeconds, update.MaximumRetryAttempts, update.MaximumRecordAgeInSeconds, update.BisectBatchOnFunctionError, update.ParallelizationFactor, update.TumblingWindowInSeconds}, []any{
		after.BatchSize, after.MaximumBatchingWindowInSeconds, after.MaximumRetryAttempts, after.MaximumRecordAgeInSeconds, after.BisectBatchOnFunctionError, after.ParallelizationFactor, after.TumblingWindowInSeconds,
	})
	require.Equal(t, []any{queueARN + "2", update.FilterCriteria, update.FunctionResponseTypes}, []any{*after.DestinationConfig.OnFailure.Destination, after.FilterCriteria, after.FunctionResponseTypes})
	list, err := c.ListEventSourceMappings(ctx, &client.ListEventSourceMappingsInput{FunctionName: aws.String("g:a"), EventSourceArn: aws.String(streamARN), MaxItems: aws.Int32(1)})
	require.NoError(t, err)
	require.Equal(t, *made.UUID, *list.EventSourceMappings[0].UUID, "by the alias it was moved to")
	list, err = c.ListEventSourceMappings(ctx, &client.ListEventSourceMappingsInput{MaxItems: aws.Int32(1)})
	require.NoError(t, err)
	list, err = c.ListEventSourceMappings(ctx, &client.ListEventSourceMappingsInput{Marker: list.NextMarker})
	require.NoError(t, err)
	require.Len(t, list.EventSourceMappings, 1)
}

// withEmpty has the empty on-success destination that AWS answers of a mapping.
func withEmpty(to *types.DestinationConfig) *types.DestinationConfig {
	return &types.DestinationConfig{OnFailure: to.OnFailure, OnSuccess: &types.OnSuccess{}}
}
