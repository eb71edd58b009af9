package iotcore

import (
	"context"
	"crypto/x509/pkix"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
)

// TestJustInTimeRegistration follows
// https://docs.aws.amazon.com/iot/latest/developerguide/auto-register-device-cert.html:
// registered, announced, refused; connected when it is ACTIVE.
func TestJustInTimeRegistration(t *testing.T) {
	inBubble(t, func(f *fixture) {
		c, ctx, ca := iot.NewFromConfig(awsConfig(f.core.Control())), context.Background(), newTestCA(t, "Acme")
		caID := ca.register(c, nil)
		topic := "$aws/events/certificates/registered/" + *caID
		f.createRule("JITR", rule.Payload{SQL: "SELECT *, clientid() AS client, principal() AS principal FROM '" + topic + "'", Actions: []action.Action{toKinesis("registered")}})
		watcher := f.dial("watcher", f.thing("watcher", allowAll))
		require.NotNil(t, watcher.subscribe(1, topic))
		own, pem := ca.sign(named("device"))
		id := registry.Fingerprint(own.Certificate[0])

		began := time.Now().UnixMilli()
		_, err := f.tryDial("device", own)
		require.ErrorIs(t, err, errRefused)
		require.Equal(t, registry.PendingActivation, f.status(id))
		want := map[string]any{
			"certificateId": id, "caCertificateId": *caID, "timestamp": float64(time.Now().UnixMilli()), "certificateStatus": "PENDING_ACTIVATION",
			"awsAccountId": "000000000000", "certificateRegistrationTimestamp": fmt.Sprint(began),
		}
		require.Equal(t, want, watcher.answer(t, topic))
		_, ruled, _ := strings.Cut(f.targets.took()[0], "{")
		require.Contains(t, ruled, `"client":"device"`)
		require.Contains(t, ruled, `"principal":"`+id+`"`)

		time.Sleep(time.Minute)
		_, err = f.tryDial("device", own)
		require.ErrorIs(t, err, errRefused)
		want["timestamp"] = float64(time.Now().UnixMilli())
		require.Equal(t, want, watcher.answer(t, topic), "announced again while it is PENDING_ACTIVATION")

		enableEvents(t, c, false, "CA_CERTIFICATE")
		told := f.targets.took()
		_, err = f.tryDial("device", own)
		require.ErrorIs(t, err, errRefused)
		settle()
		require.Equal(t, told, f.targets.took(), "announced though that is turned off")

		described, err := c.DescribeCertificate(ctx, &iot.DescribeCertificateInput{CertificateId: &id})
		require.NoError(t, err)
		require.Equal(t, []string{*caID, *pem}, []string{*described.CertificateDescription.CaCertificateId, *described.CertificateDescription.CertificatePem})
		_, err = c.UpdateCertificate(ctx, &iot.UpdateCertificateInput{CertificateId: &id, NewStatus: types.CertificateStatusActive})
		require.NoError(t, err)
		_, err = c.AttachPolicy(ctx, &iot.AttachPolicyInput{PolicyName: aws.String("watcher"), Target: described.CertificateDescription.CertificateArn})
		require.NoError(t, err)
		f.dial("device", own).disconnect()
	})
}

// TestNotIntroduced: who is refused in the handshake and not registered.
func TestNotIntroduced(t *testing.T) {
	inBubble(t, func(f *fixture) {
		c, ctx, ca, stranger := iot.NewFromConfig(awsConfig(f.core.Control())), context.Background(), newTestCA(t, "Acme"), newTestCA(t, "Acme")
		id := ca.register(c, nil)
		refusedBy := func(ca *testCA, why string) {
			t.Helper()
			own, _ := ca.sign(named("device"))
			_, err := f.tryDial("device", own)
			require.Error(t, err, why)
			require.NotErrorIs(t, err, errRefused, why)
			_, err = c.DescribeCertificate(ctx, &iot.DescribeCertificateInput{CertificateId: aws.String(registry.Fingerprint(own.Certificate[0]))})
			requireCode(t, err, "ResourceNotFoundException", "")
		}
		refusedBy(stranger, "signed by another key")
		update := func(in *iot.UpdateCACertificateInput) {
			in.CertificateId = id
			_, err := c.UpdateCACertificate(ctx, in)
			require.NoError(t, err)
		}
		update(&iot.UpdateCACertificateInput{NewAutoRegistrationStatus: types.AutoRegistrationStatusDisable})
		refusedBy(ca, "auto registration is disabled")
		update(&iot.UpdateCACertificateInput{NewAutoRegistrationStatus: types.AutoRegistrationStatusEnable, NewStatus: types.CACertificateStatusInactive})
		refusedBy(ca, "the CA is INACTIVE")

		update(&iot.UpdateCACertificateInput{NewStatus: types.CACertificateStatusActive})
		own, pem := ca.sign(named("known"))
		made, err := c.RegisterCertificate(ctx, &iot.RegisterCertificateInput{CertificatePem: pem, Status: types.CertificateStatusInactive})
		require.NoError(t, err)
		_, err = f.tryDial("known", own)
		require.Error(t, err)
		require.NotErrorIs(t, err, errRefused, "a certificate about which somebody decided")
		require.Equal(t, registry.Inactive, f.status(*made.CertificateId))
		time.Sleep(25 * time.Hour)
		refusedBy(ca, "the CA expired")
	})
}

