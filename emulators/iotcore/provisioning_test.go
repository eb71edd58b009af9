package iotcore

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
)

// fleetTemplate is after
// https://docs.aws.amazon.com/iot/latest/developerguide/provision-template.html
const fleetTemplate = `{
  "Parameters": {"SerialNumber": {"Type": "String"}, "Site": {"Type": "String", "Default": "WA"}, "AWS::IoT::Certificate::Id": {"Type": "String"}},
  "Resources": {
    "thing": {"Type": "AWS::IoT::Thing", "Properties": {
      "ThingName": {"Fn::Join": ["-", ["pump", {"Ref": "SerialNumber"}]]}, "AttributePayload": {"site": {"Ref": "Site"}}}},
    "certificate": {"Type": "AWS::IoT::Certificate", "Properties": {"CertificateId": {"Ref": "AWS::IoT::Certificate::Id"}, "Status": "ACTIVE"}},
    "policy": {"Type": "AWS::IoT::Policy", "Properties": {"PolicyDocument": {"Version": "2012-10-17", "Statement": [
      {"Effect": "Allow", "Action": ["iot:Connect", "iot:Publish"], "Resource": {"Fn::Sub": "arn:aws:iot:us-east-1:000000000000:*/pump-${SerialNumber}*"}}]}}}
  },
  "DeviceConfiguration": {"FallbackUrl": {"Fn::Join": ["", ["https://", {"Ref": "Site"}]]}}
}`

const (
	provisionTopic  = "$aws/provisioning-templates/pumps/provision/json"
	createKeysTopic = "$aws/certificates/create/json"
	createCSRTopic  = "$aws/certificates/create-from-csr/json"
)

// provisioningRole is a role's ARN; nobody assumes it.
const provisioningRole = "arn:aws:iam::000000000000:role/fleet"

func createPumps(t *testing.T, s *registry.State) {
	t.Helper()
	_, err := s.CreateProvisioningTemplate(context.Background(), &registry.CreateTemplateInput{
		TemplateName: "pumps", Enabled: true, ProvisioningRoleArn: provisioningRole,
		TemplateBody: fleetTemplate,
	})
	require.NoError(t, err)
}

// answer reads the newest message, which is on topic.
func (c *client) answer(t *testing.T, topic string) map[string]any {
	t.Helper()
	settle()
	got := c.got()
	require.NotEmpty(t, got)
	at, payload, _ := strings.Cut(got[len(got)-1], " ")
	require.Equal(t, topic, at, payload)
	out := map[string]any{}
	require.NoError(t, json.Unmarshal([]byte(payload), &out))
	return out
}

func aRequest(t *testing.T) string {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	require.NoError(t, err)
	text, err := json.Marshal(map[string]string{"certificateSigningRequest": string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der}))})
	require.NoError(t, err)
	return string(text)
}

