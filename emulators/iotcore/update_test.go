//lint:file-ignore SA1019 the operations from before AttachPolicy are there, and tested

package iotcore

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"
)

func TestUpdateThing(t *testing.T) {
	inBubble(t, func(f *fixture) {
		ctx, c, name := context.Background(), iot.NewFromConfig(awsConfig(f.core.Control())), aws.String("a")
		const site = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Connect","Resource":"*"},
			{"Effect":"Allow","Action":"iot:Publish","Resource":"arn:aws:iot:us-east-1:000000000000:topic/${iot:Connection.Thing.Attributes[site]}"}]}`
		device := f.dial("a", f.thing("a", site))
		_, err := c.CreateThingType(ctx, &iot.CreateThingTypeInput{ThingTypeName: aws.String("lamp")})
		require.NoError(t, err)
		update := func(in iot.UpdateThingInput) error {
			in.ThingName = name
			_, err := c.UpdateThing(ctx, &in)
			return err
		}
		attributes := func(merge bool, pairs ...string) *types.AttributePayload {
			p := &types.AttributePayload{Attributes: map[string]string{}, Merge: merge}
			for i := 0; i < len(pairs); i += 2 {
				p.Attributes[pairs[i]] = pairs[i+1]
			}
			return p
		}
		require.NoError(t, update(iot.UpdateThingInput{AttributePayload: attributes(false, "site", "oslo", "x", "1"), ThingTypeName: aws.String("lamp")}))
		require.True(t, device.publish("oslo", "{}"), "policies of the connection see the attribute")
		requireCode(t, update(iot.UpdateThingInput{ExpectedVersion: aws.Int64(1)}), "VersionConflictException", "has 2")
		require.NoError(t, update(iot.UpdateThingInput{ExpectedVersion: aws.Int64(2), AttributePayload: attributes(true, "x", "", "y", "2")}))
		got, err := c.DescribeThing(ctx, &iot.DescribeThingInput{ThingName: name})
		require.NoError(t, err)
		require.Equal(t, map[string]string{"site": "oslo", "y": "2"}, got.Attributes)
		require.Equal(t, int64(3), got.Version)
		require.Equal(t, "lamp", *got.ThingTypeName)
		requireCode(t, update(iot.UpdateThingInput{RemoveThingType: true, ThingTypeName: aws.String("lamp")}), "InvalidRequestException", "exclude")
		require.NoError(t, update(iot.UpdateThingInput{RemoveThingType: true, AttributePayload: attributes(false, "z", "3")}))
		got, err = c.DescribeThing(ctx, &iot.DescribeThingInput{ThingName: name})
		require.NoError(t, err)
		require.Nil(t, got.ThingTypeName)
		require.Equal(t, map[string]string{"z": "3"}, got.Attributes)
		requireCode(t, update(iot.UpdateThingInput{AttributePayload: attributes(true, "1", "1", "2", "2", "3", "3")}), "InvalidRequestException", "at most 3 attributes")
		require.False(t, device.publish("oslo", "{}"), "the attribute is gone")
	})
}

func TestUpdateThingGroups(t *testing.T) {
	ctx, c := t.Context(), controlClient(t)
	for _, g := range []string{"g", "h"} {
		_, err := c.CreateThingGroup(ctx, &iot.CreateThingGroupInput{ThingGroupName: aws.String(g)})
		require.NoError(t, err)
	}
	properties := &types.ThingGroupProperties{ThingGroupDescription: aws.String("lamps"), AttributePayload: &types.AttributePayload{Attributes: map[string]string{"k": "v"}}}
	updated, err := c.UpdateThingGroup(ctx, &iot.UpdateThingGroupInput{ThingGroupName: aws.String("g"), ThingGroupProperties: properties, ExpectedVersion: aws.Int64(1)})
	require.NoError(t, err)
	require.Equal(t, int64(2), updated.Version)
	_, err = c.UpdateThingGroup(ctx, &iot.UpdateThingGroupInput{ThingGroupName: aws.String("g"), ThingGroupProperties: properties, ExpectedVersion: aws.Int64(1)})
	requireCode(t, err, "VersionConflictException", "has 2")
	got, err := c.DescribeThingGroup(ctx, &iot.DescribeThingGroupInput{ThingGroupName: aws.String("g")})
	require.NoError(t, err)
	require.Equal(t, "lamps", *got.ThingGroupProperties.ThingGroupDescription)
	require.Equal(t, map[string]string{"k": "v"}, got.ThingGroupProperties.AttributePayload.Attributes)

	_, err = c.CreateThing(ctx, &iot.CreateThingInput{ThingName: aws.String("a")})
	require.NoError(t, err)
	_, err = c.UpdateThingGroupsForThing(ctx, &iot.UpdateThingGroupsForThingInput{ThingName: aws.String("a"), ThingGroupsToAdd: []string{"g", "none"}})
	requireCode(t, err, "ResourceNotFoundException", "none")
	for _, in := range []iot.UpdateThingGroupsForThingInput{{ThingGroupsToAdd: []string{"g"}}, {ThingGroupsToAdd: []string{"h"}, ThingGroupsToRemove: []string{"g"}}} {
		in.ThingName = aws.String("a")
		_, err = c.UpdateThingGroupsForThing(ctx, &in)
		require.NoError(t, err)
	}
	groups, err := c.ListThingGroupsForThing(ctx, &iot.ListThingGroupsForThingInput{ThingName: aws.String("a")})
	require.NoError(t, err)
	require.Len(t, groups.ThingGroups, 1)
	require.Equal(t, "h", *groups.ThingGroups[0].GroupName)
}

// TestListsBothWays has the lists of AWS from before AttachPolicy too.
func TestListsBothWays(t *testing.T) {
	ctx, c, policy := t.Context(), controlClient(t), aws.String("p")
	_, err := c.CreatePolicy(ctx, &iot.CreatePolicyInput{PolicyName: policy, PolicyDocument: aws.String(allowAll)})
	require.NoError(t, err)
	var arns []string
	for range 3 {
		key, err := c.CreateKeysAndCertificate(ctx, &iot.CreateKeysAndCertificateInput{})
		require.NoError(t, err)
		arns = append(arns, *key.CertificateArn)
		_, err = c.AttachPrincipalPolicy(ctx, &iot.AttachPrincipalPolicyInput{PolicyName: policy, Principal: key.CertificateArn})
		require.NoError(t, err)
	}
	var principals []string
	for in := (&iot.ListPolicyPrincipalsInput{PolicyName: policy, PageSize: aws.Int32(2)}); ; {
		page, err := c.ListPolicyPrincipals(ctx, in)
		require.NoError(t, err)
		principals = append(principals, page.Principals...)
		if in.Marker = page.NextMarker; in.Marker == nil {
			break
		}
		require.Len(t, page.Principals, 2)
	}
	require.ElementsMatch(t, arns, principals)
	targets, err := c.ListTargetsForPolicy(ctx, &iot.ListTargetsForPolicyInput{PolicyName: policy})
	require.NoError(t, err)
	require.ElementsMatch(t, arns, targets.Targets)
	_, err = c.DetachPrincipalPolicy(ctx, &iot.DetachPrincipalPolicyInput{PolicyName: policy, Principal: &arns[0]})
	require.NoError(t, err)
	for i, arn := range arns {
		policies, err := c.ListPrincipalPolicies(ctx, &iot.ListPrincipalPoliciesInput{Principal: aws.String(arn)})
		require.NoError(t, err)
		require.Len(t, policies.Policies, min(i, 1), strings.Join(arns, " "))
	}
}

func TestPrincipalTypes(t *testing.T) {
	ctx, c, thing := t.Context(), controlClient(t), aws.String("a")
	_, err := c.CreateThing(ctx, &iot.CreateThingInput{ThingName: thing})
	require.NoError(t, err)
	for _, kind := range []types.ThingPrincipalType{types.ThingPrincipalTypeExclusiveThing, types.ThingPrincipalTypeNonExclusiveThing} {
		key, err := c.CreateKeysAndCertificate(ctx, &iot.CreateKeysAndCertificateInput{})
		require.NoError(t, err)
		_, err = c.AttachThingPrincipal(ctx, &iot.AttachThingPrincipalInput{ThingName: thing, Principal: key.CertificateArn, ThingPrincipalType: kind})
		require.NoError(t, err)
		principals, err := c.ListThingPrincipalsV2(ctx, &iot.ListThingPrincipalsV2Input{ThingName: thing, ThingPrincipalType: kind})
		require.NoError(t, err)
		require.Equal(t, []types.ThingPrincipalObject{{Principal: key.CertificateArn, ThingPrincipalType: kind}}, principals.ThingPrincipalObjects)
		things, err := c.ListPrincipalThingsV2(ctx, &iot.ListPrincipalThingsV2Input{Principal: key.CertificateArn})
		require.NoError(t, err)
		require.Equal(t, []types.PrincipalThingObject{{ThingName: thing, ThingPrincipalType: kind}}, things.PrincipalThingObjects)
	}
	all, err := c.ListThingPrincipalsV2(ctx, &iot.ListThingPrincipalsV2Input{ThingName: thing})
	require.NoError(t, err)
	require.Len(t, all.ThingPrincipalObjects, 2)
	_, err = c.ListThingPrincipalsV2(ctx, &iot.ListThingPrincipalsV2Input{ThingName: thing, ThingPrincipalType: "OTHER"})
	requireCode(t, err, "InvalidRequestException", "OTHER")
}
