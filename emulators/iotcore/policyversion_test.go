package iotcore

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/stretchr/testify/require"
)

// TestPolicyVersions does what Terraform's aws_iot_policy does on change and destroy:
// a new default, the oldest version deleted when there are five.
func TestPolicyVersions(t *testing.T) {
	inBubble(t, func(f *fixture) {
		ctx, c := context.Background(), iot.NewFromConfig(awsConfig(f.core.Control()))
		sensor := f.dial("sensor-001", f.thing("sensor-001", allowAll))
		list, err := c.ListPolicies(ctx, &iot.ListPoliciesInput{})
		require.NoError(t, err)
		name := list.Policies[0].PolicyName
		require.True(t, sensor.publish("any/topic", "{}"))

		silent := strings.ReplaceAll(allowAll, "iot:*", "iot:Connect")
		require.NotEqual(t, allowAll, silent)
		second, err := c.CreatePolicyVersion(ctx, &iot.CreatePolicyVersionInput{PolicyName: name, PolicyDocument: &silent})
		require.NoError(t, err)
		require.Equal(t, "2", *second.PolicyVersionId)
		require.True(t, sensor.publish("any/topic", "{}"), "it is not the default")
		_, err = c.SetDefaultPolicyVersion(ctx, &iot.SetDefaultPolicyVersionInput{PolicyName: name, PolicyVersionId: aws.String("2")})
		require.NoError(t, err)
		require.False(t, sensor.publish("any/topic", "{}"), "the new default counts at once")

		for range 3 {
			_, err = c.CreatePolicyVersion(ctx, &iot.CreatePolicyVersionInput{PolicyName: name, PolicyDocument: aws.String(allowAll), SetAsDefault: true})
			require.NoError(t, err)
		}
		_, err = c.CreatePolicyVersion(ctx, &iot.CreatePolicyVersionInput{PolicyName: name, PolicyDocument: aws.String(allowAll)})
		requireCode(t, err, "VersionsLimitExceededException", "(5)") // AWS.md §1: ≤ 10 policies a principal, 2048 characters, 5 versions.
		_, err = c.DeletePolicyVersion(ctx, &iot.DeletePolicyVersionInput{PolicyName: name, PolicyVersionId: aws.String("5")})
		requireCode(t, err, "DeleteConflictException", "default version")
		_, err = c.DeletePolicyVersion(ctx, &iot.DeletePolicyVersionInput{PolicyName: name, PolicyVersionId: aws.String("2")})
		require.NoError(t, err)
		_, err = c.GetPolicyVersion(ctx, &iot.GetPolicyVersionInput{PolicyName: name, PolicyVersionId: aws.String("2")})
		requireCode(t, err, "ResourceNotFoundException", "version 2")
		sixth, err := c.CreatePolicyVersion(ctx, &iot.CreatePolicyVersionInput{PolicyName: name, PolicyDocument: &silent})
		require.NoError(t, err)
		require.Equal(t, "6", *sixth.PolicyVersionId, "a number is not given twice")
		got, err := c.GetPolicyVersion(ctx, &iot.GetPolicyVersionInput{PolicyName: name, PolicyVersionId: aws.String("6")})
		require.NoError(t, err)
		require.Equal(t, silent, *got.PolicyDocument)
		require.False(t, got.IsDefaultVersion)
		policy, err := c.GetPolicy(ctx, &iot.GetPolicyInput{PolicyName: name})
		require.NoError(t, err)
		require.Equal(t, "5", *policy.DefaultVersionId)
		versions, err := c.ListPolicyVersions(ctx, &iot.ListPolicyVersionsInput{PolicyName: name})
		require.NoError(t, err)
		require.Len(t, versions.PolicyVersions, 5)
		require.Equal(t, "6", *versions.PolicyVersions[0].VersionId)
	})
}

func TestDeletePolicyWithVersions(t *testing.T) {
	ctx, c := t.Context(), controlClient(t)
	name := aws.String("p")
	_, err := c.CreatePolicy(ctx, &iot.CreatePolicyInput{PolicyName: name, PolicyDocument: aws.String(allowAll)})
	require.NoError(t, err)
	_, err = c.CreatePolicyVersion(ctx, &iot.CreatePolicyVersionInput{PolicyName: name, PolicyDocument: aws.String("{")})
	requireCode(t, err, "MalformedPolicyException", "")
	_, err = c.CreatePolicyVersion(ctx, &iot.CreatePolicyVersionInput{PolicyName: name, PolicyDocument: aws.String(allowAll), SetAsDefault: true})
	require.NoError(t, err)
	_, err = c.DeletePolicy(ctx, &iot.DeletePolicyInput{PolicyName: name})
	requireCode(t, err, "DeleteConflictException", "versions")
	_, err = c.DeletePolicyVersion(ctx, &iot.DeletePolicyVersionInput{PolicyName: name, PolicyVersionId: aws.String("1")})
	require.NoError(t, err)
	_, err = c.DeletePolicy(ctx, &iot.DeletePolicyInput{PolicyName: name})
	require.NoError(t, err)
}

// A certificate takes ten policies, a policy 2,048 characters that are not white
// space.
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#security-limits
//
// AWS.md §1: ≤ 10 policies a principal; 2048 characters.
func TestPolicyLimits(t *testing.T) {
	ctx, c := context.Background(), controlClient(t)
	made, err := c.CreateKeysAndCertificate(ctx, &iot.CreateKeysAndCertificateInput{})
	require.NoError(t, err)
	document := func(size int) *string {
		text := `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iot:*","Resource":"*"}}`
		text = strings.Replace(text, `"*"}}`, `"*`+strings.Repeat("x", size-len(text))+`"}}`, 1)
		require.Len(t, text, size)
		return aws.String("\n" + text + " ")
	}
	for i := range 11 {
		name := fmt.Sprint("p", i)
		_, err := c.CreatePolicy(ctx, &iot.CreatePolicyInput{PolicyName: &name, PolicyDocument: document(2048)})
		require.NoError(t, err)
		_, err = c.AttachPolicy(ctx, &iot.AttachPolicyInput{PolicyName: &name, Target: made.CertificateArn})
		if i < 10 {
			require.NoError(t, err)
			continue
		}
		requireCode(t, err, "LimitExceededException", "10")
	}
	_, err = c.CreatePolicy(ctx, &iot.CreatePolicyInput{PolicyName: aws.String("long"), PolicyDocument: document(2049)})
	requireCode(t, err, "MalformedPolicyException", "2048")
}
