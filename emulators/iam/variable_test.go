package iam_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// TestPolicyVariables: the role has the tag Stream with the value telemetry, and none
// that is called other.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
func TestPolicyVariables(t *testing.T) {
	const missing = "no identity-based policy allows the kinesis:PutRecord action"
	allow := func(resource, condition string) string {
		return `{"Effect":"Allow","Action":"kinesis:*","Resource":"` + resource + `","Condition":{` + condition + `}}`
	}
	tagged := func(operator, value string) string {
		return allow("*", `"`+operator+`":{"aws:PrincipalTag/Stream":"`+value+`"}`)
	}
	for name, c := range map[string]struct{ statement, refused string }{
		"a tag in a resource":              {allow("arn:aws:kinesis:*:*:stream/${aws:PrincipalTag/stream}", ""), ""},
		"a tag's part of a resource":       {allow("arn:aws:kinesis:*:*:*/${AWS:PrincipalTag/Stream}*", ""), ""},
		"a tag that is not there":          {allow("arn:aws:kinesis:*:*:stream/*${aws:PrincipalTag/other}", ""), missing},
		"a user's name":                    {allow("arn:aws:kinesis:*:*:stream/*${aws:username}", ""), missing},
		"a tag's value":                    {tagged("StringEquals", "telemetry"), ""},
		"another value":                    {tagged("StringEquals", "alerts"), missing},
		"a wildcard is a character":        {tagged("StringEquals", "tele*"), missing},
		"or is not":                        {tagged("StringLike", "tele*"), ""},
		"as a variable it is one":          {tagged("StringLike", "tele${*}"), missing},
		"a variable of a condition":        {tagged("StringEqualsIgnoreCase", "${aws:principaltag/STREAM}"), ""},
		"a variable without value":         {tagged("StringEquals", "${aws:PrincipalTag/other}"), missing},
		"a variable without value, not":    {tagged("StringNotEquals", "${aws:PrincipalTag/other}"), ""},
		"of an ARN":                        {allow("*", `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/${aws:username}"}`), missing},
		"of an ARN, and it has a value":    {allow("*", `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::${aws:PrincipalAccount}:role/r"}`), ""},
		"of an ARN, another value":         {allow("*", `"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::${aws:RequestedRegion}:role/r"}`), missing},
		"of an ARN, not that":              {allow("*", `"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::${aws:PrincipalAccount}:role/r"}`), missing},
		"of an ARN, without value, not":    {allow("*", `"ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::${aws:username}:role/r"}`), ""},
		"at an ARN's end":                  {allow("*", `"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::*:role/${aws:PrincipalTag/Letter}*"}`), ""},
		"that is an ARN":                   {allow("*", `"ArnEquals":{"aws:PrincipalArn":"${aws:PrincipalArn}"}`), ""},
		"that is none":                     {allow("*", `"ArnEquals":{"aws:PrincipalArn":"${aws:PrincipalTag/Stream}"}`), missing},
		"a character in an ARN":            {allow("*", `"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::${*}:role/r"}`), missing},
		"a type":                           {allow("*", `"StringEquals":{"aws:PrincipalType":"AssumedRole"}`), ""},
		"a key that the action has":        {allow("*", `"StringEquals":{"cloudwatch:namespace":"Fleet"}`), ""},
		"a key that it has, another value": {allow("*", `"StringEquals":{"cloudwatch:namespace":"Other"}`), missing},
		"a key that it has not":            {allow("*", `"StringLike":{"iot:thingArn":"*"}`), missing},
	} {
		t.Run(name, func(t *testing.T) {
			s, client := account()
			assumable(t, client, "r", "iot.amazonaws.com")
			_, err := client.TagRole(t.Context(), &sdk.TagRoleInput{RoleName: aws.String("r"), Tags: []types.Tag{
				{Key: aws.String("Stream"), Value: aws.String("telemetry")}, {Key: aws.String("Letter"), Value: aws.String("r")}}})
			require.NoError(t, err)
			_, err = client.PutRolePolicy(t.Context(), &sdk.PutRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("inline"), PolicyDocument: statements(c.statement)})
			require.NoError(t, err)
			use := put("r")
			use.Given = policy.Given{Key: "cloudwatch:namespace", Value: "Fleet"}
			check(t, s.Decide(use), c.refused)
		})
	}
}

// TestATagChangesADecision.
func TestATagChangesADecision(t *testing.T) {
	s, client := account()
	assumable(t, client, "r", "iot.amazonaws.com")
	_, err := client.PutRolePolicy(t.Context(), &sdk.PutRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("inline"), PolicyDocument: statements(
		`{"Effect":"Allow","Action":"kinesis:*","Resource":"arn:aws:kinesis:*:*:stream/${aws:PrincipalTag/stream}"}`)})
	require.NoError(t, err)
	check(t, s.Decide(put("r")), "no identity-based policy")
	_, err = client.TagRole(t.Context(), &sdk.TagRoleInput{RoleName: aws.String("r"), Tags: []types.Tag{{Key: aws.String("stream"), Value: aws.String("telemetry")}}})
	require.NoError(t, err)
	check(t, s.Decide(put("r")), "")
	_, err = client.UntagRole(t.Context(), &sdk.UntagRoleInput{RoleName: aws.String("r"), TagKeys: []string{"stream"}})
	require.NoError(t, err)
	check(t, s.Decide(put("r")), "no identity-based policy")
}

// TestVariablesOfTheWrongPlace are no policy, and without a version, "variables … are
// treated as literal strings".
func TestVariablesOfTheWrongPlace(t *testing.T) {
	s, client := account()
	assumable(t, client, "r", "iot.amazonaws.com")
	set := func(document string) error {
		_, err := client.PutRolePolicy(t.Context(), &sdk.PutRolePolicyInput{RoleName: aws.String("r"), PolicyName: aws.String("inline"), PolicyDocument: &document})
		return err
	}
	version := `{"Version":"2012-10-17","Statement":`
	require.ErrorContains(t, set(version+`{"Effect":"Allow","Action":"kinesis:${aws:PrincipalTag/action}","Resource":"*"}}`), "only resources and conditions")
	require.ErrorContains(t, set(version+`{"Effect":"Allow","Action":"kinesis:*","Resource":"arn:aws:kinesis:${aws:RequestedRegion}:*:stream/*"}}`), "before the fifth colon")
	require.NoError(t, set(`{"Statement":{"Effect":"Allow","Action":"kinesis:*","Resource":"arn:aws:kinesis:*:*:stream/${aws:userid}"}}`))
	check(t, s.Decide(put("r")), "no identity-based policy allows")
}
