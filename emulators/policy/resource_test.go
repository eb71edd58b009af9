package policy_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// TestWhatAResourceSaysOfARole: the role's ARN, or everyone, is granted at once; the
// account's ARN leaves it to the role's policies, but is the role where it is denied.
//
//   - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
//   - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
//   - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
func TestWhatAResourceSaysOfARole(t *testing.T) {
	const (
		role = "arn:aws:iam::000000000000:role/rules"
		send = `"Action":"sqs:SendMessage","Resource":"` + queue + `"}`
	)
	allow := func(who string) string { return `{"Effect":"Allow",` + who + `,` + send }
	deny := func(who string) string { return `{"Effect":"Deny",` + who + `,` + send }
	const is, root, all = `"Principal":{"AWS":"` + role + `"}`, `"Principal":{"AWS":"arn:aws:iam::000000000000:root"}`, `"Principal":"*"`
	when := func(operator, key, value string) string {
		return `"Condition":{"` + operator + `":{"` + key + `":"` + value + `"}}`
	}
	for name, c := range map[string]struct {
		document string
		says     policy.Verdict
	}{
		"the role":                       {allow(is), policy.Allowed},
		"another role":                   {allow(`"Principal":{"AWS":"` + role + `2"}`), policy.Silent},
		"the account leaves it":          {allow(root), policy.Silent},
		"everyone":                       {allow(all), policy.Allowed},
		"everyone of AWS":                {allow(`"Principal":{"AWS":"*"}`), policy.Allowed},
		"everyone who is the role":       {allow(all + `,` + when("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/rul*")), policy.Allowed},
		"everyone who is another role":   {allow(all + `,` + when("ArnEquals", "aws:PrincipalArn", role+"2")), policy.Silent},
		"everyone of the account":        {allow(all + `,` + when("StringEquals", "aws:PrincipalAccount", "000000000000")), policy.Allowed},
		"a service":                      {allow(`"Principal":{"Service":"iot.amazonaws.com"}`), policy.Silent},
		"for a source, which a role not": {allow(all + `,` + when("ArnLike", "aws:SourceArn", "arn:aws:iot:*:*:rule/*")), policy.Silent},
		"of a source's account":          {allow(all + `,` + when("StringEquals", "aws:SourceAccount", "000000000000")), policy.Silent},
		"all but another":                {allow(`"NotPrincipal":{"AWS":"` + role + `2"}`), policy.Allowed},
		"all but the account":            {allow(`"NotPrincipal":{"AWS":"arn:aws:iam::000000000000:root"}`), policy.Silent},
		"denied":                         {allow(is) + `,` + deny(is), policy.ExplicitDeny},
		"denied with its account":        {allow(is) + `,` + deny(root), policy.ExplicitDeny},
		"denied but for the role":        {allow(is) + `,` + deny(`"NotPrincipal":{"AWS":["arn:aws:iam::000000000000:root","`+role+`"]}`), policy.Allowed},
		"denied but for the account":     {allow(is) + `,` + deny(`"NotPrincipal":{"AWS":"arn:aws:iam::000000000000:root"}`), policy.ExplicitDeny},
		"denied unless it is the role":   {allow(is) + `,` + deny(all+`,`+when("ArnNotEquals", "aws:PrincipalArn", role)), policy.Allowed},
		"denied another action":          {allow(is) + `,{"Effect":"Deny",` + all + `,"Action":"sqs:ReceiveMessage","Resource":"*"}`, policy.Allowed},
	} {
		d, err := policy.Parse([]byte(statement(c.document)), "sqs")
		require.NoError(t, err, name)
		require.Equal(t, c.says, d.Of(role, "000000000000", "us-east-1", "sqs:SendMessage", queue), name)
	}
}
