package features

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/cucumber/godog"

	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
)

// registerFunctions adds the steps for functions and rules of one's own.
func (s *Steps) registerFunctions(sc *godog.ScenarioContext) {
	sc.Step(`^the rule "([^"]*)" invokes "([^"]*)" with "([^"]*)"$`, s.ruleInvokes)
	s.then(sc, `^the function "([^"]*)" was invoked (\d+) times?$`, s.wasInvoked)
	s.then(sc, `^the function "([^"]*)" was invoked with:$`, s.wasInvokedWith)
}

// invocations are the payloads that functions were invoked with, by name.
type invocations struct {
	mu       sync.Mutex
	payloads map[string][][]byte
}

// watch is a handler that tells of its invocations.
func (i *invocations) watch(name string, handler lambda.Handler) lambda.Handler {
	return watched{handler, func(payload []byte) {
		i.mu.Lock()
		defer i.mu.Unlock()
		if i.payloads == nil {
			i.payloads = map[string][][]byte{}
		}
		i.payloads[name] = append(i.payloads[name], bytes.Clone(payload))
	}}
}

func (i *invocations) of(name string) [][]byte {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([][]byte{}, i.payloads[name]...)
}

type watched struct {
	lambda.Handler
	tell func(payload []byte)
}

// Invoke implements lambda.Handler.
func (w watched) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	w.tell(payload)
	return w.Handler.Invoke(ctx, payload)
}

// ruleInvokes makes a function of a handler that is bound to its name, where it is
// not there yet, and a rule that invokes it.
func (s *Steps) ruleInvokes(ctx context.Context, rule, function, sql string) error {
	role, err := roletest.Make(ctx, s.world.AWS, "function-of-"+rule, "lambda.amazonaws.com", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
	if err != nil {
		return err
	}
	_, err = awslambda.NewFromConfig(s.world.AWS).CreateFunction(ctx, &awslambda.CreateFunctionInput{
		FunctionName: &function, Role: &role, Runtime: types.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
		Code: &types.FunctionCode{ZipFile: []byte("bound by name")},
	})
	var there *types.ResourceConflictException
	if err != nil && !errors.As(err, &there) {
		return fmt.Errorf("function %s: %w", function, err)
	}
	_, err = awslambda.NewFromConfig(s.world.AWS).AddPermission(ctx, &awslambda.AddPermissionInput{
		FunctionName: &function, StatementId: aws.String("rule-" + rule), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("iot.amazonaws.com"),
		SourceArn: aws.String("arn:aws:iot:us-east-1:000000000000:rule/" + rule),
	})
	if err != nil {
		return fmt.Errorf("permission of rule %s: %w", rule, err)
	}
	_, err = iot.NewFromConfig(s.world.AWS).CreateTopicRule(ctx, &iot.CreateTopicRuleInput{
		RuleName: &rule,
		TopicRulePayload: &iottypes.TopicRulePayload{
			Sql: &sql, AwsIotSqlVersion: aws.String("2016-03-23"),
			Actions: []iottypes.Action{{Lambda: &iottypes.LambdaAction{FunctionArn: aws.String(s.world.Pipeline.FunctionARN(function))}}},
		},
	})
	return err
}

func (s *Steps) wasInvoked(name string, n int) error {
	return expect("invocations of "+name, len(s.invoked.of(name)), n)
}

// wasInvokedWith looks for an invocation with a payload that is the same JSON.
func (s *Steps) wasInvokedWith(name string, want *godog.DocString) error {
	wanted, err := plainJSON([]byte(want.Content))
	if err != nil {
		return err
	}
	payloads := s.invoked.of(name)
	for _, p := range payloads {
		if got, err := plainJSON(p); err == nil && got == wanted {
			return nil
		}
	}
	return fmt.Errorf("%s was invoked with %q, never with %s", name, payloads, wanted)
}

// plainJSON is a JSON text without spaces, its keys in order.
func plainJSON(text []byte) (string, error) {
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		return "", fmt.Errorf("%q is not JSON: %w", text, err)
	}
	plain, err := json.Marshal(v)
	return string(plain), err
}
