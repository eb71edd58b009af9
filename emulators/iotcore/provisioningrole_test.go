package iotcore

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	iamsdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iam"
	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// withRoles runs a test of a running Core that asks IAM; the configuration is IAM's.
func withRoles(t *testing.T, run func(f *fixture, cfg aws.Config)) {
	synctest.Test(t, func(t *testing.T) {
		roles := iam.New(wire.Identity{}.OrDefault())
		f := newFixture(t, Config{Roles: roles})
		defer f.close()
		run(f, awsConfig(iam.Handler(roles)))
	})
}

// TestProvisioningRoleIsAssumed: for the template, or the CA certificate that brings it,
// when it is named.
// https://docs.aws.amazon.com/iot/latest/developerguide/cross-service-confused-deputy-prevention.html
func TestProvisioningRoleIsAssumed(t *testing.T) {
	withRoles(t, func(f *fixture, cfg aws.Config) {
		ctx, c, ca := context.Background(), iot.NewFromConfig(awsConfig(f.core.Control())), newTestCA(t, "Acme")
		trust := func(source string) {
			t.Helper()
			_, err := iamsdk.NewFromConfig(cfg).UpdateAssumeRolePolicy(ctx, &iamsdk.UpdateAssumeRolePolicyInput{RoleName: aws.String("fleet"), PolicyDocument: aws.String(
				`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"iot.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{
					"StringEquals":{"aws:SourceAccount":"000000000000"},"ArnLike":{"aws:SourceArn":"arn:aws:iot:us-east-1:000000000000:` + source + `"}}}]}`)})
			require.NoError(t, err)
		}
		in := &iot.CreateProvisioningTemplateInput{TemplateName: aws.String("pumps"), TemplateBody: aws.String(fleetTemplate), ProvisioningRoleArn: aws.String(provisioningRole)}
		refused := func(err error, why string) {
			t.Helper()
			requireCode(t, err, "InvalidRequestException", "The provisioning role cannot be assumed by AWS IoT")
			require.ErrorContains(t, err, why)
		}
		_, err := c.CreateProvisioningTemplate(ctx, in)
		refused(err, "role/fleet: the role does not exist")
		_, err = roletest.Make(ctx, cfg, "fleet", "lambda.amazonaws.com")
		require.NoError(t, err)
		_, err = c.CreateProvisioningTemplate(ctx, in)
		refused(err, "its trust policy does not let iot.amazonaws.com assume it")
		trust("provisioningtemplate/pumps")
		succeeds(t)(c.CreateProvisioningTemplate(ctx, in))
		in.TemplateName = aws.String("other")
		_, err = c.CreateProvisioningTemplate(ctx, in)
		refused(err, "for arn:aws:iot:us-east-1:000000000000:provisioningtemplate/other")
		_, err = c.UpdateProvisioningTemplate(ctx, &iot.UpdateProvisioningTemplateInput{TemplateName: aws.String("pumps"), ProvisioningRoleArn: aws.String(provisioningRole + "-2")})
		refused(err, "role/fleet-2: the role does not exist")

		id := ca.register(c, nil)
		update := &iot.UpdateCACertificateInput{CertificateId: id, RegistrationConfig: &types.RegistrationConfig{
			TemplateBody: aws.String(jitpTemplate), RoleArn: aws.String(provisioningRole)}}
		_, err = c.UpdateCACertificate(ctx, update)
		refused(err, ":cacert/"+*id)
		trust("cacert/" + *id)
		succeeds(t)(c.UpdateCACertificate(ctx, update))
	})
}

