package iam_test

import (
	"errors"
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"
)

const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":"lambda.amazonaws.com"}}]}`

// reading is a policy of a role.
const reading = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kinesis:Get*","Resource":"*"}]}`

func start() *sdk.Client { return sdk.NewFromConfig(config()) }

func role(t *testing.T, c *sdk.Client, name string) *types.Role {
	out, err := c.CreateRole(t.Context(), &sdk.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(trust)})
	require.NoError(t, err)
	return out.Role
}

// code is the AWS code of an error.
func code(err error) string {
	if api, ok := errors.AsType[smithy.APIError](err); ok {
		return api.ErrorCode()
	}
	return ""
}

func TestRolesKeepTheirDocumentsToTheLetter(t *testing.T) {
	c := start()
	made := role(t, c, "functions")
	require.Equal(t, "arn:aws:iam::000000000000:role/functions", *made.Arn)
	require.Regexp(t, `^AROA[A-Z2-7]{17}$`, *made.RoleId)
	shown, err := c.GetRole(t.Context(), &sdk.GetRoleInput{RoleName: aws.String("functions")})
	require.NoError(t, err)
	document, err := url.PathUnescape(*shown.Role.AssumeRolePolicyDocument)
	require.NoError(t, err)
	require.Equal(t, trust, document)
	_, err = c.CreateRole(t.Context(), &sdk.CreateRoleInput{RoleName: aws.String("functions"), AssumeRolePolicyDocument: aws.String(trust)})
	require.Equal(t, "EntityAlreadyExists", code(err))
	_, err = c.CreateRole(t.Context(), &sdk.CreateRoleInput{RoleName: aws.String("other"), AssumeRolePolicyDocument: aws.String("{")})
	require.Equal(t, "MalformedPolicyDocument", code(err))
	_, err = c.CreateRole(t.Context(), &sdk.CreateRoleInput{
		RoleName: aws.String("other"), AssumeRolePolicyDocument: aws.String(trust), PermissionsBoundary: aws.String("arn:aws:iam::aws:policy/ReadOnlyAccess")})
	require.ErrorContains(t, err, "PermissionsBoundary")
}

func TestARoleWithPoliciesIsNotDeleted(t *testing.T) {
	c := start()
	name := role(t, c, "functions").RoleName
	_, err := c.PutRolePolicy(t.Context(), &sdk.PutRolePolicyInput{RoleName: name, PolicyName: aws.String("in"), PolicyDocument: aws.String(reading)})
	require.NoError(t, err)
	made, err := c.CreatePolicy(t.Context(), &sdk.CreatePolicyInput{PolicyName: aws.String("out"), PolicyDocument: aws.String(reading)})
	require.NoError(t, err)
	_, err = c.AttachRolePolicy(t.Context(), &sdk.AttachRolePolicyInput{RoleName: name, PolicyArn: made.Policy.Arn})
	require.NoError(t, err)
	_, err = c.DeletePolicy(t.Context(), &sdk.DeletePolicyInput{PolicyArn: made.Policy.Arn})
	require.Equal(t, "DeleteConflict", code(err))
	_, err = c.DeleteRole(t.Context(), &sdk.DeleteRoleInput{RoleName: name})
	require.Equal(t, "DeleteConflict", code(err))
	_, err = c.DetachRolePolicy(t.Context(), &sdk.DetachRolePolicyInput{RoleName: name, PolicyArn: made.Policy.Arn})
	require.NoError(t, err)
	_, err = c.DeleteRole(t.Context(), &sdk.DeleteRoleInput{RoleName: name})
	require.Equal(t, "DeleteConflict", code(err))
	_, err = c.DeleteRolePolicy(t.Context(), &sdk.DeleteRolePolicyInput{RoleName: name, PolicyName: aws.String("in")})
	require.NoError(t, err)
	_, err = c.DeleteRole(t.Context(), &sdk.DeleteRoleInput{RoleName: name})
	require.NoError(t, err)
	_, err = c.GetRole(t.Context(), &sdk.GetRoleInput{RoleName: name})
	require.Equal(t, "NoSuchEntity", code(err))
}

func TestPolicyVersions(t *testing.T) {
	c := start()
	made, err := c.CreatePolicy(t.Context(), &sdk.CreatePolicyInput{PolicyName: aws.String("p"), PolicyDocument: aws.String(reading)})
	require.NoError(t, err)
	arn := made.Policy.Arn
	for range 4 {
		_, err = c.CreatePolicyVersion(t.Context(), &sdk.CreatePolicyVersionInput{PolicyArn: arn, PolicyDocument: aws.String(reading), SetAsDefault: true})
		require.NoError(t, err)
	}
	_, err = c.CreatePolicyVersion(t.Context(), &sdk.CreatePolicyVersionInput{PolicyArn: arn, PolicyDocument: aws.String(reading)})
	require.Equal(t, "LimitExceeded", code(err))
	_, err = c.DeletePolicyVersion(t.Context(), &sdk.DeletePolicyVersionInput{PolicyArn: arn, VersionId: aws.String("v5")})
	require.Equal(t, "DeleteConflict", code(err))
	_, err = c.DeletePolicyVersion(t.Context(), &sdk.DeletePolicyVersionInput{PolicyArn: arn, VersionId: aws.String("v1")})
	require.NoError(t, err)
	var ids []string
	pages := sdk.NewListPolicyVersionsPaginator(c, &sdk.ListPolicyVersionsInput{PolicyArn: arn, MaxItems: aws.Int32(3)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		for _, v := range page.Versions {
			ids = append(ids, *v.VersionId)
		}
	}
	require.Equal(t, []string{"v5", "v4", "v3", "v2"}, ids)
}

func TestWhatIsNotThereIsRefusedByName(t *testing.T) {
	_, err := start().CreateUser(t.Context(), &sdk.CreateUserInput{UserName: aws.String("x")})
	require.ErrorContains(t, err, "CreateUser is not implemented by Shakedown")
}
