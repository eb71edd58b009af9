package iotcore

import (
	"context"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/stretchr/testify/require"
)

// groups makes a chain of groups, each below the one before.
func groups(t *testing.T, c *iot.Client, chain ...string) {
	t.Helper()
	for i, name := range chain {
		in := &iot.CreateThingGroupInput{ThingGroupName: &name}
		if i > 0 {
			in.ParentGroupName = &chain[i-1]
		}
		_, err := c.CreateThingGroup(context.Background(), in)
		require.NoError(t, err)
	}
}

func groupARN(name string) *string {
	return aws.String("arn:aws:iot:us-east-1:000000000000:thinggroup/" + name)
}

// TestGroupHierarchy follows
// https://docs.aws.amazon.com/iot/latest/developerguide/thing-groups.html
func TestGroupHierarchy(t *testing.T) {
	c, ctx := controlClient(t), t.Context()
	groups(t, c, "ShinyObjects", "LightBulbs", "RedLights", "RedLEDLights")
	groups(t, c, "Other")
	got, err := c.DescribeThingGroup(ctx, &iot.DescribeThingGroupInput{ThingGroupName: aws.String("RedLights")})
	require.NoError(t, err)
	require.Equal(t, "LightBulbs", *got.ThingGroupMetadata.ParentGroupName)
	var above []string
	for _, g := range got.ThingGroupMetadata.RootToParentThingGroups {
		above = append(above, *g.GroupName+" "+*g.GroupArn)
	}
	require.Equal(t, []string{"ShinyObjects " + *groupARN("ShinyObjects"), "LightBulbs " + *groupARN("LightBulbs")}, above)

	list := func(in iot.ListThingGroupsInput) (names []string) {
		out, err := c.ListThingGroups(ctx, &in)
		require.NoError(t, err)
		for _, g := range out.ThingGroups {
			names = append(names, *g.GroupName)
		}
		return names
	}
	require.Equal(t, []string{"LightBulbs", "Other", "RedLEDLights", "RedLights", "ShinyObjects"}, list(iot.ListThingGroupsInput{}))
	require.Equal(t, []string{"Other", "ShinyObjects"}, list(iot.ListThingGroupsInput{Recursive: aws.Bool(false)}))
	require.Equal(t, []string{"RedLights"}, list(iot.ListThingGroupsInput{ParentGroup: aws.String("LightBulbs")}))
	require.Equal(t, []string{"RedLEDLights", "RedLights"}, list(iot.ListThingGroupsInput{ParentGroup: aws.String("LightBulbs"), Recursive: aws.Bool(true)}))

	add := func(thing, group string) error {
		_, err := c.CreateThing(ctx, &iot.CreateThingInput{ThingName: &thing})
		require.NoError(t, err)
		_, err = c.AddThingToThingGroup(ctx, &iot.AddThingToThingGroupInput{ThingName: &thing, ThingGroupName: &group})
		return err
	}
	require.NoError(t, add("TestThingA", "LightBulbs"))
	require.NoError(t, add("TestThingA", "LightBulbs"), "again")
	require.NoError(t, add("TestThingA", "Other"))
	requireCode(t, add("TestThingA", "RedLights"), "InvalidRequestException", "LightBulbs and RedLights, which are of one hierarchy")
	require.NoError(t, add("MyLightBulb", "RedLEDLights"))
	_, err = c.UpdateThingGroupsForThing(ctx, &iot.UpdateThingGroupsForThingInput{ThingName: aws.String("MyLightBulb"), ThingGroupsToAdd: []string{"LightBulbs"}})
	requireCode(t, err, "InvalidRequestException", "one hierarchy")
	things, err := c.ListThingsInThingGroup(ctx, &iot.ListThingsInThingGroupInput{ThingGroupName: aws.String("LightBulbs")})
	require.NoError(t, err)
	require.Equal(t, []string{"TestThingA"}, things.Things)
	things, err = c.ListThingsInThingGroup(ctx, &iot.ListThingsInThingGroupInput{ThingGroupName: aws.String("LightBulbs"), Recursive: true})
	require.NoError(t, err)
	require.Equal(t, []string{"MyLightBulb", "TestThingA"}, things.Things)

	remove := func(name string) error {
		_, err := c.DeleteThingGroup(ctx, &iot.DeleteThingGroupInput{ThingGroupName: &name})
		return err
	}
	requireCode(t, remove("RedLights"), "InvalidRequestException", "Cannot delete thing group : RedLights when there are still child groups attached to it.")
	require.NoError(t, remove("RedLEDLights"))
	require.NoError(t, remove("RedLights"))
	_, err = c.CreateThingGroup(ctx, &iot.CreateThingGroupInput{ThingGroupName: aws.String("x"), ParentGroupName: aws.String("none")})
	requireCode(t, err, "InvalidRequestException", "none does not exist")
	groups(t, c, "1", "2", "3", "4", "5", "6", "7")
	_, err = c.CreateThingGroup(ctx, &iot.CreateThingGroupInput{ThingGroupName: aws.String("8"), ParentGroupName: aws.String("7")})
	requireCode(t, err, "LimitExceededException", "depth 7")
	_, err = c.CreateThingGroup(ctx, &iot.CreateThingGroupInput{ThingGroupName: aws.String("7"), ParentGroupName: aws.String("1")})
	requireCode(t, err, "ResourceAlreadyExistsException", "7")
}