// jitpTemplate is the complete example of
// https://docs.aws.amazon.com/iot/latest/developerguide/jit-provisioning.html#jit-provisioning-example-templatebody
const jitpTemplate = `{
  "Parameters": {
    "AWS::IoT::Certificate::CommonName": {"Type": "String"}, "AWS::IoT::Certificate::SerialNumber": {"Type": "String"},
    "AWS::IoT::Certificate::Country": {"Type": "String"}, "AWS::IoT::Certificate::Id": {"Type": "String"}},
  "Resources": {
    "thing": {"Type": "AWS::IoT::Thing", "Properties": {
      "ThingName": {"Ref": "AWS::IoT::Certificate::CommonName"},
      "AttributePayload": {"version": "v1", "serialNumber": {"Ref": "AWS::IoT::Certificate::SerialNumber"}},
      "ThingTypeName": "lightBulb-versionA",
      "ThingGroups": ["v1-lightbulbs", {"Ref": "AWS::IoT::Certificate::Country"}]},
      "OverrideSettings": {"AttributePayload": "MERGE", "ThingTypeName": "REPLACE", "ThingGroups": "DO_NOTHING"}},
    "certificate": {"Type": "AWS::IoT::Certificate", "Properties": {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}, "Status": "ACTIVE"}},
    "policy": {"Type": "AWS::IoT::Policy", "Properties": {
      "PolicyDocument": "{ \"Version\": \"2012-10-17\", \"Statement\": [{ \"Effect\": \"Allow\", \"Action\":[\"iot:Connect\", \"iot:Publish\"], \"Resource\": [\"*\"] }] }"}}
  }
}`

// bulb is a subject with all that the template wants.
var bulb = pkix.Name{CommonName: "bulb-7", Country: []string{"NO"}, SerialNumber: "s-7"}

// TestJustInTimeProvisioning: thing, certificate and policy are made on the first
// connection, which is refused; the second is good.
func TestJustInTimeProvisioning(t *testing.T) {
	for _, named := range []bool{false, true} {
		t.Run(fmt.Sprintf("named=%t", named), func(t *testing.T) {
			inBubble(t, func(f *fixture) {
				c, ca := iot.NewFromConfig(awsConfig(f.core.Control())), newTestCA(t, "Acme")
				for _, group := range []string{"v1-lightbulbs", "NO"} {
					_, err := c.CreateThingGroup(context.Background(), &iot.CreateThingGroupInput{ThingGroupName: &group})
					require.NoError(t, err)
				}
				config := &types.RegistrationConfig{TemplateBody: aws.String(jitpTemplate), RoleArn: aws.String(provisioningRole)}
				if named {
					config = &types.RegistrationConfig{TemplateName: aws.String("bulbs")}
					_, err := c.CreateProvisioningTemplate(context.Background(), &iot.CreateProvisioningTemplateInput{
						TemplateName: config.TemplateName, Type: types.TemplateTypeJitp, TemplateBody: aws.String(jitpTemplate),
						ProvisioningRoleArn: aws.String(provisioningRole), Enabled: aws.Bool(true),
					})
					require.NoError(t, err)
				}
				caID := ca.register(c, func(in *iot.RegisterCACertificateInput) { in.RegistrationConfig = config })
				bulbs(t, f, c, ca, caID)
			})
		})
	}
}

