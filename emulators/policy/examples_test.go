package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// TestExamplesOfAWS are policies of AWS's pages, with what those say of them.
//
//   - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
//   - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
//   - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
//   - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
func TestExamplesOfAWS(t *testing.T) {
	const account = "444455556666"
	deny := func(condition string) string {
		return `{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":["arn:aws:s3:::audit","arn:aws:s3:::audit/*"],"Condition":{` + condition + `}}`
	}
	within := func(pattern string) string {
		return `{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::` + pattern + `"}`
	}
	var (
		reader = policy.Caller{Role: "arn:aws:iam::444455556666:role/read-only-role", Session: "x"}
		writer = policy.Caller{Role: "arn:aws:iam::444455556666:role/writer"}
		root   = policy.Caller{}
		build  = policy.Caller{Service: "codebuild.amazonaws.com", SourceARN: "arn:aws:codebuild:us-east-1:444455556666:project/p", SourceAccount: account}
		logs   = policy.Caller{Service: "logs.amazonaws.com"}
	)
	onlyReader := deny(`"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::444455556666:role/read-only-role"}`)
	onlyBuild := deny(`"StringNotEqualsIfExists":{"aws:PrincipalServiceName":"codebuild.amazonaws.com"}`)
	for name, c := range map[string]struct {
		document string
		caller   policy.Caller
		object   string
		says     policy.Verdict
	}{
		"the role that is excepted":             {onlyReader, reader, "audit/k", policy.Silent},
		"another role":                          {onlyReader, writer, "audit/k", policy.ExplicitDeny},
		"the account":                           {onlyReader, root, "audit/k", policy.ExplicitDeny},
		"a service":                             {onlyReader, build, "audit/k", policy.ExplicitDeny},
		"the service that is excepted":          {onlyBuild, build, "audit/k", policy.Silent},
		"another service":                       {onlyBuild, logs, "audit/k", policy.ExplicitDeny},
		"a role, which has no service":          {onlyBuild, reader, "audit/k", policy.ExplicitDeny},
		"without TLS":                           {deny(`"Bool":{"aws:SecureTransport":"false"}`), reader, "audit/k", policy.Silent},
		"an object below test":                  {within("audit/*/test/*"), reader, "audit/1/2/3/test/4/object.jpg", policy.Allowed},
		"with slashes":                          {within("audit/*/test/*"), reader, "audit/1///test///object.jpg", policy.Allowed},
		"with nothing before":                   {within("audit/*/test/*"), reader, "audit//test/object.jpg", policy.Allowed},
		"with nothing behind":                   {within("audit/*/test/*"), reader, "audit/1/test/", policy.Allowed},
		"without the slash before":              {within("audit/*/test/*"), reader, "audit/1-test/object.jpg", policy.Silent},
		"without the part before":               {within("audit/*/test/*"), reader, "audit/test/object.jpg", policy.Silent},
		"without the slash behind":              {within("audit/*/test/*"), reader, "audit/1/2/test.jpg", policy.Silent},
		"the last wildcard of a part of an ARN": {within("*"), reader, "audit/a:b:c", policy.Allowed},
	} {
		d, err := policy.Parse([]byte(statement(c.document)), "s3")
		require.NoError(t, err, name)
		got := d.Judge(c.caller, policy.Request{Account: account, Action: "s3:GetObject", Resource: "arn:aws:s3:::" + c.object})
		require.Equal(t, c.says, got.Verdict, name)
	}
}
