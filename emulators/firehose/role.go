package firehose

import "github.com/shakedown-iot/shakedown/emulators/policy"

// Roles decides whether a service may assume a role that then may do something; the
// error says why not, and is a [policy.Refusal] if that is all.
type Roles interface {
	Decide(policy.Use) error
}

// sourceActions are what a role needs for a stream as the source.
// https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html#firehose-assume-role
var sourceActions = []string{"kinesis:DescribeStream", "kinesis:GetShardIterator", "kinesis:GetRecords", "kinesis:ListShards"}

// ask is whether Firehose may, for a stream of its own, assume a role that then may do
// something.
func (s *State) ask(stream string, u policy.Use) error {
	if s.config.Roles == nil {
		return nil
	}
	u.Caller = policy.Caller{Service: "firehose.amazonaws.com", SourceARN: s.arn(stream), SourceAccount: s.config.Identity.Account}
	return s.config.Roles.Decide(u)
}

// assumes makes sure that Firehose may assume a role that was named; what the role may
// do is asked when it is needed.
func (s *State) assumes(stream, role string) error {
	if err := s.ask(stream, policy.Use{Role: role}); err != nil {
		return invalid("Firehose is unable to assume role %s. Please check the role provided. (%s)", role, err)
	}
	return nil
}

// assumesAll is assumes for the roles of a destination.
func (s *State) assumesAll(stream string, d destination) error {
	if err := s.assumes(stream, *d.given.RoleARN); err != nil || d.function == nil || d.function.role == "" {
		return err
	}
	return s.assumes(stream, d.function.role)
}

// mayRead asks for what a source needs.
func (s *State) mayRead(stream string, source *KinesisStreamSource) error {
	for _, action := range sourceActions {
		if err := s.ask(stream, policy.Use{Role: source.RoleARN, Action: action, Resource: source.KinesisStreamARN}); err != nil {
			return err
		}
	}
	return nil
}

// mayPut asks for an object of a batch.
func (s *State) mayPut(b *batch) error {
	return s.ask(b.stream, policy.Use{
		Role: *b.destination.given.RoleARN, Action: "s3:PutObject", Resource: *b.destination.given.BucketARN + "/" + b.name, Once: true,
	})
}

// mayInvoke asks for the function of a processor, whose own role goes before that of
// the destination.
func (s *State) mayInvoke(stream string, d destination) error {
	role := d.function.role
	if role == "" {
		role = *d.given.RoleARN
	}
	return s.ask(stream, policy.Use{Role: role, Action: "lambda:InvokeFunction", Resource: d.function.arn})
}
