package iam_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/iam"
	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// account is an account and its client.
func account() (*iam.State, *sdk.Client) {
	s := iam.New(wire.Identity{})
	return s, sdk.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://cloud"), Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient: emulators.Direct{Handler: iam.Handler(s)},
	})
}

const stream = "arn:aws:kinesis:us-east-1:000000000000:stream/telemetry"

// put is what a rule wants of the role.
func put(role string) policy.Use {
	return policy.Use{
		Caller: policy.Caller{Service: "iot.amazonaws.com", SourceARN: "arn:aws:iot:us-east-1:000000000000:rule/R", SourceAccount: "000000000000"},
		Role:   "arn:aws:iam::000000000000:role/" + role, Action: "kinesis:PutRecord", Resource: stream,
	}
}

func statements(text string) *string {
	return aws.String(`{"Version":"2012-10-17","Statement":[` + text + `]}`)
}

// The trust policies are AWS's own examples:
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-create-role.html
// https://docs.aws.amazon.com/iot/latest/developerguide/cross-service-confused-deputy-prevention.html
func TestWhoMayAssumeARole(t *testing.T) {
	iot := `{"Effect":"Allow","Principal":{"Service":"iot.amazonaws.com"},"Action":"sts:AssumeRole"`
	for name, c := range map[string]struct{ trust, refused string }{
		"the service":           {iot + `}`, ""},
		"for the rule":          {iot + `,"Condition":{"StringEquals":{"aws:SourceAccount":"000000000000"},"ArnLike":{"aws:SourceArn":"arn:aws:iot:us-east-1:000000000000:rule/R"}}}`, ""},
		"for all rules":         {iot + `,"Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:iot:*:000000000000:rule/*"}}}`, ""},
		"one of several":        {`{"Effect":"Allow","Principal":{"Service":["lambda.amazonaws.com","iot.amazonaws.com"]},"Action":["sts:AssumeRole","sts:TagSession"]}`, ""},
		"for another rule":      {iot + `,"Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:iot:us-east-1:000000000000:rule/other"}}}`, "does not let iot.amazonaws.com assume it for arn:aws:iot:us-east-1:000000000000:rule/R; allow it with: aws iam update-assume-role-policy --role-name r --policy-document '{"},
		"another service":       {`{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}`, "does not let iot.amazonaws.com"},
		"another action":        {`{"Effect":"Allow","Principal":{"Service":"iot.amazonaws.com"},"Action":"sts:TagSession"}`, "does not let"},
		"a deny":                {iot + `},{"Effect":"Deny","Principal":"*","Action":"sts:*"}`, "an explicit deny in its trust policy"},
		"with Firehose's id":    {iot + `,"Condition":{"StringEquals":{"sts:ExternalId":"000000000000"}}}`, "does not let iot.amazonaws.com"},
		"what nobody evaluates": {iot + `,"Condition":{"DateLessThan":{"aws:CurrentTime":"2030-01-01T00:00:00Z"}}}`, "the key aws:CurrentTime is not implemented by Shakedown"},
	} {
		t.Run(name, func(t *testing.T) {
			s, c2 := account()
			_, err := c2.CreateRole(t.Context(), &sdk.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: statements(c.trust)})
			require.NoError(t, err)
			use := put("r")
			use.Action, use.Resource = "", ""
			check(t, s.Decide(use), c.refused)
		})
	}
}

// TestFirehoseGivesAnExternalID, the account's id.
// https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#firehose-assume-role
func TestFirehoseGivesAnExternalID(t *testing.T) {
	s, c := account()
	_, err := c.CreateRole(t.Context(), &sdk.CreateRoleInput{RoleName: aws.String("r"), AssumeRolePolicyDocument: statements(
		`{"Effect":"Allow","Principal":{"Service":"firehose.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"000000000000"}}}`)})
	require.NoError(t, err)
	use := put("r")
	use.Caller.Service, use.Action, use.Resource = "firehose.amazonaws.com", "", ""
	require.NoError(t, s.Decide(use))
}

