package iam_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/iam"
	"github.com/shakedown-iot/shakedown/emulators/wire"
	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

// config reaches an account without roles.
func config() aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://cloud"), Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient: emulators.Direct{Handler: iam.Handler(iam.New(wire.Identity{}))},
	}
}

// TestOperations holds the package to its operation table.
func TestOperations(t *testing.T) {
	operationtest.Check(t, config(), func(c aws.Config) *sdk.Client { return sdk.NewFromConfig(c) }, func(t *testing.T, c *sdk.Client) {
		actOnPolicies(t, c)
		actOnRoles(t, c)
	})
}

func actOnRoles(t *testing.T, c *sdk.Client) {
	ctx, name := t.Context(), aws.String("r")
	policy, err := c.CreatePolicy(ctx, &sdk.CreatePolicyInput{PolicyName: aws.String("managed"), PolicyDocument: aws.String(reading)})
	require.NoError(t, err)
	role(t, c, "r")
	for _, call := range []func() error{
		func() error { _, err := c.GetRole(ctx, &sdk.GetRoleInput{RoleName: name}); return err },
		func() error { _, err := c.ListRoles(ctx, &sdk.ListRolesInput{PathPrefix: aws.String("/")}); return err },
		func() error {
			_, err := c.UpdateRole(ctx, &sdk.UpdateRoleInput{RoleName: name, MaxSessionDuration: aws.Int32(7200)})
			return err
		},
		func() error {
			_, err := c.UpdateRoleDescription(ctx, &sdk.UpdateRoleDescriptionInput{RoleName: name, Description: aws.String("d")})
			return err
		},
		func() error {
			_, err := c.UpdateAssumeRolePolicy(ctx, &sdk.UpdateAssumeRolePolicyInput{RoleName: name, PolicyDocument: aws.String(trust)})
			return err
		},
		func() error {
			_, err := c.TagRole(ctx, &sdk.TagRoleInput{RoleName: name, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}})
			return err
		},
		func() error { _, err := c.ListRoleTags(ctx, &sdk.ListRoleTagsInput{RoleName: name}); return err },
		func() error {
			_, err := c.UntagRole(ctx, &sdk.UntagRoleInput{RoleName: name, TagKeys: []string{"a"}})
			return err
		},
		func() error {
			_, err := c.PutRolePolicy(ctx, &sdk.PutRolePolicyInput{RoleName: name, PolicyName: name, PolicyDocument: aws.String(reading)})
			return err
		},
		func() error {
			_, err := c.GetRolePolicy(ctx, &sdk.GetRolePolicyInput{RoleName: name, PolicyName: name})
			return err
		},
		func() error {
			_, err := c.ListRolePolicies(ctx, &sdk.ListRolePoliciesInput{RoleName: name})
			return err
		},
		func() error {
			_, err := c.DeleteRolePolicy(ctx, &sdk.DeleteRolePolicyInput{RoleName: name, PolicyName: name})
			return err
		},
		func() error {
			_, err := c.AttachRolePolicy(ctx, &sdk.AttachRolePolicyInput{RoleName: name, PolicyArn: policy.Policy.Arn})
			return err
		},
		func() error {
			_, err := c.ListAttachedRolePolicies(ctx, &sdk.ListAttachedRolePoliciesInput{RoleName: name})
			return err
		},
		func() error {
			_, err := c.DetachRolePolicy(ctx, &sdk.DetachRolePolicyInput{RoleName: name, PolicyArn: policy.Policy.Arn})
			return err
		},
		func() error {
			_, err := c.ListInstanceProfilesForRole(ctx, &sdk.ListInstanceProfilesForRoleInput{RoleName: name})
			return err
		},
		func() error { _, err := c.DeleteRole(ctx, &sdk.DeleteRoleInput{RoleName: name}); return err },
	} {
		require.NoError(t, call())
	}
}

func actOnPolicies(t *testing.T, c *sdk.Client) {
	ctx := t.Context()
	made, err := c.CreatePolicy(ctx, &sdk.CreatePolicyInput{PolicyName: aws.String("p"), PolicyDocument: aws.String(reading)})
	require.NoError(t, err)
	arn, v1, v2 := made.Policy.Arn, aws.String("v1"), aws.String("v2")
	for _, call := range []func() error{
		func() error { _, err := c.GetPolicy(ctx, &sdk.GetPolicyInput{PolicyArn: arn}); return err },
		func() error {
			_, err := c.ListPolicies(ctx, &sdk.ListPoliciesInput{Scope: types.PolicyScopeTypeLocal})
			return err
		},
		func() error {
			_, err := c.CreatePolicyVersion(ctx, &sdk.CreatePolicyVersionInput{PolicyArn: arn, PolicyDocument: aws.String(reading)})
			return err
		},
		func() error {
			_, err := c.GetPolicyVersion(ctx, &sdk.GetPolicyVersionInput{PolicyArn: arn, VersionId: v1})
			return err
		},
		func() error {
			_, err := c.ListPolicyVersions(ctx, &sdk.ListPolicyVersionsInput{PolicyArn: arn})
			return err
		},
		func() error {
			_, err := c.SetDefaultPolicyVersion(ctx, &sdk.SetDefaultPolicyVersionInput{PolicyArn: arn, VersionId: v2})
			return err
		},
		func() error {
			_, err := c.DeletePolicyVersion(ctx, &sdk.DeletePolicyVersionInput{PolicyArn: arn, VersionId: v1})
			return err
		},
		func() error {
			_, err := c.TagPolicy(ctx, &sdk.TagPolicyInput{PolicyArn: arn, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("b")}}})
			return err
		},
		func() error { _, err := c.ListPolicyTags(ctx, &sdk.ListPolicyTagsInput{PolicyArn: arn}); return err },
		func() error {
			_, err := c.UntagPolicy(ctx, &sdk.UntagPolicyInput{PolicyArn: arn, TagKeys: []string{"a"}})
			return err
		},
		func() error { _, err := c.DeletePolicy(ctx, &sdk.DeletePolicyInput{PolicyArn: arn}); return err },
	} {
		require.NoError(t, call())
	}
}
