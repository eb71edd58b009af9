//lint:file-ignore SA1019 the operations from before AttachPolicy are there, and tested

package iotcore

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

// TestControlPlaneOperations holds the control plane to the operation table: every
// operation acts or is refused by name.
//
// AWS.md §1: CUSTOMAUTH_TTL_EXPIRATION yes.
func TestControlPlaneOperations(t *testing.T) {
	core, err := New(Config{Endpoint: endpoint, Logs: &sink{}, Targets: action.Targets{Kinesis: &targets{}, Web: &tokens{}}})
	require.NoError(t, err)
	config := awsConfig(core.Control())
	client := func(c aws.Config) *iot.Client { return iot.NewFromConfig(c) }
	operationtest.Check(t, config, client, func(t *testing.T, c *iot.Client) {
		arn := actOnCertificates(t, core, c)
		actOnThings(t, c)
		actOnAttachments(t, c, arn)
		actOnPolicies(t, c)
		actOnRules(t, c)
		actOnDestinations(t, c, core.config.Targets.Web.(*tokens))
		actOnAuthorities(t, c)
		actOnTemplates(t, c)
		actOnTemplateVersions(t, c)
		actOnRegisterThing(t, c)
		actOnRoleAliases(t, c)
		actOnLogging(t, c)
		succeeds(t)(c.GetEffectivePolicies(t.Context(), &iot.GetEffectivePoliciesInput{Principal: arn}))
		succeeds(t)(c.TestAuthorization(t.Context(), &iot.TestAuthorizationInput{Principal: arn, AuthInfos: []types.AuthInfo{
			{ActionType: types.ActionTypeConnect, Resources: []string{"arn:aws:iot:us-east-1:000000000000:client/a"}},
		}}))
		succeeds(t)(c.UpdateEventConfigurations(t.Context(), &iot.UpdateEventConfigurationsInput{EventConfigurations: map[string]types.Configuration{"THING": {Enabled: true}}}))
		succeeds(t)(c.DescribeEventConfigurations(t.Context(), &iot.DescribeEventConfigurationsInput{}))
		actOnMembers(t, c)
		actOnEnds(t, c)
	}, operationtest.Also(iotdataplane.NewFromConfig(config)), operationtest.Fields(nil))
}

var thingA, typeT, groupG, policyP, ruleR = aws.String("a"), aws.String("t"), aws.String("g"), aws.String("p"), aws.String("R")

// succeeds fails the test unless err, the last of a call's results, is nil.
func succeeds(t *testing.T) func(_ any, err error) {
	return func(_ any, err error) { t.Helper(); require.NoError(t, err) }
}

func actOnCertificates(t *testing.T, core *Core, c *iot.Client) (arn *string) {
	ctx, ok := context.Background(), succeeds(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	request, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	require.NoError(t, err)
	csr := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: request}))
	made, err := c.CreateCertificateFromCsr(ctx, &iot.CreateCertificateFromCsrInput{CertificateSigningRequest: &csr})
	require.NoError(t, err)
	ok(c.DescribeCertificate(ctx, &iot.DescribeCertificateInput{CertificateId: made.CertificateId}))
	ok(c.ListCertificates(ctx, &iot.ListCertificatesInput{}))
	ok(c.UpdateCertificate(ctx, &iot.UpdateCertificateInput{CertificateId: made.CertificateId, NewStatus: types.CertificateStatusRevoked}))
	ok(c.DeleteCertificate(ctx, &iot.DeleteCertificateInput{CertificateId: made.CertificateId}))
	ok(c.RegisterCertificateWithoutCA(ctx, &iot.RegisterCertificateWithoutCAInput{CertificatePem: aws.String(string(core.CACertificate()))}))
	keys, err := c.CreateKeysAndCertificate(ctx, &iot.CreateKeysAndCertificateInput{})
	require.NoError(t, err)
	return keys.CertificateArn
}