func check(t *testing.T, err error, refused string) {
	t.Helper()
	if refused == "" {
		require.NoError(t, err)
		return
	}
	require.ErrorContains(t, err, refused)
	require.ErrorAs(t, err, new(*policy.Refusal))
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func TestWhatARoleMayDo(t *testing.T) {
	const missing = `User: arn:aws:iam::000000000000:role/r is not authorized to perform: kinesis:PutRecord on resource: ` + stream +
		`: no identity-based policy allows the kinesis:PutRecord action; allow it with: aws iam put-role-policy --role-name r --policy-name kinesis-PutRecord --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kinesis:PutRecord","Resource":"` + stream + `"}]}'`
	allow := `{"Effect":"Allow","Action":"kinesis:PutRecord","Resource":"` + stream + `"}`
	for name, c := range map[string]struct {
		inline  string
		managed []string
		refused string
	}{
		"nothing":                    {"", nil, missing},
		"the action":                 {allow, nil, ""},
		"a wildcard":                 {`{"Effect":"Allow","Action":["KINESIS:put*"],"Resource":["arn:aws:kinesis:*:*:stream/tele*"]}`, nil, ""},
		"another action":             {`{"Effect":"Allow","Action":"kinesis:PutRecords","Resource":"*"}`, nil, missing},
		"another stream":             {`{"Effect":"Allow","Action":"kinesis:*","Resource":"` + stream + `-2"}`, nil, missing},
		"all but that":               {`{"Effect":"Allow","NotAction":"kinesis:*","Resource":"*"}`, nil, missing},
		"in its region":              {`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"us-east-1"}}}`, nil, ""},
		"in another region":          {`{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:RequestedRegion":"eu-west-1"}}}`, nil, missing},
		"a deny":                     {allow + `,{"Effect":"Deny","Action":"kinesis:*","Resource":"*"}`, nil, "an explicit deny in inline"},
		"of AWS":                     {"", []string{"service-role/AWSIoTRuleActions"}, ""},
		"of AWS, another":            {"", []string{"service-role/AWSLambdaKinesisExecutionRole"}, missing},
		"of AWS, unknown":            {"", []string{"AmazonKinesisFullAccess"}, "a part of arn:aws:iam::aws:policy/AmazonKinesisFullAccess that is not evaluated: its document is not implemented by Shakedown"},
		"unknown, but allowed":       {allow, []string{"AmazonKinesisFullAccess"}, ""},
		"a condition nobody has":     {`{"Effect":"Allow","Action":"kinesis:*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"a"}}}`, nil, "the key aws:ResourceTag/team is not implemented by Shakedown"},
		"a deny on such a thing":     {allow + `,{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"a"}}}`, nil, "aws:ResourceTag/team"},
		"such a thing of another":    {allow + `,{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"a"}}}`, nil, ""},
		"a deny, not of that region": {allow + `,{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"a","aws:RequestedRegion":"eu-west-1"}}}`, nil, ""},
		"the same, of that region":   {allow + `,{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"a","aws:RequestedRegion":"us-east-1"}}}`, nil, "aws:ResourceTag/team"},
		"a variable beside it":       {`{"Effect":"Allow","Action":"kinesis:*","Resource":["arn:aws:kinesis:*:*:stream/${aws:userid}","` + stream + `"]}`, nil, ""},
		"a variable of all but it":   {allow + `,{"Effect":"Deny","Action":"kinesis:*","NotResource":["arn:aws:kinesis:*:*:stream/${aws:userid}","` + stream + `"]}`, nil, ""},
		"a variable of all but that": {allow + `,{"Effect":"Deny","Action":"kinesis:*","NotResource":"arn:aws:kinesis:*:*:stream/${aws:userid}"}`, nil, "the policy variable aws:userid is not implemented by Shakedown"},
		"a variable":                 {`{"Effect":"Allow","Action":"kinesis:*","Resource":"arn:aws:kinesis:*:*:stream/${aws:userid}"}`, nil, "the policy variable aws:userid is not implemented by Shakedown"},
		"a default":                  {`{"Effect":"Allow","Action":"kinesis:*","Resource":"arn:aws:kinesis:*:*:stream/${aws:PrincipalTag/team, 'all'}"}`, nil, "a variable's default value is not implemented by Shakedown"},
	} {
		t.Run(name, func(t *testing.T) {
			s, client := account()
			assumable(t, client, "r", "iot.amazonaws.com")
			if c.inline != "" {
				_, err := client.PutRolePolicy(t.Context(), &sdk.PutRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("inline"), PolicyDocument: statements(c.inline)})
				require.NoError(t, err)
			}
			for _, arn := range c.managed {
				_, err := client.AttachRolePolicy(t.Context(), &sdk.AttachRolePolicyInput{RoleName: aws.String("r"), PolicyArn: aws.String("arn:aws:iam::aws:policy/" + arn)})
				require.NoError(t, err)
			}
			for range 2 { // decided, and remembered
				check(t, s.Decide(put("r")), c.refused)
			}
			once := put("r")
			once.Once = true
			check(t, s.Decide(once), c.refused)
		})
	}
}

func assumable(t testing.TB, c *sdk.Client, role, service string) {
	_, err := c.CreateRole(t.Context(), &sdk.CreateRoleInput{RoleName: &role, AssumeRolePolicyDocument: aws.String(policy.Trust(service))})
	require.NoError(t, err)
}

