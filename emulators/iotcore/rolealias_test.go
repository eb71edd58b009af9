package iotcore

import (
	"bufio"
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	iamsdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
)

// actOnRoleAliases uses each member of the operations.
func actOnRoleAliases(t *testing.T, c *iot.Client) {
	ctx, ok, name := context.Background(), succeeds(t), aws.String("cam=1,@-")
	made, err := c.CreateRoleAlias(ctx, &iot.CreateRoleAliasInput{
		RoleAlias: name, RoleArn: aws.String(role), CredentialDurationSeconds: aws.Int32(900), Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}})
	require.NoError(t, err)
	require.Equal(t, "arn:aws:iot:us-east-1:000000000000:rolealias/cam=1,@-", *made.RoleAliasArn)
	tags, err := c.ListTagsForResource(ctx, &iot.ListTagsForResourceInput{ResourceArn: made.RoleAliasArn})
	require.NoError(t, err)
	require.Len(t, tags.Tags, 1)
	_, err = c.CreateRoleAlias(ctx, &iot.CreateRoleAliasInput{RoleAlias: name, RoleArn: aws.String(role)})
	requireCode(t, err, "ResourceAlreadyExistsException", "cam=1")
	ok(c.UpdateRoleAlias(ctx, &iot.UpdateRoleAliasInput{RoleAlias: name, RoleArn: aws.String(role + "2"), CredentialDurationSeconds: aws.Int32(43200)}))
	got, err := c.DescribeRoleAlias(ctx, &iot.DescribeRoleAliasInput{RoleAlias: name})
	require.NoError(t, err)
	require.Equal(t, role+"2 000000000000 43200", fmt.Sprint(*got.RoleAliasDescription.RoleArn, " ", *got.RoleAliasDescription.Owner, " ", *got.RoleAliasDescription.CredentialDurationSeconds))
	for why, in := range map[string]*iot.CreateRoleAliasInput{
		"credentialDurationSeconds is 900 to 43200, not 899": {RoleAlias: aws.String("b"), RoleArn: aws.String(role), CredentialDurationSeconds: aws.Int32(899)},
		"is not the ARN of a role":                           {RoleAlias: aws.String("b"), RoleArn: aws.String("arn:aws:iam::000000000000:user/u")},
		"must match":                                         {RoleAlias: aws.String("b.c"), RoleArn: aws.String(role)},
	} {
		_, err = c.CreateRoleAlias(ctx, in)
		requireCode(t, err, "InvalidRequestException", why)
	}
	ok(c.CreateRoleAlias(ctx, &iot.CreateRoleAliasInput{RoleAlias: aws.String("b"), RoleArn: aws.String(role)}))
	page, err := c.ListRoleAliases(ctx, &iot.ListRoleAliasesInput{AscendingOrder: true, PageSize: aws.Int32(1)})
	require.NoError(t, err)
	require.Equal(t, []string{"b"}, page.RoleAliases)
	page, err = c.ListRoleAliases(ctx, &iot.ListRoleAliasesInput{AscendingOrder: true, Marker: page.NextMarker})
	require.NoError(t, err)
	require.Equal(t, []string{*name}, page.RoleAliases)
	ok(c.DeleteRoleAlias(ctx, &iot.DeleteRoleAliasInput{RoleAlias: aws.String("b")}))
	ok(c.DeleteRoleAlias(ctx, &iot.DeleteRoleAliasInput{RoleAlias: name}))
	_, err = c.DescribeRoleAlias(ctx, &iot.DescribeRoleAliasInput{RoleAlias: name})
	requireCode(t, err, "ResourceNotFoundException", "cam=1")
}

// provided is the answer of the credentials provider.
type provided struct {
	Message     string
	Credentials struct {
		AccessKeyID, SecretAccessKey, SessionToken string
		Expiration                                 time.Time
	}
}

// ask asks for the credentials of a role alias.
func (f *fixture) ask(cert tls.Certificate, path, thing string) (int, provided) {
	f.t.Helper()
	conn := f.secureAt(endpoint, cert)
	defer conn.Close()
	r, err := http.NewRequest(http.MethodGet, "https://"+endpoint+path, nil)
	require.NoError(f.t, err)
	if thing != "" {
		r.Header.Set("x-amzn-iot-thingname", thing)
	}
	require.NoError(f.t, r.Write(conn))
	answer, err := http.ReadResponse(bufio.NewReader(conn), r)
	require.NoError(f.t, err)
	defer answer.Body.Close()
	var out provided
	require.NoError(f.t, json.NewDecoder(answer.Body).Decode(&out))
	return answer.StatusCode, out
}

