// Package roletest makes the roles that tests need, through IAM's API as a user would.
package roletest

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// Make makes a role that a service may assume, which then may do the actions to
// everything, and returns its ARN.
func Make(ctx context.Context, cfg aws.Config, name, service string, actions ...string) (string, error) {
	roles := iam.NewFromConfig(cfg)
	made, err := roles.CreateRole(ctx, &iam.CreateRoleInput{RoleName: &name, AssumeRolePolicyDocument: aws.String(policy.Trust(service))})
	if err != nil {
		return "", fmt.Errorf("role %s: %w", name, err)
	}
	return *made.Role.Arn, Allow(ctx, cfg, name, actions...)
}

// Allow lets a role do these actions to everything, and no others any more.
func Allow(ctx context.Context, cfg aws.Config, role string, actions ...string) error {
	roles, name := iam.NewFromConfig(cfg), aws.String("actions")
	if len(actions) == 0 {
		actions = []string{"none:Nothing"}
	}
	list, err := json.Marshal(actions)
	if err != nil {
		return err
	}
	document := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":` + string(list) + `,"Resource":"*"}]}`
	if _, err := roles.PutRolePolicy(ctx, &iam.PutRolePolicyInput{RoleName: &role, PolicyName: name, PolicyDocument: &document}); err != nil {
		return fmt.Errorf("policy of role %s: %w", role, err)
	}
	return nil
}
