package emulators

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"
	s3sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	snssdk "github.com/aws/aws-sdk-go-v2/service/sns"
	sqssdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
)

// withPolicies are resources that rules act on and that have policies: how each is made,
// is given a policy, and how much it got.
var withPolicies = map[string]struct {
	resource, action string
	make             func(t *testing.T, c *ruled)
	allow            func(t *testing.T, c *ruled, document string)
	got              func(t *testing.T, c *ruled) int
}{
	"sqs": {"arn:aws:sqs:" + ownARN + "q", "sqs:SendMessage", makeQueue, func(t *testing.T, c *ruled, document string) {
		_, err := sqssdk.NewFromConfig(c.AWSConfig()).SetQueueAttributes(c.ctx, &sqssdk.SetQueueAttributesInput{QueueUrl: aws.String(ownQueue), Attributes: map[string]string{"Policy": document}})
		require.NoError(t, err)
	}, inQueue},
	"sns": {"arn:aws:sns:" + ownARN + "t", "sns:Publish", func(t *testing.T, c *ruled) {
		makeQueue(t, c)
		topics := snssdk.NewFromConfig(c.AWSConfig())
		topic, err := topics.CreateTopic(c.ctx, &snssdk.CreateTopicInput{Name: aws.String("t")})
		require.NoError(t, err)
		_, err = topics.Subscribe(c.ctx, &snssdk.SubscribeInput{TopicArn: topic.TopicArn, Protocol: aws.String("sqs"), Endpoint: aws.String("arn:aws:sqs:" + ownARN + "q")})
		require.NoError(t, err)
		_, err = sqssdk.NewFromConfig(c.AWSConfig()).SetQueueAttributes(c.ctx, &sqssdk.SetQueueAttributesInput{QueueUrl: aws.String(ownQueue), Attributes: map[string]string{
			"Policy": `{"Statement":{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*"}}`}})
		require.NoError(t, err)
	}, func(t *testing.T, c *ruled, document string) {
		_, err := snssdk.NewFromConfig(c.AWSConfig()).SetTopicAttributes(c.ctx, &snssdk.SetTopicAttributesInput{TopicArn: aws.String("arn:aws:sns:" + ownARN + "t"), AttributeName: aws.String("Policy"), AttributeValue: &document})
		require.NoError(t, err)
	}, inQueue},
	"s3": {"arn:aws:s3:::archive/*", "s3:PutObject", func(t *testing.T, c *ruled) {
		_, err := c.objects().CreateBucket(c.ctx, &s3sdk.CreateBucketInput{Bucket: aws.String("archive")})
		require.NoError(t, err)
	}, func(t *testing.T, c *ruled, document string) {
		_, err := c.objects().PutBucketPolicy(c.ctx, &s3sdk.PutBucketPolicyInput{Bucket: aws.String("archive"), Policy: &document})
		require.NoError(t, err)
	}, func(t *testing.T, c *ruled) int {
		list, err := c.objects().ListObjectsV2(c.ctx, &s3sdk.ListObjectsV2Input{Bucket: aws.String("archive")})
		require.NoError(t, err)
		return len(list.Contents)
	}},
}

// onlyFor is a policy of a resource that denies actions to everyone but a role: that is who
// calls, too.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html#notprincipal-alternative-role
func onlyFor(role string, actions ...string) string {
	return `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":["` + strings.Join(actions, `","`) +
		`"],"Resource":"*","Condition":{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::000000000000:role/` + role + `"}}}}`
}

const ownQueue = "https://sqs.us-east-1.amazonaws.com/000000000000/q"

func makeQueue(t *testing.T, c *ruled) {
	_, err := sqssdk.NewFromConfig(c.AWSConfig()).CreateQueue(c.ctx, &sqssdk.CreateQueueInput{QueueName: aws.String("q")})
	require.NoError(t, err)
}

func inQueue(t *testing.T, c *ruled) int { return len(received(t, c.AWSConfig(), "q")) }

// A role may act where its own policies are silent and the resource's allows it; a deny of
// either wins.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
func TestPoliciesOfResourcesLetRolesAct(t *testing.T) {
	for name, w := range withPolicies {
		t.Run(name, func(t *testing.T) {
			withRules(t, nil, func(t *testing.T, c *ruled) {
				w.make(t, c)
				require.NoError(t, roletest.Allow(c.ctx, c.AWSConfig(), "rules"))
				action := roleActions[name].action
				if action.S3 != nil { // whose bucket could not be made
					action.S3 = &iottypes.S3Action{BucketName: aws.String("archive"), Key: aws.String("k"), RoleArn: aws.String(rulesRole)}
				}
				c.rule("R", "SELECT * FROM 'a'", action)
				act := func(statements ...string) string {
					w.allow(t, c, `{"Version":"2012-10-17","Statement":[`+strings.Join(statements, ",")+`]}`)
					c.mu.Lock()
					c.events = nil
					c.mu.Unlock()
					c.publish("a", `{"id":"1"}`)
					c.settle()
					return strings.Join(c.failures(), "\n")
				}
				says := func(effect, who string) string {
					return `{"Effect":"` + effect + `",` + who + `,"Action":"` + w.action + `","Resource":"` + w.resource + `"}`
				}
				principal := func(arns ...string) string { return `"Principal":{"AWS":["` + strings.Join(arns, `","`) + `"]}` }
				const root = "arn:aws:iam::000000000000:root"
				require.Contains(t, act(says("Allow", principal(root))), "no identity-based policy allows the "+w.action+" action", "the account leaves it to the role's policies")
				require.Zero(t, w.got(t, c))
				require.Empty(t, act(says("Allow", principal(rulesRole))))
				require.Equal(t, 1, w.got(t, c))
				allowed := says("Allow", principal(rulesRole))
				require.Empty(t, act(allowed, says("Deny", `"Not`+principal(rulesRole, root)[1:])), "the role's own call is denied")
				require.Empty(t, act(allowed, says("Deny", `"Principal":"*","Condition":{"ArnNotEquals":{"aws:PrincipalArn":"`+rulesRole+`"}}`)))
				require.Positive(t, w.got(t, c))
				require.Contains(t, act(allowed, says("Deny", `"Principal":"*","Condition":{"ArnNotEquals":{"aws:PrincipalArn":"`+rulesRole+`2"}}`)), "an explicit deny in a resource-based policy")
				require.Contains(t, act(says("Allow", principal("arn:aws:sts::000000000000:assumed-role/rules/x"))), "the name of the session in its principals is not implemented by Shakedown")
				require.NoError(t, roletest.Allow(c.ctx, c.AWSConfig(), "rules", w.action))
				require.Contains(t, act(says("Deny", principal(rulesRole))), "an explicit deny in a resource-based policy")
			})
		})
	}
}
