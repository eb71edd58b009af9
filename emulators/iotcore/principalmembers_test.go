//lint:file-ignore SA1019 the operations from before AttachPolicy are there, and tested

package iotcore

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"
)

func requireStatus(t *testing.T, c *iot.Client, id *string, want types.CertificateStatus) {
	t.Helper()
	got, err := c.DescribeCertificate(t.Context(), &iot.DescribeCertificateInput{CertificateId: id})
	require.NoError(t, err)
	require.Equal(t, want, got.CertificateDescription.Status)
}

func certificateMembers(t *testing.T, c *iot.Client) {
	ctx, ok := t.Context(), succeeds(t)
	made, err := c.CreateCertificateFromCsr(ctx, &iot.CreateCertificateFromCsrInput{CertificateSigningRequest: aws.String(csrOf(t)), SetAsActive: true})
	require.NoError(t, err)
	requireStatus(t, c, made.CertificateId, types.CertificateStatusActive)
	_, pem := newTestCA(t, "m-free").sign(named("m-free"))
	free, err := c.RegisterCertificateWithoutCA(ctx, &iot.RegisterCertificateWithoutCAInput{CertificatePem: pem, Status: types.CertificateStatusActive})
	require.NoError(t, err)
	requireStatus(t, c, free.CertificateId, types.CertificateStatusActive)
	pages(t, c.ListCertificates, iot.ListCertificatesInput{})
	ok(c.UpdateCertificate(ctx, &iot.UpdateCertificateInput{CertificateId: made.CertificateId, NewStatus: types.CertificateStatusInactive}))
	ok(c.CreatePolicy(ctx, &iot.CreatePolicyInput{PolicyName: aws.String("m-forced"), PolicyDocument: aws.String(allowAll)}))
	ok(c.AttachPolicy(ctx, &iot.AttachPolicyInput{PolicyName: aws.String("m-forced"), Target: made.CertificateArn}))
	_, err = c.DeleteCertificate(ctx, &iot.DeleteCertificateInput{CertificateId: made.CertificateId})
	requireCode(t, err, "DeleteConflictException")
	ok(c.DeleteCertificate(ctx, &iot.DeleteCertificateInput{CertificateId: made.CertificateId, ForceDelete: true}))
}

func policyMembers(t *testing.T, c *iot.Client) {
	ctx, name := t.Context(), aws.String("m-policy")
	made, err := c.CreatePolicy(ctx, &iot.CreatePolicyInput{PolicyName: name, PolicyDocument: aws.String(allowAll), Tags: tagged})
	require.NoError(t, err)
	requireTagged(t, c, made.PolicyArn)
	version, err := c.CreatePolicyVersion(ctx, &iot.CreatePolicyVersionInput{PolicyName: name, PolicyDocument: aws.String(allowAll), SetAsDefault: true})
	require.NoError(t, err)
	got, err := c.GetPolicy(ctx, &iot.GetPolicyInput{PolicyName: name})
	require.NoError(t, err)
	require.Equal(t, version.PolicyVersionId, got.DefaultVersionId)
	pages(t, c.ListPolicies, iot.ListPoliciesInput{})
}