func actOnThings(t *testing.T, c *iot.Client) {
	ctx, ok := context.Background(), succeeds(t)
	ok(c.CreateThingType(ctx, &iot.CreateThingTypeInput{ThingTypeName: typeT}))
	ok(c.DescribeThingType(ctx, &iot.DescribeThingTypeInput{ThingTypeName: typeT}))
	ok(c.ListThingTypes(ctx, &iot.ListThingTypesInput{}))
	ok(c.CreateThing(ctx, &iot.CreateThingInput{ThingName: thingA, ThingTypeName: typeT}))
	ok(c.DescribeThing(ctx, &iot.DescribeThingInput{ThingName: thingA}))
	ok(c.UpdateThing(ctx, &iot.UpdateThingInput{ThingName: thingA, RemoveThingType: true}))
	ok(c.ListThings(ctx, &iot.ListThingsInput{}))
	ok(c.DeprecateThingType(ctx, &iot.DeprecateThingTypeInput{ThingTypeName: typeT}))
	ok(c.DeleteThingType(ctx, &iot.DeleteThingTypeInput{ThingTypeName: typeT}))
	group, err := c.CreateThingGroup(ctx, &iot.CreateThingGroupInput{ThingGroupName: groupG})
	ok(group, err)
	ok(c.DescribeThingGroup(ctx, &iot.DescribeThingGroupInput{ThingGroupName: groupG}))
	ok(c.UpdateThingGroup(ctx, &iot.UpdateThingGroupInput{ThingGroupName: groupG, ThingGroupProperties: &types.ThingGroupProperties{}}))
	ok(c.ListThingGroups(ctx, &iot.ListThingGroupsInput{}))
	ok(c.AddThingToThingGroup(ctx, &iot.AddThingToThingGroupInput{ThingName: thingA, ThingGroupName: groupG}))
	ok(c.ListThingGroupsForThing(ctx, &iot.ListThingGroupsForThingInput{ThingName: thingA}))
	ok(c.ListThingsInThingGroup(ctx, &iot.ListThingsInThingGroupInput{ThingGroupName: groupG}))
	ok(c.RemoveThingFromThingGroup(ctx, &iot.RemoveThingFromThingGroupInput{ThingName: thingA, ThingGroupName: groupG}))
	ok(c.UpdateThingGroupsForThing(ctx, &iot.UpdateThingGroupsForThingInput{ThingName: thingA, ThingGroupsToAdd: []string{"g"}}))
	ok(c.TagResource(ctx, &iot.TagResourceInput{ResourceArn: group.ThingGroupArn, Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}}))
	ok(c.ListTagsForResource(ctx, &iot.ListTagsForResourceInput{ResourceArn: group.ThingGroupArn}))
	ok(c.UntagResource(ctx, &iot.UntagResourceInput{ResourceArn: group.ThingGroupArn, TagKeys: []string{"k"}}))
	ok(c.DescribeEndpoint(ctx, &iot.DescribeEndpointInput{EndpointType: aws.String("iot:Data-ATS")}))
}

func actOnAttachments(t *testing.T, c *iot.Client, arn *string) {
	ctx, ok := context.Background(), succeeds(t)
	ok(c.CreatePolicy(ctx, &iot.CreatePolicyInput{PolicyName: policyP, PolicyDocument: aws.String(allowAll)}))
	ok(c.AttachPolicy(ctx, &iot.AttachPolicyInput{PolicyName: policyP, Target: arn}))
	ok(c.ListAttachedPolicies(ctx, &iot.ListAttachedPoliciesInput{Target: arn, Recursive: true}))
	ok(c.ListTargetsForPolicy(ctx, &iot.ListTargetsForPolicyInput{PolicyName: policyP}))
	ok(c.DetachPolicy(ctx, &iot.DetachPolicyInput{PolicyName: policyP, Target: arn}))
	ok(c.AttachPrincipalPolicy(ctx, &iot.AttachPrincipalPolicyInput{PolicyName: policyP, Principal: arn}))
	ok(c.ListPrincipalPolicies(ctx, &iot.ListPrincipalPoliciesInput{Principal: arn}))
	ok(c.ListPolicyPrincipals(ctx, &iot.ListPolicyPrincipalsInput{PolicyName: policyP}))
	ok(c.DetachPrincipalPolicy(ctx, &iot.DetachPrincipalPolicyInput{PolicyName: policyP, Principal: arn}))
	ok(c.AttachThingPrincipal(ctx, &iot.AttachThingPrincipalInput{ThingName: thingA, Principal: arn}))
	ok(c.ListThingPrincipals(ctx, &iot.ListThingPrincipalsInput{ThingName: thingA}))
	ok(c.ListPrincipalThings(ctx, &iot.ListPrincipalThingsInput{Principal: arn}))
	ok(c.ListThingPrincipalsV2(ctx, &iot.ListThingPrincipalsV2Input{ThingName: thingA}))
	ok(c.ListPrincipalThingsV2(ctx, &iot.ListPrincipalThingsV2Input{Principal: arn}))
	ok(c.DetachThingPrincipal(ctx, &iot.DetachThingPrincipalInput{ThingName: thingA, Principal: arn}))
}