// TestProvisioningByClaim: the certificate is PENDING_ACTIVATION until RegisterThing,
// the answers are the requester's alone, and a token is good once and for an hour.
// https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html
func TestProvisioningByClaim(t *testing.T) {
	inBubble(t, func(f *fixture) {
		createPumps(t, f.core.registry)
		c, other := f.dial("claim", f.thing("claim", allowAll)), f.dial("other", f.thing("other", allowAll))
		for _, c := range []*client{c, other} {
			require.NotNil(t, c.subscribe(1, createCSRTopic+"/+", provisionTopic+"/accepted", provisionTopic+"/rejected"))
		}
		require.True(t, c.publish(createCSRTopic, aRequest(t)))
		made := c.answer(t, createCSRTopic+"/accepted")
		id, token := made["certificateId"].(string), made["certificateOwnershipToken"].(string)
		require.Equal(t, registry.PendingActivation, f.status(id))

		require.True(t, c.publish(provisionTopic, `{"certificateOwnershipToken":"`+token+`"}`))
		require.Contains(t, c.answer(t, provisionTopic+"/rejected")["errorMessage"], "SerialNumber has no value")
		require.Equal(t, registry.PendingActivation, f.status(id), "all or nothing")

		for request, reason := range map[string]string{
			`{"certificateOwnershipToken":"` + token + `","parameter":{"SerialNumber":"7"}}`:                                        `unknown field "parameter"`,
			`{"certificateOwnershipToken":"` + token + `","parameters":{"SerialNumber":"7","AWS::IoT::Certificate::Id":"another"}}`: "is the service's to give",
		} {
			require.True(t, c.publish(provisionTopic, request))
			require.Contains(t, c.answer(t, provisionTopic+"/rejected")["errorMessage"], reason)
		}

		register := `{"certificateOwnershipToken":"` + token + `","parameters":{"SerialNumber":"7"}}`
		require.True(t, c.publish(provisionTopic, register))
		require.Equal(t, map[string]any{"thingName": "pump-7", "deviceConfiguration": map[string]any{"FallbackUrl": "https://WA"}},
			c.answer(t, provisionTopic+"/accepted"))
		require.Equal(t, registry.Active, f.status(id))
		thing, err := f.core.registry.DescribeThing(t.Context(), &registry.DescribeThingInput{ThingName: "pump-7"})
		require.NoError(t, err)
		require.Equal(t, map[string]string{"site": "WA"}, thing.Attributes)

		require.True(t, c.publish(provisionTopic, register))
		require.Equal(t, "InvalidCertificateOwnershipToken", c.answer(t, provisionTopic+"/rejected")["errorCode"], "used")
		require.True(t, c.publish(createCSRTopic, aRequest(t)))
		late := c.answer(t, createCSRTopic+"/accepted")
		require.Empty(t, other.got(), "answers are for the requester alone")
		f.mu.Lock()
		for _, e := range f.events {
			require.NotContains(t, string(e.Payload), token, "an event of %s", e.Topic)
		}
		f.mu.Unlock()

		time.Sleep(time.Hour) // the connections are gone by then: nothing pings
		c = f.dial("again", f.thing("again", allowAll))
		require.NotNil(t, c.subscribe(1, provisionTopic+"/rejected"))
		require.True(t, c.publish(provisionTopic, strings.Replace(register, token, late["certificateOwnershipToken"].(string), 1)))
		require.Equal(t, "InvalidCertificateOwnershipToken", c.answer(t, provisionTopic+"/rejected")["errorCode"], "expired")
		_, err = f.core.registry.DescribeCertificate(t.Context(), &registry.DescribeCertificateInput{CertificateID: late["certificateId"].(string)})
		require.Error(t, err, "an unused certificate is deleted with its token")
	})
}

func (f *fixture) status(id string) registry.Status {
	f.t.Helper()
	out, err := f.core.registry.DescribeCertificate(context.Background(), &registry.DescribeCertificateInput{CertificateID: id})
	require.NoError(f.t, err)
	return out.CertificateDescription.Status
}

// TestProvisioningWants a policy like any topic, and a format.
func TestProvisioningWants(t *testing.T) {
	inBubble(t, func(f *fixture) {
		require.False(t, f.dial("a", f.thing("a", sensorPolicy)).publish(createKeysTopic, ""), "no policy allows it")
		require.False(t, f.dial("b", f.thing("b", allowAll)).publish("$aws/certificates/create/xml", ""), "there is no XML")
	})
}

// TestPahoProvisions goes from a claim certificate to a certificate of its own.
func TestPahoProvisions(t *testing.T) {
	s := newOnSockets(t)
	createPumps(t, s.core.registry)
	connect := func(id string, cert tls.Certificate) paho.Client {
		c := paho.NewClient(paho.NewClientOptions().AddBroker("ssl://" + s.addr).SetClientID(id).
			SetAutoReconnect(false).SetConnectTimeout(5 * time.Second).SetTLSConfig(s.tls(cert)))
		requireToken(t, c.Connect())
		return c
	}
	claim := connect("claim", s.thing("claim", allowAll))
	ask := func(topic, payload string) (out map[string]any) {
		answers := make(chan []byte, 1)
		requireToken(t, claim.Subscribe(topic+"/accepted", 1, func(_ paho.Client, m paho.Message) { answers <- m.Payload() }))
		requireToken(t, claim.Publish(topic, 1, false, payload))
		select {
		case got := <-answers:
			require.NoError(t, json.Unmarshal(got, &out))
		case <-time.After(5 * time.Second):
			t.Fatal("no answer on " + topic)
		}
		return out
	}
	made := ask(createKeysTopic, "")
	ask(provisionTopic, `{"certificateOwnershipToken":"`+made["certificateOwnershipToken"].(string)+`","parameters":{"SerialNumber":"9"}}`)
	claim.Disconnect(50)
	own, err := tls.X509KeyPair([]byte(made["certificatePem"].(string)), []byte(made["privateKey"].(string)))
	require.NoError(t, err)
	pump := connect("pump-9", own)
	requireToken(t, pump.Publish("pump-9/telemetry", 1, false, "{}"))
	pump.Disconnect(50)
	require.Eventually(t, func() bool { return s.core.Connected() == 0 }, 5*time.Second, time.Millisecond)
}

