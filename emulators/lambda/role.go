package lambda

import (
	"context"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Roles decides whether a service may assume a role that then may do something; the
// error says why not.
type Roles interface {
	Decide(policy.Use) error
}

// Permissions of an execution role that mappings need, in the order of AWS's messages.
var (
	// https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html
	streamActions = []string{"GetRecords", "GetShardIterator", "DescribeStream", "ListShards"}
	// https://docs.aws.amazon.com/lambda/latest/dg/services-ddb.html#events-dynamodb-permissions
	tableActions = []string{"GetRecords", "GetShardIterator", "DescribeStream", "ListStreams"}
	// https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions
	queueActions = []string{"ReceiveMessage", "DeleteMessage", "GetQueueAttributes"}
)

// ask is whether Lambda may assume a role, which then may do an action to a resource.
// A role's trust policy is not told for which function.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
func (s *State) ask(u policy.Use) error {
	if s.config.Roles == nil {
		return nil
	}
	u.Caller = policy.Caller{Service: "lambda.amazonaws.com"}
	return s.config.Roles.Decide(u)
}

// checkRole makes sure that Lambda may assume the role of a function.
func (s *State) checkRole(role string) error {
	if err := s.ask(policy.Use{Role: role}); err != nil {
		return wire.Errorf(codeInvalid, 0, "The role defined for the function cannot be assumed by Lambda. (%s)", err)
	}
	return nil
}

// checkChange is checkRole where a role was named, and maySend where a dead-letter
// queue was.
func (s *State) checkChange(in *UpdateFunctionConfigurationInput, c FunctionConfiguration) error {
	if in.Role != nil {
		if err := s.checkRole(c.Role); err != nil {
			return err
		}
	}
	if in.DeadLetterConfig != nil {
		return s.maySend(c.Role, c.deadLetters())
	}
	return nil
}

// mayRead asks whether a role may read an event source.
func (s *State) mayRead(role, arn string) error {
	service, actions := "kinesis", streamActions
	switch {
	case ofQueue(arn):
		for _, action := range queueActions {
			if err := s.mayCallQueue(role, action, arn); err != nil {
				return err
			}
		}
		return nil
	case ofTable(arn):
		service, actions = "dynamodb", tableActions
	}
	for _, action := range actions {
		if err := s.ask(policy.Use{Role: role, Action: service + ":" + action, Resource: arn}); err != nil {
			last := len(actions) - 1
			return wire.Errorf(codeInvalid, 0, "Cannot access stream %s. Please ensure the role can perform the %s, and %s Actions on your stream in IAM. (%s)",
				arn, strings.Join(actions[:last], ", "), actions[last], err)
		}
	}
	return nil
}

// mayCallQueue asks whether a role may do one of queueActions.
func (s *State) mayCallQueue(role, action, arn string) error {
	if err := s.ask(policy.Use{Role: role, Action: "sqs:" + action, Resource: arn}); err != nil {
		return wire.Errorf(codeInvalid, 0, "The function execution role does not have permissions to call %s on SQS (%s)", action, err)
	}
	return nil
}

// sending is what a destination's service calls the action that a role needs.
var sending = map[string]string{"sqs": "SendMessage", "sns": "Publish", "s3": "PutObject", "lambda": "InvokeFunction"}

// maySend asks whether a role may send to a destination, if there is one.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-async-destinations
func (s *State) maySend(role, arn string) error {
	return s.maySendObject(role, arn, "aws/lambda/*")
}

// maySendObject is maySend, with the object's key where that is a bucket.
func (s *State) maySendObject(role, arn, key string) error {
	if arn == "" {
		return nil
	}
	service := serviceOf(arn)
	u := policy.Use{Role: role, Action: service + ":" + sending[service], Resource: arn}
	if service == "s3" {
		u.Resource, u.Once = arn+"/"+key, true
	}
	if err := s.ask(u); err != nil {
		return wire.Errorf(codeInvalid, 0, "The provided execution role does not have permissions to call %s on %s (%s)", sending[service], strings.ToUpper(service), err)
	}
	return nil
}

func serviceOf(arn string) string { return strings.SplitN(arn, ":", 4)[2] }

type callKey struct{}

// RoleOf is the ARN of a function's role: where ctx is of an invocation of it, that of the
// version that runs, otherwise that of $LATEST.
func (s *State) RoleOf(ctx context.Context, function string) (string, error) {
	if c, ok := ctx.Value(callKey{}).(*call); ok && c.name == function {
		return c.role, nil
	}
	return s.roleOf(function, "")
}

// roleOf is the role of what a name and a qualifier lead to.
func (s *State) roleOf(function, qualifier string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.find(function, qualifier)
	if err != nil {
		return "", err
	}
	return t.version.config.Role, nil
}

// reads asks whether the function of a mapping may read, still: a role changes. A
// function that is gone is the invocation's trouble.
func (s *State) reads(m *mapping) error {
	role, err := s.roleOf(m.function, m.qualifier)
	if err != nil {
		return nil
	}
	return s.mayRead(role, m.config.EventSourceArn)
}

// as is ctx for one call to a queue, as the function's role, if that may: a permission
// that goes during a long poll is missed when what came is deleted, as on AWS.
func (p *queuePoller) as(ctx context.Context, action string) (context.Context, error) {
	role, err := p.state.roleOf(p.mapping.function, p.mapping.qualifier)
	if err != nil {
		return ctx, nil // as in reads
	}
	return policy.As(ctx, role), p.state.mayCallQueue(role, action, p.mapping.config.EventSourceArn)
}