// TestGroupPolicies: a group's policies count for things in it and below it, whose
// name must be the client id.
func TestGroupPolicies(t *testing.T) {
	inBubble(t, func(f *fixture) {
		ctx, c := context.Background(), iot.NewFromConfig(awsConfig(f.core.Control()))
		groups(t, c, "root", "child")
		own := f.thing("lamp", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Connect","Resource":"*"}]}`)
		_, err := c.AddThingToThingGroup(ctx, &iot.AddThingToThingGroupInput{ThingName: aws.String("lamp"), ThingGroupName: aws.String("child")})
		require.NoError(t, err)
		require.False(t, f.dial("lamp", own).publish("lamp/a", "{}"), "no policy allows it")
		for i, document := range []string{
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Publish","Resource":"arn:aws:iot:us-east-1:000000000000:topic/${iot:Connection.Thing.ThingName}/*"}]}`,
			`{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iot:Publish","Resource":"arn:aws:iot:us-east-1:000000000000:topic/*/secret"}]}`, allowAll,
		} {
			_, err := c.CreatePolicy(ctx, &iot.CreatePolicyInput{PolicyName: aws.String(fmt.Sprint("g", i)), PolicyDocument: &document})
			require.NoError(t, err)
		}
		attach := func(policy, group string) error {
			_, err := c.AttachPolicy(ctx, &iot.AttachPolicyInput{PolicyName: &policy, Target: groupARN(group)})
			return err
		}
		require.NoError(t, attach("g0", "root"))
		require.NoError(t, attach("g1", "child"))
		require.NoError(t, attach("g0", "child"))
		requireCode(t, attach("g2", "child"), "LimitExceededException", "2 policies")
		requireCode(t, attach("g2", "none"), "ResourceNotFoundException", "none")
		lamp := f.dial("lamp", own)
		require.True(t, lamp.publish("lamp/a", "{}"))
		require.False(t, lamp.publish("lamp/secret", "{}"), "the child's policy denies")
		require.False(t, f.dial("another-id", own).publish("another-id/a", "{}"), "the client id is not the thing's name")

		requireEffective(t, c, &iot.GetEffectivePoliciesInput{ThingName: aws.String("lamp")}, "g0", "g1")
		requireEffective(t, c, &iot.GetEffectivePoliciesInput{Principal: groupARN("child")}, "g0", "g1")
		requireEffective(t, c, &iot.GetEffectivePoliciesInput{Principal: groupARN("root")}, "g0")
		principals, err := c.ListThingPrincipals(ctx, &iot.ListThingPrincipalsInput{ThingName: aws.String("lamp")})
		require.NoError(t, err)
		requireEffective(t, c, &iot.GetEffectivePoliciesInput{ThingName: aws.String("lamp"), Principal: &principals.Principals[0]}, "g0", "g1", "lamp")
		requireEffective(t, c, &iot.GetEffectivePoliciesInput{Principal: &principals.Principals[0]}, "lamp")
		_, err = c.GetEffectivePolicies(ctx, &iot.GetEffectivePoliciesInput{CognitoIdentityPoolId: aws.String("us-east-1:x")})
		requireCode(t, err, "InvalidRequestException", "cognitoIdentityPoolId")

		attached, err := c.ListAttachedPolicies(ctx, &iot.ListAttachedPoliciesInput{Target: groupARN("root")})
		require.NoError(t, err)
		require.Len(t, attached.Policies, 1)
		attached, err = c.ListAttachedPolicies(ctx, &iot.ListAttachedPoliciesInput{Target: groupARN("child"), Recursive: true})
		require.NoError(t, err)
		require.Len(t, attached.Policies, 2)
		targets, err := c.ListTargetsForPolicy(ctx, &iot.ListTargetsForPolicyInput{PolicyName: aws.String("g0")})
		require.NoError(t, err)
		require.Equal(t, []string{*groupARN("child"), *groupARN("root")}, targets.Targets)
		_, err = c.DeletePolicy(ctx, &iot.DeletePolicyInput{PolicyName: aws.String("g0")})
		requireCode(t, err, "DeleteConflictException", "g0")

		for _, group := range []string{"child", "root"} {
			_, err = c.DetachPolicy(ctx, &iot.DetachPolicyInput{PolicyName: aws.String("g0"), Target: groupARN(group)})
			require.NoError(t, err)
		}
		require.False(t, f.dial("lamp", own).publish("lamp/a", "{}"))
		_, err = c.DeleteThingGroup(ctx, &iot.DeleteThingGroupInput{ThingGroupName: aws.String("child")})
		require.NoError(t, err)
		_, err = c.DeletePolicy(ctx, &iot.DeletePolicyInput{PolicyName: aws.String("g1")})
		require.NoError(t, err, "its group is gone")
	})
}

func requireEffective(t *testing.T, c *iot.Client, in *iot.GetEffectivePoliciesInput, names ...string) {
	t.Helper()
	out, err := c.GetEffectivePolicies(context.Background(), in)
	require.NoError(t, err)
	var got []string
	for _, p := range out.EffectivePolicies {
		require.Contains(t, *p.PolicyDocument, "Statement")
		got = append(got, *p.PolicyName)
	}
	require.Equal(t, names, got)
}
