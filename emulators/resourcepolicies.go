package emulators

import (
	"errors"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// access decides what roles may do by their policies and those of the resources. It is
// what the services ask.
type access struct{ cloud *Cloud }

// Decide is nil if the role of the use may do what it names: a policy of its own or of
// the resource allows it, and none denies it. What a policy of the resource does not say
// is as package iam decides.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
func (a access) Decide(u policy.Use) error {
	decided := a.cloud.IAM.Decide(u)
	if u.Action == "" {
		return decided
	}
	refusal, refused := errors.AsType[*policy.Refusal](decided)
	if refused && (refusal.Assume || refusal.Verdict >= policy.UnclearDeny) {
		return decided
	}
	id := a.cloud.config.Identity
	switch a.policyOf(u.Resource).Of(u.Role, id.Account, id.Region, u.Action, u.Resource) {
	case policy.ExplicitDeny:
		return &policy.Refusal{Use: u, Verdict: policy.ExplicitDeny, Reason: "an explicit deny in a resource-based policy"}
	case policy.Allowed:
		return nil
	}
	return decided
}

// policyOf is the policy of a queue, a topic or a bucket; nil for none.
func (a access) policyOf(arn string) *policy.Document {
	switch {
	case a.cloud.SQS != nil && strings.HasPrefix(arn, "arn:aws:sqs:"):
		return a.cloud.SQS.PolicyOf(arn)
	case a.cloud.SNS != nil && strings.HasPrefix(arn, "arn:aws:sns:"):
		return a.cloud.SNS.PolicyOf(arn)
	case a.cloud.S3 != nil && strings.HasPrefix(arn, "arn:aws:s3:::"):
		bucket, _, _ := strings.Cut(strings.TrimPrefix(arn, "arn:aws:s3:::"), "/")
		return a.cloud.S3.PolicyOf(bucket)
	}
	return nil
}