// TestCredentialsProvider asks with a device's certificate. What AWS answers is in
// https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html
func TestCredentialsProvider(t *testing.T) {
	withRoles(t, func(f *fixture, cfg aws.Config) {
		const path = "/role-aliases/camera/credentials"
		ctx, c := context.Background(), iot.NewFromConfig(awsConfig(f.core.Control()))
		cert := f.thing("cam", `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iot:AssumeRoleWithCertificate",
			"Resource":"arn:aws:iot:us-east-1:000000000000:rolealias/cam*"}}`)
		other := f.thing("other", "")
		refused := func(cert tls.Certificate, path, thing string, status int, message string) {
			t.Helper()
			got, answer := f.ask(cert, path, thing)
			require.Equal(t, status, got)
			require.Contains(t, answer.Message, message)
			require.Empty(t, answer.Credentials.AccessKeyID)
		}
		refused(cert, path, "other", 403, "Invalid thing name passed")
		refused(other, path, "other", 403, "Access Denied")
		refused(cert, "/role-aliases/door/credentials", "cam", 403, "Access Denied")
		refused(cert, path, "cam", 404, "Role alias does not exist")
		succeeds(t)(c.CreateRoleAlias(ctx, &iot.CreateRoleAliasInput{RoleAlias: aws.String("camera"), RoleArn: aws.String(role), CredentialDurationSeconds: aws.Int32(7200)}))
		refused(cert, path, "cam", 400, "Unable to assume the role, or the role to assume does not exist")
		_, err := roletest.Make(ctx, cfg, "rules", "iot.amazonaws.com")
		require.NoError(t, err)
		refused(cert, path, "cam", 400, "its trust policy does not let credentials.iot.amazonaws.com assume it")
		roles := iamsdk.NewFromConfig(cfg)
		trust := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"credentials.iot.amazonaws.com"},"Action":"sts:AssumeRole",
			"Condition":{"StringEquals":{"aws:SourceAccount":"000000000000"},"ArnLike":{"aws:SourceArn":"arn:aws:iot:us-east-1:000000000000:rolealias/camera"}}}}`
		_, err = roles.UpdateAssumeRolePolicy(ctx, &iamsdk.UpdateAssumeRolePolicyInput{RoleName: aws.String("rules"), PolicyDocument: &trust})
		require.NoError(t, err)
		refused(cert, path, "", 400, "The requested CredentialDurationSeconds exceeds the MaxSessionDuration set for the role")
		_, err = roles.UpdateRole(ctx, &iamsdk.UpdateRoleInput{RoleName: aws.String("rules"), MaxSessionDuration: aws.Int32(7200)})
		require.NoError(t, err)
		for _, thing := range []string{"cam", ""} {
			status, answer := f.ask(cert, path, thing)
			require.Equal(t, 200, status)
			require.Regexp(t, "^ASIA[A-Z0-9]{16}$", answer.Credentials.AccessKeyID)
			require.Len(t, answer.Credentials.SecretAccessKey, 40)
			require.NotEmpty(t, answer.Credentials.SessionToken)
			require.Equal(t, time.Now().Add(2*time.Hour).UTC(), answer.Credentials.Expiration)
		}
		require.Empty(t, f.heard(event.Connected), "such a client is none of MQTT")
		require.Empty(t, f.heard(event.ConnectRefused))

		out, err := c.DescribeEndpoint(ctx, &iot.DescribeEndpointInput{EndpointType: aws.String("iot:CredentialProvider")})
		require.NoError(t, err)
		require.Equal(t, endpoint, *out.EndpointAddress)
	})
}

// TestNoCredentialsForACertificateThatMayNotConnect, even if it was registered for that.
func TestNoCredentialsForACertificateThatMayNotConnect(t *testing.T) {
	withRoles(t, func(f *fixture, _ aws.Config) {
		c, ca := iot.NewFromConfig(awsConfig(f.core.Control())), newTestCA(t, "Acme")
		ca.register(c, nil)
		own, _ := ca.sign(named("early"))
		status, answer := f.ask(own, "/role-aliases/camera/credentials", "")
		require.Equal(t, 403, status)
		require.Contains(t, answer.Message, "Certificate is invalid on this endpoint")
		settle()
		require.Len(t, f.reasons(event.ConnectRefused), 1)
		require.Contains(t, f.reasons(event.ConnectRefused)[0], "is PENDING_ACTIVATION")
		require.Equal(t, registry.PendingActivation, f.status(registry.Fingerprint(own.Certificate[0])))
	})
}
