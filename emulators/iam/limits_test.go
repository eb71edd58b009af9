package iam_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

func tag(key, value string) types.Tag { return types.Tag{Key: &key, Value: &value} }

// TestKeysOfARolesTags: "tag key values for IAM users and roles are not case sensitive, but
// case is preserved"; those of policies are.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
func TestKeysOfARolesTags(t *testing.T) {
	c := start()
	name := role(t, c, "r").RoleName
	shown := func() (all []string) {
		out, err := c.ListRoleTags(t.Context(), &sdk.ListRoleTagsInput{RoleName: name})
		require.NoError(t, err)
		for _, one := range out.Tags {
			all = append(all, *one.Key+"="+*one.Value)
		}
		return all
	}
	set := func(tags ...types.Tag) string {
		_, err := c.TagRole(t.Context(), &sdk.TagRoleInput{RoleName: name, Tags: tags})
		return code(err)
	}
	require.Empty(t, set(tag("Department", "finance")))
	require.Empty(t, set(tag("department", "hr")))
	require.Equal(t, []string{"department=hr"}, shown())
	require.Equal(t, "ValidationError", set(tag("a", "b"), tag("aws:c", "d")), "the prefix is AWS's")
	require.Equal(t, "ValidationError", set(tag("a", "b"), tag("c*", "d")))
	var many []types.Tag
	for i := range 50 {
		many = append(many, tag(fmt.Sprint(i), ""))
	}
	require.Equal(t, "LimitExceeded", set(many...))
	require.Equal(t, "InvalidInput", set(tag("a", "b"), tag("A", "c")), "the same key twice")
	require.Equal(t, []string{"department=hr"}, shown(), "a refused request changes nothing")
	_, err := c.UntagRole(t.Context(), &sdk.UntagRoleInput{RoleName: name, TagKeys: []string{"DEPARTMENT"}})
	require.NoError(t, err)
	require.Empty(t, shown())

	made, err := c.CreatePolicy(t.Context(), &sdk.CreatePolicyInput{PolicyName: name, PolicyDocument: aws.String(reading), Tags: []types.Tag{tag("Costcenter", "1234"), tag("costcenter", "5678")}})
	require.NoError(t, err)
	require.Len(t, made.Policy.Tags, 2)
}

// TestNamesOfRoles "aren't distinguished by case", but keep it.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
func TestNamesOfRoles(t *testing.T) {
	c := start()
	role(t, c, "Functions")
	_, err := c.CreateRole(t.Context(), &sdk.CreateRoleInput{RoleName: aws.String("functions"), AssumeRolePolicyDocument: aws.String(trust)})
	require.Equal(t, "EntityAlreadyExists", code(err))
	got, err := c.GetRole(t.Context(), &sdk.GetRoleInput{RoleName: aws.String("FUNCTIONS")})
	require.NoError(t, err)
	require.Equal(t, "arn:aws:iam::000000000000:role/Functions", *got.Role.Arn)
	_, err = c.DeleteRole(t.Context(), &sdk.DeleteRoleInput{RoleName: aws.String("functions")})
	require.NoError(t, err)
	role(t, c, "functions")
}

// TestQuotasOfARole: the sum of its inline policies, and how many are attached.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
func TestQuotasOfARole(t *testing.T) {
	c := start()
	name := role(t, c, "r").RoleName
	put := func(policy string, size int) string {
		document := strings.Replace(reading, "kinesis:Get*", "kinesis:"+strings.Repeat("a", size-len(reading)+len("Get*")), 1)
		require.Len(t, document, size)
		_, err := c.PutRolePolicy(t.Context(), &sdk.PutRolePolicyInput{RoleName: name, PolicyName: &policy, PolicyDocument: &document})
		return code(err)
	}
	require.Empty(t, put("a", 6000))
	require.Empty(t, put("b", 4240))
	require.Equal(t, "LimitExceeded", put("c", 200))
	require.Empty(t, put("a", 5800), "instead of the one of that name")
	require.Empty(t, put("c", 200))

	attach := func(policy string) string {
		_, err := c.AttachRolePolicy(t.Context(), &sdk.AttachRolePolicyInput{RoleName: name, PolicyArn: aws.String("arn:aws:iam::aws:policy/" + policy)})
		return code(err)
	}
	for i := range 20 {
		require.Empty(t, attach(fmt.Sprint(i)))
	}
	require.Equal(t, "LimitExceeded", attach("20"))
	require.Empty(t, attach("19"), "it is there")
	require.NotEmpty(t, attach(""))
	require.NotEmpty(t, attach(strings.Repeat("a", 2048)))
	_, err := c.UpdateRole(t.Context(), &sdk.UpdateRoleInput{RoleName: name, Description: aws.String(strings.Repeat("d", 1001))})
	require.Equal(t, "ValidationError", code(err))
}

// TestDocumentsThatIAMDoesNotTake.
//
//   - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
//   - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
//   - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-names
func TestDocumentsThatIAMDoesNotTake(t *testing.T) {
	c := start()
	name := role(t, c, "r").RoleName
	on := func(resource string) string {
		return `{"Statement":{"Effect":"Allow","Action":"kinesis:*","Resource":"` + resource + `"}}`
	}
	sids := func(a, b string) string {
		return `{"Statement":[{"Sid":"` + a + `","Effect":"Allow","Action":"*","Resource":"*"},{"Sid":"` + b + `","Effect":"Allow","Action":"*","Resource":"*"}]}`
	}
	for document, why := range map[string]string{
		on("stream/telemetry"):             `must be in ARN format or "*"`,
		on("arn:aws"):                      `must be in ARN format or "*"`,
		on("arn:aws:*:us-east-1:*:stream"): "cannot contain regexes",
		sids("a", "a"):                     "must be unique",
		sids("a", "b-c"):                   "must be alpha-numeric",
		on("*") + "\u2028":                 "policyDocument",
		on("*"):                            "",
		on("arn:aws:kinesis:*"):            "",
		sids("", ""):                       "",
	} {
		_, err := c.PutRolePolicy(t.Context(), &sdk.PutRolePolicyInput{RoleName: name, PolicyName: name, PolicyDocument: &document})
		if why == "" {
			require.NoError(t, err, document)
			continue
		}
		require.ErrorContains(t, err, why, document)
	}
}

// TestALongResourceIsNotRemembered: what is remembered has a bound.
func TestALongResourceIsNotRemembered(t *testing.T) {
	s, c := account()
	assumable(t, c, "r", "iot.amazonaws.com")
	use := func(n int) policy.Use {
		u := put("r")
		u.Resource += strings.Repeat("x", n)
		return u
	}
	require.Same(t, s.Decide(use(10)), s.Decide(use(10)))
	require.NotSame(t, s.Decide(use(1<<17)), s.Decide(use(1<<17)))
}

// TestPoliciesOfAWSAreNotShown, and that is not said as if there were none.
func TestPoliciesOfAWSAreNotShown(t *testing.T) {
	c := start()
	own := aws.String("arn:aws:iam::aws:policy/service-role/AWSIoTRuleActions")
	_, err := c.GetPolicy(t.Context(), &sdk.GetPolicyInput{PolicyArn: own})
	require.ErrorContains(t, err, "is AWS's own")
	_, err = c.DeletePolicy(t.Context(), &sdk.DeletePolicyInput{PolicyArn: own})
	require.ErrorContains(t, err, "is AWS's own")
	_, err = c.ListPolicies(t.Context(), &sdk.ListPoliciesInput{Scope: "Mine"})
	require.ErrorContains(t, err, "Scope")
}
