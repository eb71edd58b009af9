package iotcore

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
)

// bulkTemplate is the example of
// https://docs.aws.amazon.com/iot/latest/developerguide/provision-template.html#bulk-template-example
const bulkTemplate = `{
  "Parameters": {"ThingName": {"Type": "String"}, "SerialNumber": {"Type": "String"}, "Location": {"Type": "String", "Default": "WA"}, "CSR": {"Type": "String"}},
  "Resources": {
    "thing": {"Type": "AWS::IoT::Thing", "Properties": {
      "ThingName": {"Ref": "ThingName"}, "AttributePayload": {"version": "v1", "serialNumber": {"Ref": "SerialNumber"}},
      "ThingTypeName": "lightBulb-versionA", "ThingGroups": ["v1-lightbulbs", {"Ref": "Location"}]}},
    "certificate": {"Type": "AWS::IoT::Certificate", "Properties": {
      "CertificateSigningRequest": {"Ref": "CSR"}, "Status": "ACTIVE", "ThingPrincipalType": "EXCLUSIVE_THING"}},
    "policy": {"Type": "AWS::IoT::Policy", "Properties": {
      "PolicyDocument": "{ \"Version\": \"2012-10-17\", \"Statement\": [{ \"Effect\": \"Allow\", \"Action\":[\"iot:Publish\"], \"Resource\": [\"arn:aws:iot:us-east-1:123456789012:topic/foo/bar\"] }] }"}}
  }
}`

func csrOf(t *testing.T) string {
	var request map[string]string
	require.NoError(t, json.Unmarshal([]byte(aRequest(t)), &request))
	return request["certificateSigningRequest"]
}

func prepareBulbs(t *testing.T, c *iot.Client) {
	_, err := c.CreateThingType(context.Background(), &iot.CreateThingTypeInput{ThingTypeName: aws.String("lightBulb-versionA")})
	require.NoError(t, err)
	for _, group := range []string{"v1-lightbulbs", "WA"} {
		_, err := c.CreateThingGroup(context.Background(), &iot.CreateThingGroupInput{ThingGroupName: &group})
		require.NoError(t, err)
	}
}

func TestRegisterThing(t *testing.T) {
	c, ctx := controlClient(t), t.Context()
	in := &iot.RegisterThingInput{TemplateBody: aws.String(bulkTemplate), Parameters: map[string]string{"ThingName": "bulb", "SerialNumber": "7", "CSR": csrOf(t)}}
	_, err := c.RegisterThing(ctx, in)
	requireCode(t, err, "ResourceNotFoundException", "lightBulb-versionA")
	prepareBulbs(t, c)
	out, err := c.RegisterThing(ctx, in)
	require.NoError(t, err)
	id := registry.Fingerprint(derOf(t, *out.CertificatePem))
	require.Equal(t, "arn:aws:iot:us-east-1:000000000000:thing/bulb", out.ResourceArns["thing"])
	require.Equal(t, "arn:aws:iot:us-east-1:000000000000:cert/"+id, out.ResourceArns["certificate"])
	require.Contains(t, out.ResourceArns["policy"], ":policy/")
	thing, err := c.DescribeThing(ctx, &iot.DescribeThingInput{ThingName: aws.String("bulb")})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"version": "v1", "serialNumber": "7"}, thing.Attributes)
	groups, err := c.ListThingGroupsForThing(ctx, &iot.ListThingGroupsForThingInput{ThingName: aws.String("bulb")})
	require.NoError(t, err)
	require.Len(t, groups.ThingGroups, 2)
	things, err := c.ListPrincipalThingsV2(ctx, &iot.ListPrincipalThingsV2Input{Principal: aws.String(out.ResourceArns["certificate"])})
	require.NoError(t, err)
	require.Equal(t, types.ThingPrincipalTypeExclusiveThing, things.PrincipalThingObjects[0].ThingPrincipalType)

	byID := strings.Replace(bulkTemplate, "CertificateSigningRequest", "CertificateId", 1)
	_, err = c.RegisterThing(ctx, &iot.RegisterThingInput{TemplateBody: &byID, Parameters: map[string]string{"ThingName": "second", "SerialNumber": "8", "CSR": id}})
	requireCode(t, err, "InvalidRequestException", "attached to another thing")
	_, err = c.DescribeThing(ctx, &iot.DescribeThingInput{ThingName: aws.String("second")})
	requireCode(t, err, "ResourceNotFoundException", "second")
}

