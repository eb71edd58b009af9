//lint:file-ignore SA1019 the operations from before AttachPolicy are there, and tested

package iotcore

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"
)

var tagged = []types.Tag{{Key: aws.String("team"), Value: aws.String("pumps")}}

func requireTagged(t *testing.T, c *iot.Client, arn *string) {
	t.Helper()
	out, err := c.ListTagsForResource(t.Context(), &iot.ListTagsForResourceInput{ResourceArn: arn})
	require.NoError(t, err)
	require.Equal(t, tagged, out.Tags)
}

// actOnMembers uses what the inputs have besides what they need, of an account that has
// nothing of this name yet, and reads it back.
func actOnMembers(t *testing.T, c *iot.Client) {
	typeMembers(t, c)
	thingMembers(t, c)
	groupMembers(t, c)
	membershipMembers(t, c)
	certificateMembers(t, c)
	policyMembers(t, c)
	principalMembers(t, c)
	authorizationMembers(t, c)
	templateMembers(t, c)
	authorityMembers(t, c)
	ruleMembers(t, c)
	destinationMembers(t, c)
	loggingMembers(t, c)
}

func typeMembers(t *testing.T, c *iot.Client) {
	ctx, ok, name := t.Context(), succeeds(t), aws.String("m-type")
	properties := &types.ThingTypeProperties{ThingTypeDescription: aws.String("pumps"), SearchableAttributes: []string{"site"}}
	made, err := c.CreateThingType(ctx, &iot.CreateThingTypeInput{ThingTypeName: name, ThingTypeProperties: properties, Tags: tagged})
	require.NoError(t, err)
	requireTagged(t, c, made.ThingTypeArn)
	ok(c.DeprecateThingType(ctx, &iot.DeprecateThingTypeInput{ThingTypeName: name}))
	ok(c.DeprecateThingType(ctx, &iot.DeprecateThingTypeInput{ThingTypeName: name, UndoDeprecate: true}))
	got, err := c.DescribeThingType(ctx, &iot.DescribeThingTypeInput{ThingTypeName: name})
	require.NoError(t, err)
	require.Equal(t, properties.ThingTypeDescription, got.ThingTypeProperties.ThingTypeDescription)
	require.Equal(t, properties.SearchableAttributes, got.ThingTypeProperties.SearchableAttributes)
	require.False(t, got.ThingTypeMetadata.Deprecated)
	ok(c.CreateThingType(ctx, &iot.CreateThingTypeInput{ThingTypeName: aws.String("m-type2")}))
	pages(t, c.ListThingTypes, iot.ListThingTypesInput{})
	list, err := c.ListThingTypes(ctx, &iot.ListThingTypesInput{ThingTypeName: name})
	require.NoError(t, err)
	require.Len(t, list.ThingTypes, 1)
}

func thingMembers(t *testing.T, c *iot.Client) {
	ctx, ok, name := t.Context(), succeeds(t), aws.String("m-thing")
	attributes := func(kv map[string]string, merge bool) *types.AttributePayload {
		return &types.AttributePayload{Attributes: kv, Merge: merge}
	}
	described := func() map[string]string {
		out, err := c.DescribeThing(ctx, &iot.DescribeThingInput{ThingName: name})
		require.NoError(t, err)
		return out.Attributes
	}
	ok(c.CreateThing(ctx, &iot.CreateThingInput{ThingName: name, AttributePayload: attributes(map[string]string{"site": "north"}, false)}))
	require.Equal(t, map[string]string{"site": "north"}, described())
	ok(c.UpdateThing(ctx, &iot.UpdateThingInput{ThingName: name, ThingTypeName: aws.String("m-type"), AttributePayload: attributes(map[string]string{"hall": "2"}, true), ExpectedVersion: aws.Int64(1)}))
	require.Equal(t, map[string]string{"site": "north", "hall": "2"}, described())
	_, err := c.UpdateThing(ctx, &iot.UpdateThingInput{ThingName: name, ExpectedVersion: aws.Int64(1)})
	requireCode(t, err, "VersionConflictException")
	ok(c.CreateThing(ctx, &iot.CreateThingInput{ThingName: aws.String("m-thing2")}))
	pages(t, c.ListThings, iot.ListThingsInput{})
	for _, in := range []*iot.ListThingsInput{
		{ThingTypeName: aws.String("m-type")},
		{AttributeName: aws.String("site"), AttributeValue: aws.String("north")},
		{AttributeName: aws.String("site"), AttributeValue: aws.String("nor"), UsePrefixAttributeValue: true},
	} {
		list, err := c.ListThings(ctx, in)
		require.NoError(t, err)
		require.Len(t, list.Things, 1)
		require.Equal(t, name, list.Things[0].ThingName)
	}
	ok(c.UpdateThing(ctx, &iot.UpdateThingInput{ThingName: name, AttributePayload: attributes(map[string]string{"only": "this"}, false)}))
	require.Equal(t, map[string]string{"only": "this"}, described())
	ok(c.CreateThing(ctx, &iot.CreateThingInput{ThingName: aws.String("m-short")}))
	_, err = c.DeleteThing(ctx, &iot.DeleteThingInput{ThingName: aws.String("m-short"), ExpectedVersion: aws.Int64(7)})
	requireCode(t, err, "VersionConflictException")
	ok(c.DeleteThing(ctx, &iot.DeleteThingInput{ThingName: aws.String("m-short"), ExpectedVersion: aws.Int64(1)}))
}