func principalMembers(t *testing.T, c *iot.Client) {
	ctx, ok, policy := t.Context(), succeeds(t), aws.String("m-policy")
	var last *string
	for _, kind := range []types.ThingPrincipalType{types.ThingPrincipalTypeNonExclusiveThing, types.ThingPrincipalTypeExclusiveThing} {
		keys, err := c.CreateKeysAndCertificate(ctx, &iot.CreateKeysAndCertificateInput{SetAsActive: true})
		require.NoError(t, err)
		requireStatus(t, c, keys.CertificateId, types.CertificateStatusActive)
		last = keys.CertificateArn
		ok(c.AttachThingPrincipal(ctx, &iot.AttachThingPrincipalInput{ThingName: aws.String("m-thing"), Principal: last, ThingPrincipalType: kind}))
		ok(c.AttachPolicy(ctx, &iot.AttachPolicyInput{PolicyName: policy, Target: last}))
		list, err := c.ListThingPrincipalsV2(ctx, &iot.ListThingPrincipalsV2Input{ThingName: aws.String("m-thing"), ThingPrincipalType: kind})
		require.NoError(t, err)
		require.Equal(t, []types.ThingPrincipalObject{{Principal: last, ThingPrincipalType: kind}}, list.ThingPrincipalObjects)
		things, err := c.ListPrincipalThingsV2(ctx, &iot.ListPrincipalThingsV2Input{Principal: last, ThingPrincipalType: kind})
		require.NoError(t, err)
		require.Len(t, things.PrincipalThingObjects, 1)
	}
	keys, err := c.CreateKeysAndCertificate(ctx, &iot.CreateKeysAndCertificateInput{})
	require.NoError(t, err)
	for _, thing := range []string{"m-thing", "m-thing2"} {
		ok(c.AttachThingPrincipal(ctx, &iot.AttachThingPrincipalInput{ThingName: &thing, Principal: keys.CertificateArn}))
	}
	for _, policy := range []string{"m-policy", "m-forced"} {
		ok(c.AttachPolicy(ctx, &iot.AttachPolicyInput{PolicyName: &policy, Target: keys.CertificateArn}))
	}
	pages(t, c.ListThingPrincipals, iot.ListThingPrincipalsInput{ThingName: aws.String("m-thing")})
	pages(t, c.ListThingPrincipalsV2, iot.ListThingPrincipalsV2Input{ThingName: aws.String("m-thing")})
	pages(t, c.ListPrincipalThings, iot.ListPrincipalThingsInput{Principal: keys.CertificateArn})
	pages(t, c.ListPrincipalThingsV2, iot.ListPrincipalThingsV2Input{Principal: keys.CertificateArn})
	pages(t, c.ListAttachedPolicies, iot.ListAttachedPoliciesInput{Target: keys.CertificateArn})
	pages(t, c.ListTargetsForPolicy, iot.ListTargetsForPolicyInput{PolicyName: policy})
	pages(t, c.ListPrincipalPolicies, iot.ListPrincipalPoliciesInput{Principal: keys.CertificateArn})
	pages(t, c.ListPolicyPrincipals, iot.ListPolicyPrincipalsInput{PolicyName: policy})
}

// authorizationMembers asks about a certificate that has no policy of its own and whose
// thing's group has one.
func authorizationMembers(t *testing.T, c *iot.Client) {
	ctx, ok := t.Context(), succeeds(t)
	keys, err := c.CreateKeysAndCertificate(ctx, &iot.CreateKeysAndCertificateInput{SetAsActive: true})
	require.NoError(t, err)
	mine := strings.Replace(allowAll, `"*"`, `"arn:aws:iot:us-east-1:000000000000:client/${iot:ClientId}"`, 1)
	ok(c.CreatePolicy(ctx, &iot.CreatePolicyInput{PolicyName: aws.String("m-mine"), PolicyDocument: &mine}))
	ok(c.CreatePolicy(ctx, &iot.CreatePolicyInput{PolicyName: aws.String("m-group"), PolicyDocument: aws.String(allowAll)}))
	ok(c.AttachPolicy(ctx, &iot.AttachPolicyInput{PolicyName: aws.String("m-group"), Target: aws.String("arn:aws:iot:us-east-1:000000000000:thinggroup/m-other")}))
	ok(c.AttachThingPrincipal(ctx, &iot.AttachThingPrincipalInput{ThingName: aws.String("m-thing"), Principal: keys.CertificateArn}))
	effective, err := c.GetEffectivePolicies(ctx, &iot.GetEffectivePoliciesInput{Principal: keys.CertificateArn, ThingName: aws.String("m-thing")})
	require.NoError(t, err)
	require.Len(t, effective.EffectivePolicies, 1)
	decision := func(in *iot.TestAuthorizationInput) types.AuthDecision {
		t.Helper()
		in.Principal = keys.CertificateArn
		in.AuthInfos = []types.AuthInfo{{ActionType: types.ActionTypeConnect, Resources: []string{"arn:aws:iot:us-east-1:000000000000:client/m-thing"}}}
		out, err := c.TestAuthorization(ctx, in)
		require.NoError(t, err)
		return out.AuthResults[0].AuthDecision
	}
	require.Equal(t, types.AuthDecisionImplicitDeny, decision(&iot.TestAuthorizationInput{ClientId: aws.String("other")}))
	require.Equal(t, types.AuthDecisionAllowed, decision(&iot.TestAuthorizationInput{ClientId: aws.String("m-thing"), PolicyNamesToAdd: []string{"m-mine"}}))
	require.Equal(t, types.AuthDecisionImplicitDeny, decision(&iot.TestAuthorizationInput{ClientId: aws.String("x"), PolicyNamesToAdd: []string{"m-mine"}, PolicyNamesToSkip: []string{"m-group"}}))
}
