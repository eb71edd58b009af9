package registry

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestThingTypes(t *testing.T) {
	s := newState(t)
	made, err := s.CreateThingType(ctx, &CreateThingTypeInput{ThingTypeName: "sensor", Tags: []Tag{{"project", "x"}}})
	require.NoError(t, err)
	_, err = s.CreateThing(ctx, &CreateThingInput{ThingName: "a", ThingTypeName: "sensor", AttributePayload: attributes(4)})
	require.NoError(t, err, "a thing with a type has up to 50 attributes")
	_, err = s.CreateThing(ctx, &CreateThingInput{ThingName: "b", ThingTypeName: "none"})
	requireCode(t, err, codeNotFound)
	_, err = s.DeleteThingType(ctx, &ThingTypeNameInput{"sensor"})
	requireCode(t, err, codeInvalid)
	_, err = s.DeprecateThingType(ctx, &DeprecateThingTypeInput{ThingTypeName: "sensor"})
	require.NoError(t, err)
	_, err = s.CreateThing(ctx, &CreateThingInput{ThingName: "b", ThingTypeName: "sensor"})
	requireCode(t, err, codeInvalid)
	_, err = s.DeleteThingType(ctx, &ThingTypeNameInput{"sensor"})
	requireCode(t, err, codeInvalid)
	_, err = s.DeleteThing(ctx, &DeleteThingInput{ThingName: "a"})
	require.NoError(t, err)
	_, err = s.DeleteThingType(ctx, &ThingTypeNameInput{"sensor"})
	require.NoError(t, err)
	_, err = s.ListTagsForResource(ctx, &ListTagsInput{ResourceArn: made.ThingTypeArn})
	requireCode(t, err, codeNotFound)
}

func TestListThingsFilters(t *testing.T) {
	s := newState(t)
	for name, site := range map[string]string{"a": "berlin", "b": "bern", "c": "oslo"} {
		_, err := s.CreateThing(ctx, &CreateThingInput{ThingName: name, AttributePayload: &AttributePayload{Attributes: map[string]string{"site": site}}})
		require.NoError(t, err)
	}
	names := func(in ListThingsInput) (names []string) {
		out, err := s.ListThings(ctx, &in)
		require.NoError(t, err)
		for _, thing := range out.Things {
			names = append(names, thing.ThingName)
		}
		return names
	}
	require.Equal(t, []string{"c"}, names(ListThingsInput{AttributeName: "site", AttributeValue: "oslo"}))
	require.Equal(t, []string{"a", "b"}, names(ListThingsInput{AttributeName: "site", AttributeValue: "ber", UsePrefix: true}))
	require.Empty(t, names(ListThingsInput{ThingTypeName: "sensor"}))
	_, err := s.ListThings(ctx, &ListThingsInput{AttributeValue: "oslo"})
	requireCode(t, err, codeInvalid)
}

func TestThingGroups(t *testing.T) {
	s := newState(t)
	_, err := s.CreateThing(ctx, &CreateThingInput{ThingName: "a"})
	require.NoError(t, err)
	made, err := s.CreateThingGroup(ctx, &CreateThingGroupInput{ThingGroupName: "fleet", Properties: &ThingGroupProperties{Description: "d"}})
	require.NoError(t, err)
	_, err = s.CreateThingGroup(ctx, &CreateThingGroupInput{ThingGroupName: "fleet"})
	requireCode(t, err, codeExists)
	_, err = s.AddThingToThingGroup(ctx, &MembershipInput{ThingName: "a", ThingGroupArn: made.ThingGroupArn})
	require.NoError(t, err)
	_, err = s.AddThingToThingGroup(ctx, &MembershipInput{ThingName: "a", ThingGroupName: "other"})
	requireCode(t, err, codeNotFound)
	groups, err := s.ListThingGroupsForThing(ctx, &ListGroupsForThingInput{ThingName: "a"})
	require.NoError(t, err)
	require.Equal(t, []GroupItem{{"fleet", made.ThingGroupArn}}, groups.ThingGroups)
	things, err := s.ListThingsInThingGroup(ctx, &ListThingsInGroupInput{ThingGroupName: "fleet"})
	require.NoError(t, err)
	require.Equal(t, []string{"a"}, things.Things)
	_, err = s.RemoveThingFromThingGroup(ctx, &MembershipInput{ThingName: "a", ThingGroupName: "fleet"})
	require.NoError(t, err)
	groups, err = s.ListThingGroupsForThing(ctx, &ListGroupsForThingInput{ThingName: "a"})
	require.NoError(t, err)
	require.Empty(t, groups.ThingGroups)
}

func TestTags(t *testing.T) {
	s := newState(t)
	p, err := s.CreatePolicy(ctx, &CreatePolicyInput{PolicyName: "p", PolicyDocument: document, Tags: []Tag{{"b", "2"}, {"a", "1"}}})
	require.NoError(t, err)
	_, err = s.UntagResource(ctx, &UntagResourceInput{ResourceArn: p.PolicyArn, TagKeys: []string{"a", "z"}})
	require.NoError(t, err)
	_, err = s.TagResource(ctx, &TagResourceInput{ResourceArn: p.PolicyArn, Tags: []Tag{{"c", "3"}, {"aws:x", ""}}})
	requireCode(t, err, codeInvalid)
	tags, err := s.ListTagsForResource(ctx, &ListTagsInput{ResourceArn: p.PolicyArn})
	require.NoError(t, err)
	require.Equal(t, []Tag{{"b", "2"}}, tags.Tags, "all or none")
	_, err = s.ListTagsForResource(ctx, &ListTagsInput{ResourceArn: s.arn("thing/a")})
	requireCode(t, err, codeInvalid)
}

func TestDeleteCertificate(t *testing.T) {
	s := newState(t)
	issued, err := s.Issue("a")
	require.NoError(t, err)
	id := issued.ARN[len(s.arn("cert/")):]
	_, err = s.DeleteCertificate(ctx, &DeleteCertificateInput{CertificateID: id})
	requireCode(t, err, "CertificateStateException")
	_, err = s.UpdateCertificate(ctx, &UpdateCertificateInput{CertificateID: id, NewStatus: Inactive})
	require.NoError(t, err)
	_, err = s.DeleteCertificate(ctx, &DeleteCertificateInput{CertificateID: id, Force: true})
	requireCode(t, err, codeConflict)
	_, err = s.DetachThingPrincipal(ctx, &AttachPrincipalInput{ThingName: "a", Principal: issued.ARN})
	require.NoError(t, err)
	_, err = s.CreatePolicy(ctx, &CreatePolicyInput{PolicyName: "p", PolicyDocument: document})
	require.NoError(t, err)
	_, err = s.AttachPolicy(ctx, &AttachPolicyInput{PolicyName: "p", Target: issued.ARN})
	require.NoError(t, err)
	targets, err := s.ListTargetsForPolicy(ctx, &ListTargetsInput{PolicyName: "p"})
	require.NoError(t, err)
	require.Equal(t, []string{issued.ARN}, targets.Targets)
	_, err = s.DeleteCertificate(ctx, &DeleteCertificateInput{CertificateID: id})
	requireCode(t, err, codeConflict)
	_, err = s.DeleteCertificate(ctx, &DeleteCertificateInput{CertificateID: id, Force: true})
	require.NoError(t, err)
	_, err = s.DeletePolicy(ctx, &PolicyNameInput{"p"})
	require.NoError(t, err, "no target is left")
}