func requireToken(t *testing.T, token paho.Token) {
	t.Helper()
	require.True(t, token.WaitTimeout(5*time.Second))
	require.NoError(t, token.Error())
}

func actOnTemplates(t *testing.T, c *iot.Client) {
	ctx, ok, name := context.Background(), succeeds(t), aws.String("pumps")
	in := &iot.CreateProvisioningTemplateInput{TemplateName: name, TemplateBody: aws.String(fleetTemplate), ProvisioningRoleArn: aws.String(provisioningRole)}
	ok(c.CreateProvisioningTemplate(ctx, in))
	_, err := c.CreateProvisioningTemplate(ctx, in)
	requireCode(t, err, "ResourceAlreadyExistsException", "pumps")
	ok(c.UpdateProvisioningTemplate(ctx, &iot.UpdateProvisioningTemplateInput{TemplateName: name, Enabled: aws.Bool(true)}))
	out, err := c.DescribeProvisioningTemplate(ctx, &iot.DescribeProvisioningTemplateInput{TemplateName: name})
	require.NoError(t, err)
	require.True(t, *out.Enabled)
	require.Equal(t, fleetTemplate, *out.TemplateBody)
	list, err := c.ListProvisioningTemplates(ctx, &iot.ListProvisioningTemplatesInput{})
	require.NoError(t, err)
	require.Len(t, list.Templates, 1)
	in.TemplateBody = aws.String(strings.Replace(fleetTemplate, "Fn::Join", "Fn::GetAZs", 1))
	_, err = c.CreateProvisioningTemplate(ctx, in)
	requireCode(t, err, "InvalidRequestException", "no function Fn::GetAZs")
	in.TemplateBody = aws.String(strings.Replace(fleetTemplate, `{"Ref": "Site"}}`, `{"Ref": "Site", "Default": "WA"}}`, 1))
	_, err = c.CreateProvisioningTemplate(ctx, in)
	requireCode(t, err, "InvalidRequestException", "more beside Ref")
	in.TemplateBody = aws.String(strings.Replace(fleetTemplate, `"DeviceConfiguration": {"FallbackUrl": `, `"DeviceConfiguration": {"Fn::Sub": `, 1))
	_, err = c.CreateProvisioningTemplate(ctx, in)
	requireCode(t, err, "InvalidRequestException", "DeviceConfiguration is an object, not Fn::Sub")
	ok(c.DeleteProvisioningTemplate(ctx, &iot.DeleteProvisioningTemplateInput{TemplateName: name}))
}

// TestProvisionedInactive: the clients of a certificate that a template makes INACTIVE
// are disconnected, as UpdateCertificate does it.
func TestProvisionedInactive(t *testing.T) {
	inBubble(t, func(f *fixture) {
		api, state := iot.NewFromConfig(awsConfig(f.core.Control())), f.core.registry
		_, err := api.CreateProvisioningTemplate(context.Background(), &iot.CreateProvisioningTemplateInput{
			TemplateName: aws.String("pumps"), Enabled: aws.Bool(true), ProvisioningRoleArn: aws.String(provisioningRole),
			TemplateBody: aws.String(strings.Replace(fleetTemplate, `"Status": "ACTIVE"`, `"Status": "INACTIVE"`, 1)),
		})
		require.NoError(t, err)
		made, err := state.ClaimKeys()
		require.NoError(t, err)
		_, err = api.UpdateCertificate(context.Background(), &iot.UpdateCertificateInput{CertificateId: &made.CertificateID, NewStatus: types.CertificateStatusActive})
		require.NoError(t, err)
		f.thing("early", allowAll) // its policy
		_, err = api.AttachPolicy(context.Background(), &iot.AttachPolicyInput{PolicyName: aws.String("early"), Target: aws.String("arn:aws:iot:us-east-1:000000000000:cert/" + made.CertificateID)})
		require.NoError(t, err)
		own, err := tls.X509KeyPair([]byte(made.CertificatePem), []byte(made.PrivateKey))
		require.NoError(t, err)
		f.dial("early", own)
		_, err = state.ProvisionClaim("pumps", made.Token, map[string]string{"SerialNumber": "7"}, nil)
		require.NoError(t, err)
		settle()
		require.Equal(t, []string{"AUTH_ERROR"}, f.reasons(event.Disconnected))
	})
}
