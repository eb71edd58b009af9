package sqs_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/stretchr/testify/require"
)

func policyOf(t *testing.T, c *sdk.Client, url *string) string {
	got, err := c.GetQueueAttributes(t.Context(), &sdk.GetQueueAttributesInput{QueueUrl: url, AttributeNames: []types.QueueAttributeName{"Policy"}})
	require.NoError(t, err)
	return got.Attributes["Policy"]
}

// The ids and actions are those of AWS's example:
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_AddPermission.html
func TestPermissionsAreStatementsOfThePolicy(t *testing.T) {
	c := start(t)
	url := create(t, c, "MyQueue", nil)
	add := func(label, account string, actions ...string) error {
		_, err := c.AddPermission(t.Context(), &sdk.AddPermissionInput{QueueUrl: url, Label: &label, AWSAccountIds: []string{account}, Actions: actions})
		return err
	}
	remove := func(label string) error {
		_, err := c.RemovePermission(t.Context(), &sdk.RemovePermissionInput{QueueUrl: url, Label: &label})
		return err
	}
	require.NoError(t, add("MyLabel", "177715257436", "SendMessage"))
	require.NoError(t, add("two", "111111111111", "ReceiveMessage", "DeleteMessage"))
	const arn = "arn:aws:sqs:us-east-1:000000000000:MyQueue"
	require.JSONEq(t, `{"Version":"2008-10-17","Id":"`+arn+`/SQSDefaultPolicy","Statement":[
		{"Sid":"MyLabel","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::177715257436:root"},"Action":"SQS:SendMessage","Resource":"`+arn+`"},
		{"Sid":"two","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":["SQS:ReceiveMessage","SQS:DeleteMessage"],"Resource":"`+arn+`"}]}`,
		policyOf(t, c, url))
	for want, err := range map[string]error{
		"Already exists":       add("MyLabel", "177715257436", "SendMessage"),
		"Only the queue owner": add("x", "177715257436", "DeleteQueue"),
		"Unable to verify":     add("x", "root", "SendMessage"),
		"parameter Label":      add("a b", "177715257436", "SendMessage"),
		"maximum allowed is 7": add("x", "177715257436", "*", "*", "*", "*", "*", "*", "*", "*"),
		"can't find label":     remove("x"),
		"The specified queue does": func() error {
			_, err := c.RemovePermission(t.Context(), &sdk.RemovePermissionInput{QueueUrl: aws.String("http://cloud/0/none"), Label: aws.String("x")})
			return err
		}(),
	} {
		require.ErrorContains(t, err, want)
	}
	require.NoError(t, remove("two"))
	require.NoError(t, remove("MyLabel"))
	require.Empty(t, policyOf(t, c, url))
}

// A policy of the owner's stays as it was.
func TestAPermissionKeepsTheOtherStatements(t *testing.T) {
	c := start(t)
	const arn = "arn:aws:sqs:us-east-1:000000000000:q"
	deny := `{"Effect":"Deny","Principal":"*","Action":"sqs:PurgeQueue","Resource":"` + arn + `"}`
	url := create(t, c, "q", map[string]string{"Policy": `{"Version":"2012-10-17","Statement":` + deny + `}`})
	_, err := c.AddPermission(t.Context(), &sdk.AddPermissionInput{QueueUrl: url, Label: aws.String("l"), AWSAccountIds: []string{"111111111111"}, Actions: []string{"*"}})
	require.NoError(t, err)
	require.JSONEq(t, `{"Version":"2012-10-17","Statement":[`+deny+`,
		{"Sid":"l","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111111111111:root"},"Action":"SQS:*","Resource":"`+arn+`"}]}`, policyOf(t, c, url))
	_, err = c.PurgeQueue(t.Context(), &sdk.PurgeQueueInput{QueueUrl: url})
	require.ErrorContains(t, err, "AccessDenied")
}

// A policy without a version, which is 2008-10-17 then, does not get an empty one.
func TestAPermissionKeepsThatThereIsNoVersion(t *testing.T) {
	c := start(t)
	url := create(t, c, "q", map[string]string{"Policy": `{"Statement":{"Effect":"Allow","Principal":"*","Action":"sqs:SendMessage","Resource":"*"}}`})
	_, err := c.AddPermission(t.Context(), &sdk.AddPermissionInput{QueueUrl: url, Label: aws.String("l"), AWSAccountIds: []string{"111111111111"}, Actions: []string{"SendMessage"}})
	require.NoError(t, err)
	require.NotContains(t, policyOf(t, c, url), "Version")
}
