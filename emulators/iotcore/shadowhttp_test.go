package iotcore

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/stretchr/testify/require"
)

func TestShadowsOverHTTP(t *testing.T) {
	core, ctx, thing, name := newCore(t), t.Context(), aws.String("a"), aws.String("config")
	c := iotdataplane.NewFromConfig(awsConfig(core.Data()))
	_, err := c.GetThingShadow(ctx, &iotdataplane.GetThingShadowInput{ThingName: thing})
	requireCode(t, err, "ResourceNotFoundException", "'a'")
	_, err = c.UpdateThingShadow(ctx, &iotdataplane.UpdateThingShadowInput{ThingName: thing, ShadowName: name, Payload: []byte(`{"state":{"desired":{"x":1}}}`)})
	require.NoError(t, err)
	got, err := c.GetThingShadow(ctx, &iotdataplane.GetThingShadowInput{ThingName: thing, ShadowName: name})
	require.NoError(t, err)
	require.Contains(t, string(got.Payload), `"delta":{"x":1}`)
	inRule, err := core.Shadow(ctx, "a", "config")
	require.NoError(t, err)
	require.Contains(t, string(inRule), `"delta":{"x":1}`)
	_, err = c.UpdateThingShadow(ctx, &iotdataplane.UpdateThingShadowInput{ThingName: thing, ShadowName: name, Payload: []byte(`{"state":{},"version":9}`)})
	requireCode(t, err, "ConflictException", "Version conflict")
	names, err := c.ListNamedShadowsForThing(ctx, &iotdataplane.ListNamedShadowsForThingInput{ThingName: thing})
	require.NoError(t, err)
	require.Equal(t, []string{"config"}, names.Results)
	_, err = c.DeleteThingShadow(ctx, &iotdataplane.DeleteThingShadowInput{ThingName: thing, ShadowName: name})
	require.NoError(t, err)
	_, err = c.GetThingShadow(ctx, &iotdataplane.GetThingShadowInput{ThingName: thing, ShadowName: name})
	requireCode(t, err, "ResourceNotFoundException", "'a~config'")
}