// "IAM is eventually consistent"; here a change holds at once.
func TestADecisionHoldsUntilTheRoleChanges(t *testing.T) {
	s, c := account()
	use, name := put("r"), aws.String("r")
	check(t, s.Decide(use), "the role does not exist; allow it with: aws iam create-role --role-name r --assume-role-policy-document '"+policy.Trust("iot.amazonaws.com")+"'")
	assumable(t, c, "r", "iot.amazonaws.com")
	check(t, s.Decide(use), "no identity-based policy")
	made, err := c.CreatePolicy(t.Context(), &sdk.CreatePolicyInput{PolicyName: aws.String("p"), PolicyDocument: aws.String(policy.Permission("kinesis:PutRecord", "*"))})
	require.NoError(t, err)
	_, err = c.AttachRolePolicy(t.Context(), &sdk.AttachRolePolicyInput{RoleName: name, PolicyArn: made.Policy.Arn})
	require.NoError(t, err)
	check(t, s.Decide(use), "")
	_, err = c.CreatePolicyVersion(t.Context(), &sdk.CreatePolicyVersionInput{PolicyArn: made.Policy.Arn, PolicyDocument: aws.String(reading), SetAsDefault: true})
	require.NoError(t, err)
	check(t, s.Decide(use), "no identity-based policy")
	_, err = c.SetDefaultPolicyVersion(t.Context(), &sdk.SetDefaultPolicyVersionInput{PolicyArn: made.Policy.Arn, VersionId: aws.String("v1")})
	require.NoError(t, err)
	check(t, s.Decide(use), "")
	_, err = c.UpdateAssumeRolePolicy(t.Context(), &sdk.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: aws.String(trust)})
	require.NoError(t, err)
	check(t, s.Decide(use), "does not let iot.amazonaws.com")
	_, err = c.UpdateAssumeRolePolicy(t.Context(), &sdk.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: aws.String(policy.Trust("iot.amazonaws.com"))})
	require.NoError(t, err)
	_, err = c.DetachRolePolicy(t.Context(), &sdk.DetachRolePolicyInput{RoleName: name, PolicyArn: made.Policy.Arn})
	require.NoError(t, err)
	check(t, s.Decide(use), "no identity-based policy")
	_, err = c.DeleteRole(t.Context(), &sdk.DeleteRoleInput{RoleName: name})
	require.NoError(t, err)
	check(t, s.Decide(use), "the role does not exist")
	use.Role = "arn:aws:iam::111122223333:role/r"
	check(t, s.Decide(use), "the role is not of this account")
	use.Role = "arn:aws:iam::000000000000:role/service-role/r"
	check(t, s.Decide(use), "aws iam create-role --role-name r --path /service-role/ --assume")
	assumable(t, c, "r", "iot.amazonaws.com")
	check(t, s.Decide(use), "there is arn:aws:iam::000000000000:role/r")
}

// IAM refuses what no policy of the kind may say.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_policies.html
func TestPoliciesThatSayWhatTheyMayNot(t *testing.T) {
	_, c := account()
	assumable(t, c, "r", "iot.amazonaws.com")
	for document, text := range map[string]string{
		trust: "should not specify a principal",
		`{"Statement":{"Effect":"Allow","Action":"PutRecord","Resource":"*"}}`:          `"PutRecord" names no service`,
		`{"Statement":{"Effect":"allow","Action":"s3:*","Resource":"*"}}`:               `effect "allow"`,
		`{"Statement":{"Effect":"Allow","Action":"s3:*"}}`:                              "resource: missing",
		`{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Resources":1}}`: "Resources",
	} {
		_, err := c.PutRolePolicy(t.Context(), &sdk.PutRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("p"), PolicyDocument: &document})
		require.Equal(t, "MalformedPolicyDocument", code(err), document)
		require.ErrorContains(t, err, text)
	}
	for document, text := range map[string]string{
		`{"Statement":{"Effect":"Deny","NotPrincipal":{"AWS":"000000000000"},"Action":"sts:AssumeRole"}}`: "has prohibited field NotPrincipal",
		reading: "principal: ",
		`{"Statement":{"Effect":"Allow","Principal":{"Service":"iot.amazonaws.com"},"Action":"iot:Publish"}}`:                   "none of sts",
		`{"Statement":{"Effect":"Allow","Principal":{"Service":"iot.amazonaws.com"},"Action":"sts:AssumeRole","Resource":"*"}}`: "has prohibited field Resource",
	} {
		_, err := c.UpdateAssumeRolePolicy(t.Context(), &sdk.UpdateAssumeRolePolicyInput{RoleName: aws.String("r"), PolicyDocument: &document})
		require.Equal(t, "MalformedPolicyDocument", code(err), document)
		require.ErrorContains(t, err, text)
	}
}

// BenchmarkDecide is what a rule action pays: 0 allocations where it is remembered.
func BenchmarkDecide(b *testing.B) {
	s, c := account()
	assumable(b, c, "r", "iot.amazonaws.com")
	_, err := c.PutRolePolicy(b.Context(), &sdk.PutRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("p"), PolicyDocument: aws.String(policy.Permission("kinesis:PutRecord", stream))})
	require.NoError(b, err)
	use := put("r")
	for name, once := range map[string]bool{"remembered": false, "once": true} {
		use.Once = once
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := s.Decide(use); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func TestARememberedDecisionAllocatesNothing(t *testing.T) {
	s, c := account()
	assumable(t, c, "r", "iot.amazonaws.com")
	use := put("r")
	require.Error(t, s.Decide(use))
	require.Zero(t, testing.AllocsPerRun(100, func() { _ = s.Decide(use) }))
}
