package iotcore

import (
	"context"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
)

// AWS.md §1: `${iot:Connection.Thing.ThingName|ThingTypeName|Attributes[x]|IsAttached}`
// resolve when client id = thing name and the certificate is attached to that
// thing, or the certificate is attached as EXCLUSIVE_THING (any client id).
// AWS.md §1: ${iot:ClientId} always.
func TestVariablesOfTheThing(t *testing.T) {
	const document = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iot:Connect","iot:Publish"],"Resource":[
		"arn:aws:iot:us-east-1:000000000000:client/*",
		"arn:aws:iot:us-east-1:000000000000:topic/${iot:Connection.Thing.ThingTypeName}/${iot:Connection.Thing.Attributes[site]}/${iot:Connection.Thing.ThingName}/${iot:ClientId}"]}]}`
	inBubble(t, func(f *fixture) {
		ctx, api := context.Background(), iot.NewFromConfig(awsConfig(f.core.Control()))
		_, err := api.CreateThingType(ctx, &iot.CreateThingTypeInput{ThingTypeName: aws.String("pump")})
		require.NoError(t, err)
		for _, name := range []string{"a", "other"} {
			_, err = api.CreateThing(ctx, &iot.CreateThingInput{
				ThingName: &name, ThingTypeName: aws.String("pump"),
				AttributePayload: &types.AttributePayload{Attributes: map[string]string{"site": "north"}},
			})
			require.NoError(t, err)
		}
		cert := f.thing("a", document)
		c := f.dial("a", cert)
		require.True(t, c.publish("pump/north/a/a", "x"))
		c.disconnect()
		c = f.dial("b", cert)
		require.False(t, c.publish("pump/north/a/b", "x"), "the client id is not the thing's name")

		principals, err := f.core.registry.ListThingPrincipals(ctx, &registry.ListThingPrincipalsInput{ThingName: "a"})
		require.NoError(t, err)
		attach := func(thing string, kind types.ThingPrincipalType) error {
			_, err := api.AttachThingPrincipal(ctx, &iot.AttachThingPrincipalInput{ThingName: &thing, Principal: &principals.Principals[0], ThingPrincipalType: kind})
			return err
		}
		require.NoError(t, attach("a", types.ThingPrincipalTypeExclusiveThing))
		requireCode(t, attach("other", ""), "InvalidRequestException", "attached to another thing")
		c = f.dial("b", cert)
		require.True(t, c.publish("pump/north/a/b", "x"), "an exclusive thing's certificate, with any client id")
		accepted := f.heard(event.Accepted)
		require.Equal(t, "a", accepted[len(accepted)-1].Thing)
		require.NoError(t, attach("a", types.ThingPrincipalTypeNonExclusiveThing))
		require.False(t, c.publish("pump/north/a/b", "x"), "at once")

		const own = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iot:Connect","iot:Publish"],"Resource":[
			"arn:aws:iot:us-east-1:000000000000:client/${iot:ClientId}","arn:aws:iot:us-east-1:000000000000:topic/${iot:ClientId}/t"]}]}`
		free := f.dial("nobody", f.thing("free", own))
		require.True(t, free.publish("nobody/t", "x"), "the client id is known without a thing")
		require.False(t, free.publish("free/t", "x"))
		requireCode(t, attach("a", "SHARED"), "InvalidRequestException", "not \"SHARED\"")
	})
}
