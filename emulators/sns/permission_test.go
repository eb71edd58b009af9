package sns_test

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/stretchr/testify/require"
)

// https://docs.aws.amazon.com/sns/latest/api/API_AddPermission.html
func TestPermissionsAreStatementsOfThePolicy(t *testing.T) {
	_, c := start()
	ctx := t.Context()
	topic, err := c.CreateTopic(ctx, &sdk.CreateTopicInput{Name: aws.String("My-Topic")})
	require.NoError(t, err)
	statements := func() []json.RawMessage {
		got, err := c.GetTopicAttributes(ctx, &sdk.GetTopicAttributesInput{TopicArn: topic.TopicArn})
		require.NoError(t, err)
		var policy struct{ Statement []json.RawMessage }
		require.NoError(t, json.Unmarshal([]byte(got.Attributes["Policy"]), &policy))
		return policy.Statement
	}
	add := func(label, account string, actions ...string) error {
		_, err := c.AddPermission(ctx, &sdk.AddPermissionInput{TopicArn: topic.TopicArn, Label: &label, AWSAccountId: []string{account, "123456789012"}, ActionName: actions})
		return err
	}
	own := statements()
	require.NoError(t, add("NewPermission", "987654321000", "Publish"))
	got := statements()
	require.Len(t, got, 2)
	require.JSONEq(t, string(own[0]), string(got[0]))
	require.JSONEq(t, `{"Sid":"NewPermission","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::987654321000:root","arn:aws:iam::123456789012:root"]},
		"Action":"SNS:Publish","Resource":"`+*topic.TopicArn+`"}`, string(got[1]))
	require.ErrorContains(t, add("NewPermission", "987654321000", "Publish"), "Statement already exists")
	require.ErrorContains(t, add("x", "987654321000", "CreateTopic"), "out of service scope")
	require.ErrorContains(t, add("x", "me", "Publish"), "AWSAccountId")
	require.ErrorContains(t, add("", "987654321000", "Publish"), "Label")
	for _, label := range []string{"NewPermission", "none", "__default_statement_ID"} {
		_, err = c.RemovePermission(ctx, &sdk.RemovePermissionInput{TopicArn: topic.TopicArn, Label: &label})
		require.NoError(t, err)
	}
	require.Equal(t, own, statements())
}