func groupMembers(t *testing.T, c *iot.Client) {
	ctx, ok, name := t.Context(), succeeds(t), aws.String("m-group")
	properties := func(text string, kv map[string]string, merge bool) *types.ThingGroupProperties {
		return &types.ThingGroupProperties{ThingGroupDescription: &text, AttributePayload: &types.AttributePayload{Attributes: kv, Merge: merge}}
	}
	made, err := c.CreateThingGroup(ctx, &iot.CreateThingGroupInput{ThingGroupName: name, ThingGroupProperties: properties("one", map[string]string{"a": "1"}, false), Tags: tagged})
	require.NoError(t, err)
	requireTagged(t, c, made.ThingGroupArn)
	ok(c.CreateThingGroup(ctx, &iot.CreateThingGroupInput{ThingGroupName: aws.String("m-group-child"), ParentGroupName: name}))
	ok(c.CreateThingGroup(ctx, &iot.CreateThingGroupInput{ThingGroupName: aws.String("m-group-grandchild"), ParentGroupName: aws.String("m-group-child")}))
	ok(c.UpdateThingGroup(ctx, &iot.UpdateThingGroupInput{ThingGroupName: name, ThingGroupProperties: properties("two", map[string]string{"b": "2"}, true), ExpectedVersion: aws.Int64(1)}))
	got, err := c.DescribeThingGroup(ctx, &iot.DescribeThingGroupInput{ThingGroupName: name})
	require.NoError(t, err)
	require.Equal(t, "two", *got.ThingGroupProperties.ThingGroupDescription)
	require.Equal(t, map[string]string{"a": "1", "b": "2"}, got.ThingGroupProperties.AttributePayload.Attributes)
	pages(t, c.ListThingGroups, iot.ListThingGroupsInput{})
	for want, in := range map[int]*iot.ListThingGroupsInput{
		1: {ParentGroup: name, Recursive: aws.Bool(false)},
		2: {ParentGroup: name, Recursive: aws.Bool(true)},
		3: {NamePrefixFilter: aws.String("m-group")},
	} {
		list, err := c.ListThingGroups(ctx, in)
		require.NoError(t, err)
		require.Len(t, list.ThingGroups, want)
	}
	_, err = c.DeleteThingGroup(ctx, &iot.DeleteThingGroupInput{ThingGroupName: aws.String("m-group-grandchild"), ExpectedVersion: aws.Int64(7)})
	requireCode(t, err, "VersionConflictException")
	ok(c.DeleteThingGroup(ctx, &iot.DeleteThingGroupInput{ThingGroupName: aws.String("m-group-grandchild"), ExpectedVersion: aws.Int64(1)}))
}

func membershipMembers(t *testing.T, c *iot.Client) {
	ctx, ok := t.Context(), succeeds(t)
	thing, group, child := aws.String("m-thing"), aws.String("m-group"), aws.String("m-group-child")
	thingARN, groupARN := aws.String("arn:aws:iot:us-east-1:000000000000:thing/m-thing"), aws.String("arn:aws:iot:us-east-1:000000000000:thinggroup/m-group")
	in := func(name *string, recursive bool) int {
		out, err := c.ListThingsInThingGroup(ctx, &iot.ListThingsInThingGroupInput{ThingGroupName: name, Recursive: recursive})
		require.NoError(t, err)
		return len(out.Things)
	}
	ok(c.AddThingToThingGroup(ctx, &iot.AddThingToThingGroupInput{ThingArn: thingARN, ThingGroupArn: groupARN, OverrideDynamicGroups: true}))
	require.Equal(t, 1, in(group, false))
	ok(c.RemoveThingFromThingGroup(ctx, &iot.RemoveThingFromThingGroupInput{ThingArn: thingARN, ThingGroupArn: groupARN}))
	require.Equal(t, 0, in(group, true))
	ok(c.CreateThingGroup(ctx, &iot.CreateThingGroupInput{ThingGroupName: aws.String("m-other")}))
	for _, name := range []string{"m-thing", "m-thing2"} {
		ok(c.UpdateThingGroupsForThing(ctx, &iot.UpdateThingGroupsForThingInput{ThingName: &name, ThingGroupsToAdd: []string{"m-group-child", "m-other"}, OverrideDynamicGroups: true}))
	}
	require.Equal(t, 0, in(group, false))
	require.Equal(t, 2, in(group, true))
	pages(t, c.ListThingsInThingGroup, iot.ListThingsInThingGroupInput{ThingGroupName: child})
	pages(t, c.ListThingGroupsForThing, iot.ListThingGroupsForThingInput{ThingName: thing})
	ok(c.UpdateThingGroupsForThing(ctx, &iot.UpdateThingGroupsForThingInput{ThingName: thing, ThingGroupsToRemove: []string{"m-group-child"}}))
	require.Equal(t, 1, in(child, false))
}
