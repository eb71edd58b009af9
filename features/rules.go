package features

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/aws/smithy-go"
	"github.com/cucumber/godog"

	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
)

func (s *Steps) registerRules(sc *godog.ScenarioContext) {
	sc.Step(`^I create the rule "([^"]*)" with "([^"]*)"$`, func(ctx context.Context, name, sql string) error {
		s.refusal = s.createRule(ctx, name, sql, "x")
		return nil
	})
	sc.Step(`^it is refused with "([^"]*)" naming "([^"]*)"$`, s.refusedWith)
	sc.Step(`^the rule "([^"]*)" republishes "([^"]*)" to "([^"]*)"$`, s.createRule)
	sc.Step(`^a client of the cloud subscribes to "([^"]*)"$`, s.cloudClient)
	s.then(sc, `^the client of the cloud received (\d+) messages?:$`, s.cloudReceived)
}

func (s *Steps) createRule(ctx context.Context, name, sql, topic string) error {
	role, err := roletest.Make(ctx, s.world.AWS, "rule-"+name, "iot.amazonaws.com", "iot:Publish")
	if err != nil {
		return err
	}
	_, err = iot.NewFromConfig(s.world.AWS).CreateTopicRule(ctx, &iot.CreateTopicRuleInput{
		RuleName: &name,
		TopicRulePayload: &iottypes.TopicRulePayload{
			Sql: &sql, AwsIotSqlVersion: aws.String("2016-03-23"),
			Actions: []iottypes.Action{{Republish: &iottypes.RepublishAction{
				Topic: &topic, RoleArn: &role, Qos: aws.Int32(1),
			}}},
		},
	})
	return err
}

func (s *Steps) refusedWith(code, name string) error {
	var api smithy.APIError
	if !errors.As(s.refusal, &api) {
		return fmt.Errorf("it was not refused by AWS: %v", s.refusal)
	}
	if err := expect("code", api.ErrorCode(), code); err != nil {
		return err
	}
	if !strings.Contains(api.ErrorMessage(), name) {
		return fmt.Errorf("%q does not name %s", api.ErrorMessage(), name)
	}
	return nil
}

// cloudClient connects an application with a policy that allows everything.
func (s *Steps) cloudClient(ctx context.Context, filter string) error {
	control := iot.NewFromConfig(s.world.AWS)
	_, err := control.CreatePolicy(ctx, &iot.CreatePolicyInput{
		PolicyName:     aws.String("ApplicationPolicy"),
		PolicyDocument: aws.String(`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}`),
	})
	if err != nil {
		return err
	}
	identity, err := s.world.AddThing(ctx, "application", nil)
	if err != nil {
		return err
	}
	_, err = control.AttachPolicy(ctx, &iot.AttachPolicyInput{PolicyName: aws.String("ApplicationPolicy"), Target: &identity.CertificateARN})
	if err != nil {
		return err
	}
	s.cloud, err = dialDevice(ctx, s.world, identity, "application")
	if err != nil {
		return err
	}
	return s.cloud.subscribe(ctx, filter)
}

func (s *Steps) cloudReceived(n int, payload *godog.DocString) error {
	s.cloud.mu.Lock()
	defer s.cloud.mu.Unlock()
	if err := expect("messages", len(s.cloud.received), n); err != nil {
		return err
	}
	return expect("payload", string(s.cloud.received[0].Payload), payload.Content)
}
