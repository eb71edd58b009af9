package registry

import "github.com/shakedown-iot/shakedown/emulators/wire"

// Routes are the registry's operations of the service iot.
// Methods and paths: https://docs.aws.amazon.com/iot/latest/apireference/
func (s *State) Routes() []wire.Route {
	return []wire.Route{
		{Name: "CreateThing", Method: "POST", Path: "/things/{thingName}", Op: wire.Op(s.CreateThing)},
		{Name: "DescribeThing", Method: "GET", Path: "/things/{thingName}", Op: wire.Op(s.DescribeThing)},
		{Name: "ListThings", Method: "GET", Path: "/things", Op: wire.Op(s.ListThings)},
		{Name: "DeleteThing", Method: "DELETE", Path: "/things/{thingName}", Op: wire.Op(s.DeleteThing)},
		{Name: "ListThingGroupsForThing", Method: "GET", Path: "/things/{thingName}/thing-groups", Op: wire.Op(s.ListThingGroupsForThing)},
		{Name: "CreateThingType", Method: "POST", Path: "/thing-types/{thingTypeName}", Op: wire.Op(s.CreateThingType)},
		{Name: "DescribeThingType", Method: "GET", Path: "/thing-types/{thingTypeName}", Op: wire.Op(s.DescribeThingType)},
		{Name: "ListThingTypes", Method: "GET", Path: "/thing-types", Op: wire.Op(s.ListThingTypes)},
		{Name: "DeprecateThingType", Method: "POST", Path: "/thing-types/{thingTypeName}/deprecate", Op: wire.Op(s.DeprecateThingType)},
		{Name: "DeleteThingType", Method: "DELETE", Path: "/thing-types/{thingTypeName}", Op: wire.Op(s.DeleteThingType)},
		{Name: "CreateThingGroup", Method: "POST", Path: "/thing-groups/{thingGroupName}", Op: wire.Op(s.CreateThingGroup)},
		{Name: "DescribeThingGroup", Method: "GET", Path: "/thing-groups/{thingGroupName}", Op: wire.Op(s.DescribeThingGroup)},
		{Name: "DeleteThingGroup", Method: "DELETE", Path: "/thing-groups/{thingGroupName}", Op: wire.Op(s.DeleteThingGroup)},
		{Name: "ListThingGroups", Method: "GET", Path: "/thing-groups", Op: wire.Op(s.ListThingGroups)},
		{Name: "AddThingToThingGroup", Method: "PUT", Path: "/thing-groups/addThingToThingGroup", Op: wire.Op(s.AddThingToThingGroup)},
		{Name: "RemoveThingFromThingGroup", Method: "PUT", Path: "/thing-groups/removeThingFromThingGroup", Op: wire.Op(s.RemoveThingFromThingGroup)},
		{Name: "ListThingsInThingGroup", Method: "GET", Path: "/thing-groups/{thingGroupName}/things", Op: wire.Op(s.ListThingsInThingGroup)},
		{Name: "TagResource", Method: "POST", Path: "/tags", Op: wire.Op(s.TagResource)},
		{Name: "UntagResource", Method: "POST", Path: "/untag", Op: wire.Op(s.UntagResource)},
		{Name: "ListTagsForResource", Method: "GET", Path: "/tags", Op: wire.Op(s.ListTagsForResource)},
		{Name: "DeleteCertificate", Method: "DELETE", Path: "/certificates/{certificateId}", Op: wire.Op(s.DeleteCertificate)},
		{Name: "ListPolicyVersions", Method: "GET", Path: "/policies/{policyName}/version", Op: wire.Op(s.ListPolicyVersions)},
		{Name: "ListTargetsForPolicy", Method: "POST", Path: "/policy-targets/{policyName}", Op: wire.Op(s.ListTargetsForPolicy)},
		{Name: "CreateCertificateFromCsr", Method: "POST", Path: "/certificates", Op: wire.Op(s.CreateCertificateFromCSR)},
		{Name: "CreateKeysAndCertificate", Method: "POST", Path: "/keys-and-certificate", Op: wire.Op(s.CreateKeysAndCertificate)},
		{Name: "RegisterCertificateWithoutCA", Method: "POST", Path: "/certificate/register-no-ca", Op: wire.Op(s.Register)},
		{Name: "DescribeCertificate", Method: "GET", Path: "/certificates/{certificateId}", Op: wire.Op(s.DescribeCertificate)},
		{Name: "ListCertificates", Method: "GET", Path: "/certificates", Op: wire.Op(s.ListCertificates)},
		{Name: "UpdateCertificate", Method: "PUT", Path: "/certificates/{certificateId}", Op: wire.Op(s.UpdateCertificate)},
		{Name: "CreatePolicy", Method: "POST", Path: "/policies/{policyName}", Op: wire.Op(s.CreatePolicy)},
		{Name: "GetPolicy", Method: "GET", Path: "/policies/{policyName}", Op: wire.Op(s.GetPolicy)},
		{Name: "ListPolicies", Method: "GET", Path: "/policies", Op: wire.Op(s.ListPolicies)},
		{Name: "DeletePolicy", Method: "DELETE", Path: "/policies/{policyName}", Op: wire.Op(s.DeletePolicy)},
		{Name: "CreatePolicyVersion", Method: "POST", Path: "/policies/{policyName}/version", Op: wire.Op(s.CreatePolicyVersion)},
		{Name: "GetPolicyVersion", Method: "GET", Path: "/policies/{policyName}/version/{policyVersionId}", Op: wire.Op(s.GetPolicyVersion)},
		{Name: "SetDefaultPolicyVersion", Method: "PATCH", Path: "/policies/{policyName}/version/{policyVersionId}", Op: wire.Op(s.SetDefaultPolicyVersion)},
		{Name: "DeletePolicyVersion", Method: "DELETE", Path: "/policies/{policyName}/version/{policyVersionId}", Op: wire.Op(s.DeletePolicyVersion)},
		{Name: "AttachPolicy", Method: "PUT", Path: "/target-policies/{policyName}", Op: wire.Op(s.AttachPolicy)},
		{Name: "DetachPolicy", Method: "POST", Path: "/target-policies/{policyName}", Op: wire.Op(s.DetachPolicy)},
		{Name: "ListAttachedPolicies", Method: "POST", Path: "/attached-policies/{target}", Op: wire.Op(s.ListAttachedPolicies)},
		{Name: "AttachThingPrincipal", Method: "PUT", Path: "/things/{thingName}/principals", Op: wire.Op(s.AttachThingPrincipal)},
		{Name: "DetachThingPrincipal", Method: "DELETE", Path: "/things/{thingName}/principals", Op: wire.Op(s.DetachThingPrincipal)},
		{Name: "ListThingPrincipals", Method: "GET", Path: "/things/{thingName}/principals", Op: wire.Op(s.ListThingPrincipals)},
		{Name: "ListPrincipalThings", Method: "GET", Path: "/principals/things", Op: wire.Op(s.ListPrincipalThings)},
	}
}