func bulbs(t *testing.T, f *fixture, c *iot.Client, ca *testCA, caID *string) {
	ctx := context.Background()
	_, err := c.CreateThing(ctx, &iot.CreateThingInput{ThingName: aws.String("bulb-7"), AttributePayload: &types.AttributePayload{Attributes: map[string]string{"room": "hall"}}})
	require.NoError(t, err)
	own, _ := ca.sign(bulb)
	id := registry.Fingerprint(own.Certificate[0])
	_, err = f.tryDial("bulb-7", own)
	require.ErrorIs(t, err, errRefused)
	require.Equal(t, registry.PendingActivation, f.status(id), "the thing type is not there")
	require.Contains(t, strings.Join(f.reasons(event.ConnectRefused), "\n"), "lightBulb-versionA not found")
	principals, err := c.ListThingPrincipals(ctx, &iot.ListThingPrincipalsInput{ThingName: aws.String("bulb-7")})
	require.NoError(t, err)
	require.Empty(t, principals.Principals, "all or nothing")

	_, err = c.CreateThingType(ctx, &iot.CreateThingTypeInput{ThingTypeName: aws.String("lightBulb-versionA")})
	require.NoError(t, err)
	_, err = f.tryDial("bulb-7", own)
	require.ErrorIs(t, err, errRefused, "it was not ACTIVE when the client came")
	require.Equal(t, registry.Active, f.status(id))
	device := f.dial("bulb-7", own)
	require.True(t, device.publish("foo/bar", "{}"))
	device.disconnect()

	thing, err := c.DescribeThing(ctx, &iot.DescribeThingInput{ThingName: aws.String("bulb-7")})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"room": "hall", "version": "v1", "serialNumber": "s-7"}, thing.Attributes, "MERGE")
	require.Equal(t, "lightBulb-versionA", *thing.ThingTypeName, "REPLACE")
	groups, err := c.ListThingGroupsForThing(ctx, &iot.ListThingGroupsForThingInput{ThingName: aws.String("bulb-7")})
	require.NoError(t, err)
	require.Empty(t, groups.ThingGroups, "DO_NOTHING")

	poor, _ := ca.sign(named("poor"))
	_, err = f.tryDial("poor", poor)
	require.ErrorIs(t, err, errRefused)
	require.Contains(t, strings.Join(f.reasons(event.ConnectRefused), "\n"), "Certificate::Country has no value")

	_, err = c.UpdateCACertificate(ctx, &iot.UpdateCACertificateInput{CertificateId: caID, RemoveAutoRegistration: true})
	require.NoError(t, err)
	got, err := c.DescribeCACertificate(ctx, &iot.DescribeCACertificateInput{CertificateId: caID})
	require.NoError(t, err)
	require.Nil(t, got.RegistrationConfig)
	require.Equal(t, types.AutoRegistrationStatusDisable, got.CertificateDescription.AutoRegistrationStatus)
}

// TestRegistrationConfig: what cannot provision anything is refused.
func TestRegistrationConfig(t *testing.T) {
	c, ca := controlClient(t), newTestCA(t, "Acme")
	_, err := c.CreateProvisioningTemplate(context.Background(), &iot.CreateProvisioningTemplateInput{
		TemplateName: aws.String("pumps"), TemplateBody: aws.String(fleetTemplate), ProvisioningRoleArn: aws.String(provisioningRole),
	})
	require.NoError(t, err)
	body := func(from, to string) *types.RegistrationConfig {
		return &types.RegistrationConfig{TemplateBody: aws.String(strings.Replace(jitpTemplate, from, to, 1)), RoleArn: aws.String(provisioningRole)}
	}
	for reason, config := range map[string]*types.RegistrationConfig{
		"is not the ARN of a role":              {TemplateBody: aws.String(jitpTemplate)},
		"either templateBody":                   {TemplateBody: aws.String(jitpTemplate), TemplateName: aws.String("pumps"), RoleArn: aws.String(provisioningRole)},
		"registrationConfig has either":         {},
		"of type FLEET_PROVISIONING":            {TemplateName: aws.String("pumps")},
		"Template none not found":               {TemplateName: aws.String("none")},
		"has no parameter Serial":               body(`"Parameters": {`, `"Parameters": {"Serial": {"Type": "String"},`),
		"property CertificatePem":               body(`"CertificateId": {`, `"CertificatePem": {`),
		"property BillingGroup":                 body(`"ThingTypeName"`, `"BillingGroup": "b", "ThingTypeName"`),
		"ThingGroups is one of":                 body(`"DO_NOTHING"`, `"IGNORE"`),
		"OverrideSettings of thing":             body(`"MERGE"`, `"MERGE", "ThingName": "FAIL"`),
		"for templates of type FLEET_PROVISION": body(`"Resources"`, `"DeviceConfiguration": {}, "Resources"`),
		"there is no function Fn::Base64":       body(`{"Ref": "AWS::IoT::Certificate::CommonName"}`, `{"Fn::Base64": ["a"]}`),
	} {
		_, err := c.RegisterCACertificate(context.Background(), &iot.RegisterCACertificateInput{CaCertificate: ca.pem, CertificateMode: types.CertificateModeSniOnly, RegistrationConfig: config})
		require.ErrorContains(t, err, reason)
	}
}