// TestRegisterThingOverrides: what the template does to a thing and a certificate that
// are there.
// https://docs.aws.amazon.com/iot/latest/developerguide/provision-template.html#override-settings
func TestRegisterThingOverrides(t *testing.T) {
	c, ctx := controlClient(t), t.Context()
	prepareBulbs(t, c)
	_, err := c.CreateThingGroup(ctx, &iot.CreateThingGroupInput{ThingGroupName: aws.String("old")})
	require.NoError(t, err)
	for _, test := range []struct{ name, thing, certificate, attributes, kind, groups, status string }{
		{"none", ``, ``, "room=hall", "", "old", "ACTIVE"},
		{"nothing", `"AttributePayload": "DO_NOTHING", "ThingTypeName": "DO_NOTHING", "ThingGroups": "DO_NOTHING"`, `"Status": "DO_NOTHING"`, "room=hall", "", "old", "INACTIVE"},
		{"replace", `"AttributePayload": "REPLACE", "ThingTypeName": "REPLACE", "ThingGroups": "REPLACE"`, `"Status": "REPLACE"`, "version=v1 serialNumber=7", "lightBulb-versionA", "WA v1-lightbulbs", "ACTIVE"},
		{"merge", `"AttributePayload": "MERGE", "ThingGroups": "MERGE"`, ``, "version=v1 serialNumber=7 room=hall", "", "WA old v1-lightbulbs", "ACTIVE"},
		{"fail", `"ThingGroups": "FAIL"`, ``, "room=hall", "", "old", "INACTIVE"},
		{"failing", ``, `"Status": "FAIL"`, "room=hall", "", "old", "INACTIVE"},
	} {
		name := aws.String(test.name)
		_, err := c.CreateThing(ctx, &iot.CreateThingInput{ThingName: name, AttributePayload: &types.AttributePayload{Attributes: map[string]string{"room": "hall"}}})
		require.NoError(t, err)
		_, err = c.AddThingToThingGroup(ctx, &iot.AddThingToThingGroupInput{ThingName: name, ThingGroupName: aws.String("old")})
		require.NoError(t, err)
		keys, err := c.CreateKeysAndCertificate(ctx, &iot.CreateKeysAndCertificateInput{})
		require.NoError(t, err)
		body := strings.NewReplacer(
			`"CertificateSigningRequest"`, `"CertificateId"`,
			`{"Ref": "Location"}]}}`, `{"Ref": "Location"}]}, "OverrideSettings": {`+test.thing+`}}`,
			`"EXCLUSIVE_THING"}}`, `"EXCLUSIVE_THING"}, "OverrideSettings": {`+test.certificate+`}}`,
		).Replace(bulkTemplate)
		_, err = c.RegisterThing(ctx, &iot.RegisterThingInput{TemplateBody: &body, Parameters: map[string]string{"ThingName": *name, "SerialNumber": "7", "CSR": *keys.CertificateId}})
		if strings.HasPrefix(test.name, "fail") {
			requireCode(t, err, "ResourceConflictsException", "OverrideSettings says FAIL")
		} else {
			require.NoError(t, err, body)
		}
		requireBulb(t, c, name, test.attributes, test.kind, test.groups)
		described, err := c.DescribeCertificate(ctx, &iot.DescribeCertificateInput{CertificateId: keys.CertificateId})
		require.NoError(t, err)
		require.Equal(t, test.status, string(described.CertificateDescription.Status), test.name)
	}
}

func requireBulb(t *testing.T, c *iot.Client, name *string, attributes, kind, groups string) {
	t.Helper()
	thing, err := c.DescribeThing(t.Context(), &iot.DescribeThingInput{ThingName: name})
	require.NoError(t, err)
	require.Len(t, thing.Attributes, len(strings.Fields(attributes)), *name)
	for _, pair := range strings.Fields(attributes) {
		key, value, _ := strings.Cut(pair, "=")
		require.Equal(t, value, thing.Attributes[key], *name)
	}
	require.Equal(t, kind, aws.ToString(thing.ThingTypeName), *name)
	list, err := c.ListThingGroupsForThing(t.Context(), &iot.ListThingGroupsForThingInput{ThingName: name})
	require.NoError(t, err)
	var in []string
	for _, g := range list.ThingGroups {
		in = append(in, *g.GroupName)
	}
	require.Equal(t, groups, strings.Join(in, " "), *name)
}

func derOf(t *testing.T, text string) []byte {
	block, _ := pem.Decode([]byte(text))
	require.NotNil(t, block)
	return block.Bytes
}

func actOnRegisterThing(t *testing.T, c *iot.Client) {
	body := `{"Parameters": {"CSR": {"Type": "String"}}, "Resources": {"c": {"Type": "AWS::IoT::Certificate", "Properties": {"CertificateSigningRequest": {"Ref": "CSR"}}}}}`
	succeeds(t)(c.RegisterThing(t.Context(), &iot.RegisterThingInput{TemplateBody: &body, Parameters: map[string]string{"CSR": csrOf(t)}}))
}
