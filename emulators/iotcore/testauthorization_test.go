package iotcore

import (
	"context"
	"crypto/tls"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"
)

// TestAuthorizationTells asks what policies say, and whether the broker does so.
//
// AWS.md §1: Explicit Deny wins;
func TestAuthorizationTells(t *testing.T) {
	const resource = "arn:aws:iot:us-east-1:000000000000:"
	inBubble(t, func(f *fixture) {
		ctx, c := context.Background(), iot.NewFromConfig(awsConfig(f.core.Control()))
		cert := f.thing("lamp", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iot:Connect","iot:Publish"],"Resource":[
			"`+resource+`client/*","`+resource+`topic/${iot:Connection.Thing.ThingName}/*"]}]}`)
		deny := `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"iot:Publish","Resource":"*/secret"}}`
		for name, document := range map[string]string{"deny": deny, "all": allowAll} {
			_, err := c.CreatePolicy(ctx, &iot.CreatePolicyInput{PolicyName: &name, PolicyDocument: &document})
			require.NoError(t, err)
		}
		principals, err := c.ListThingPrincipals(ctx, &iot.ListThingPrincipalsInput{ThingName: aws.String("lamp")})
		require.NoError(t, err)
		principal := principals.Principals[0]
		_, err = c.AttachPolicy(ctx, &iot.AttachPolicyInput{PolicyName: aws.String("deny"), Target: &principal})
		require.NoError(t, err)

		for _, q := range []struct {
			client                    string
			action                    types.ActionType
			resources                 []string
			add, skip                 []string
			decision                  types.AuthDecision
			allow, implicit, explicit []string
			missing                   []string
		}{
			{"lamp", "CONNECT", []string{"client/lamp"}, nil, nil, "ALLOWED", []string{"lamp"}, []string{"deny"}, nil, nil},
			{"lamp", "PUBLISH", []string{"topic/lamp/a"}, nil, nil, "ALLOWED", []string{"lamp"}, []string{"deny"}, nil, nil},
			{"lamp", "PUBLISH", []string{"topic/lamp/secret"}, nil, nil, "EXPLICIT_DENY", []string{"lamp"}, nil, []string{"deny"}, nil},
			{"lamp", "PUBLISH", []string{"topic/lamp/secret"}, nil, []string{"deny"}, "ALLOWED", []string{"lamp"}, nil, nil, nil},
			{"lamp", "PUBLISH", []string{"topic/lamp/a", "topic/b"}, nil, nil, "IMPLICIT_DENY", []string{"lamp"}, []string{"deny"}, nil, nil},
			{"other", "PUBLISH", []string{"topic/lamp/a"}, nil, nil, "IMPLICIT_DENY", nil, []string{"deny", "lamp"}, nil, []string{"iot:Connection.Thing.ThingName"}},
			{"other", "RECEIVE", []string{"topic/lamp/a"}, nil, nil, "IMPLICIT_DENY", nil, []string{"deny", "lamp"}, nil, nil},
			{"lamp", "SUBSCRIBE", []string{"topicfilter/#"}, []string{"all"}, nil, "ALLOWED", []string{"all"}, []string{"deny", "lamp"}, nil, nil},
			{"lamp", "PUBLISH", []string{"topic/b"}, []string{"all"}, []string{"all", "lamp", "deny"}, "IMPLICIT_DENY", nil, nil, nil, nil},
		} {
			for i := range q.resources {
				q.resources[i] = resource + q.resources[i]
			}
			out, err := c.TestAuthorization(ctx, &iot.TestAuthorizationInput{
				ClientId: &q.client, Principal: &principal, PolicyNamesToAdd: q.add, PolicyNamesToSkip: q.skip,
				AuthInfos: []types.AuthInfo{{ActionType: q.action, Resources: q.resources}},
			})
			require.NoError(t, err)
			require.Len(t, out.AuthResults, 1)
			r := out.AuthResults[0]
			require.Equal(t, q.resources, r.AuthInfo.Resources)
			require.Equal(t, q.decision, r.AuthDecision, "%s %s", q.action, q.resources)
			require.Equal(t, q.allow, policyNames(r.Allowed.Policies), "%s %s", q.action, q.resources)
			require.Equal(t, q.implicit, policyNames(r.Denied.ImplicitDeny.Policies), "%s %s", q.action, q.resources)
			require.Equal(t, q.explicit, policyNames(r.Denied.ExplicitDeny.Policies), "%s %s", q.action, q.resources)
			require.ElementsMatch(t, q.missing, r.MissingContextValues, "%s %s", q.action, q.resources)
			if q.action == "PUBLISH" && len(q.resources) == 1 && q.add == nil && q.skip == nil {
				published := f.dial(q.client, cert).publish(q.resources[0][len(resource+"topic/"):], "{}")
				require.Equal(t, q.decision == "ALLOWED", published, "the broker's decision on %s", q.resources)
			}
		}
	})
}

func policyNames(policies []types.Policy) []string {
	var names []string
	for _, p := range policies {
		names = append(names, *p.PolicyName)
	}
	return names
}

func TestAuthorizationOfGroupsAndCertificates(t *testing.T) {
	inBubble(t, func(f *fixture) {
		ctx, c := context.Background(), iot.NewFromConfig(awsConfig(f.core.Control()))
		_, err := c.CreateThingGroup(ctx, &iot.CreateThingGroupInput{ThingGroupName: aws.String("g")})
		require.NoError(t, err)
		made, err := c.CreateKeysAndCertificate(ctx, &iot.CreateKeysAndCertificateInput{})
		require.NoError(t, err)
		_, err = c.CreatePolicy(ctx, &iot.CreatePolicyInput{PolicyName: aws.String("all"), PolicyDocument: aws.String(allowAll)})
		require.NoError(t, err)
		connect := types.AuthInfo{ActionType: "CONNECT", Resources: []string{"arn:aws:iot:us-east-1:000000000000:client/a"}}
		ask := func(in *iot.TestAuthorizationInput) (types.AuthDecision, error) {
			if in.AuthInfos == nil {
				in.AuthInfos = []types.AuthInfo{connect}
			}
			out, err := c.TestAuthorization(ctx, in)
			if err != nil {
				return "", err
			}
			return out.AuthResults[0].AuthDecision, nil
		}
		for _, target := range []*string{groupARN("g"), made.CertificateArn} {
			_, err = c.AttachPolicy(ctx, &iot.AttachPolicyInput{PolicyName: aws.String("all"), Target: target})
			require.NoError(t, err)
		}
		got, err := ask(&iot.TestAuthorizationInput{Principal: groupARN("g")})
		require.NoError(t, err)
		require.Equal(t, types.AuthDecisionAllowed, got)
		got, err = ask(&iot.TestAuthorizationInput{Principal: made.CertificateArn})
		require.NoError(t, err)
		require.Equal(t, types.AuthDecisionImplicitDeny, got, "the certificate is INACTIVE")

		for _, bad := range []struct {
			in         iot.TestAuthorizationInput
			code, says string
		}{
			{iot.TestAuthorizationInput{}, "InvalidRequestException", "principal"},
			{iot.TestAuthorizationInput{CognitoIdentityPoolId: aws.String("us-east-1:x")}, "InvalidRequestException", "cognitoIdentityPoolId"},
			{iot.TestAuthorizationInput{Principal: groupARN("none")}, "ResourceNotFoundException", "none"},
			{iot.TestAuthorizationInput{Principal: groupARN("g"), PolicyNamesToAdd: []string{"none"}}, "ResourceNotFoundException", "none"},
			{iot.TestAuthorizationInput{Principal: groupARN("g"), PolicyNamesToSkip: []string{"none"}}, "ResourceNotFoundException", "none"},
			{iot.TestAuthorizationInput{Principal: groupARN("g"), AuthInfos: make([]types.AuthInfo, 0)}, "InvalidRequestException", "0 authInfos"},
			{iot.TestAuthorizationInput{Principal: groupARN("g"), AuthInfos: []types.AuthInfo{{ActionType: "FLY", Resources: connect.Resources}}}, "InvalidRequestException", "FLY"},
			{iot.TestAuthorizationInput{Principal: groupARN("g"), AuthInfos: []types.AuthInfo{{ActionType: "CONNECT", Resources: []string{}}}}, "InvalidRequestException", "no resources"},
			{iot.TestAuthorizationInput{Principal: groupARN("g"), AuthInfos: []types.AuthInfo{{ActionType: "CONNECT", Resources: []string{"client/a"}}}}, "InvalidRequestException", "client/a"},
		} {
			_, err := ask(&bad.in)
			requireCode(t, err, bad.code, bad.says)
		}
	})
}

// TestAuthorizationIsTheBrokers: for each action, TestAuthorization says what the broker
// does.
func TestAuthorizationIsTheBrokers(t *testing.T) {
	const resource = "arn:aws:iot:us-east-1:000000000000:"
	document := func(effect, action, condition string, resources ...string) string {
		return `{"Effect":"` + effect + `","Action":"iot:` + action + `","Resource":["` + resource + strings.Join(resources, `","`+resource) + `"]` + condition + `}`
	}
	const ofLamp = `,"Condition":{"StringLike":{"iot:ClientId":"l*p"},"Bool":{"iot:Connection.Thing.IsAttached":"true"}}`
	all := strings.Join([]string{
		document("Allow", "Connect", "", "client/${iot:Connection.Thing.ThingName}", "client/guest"),
		document("Allow", "Publish", "", "topic/${iot:ClientId}/*"), document("Allow", "Publish", ofLamp, "topic/lamps"), document("Deny", "Publish", "", "topic/*/secret"),
		document("Allow", "Subscribe", "", "topicfilter/${iot:ClientId}/#", "topicfilter/all/+"), document("Deny", "Subscribe", "", "topicfilter/*/secret"),
		document("Allow", "Receive", "", "topic/${iot:Connection.Thing.ThingName}/*", "topic/all/*"), document("Deny", "Receive", "", "topic/*/secret"),
	}, ",")
	type question struct{ client, action, name string }
	questions := []question{{"lamp", "CONNECT", "lamp"}, {"guest", "CONNECT", "guest"}, {"other", "CONNECT", "other"}}
	for _, client := range []string{"lamp", "guest"} {
		for _, topic := range []string{"lamp/a", "lamp/secret", "guest/a", "lamps", "all/a", "all/secret"} {
			questions = append(questions, question{client, "PUBLISH", topic})
		}
		for _, filter := range []string{"lamp/#", "lamp/a", "guest/#", "all/+", "all/secret", "#"} {
			questions = append(questions, question{client, "SUBSCRIBE", filter})
		}
		for _, topic := range []string{client + "/a", client + "/secret", "all/a", "all/secret"} { // of what it may subscribe to
			questions = append(questions, question{client, "RECEIVE", topic})
		}
	}
	kinds := map[string]string{"CONNECT": "client/", "PUBLISH": "topic/", "RECEIVE": "topic/", "SUBSCRIBE": "topicfilter/"}
	inBubble(t, func(f *fixture) {
		ctx, c := context.Background(), iot.NewFromConfig(awsConfig(f.core.Control()))
		cert := f.thing("lamp", `{"Version":"2012-10-17","Statement":[`+all+`]}`)
		principal := aws.String(resource + "cert/" + idOf(cert))
		seen := map[string]int{}
		for _, q := range questions {
			out, err := c.TestAuthorization(ctx, &iot.TestAuthorizationInput{ClientId: &q.client, Principal: principal, AuthInfos: []types.AuthInfo{{
				ActionType: types.ActionType(q.action), Resources: []string{resource + kinds[q.action] + q.name},
			}}})
			require.NoError(t, err)
			decision := out.AuthResults[0].AuthDecision
			require.Equal(t, f.lets(cert, q.client, q.action, q.name), decision == types.AuthDecisionAllowed, "%s of %s: %s: %s", q.action, q.client, q.name, decision)
			seen[q.action+" "+string(decision)]++
		}
		for _, action := range []string{"PUBLISH", "SUBSCRIBE", "RECEIVE"} {
			require.NotZero(t, seen[action+" ALLOWED"], action)
			require.NotZero(t, seen[action+" EXPLICIT_DENY"], action)
		}
		require.NotZero(t, seen["CONNECT IMPLICIT_DENY"])
		require.NotZero(t, seen["RECEIVE IMPLICIT_DENY"])
	})
}

// lets tells whether the broker lets a client do something.
func (f *fixture) lets(cert tls.Certificate, client, action, name string) bool {
	c, err := f.tryDial(client, cert)
	if action == "CONNECT" || err != nil {
		if err == nil {
			c.disconnect()
		}
		return err == nil
	}
	defer c.drop()
	switch action {
	case "PUBLISH":
		return c.publish(name, "{}")
	case "SUBSCRIBE":
		return c.subscribe(1, name) != nil
	}
	require.NotNil(f.t, c.subscribe(1, client+"/#", "all/+"))
	f.httpPublish(name, 1, "{}")
	settle()
	return len(c.got()) > 0
}