func actOnPolicies(t *testing.T, c *iot.Client) {
	ctx, ok := context.Background(), succeeds(t)
	first, second := aws.String("1"), aws.String("2")
	ok(c.GetPolicy(ctx, &iot.GetPolicyInput{PolicyName: policyP}))
	ok(c.ListPolicies(ctx, &iot.ListPoliciesInput{}))
	ok(c.CreatePolicyVersion(ctx, &iot.CreatePolicyVersionInput{PolicyName: policyP, PolicyDocument: aws.String(allowAll)}))
	ok(c.SetDefaultPolicyVersion(ctx, &iot.SetDefaultPolicyVersionInput{PolicyName: policyP, PolicyVersionId: second}))
	ok(c.GetPolicyVersion(ctx, &iot.GetPolicyVersionInput{PolicyName: policyP, PolicyVersionId: first}))
	ok(c.ListPolicyVersions(ctx, &iot.ListPolicyVersionsInput{PolicyName: policyP}))
	ok(c.DeletePolicyVersion(ctx, &iot.DeletePolicyVersionInput{PolicyName: policyP, PolicyVersionId: first}))
}

func actOnRules(t *testing.T, c *iot.Client) {
	ctx, ok := context.Background(), succeeds(t)
	payload := sourceRule().TopicRulePayload
	ok(c.CreateTopicRule(ctx, &iot.CreateTopicRuleInput{RuleName: ruleR, TopicRulePayload: payload}))
	ok(c.GetTopicRule(ctx, &iot.GetTopicRuleInput{RuleName: ruleR}))
	ok(c.ListTopicRules(ctx, &iot.ListTopicRulesInput{}))
	ok(c.ReplaceTopicRule(ctx, &iot.ReplaceTopicRuleInput{RuleName: ruleR, TopicRulePayload: payload}))
	ok(c.DisableTopicRule(ctx, &iot.DisableTopicRuleInput{RuleName: ruleR}))
	ok(c.EnableTopicRule(ctx, &iot.EnableTopicRuleInput{RuleName: ruleR}))
	ok(c.DeleteTopicRule(ctx, &iot.DeleteTopicRuleInput{RuleName: ruleR}))
}

func actOnEnds(t *testing.T, c *iot.Client) {
	ctx, ok := context.Background(), succeeds(t)
	ok(c.DeletePolicy(ctx, &iot.DeletePolicyInput{PolicyName: policyP}))
	ok(c.DeleteThing(ctx, &iot.DeleteThingInput{ThingName: thingA}))
	ok(c.DeleteThingGroup(ctx, &iot.DeleteThingGroupInput{ThingGroupName: groupG}))
}

// tokens is a web server that keeps the token it is asked to confirm with.
type tokens struct{ last string }

func (k *tokens) Do(r *http.Request) (*http.Response, error) {
	k.last = r.URL.Query().Get("confirmationToken")
	return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody}, nil
}

func actOnDestinations(t *testing.T, c *iot.Client, web *tokens) {
	ctx, ok := t.Context(), succeeds(t)
	made, err := c.CreateTopicRuleDestination(ctx, &iot.CreateTopicRuleDestinationInput{DestinationConfiguration: &types.TopicRuleDestinationConfiguration{
		HttpUrlConfiguration: &types.HttpUrlDestinationConfiguration{ConfirmationUrl: aws.String("http://127.0.0.1")},
	}})
	require.NoError(t, err)
	arn := made.TopicRuleDestination.Arn
	ok(c.ConfirmTopicRuleDestination(ctx, &iot.ConfirmTopicRuleDestinationInput{ConfirmationToken: &web.last}))
	ok(c.UpdateTopicRuleDestination(ctx, &iot.UpdateTopicRuleDestinationInput{Arn: arn, Status: types.TopicRuleDestinationStatusEnabled}))
	ok(c.GetTopicRuleDestination(ctx, &iot.GetTopicRuleDestinationInput{Arn: arn}))
	ok(c.ListTopicRuleDestinations(ctx, &iot.ListTopicRuleDestinationsInput{}))
	ok(c.DeleteTopicRuleDestination(ctx, &iot.DeleteTopicRuleDestinationInput{Arn: arn}))
}