// TestProvisioningByClaimNeedsTheRole: for each thing that the template makes, and
// without one of them nothing is made.
func TestProvisioningByClaimNeedsTheRole(t *testing.T) {
	withRoles(t, func(f *fixture, cfg aws.Config) {
		ctx := context.Background()
		_, err := roletest.Make(ctx, cfg, "fleet", "iot.amazonaws.com")
		require.NoError(t, err)
		createPumps(t, f.core.registry)
		c := f.dial("claim", f.thing("claim", allowAll))
		require.NotNil(t, c.subscribe(1, createCSRTopic+"/accepted", provisionTopic+"/accepted", provisionTopic+"/rejected"))
		require.True(t, c.publish(createCSRTopic, aRequest(t)))
		made := c.answer(t, createCSRTopic+"/accepted")
		id, request := made["certificateId"].(string), `{"certificateOwnershipToken":"`+made["certificateOwnershipToken"].(string)+`","parameters":{"SerialNumber":"7"}}`

		needed := []string{"iot:CreateThing", "iot:AttachThingPrincipal", "iot:CreatePolicy", "iot:AttachPolicy", "iot:UpdateCertificate"}
		for _, lacks := range needed {
			require.NoError(t, roletest.Allow(ctx, cfg, "fleet", slices.DeleteFunc(slices.Clone(needed), func(a string) bool { return a == lacks })...))
			require.True(t, c.publish(provisionTopic, request))
			rejected := c.answer(t, provisionTopic+"/rejected")
			require.Equal(t, "Unauthorized", rejected["errorCode"])
			require.EqualValues(t, 401, rejected["statusCode"])
			require.Contains(t, rejected["errorMessage"], "role/fleet is not authorized to perform: "+lacks+" on resource: arn:aws:iot:us-east-1:000000000000:")
			require.Equal(t, registry.PendingActivation, f.status(id))
			_, err := f.core.registry.DescribeThing(ctx, &registry.DescribeThingInput{ThingName: "pump-7"})
			require.Error(t, err, "all or nothing")
		}
		require.NoError(t, roletest.Allow(ctx, cfg, "fleet"))
		_, err = iamsdk.NewFromConfig(cfg).AttachRolePolicy(ctx, &iamsdk.AttachRolePolicyInput{
			RoleName: aws.String("fleet"), PolicyArn: aws.String("arn:aws:iam::aws:policy/service-role/AWSIoTThingsRegistration")})
		require.NoError(t, err)
		require.True(t, c.publish(provisionTopic, request))
		require.Equal(t, "pump-7", c.answer(t, provisionTopic+"/accepted")["thingName"])
		require.Equal(t, registry.Active, f.status(id))
	})
}

// TestJustInTimeProvisioningNeedsTheRole of the CA certificate's template: for the groups
// that a thing joins and leaves, too.
func TestJustInTimeProvisioningNeedsTheRole(t *testing.T) {
	withRoles(t, func(f *fixture, cfg aws.Config) {
		ctx, c, ca := context.Background(), iot.NewFromConfig(awsConfig(f.core.Control())), newTestCA(t, "Acme")
		_, err := roletest.Make(ctx, cfg, "fleet", "iot.amazonaws.com")
		require.NoError(t, err)
		prepareBulbs(t, c)
		for _, name := range []string{"NO", "old"} {
			succeeds(t)(c.CreateThingGroup(ctx, &iot.CreateThingGroupInput{ThingGroupName: &name}))
		}
		succeeds(t)(c.CreateThing(ctx, &iot.CreateThingInput{ThingName: aws.String("bulb-7")}))
		succeeds(t)(c.AddThingToThingGroup(ctx, &iot.AddThingToThingGroupInput{ThingName: aws.String("bulb-7"), ThingGroupName: aws.String("old")}))
		ca.register(c, func(in *iot.RegisterCACertificateInput) {
			in.RegistrationConfig = &types.RegistrationConfig{RoleArn: aws.String(provisioningRole),
				TemplateBody: aws.String(strings.Replace(jitpTemplate, `"DO_NOTHING"`, `"REPLACE"`, 1))}
		})
		own, _ := ca.sign(bulb)
		id := registry.Fingerprint(own.Certificate[0])
		var allowed []string
		for _, lacks := range []string{
			"iot:UpdateThing", "iot:AddThingToThingGroup", "iot:RemoveThingFromThingGroup", "iot:AttachThingPrincipal",
			"iot:CreatePolicy", "iot:AttachPolicy", "iot:UpdateCertificate",
		} {
			_, err := f.tryDial("bulb-7", own)
			require.ErrorIs(t, err, errRefused)
			require.Equal(t, registry.PendingActivation, f.status(id))
			reasons := f.reasons(event.ConnectRefused)
			require.Contains(t, reasons[len(reasons)-1], "role/fleet is not authorized to perform: "+lacks+" on resource: ")
			if allowed = append(allowed, lacks); lacks == "iot:AttachPolicy" {
				allowed[len(allowed)-1] = "iot:AttachPrincipalPolicy" // as it was called before
			}
			require.NoError(t, roletest.Allow(ctx, cfg, "fleet", allowed...))
		}
		_, err = f.tryDial("bulb-7", own)
		require.ErrorIs(t, err, errRefused, "it was not ACTIVE when the client came")
		require.Equal(t, registry.Active, f.status(id))
		f.dial("bulb-7", own).disconnect()
	})
}
