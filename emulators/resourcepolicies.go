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
	says := a.policyOf(u.Resource).Judge(policy.Caller{Role: u.Role, Session: u.Caller.Session},
		policy.Request{Account: a.cloud.config.Identity.Account, Action: u.Action, Resource: u.Resource})
	switch says.Verdict {
	case policy.ExplicitDeny:
		return &policy.Refusal{Use: u, Verdict: says.Verdict, Reason: "an explicit deny in a resource-based policy"}
	case policy.UnclearDeny:
		return unclear(u, says)
	case policy.Allowed:
		return nil
	case policy.UnclearAllow:
		if refused && refusal.Verdict == policy.Silent {
			return unclear(u, says)
		}
	}
	return decided
}

// unclear refuses what hangs on a part of a resource's policy.
func unclear(u policy.Use, says policy.Judgement) error {
	return &policy.Refusal{Use: u, Verdict: says.Verdict,
		Reason: "it hangs on a part of a resource-based policy that is not evaluated: " + says.Unclear + " not implemented by Shakedown"}
}

// policyOf is the policy of a queue, a topic, a bucket or a function; nil for none.
func (a access) policyOf(arn string) *policy.Document {
	switch {
	case a.cloud.SQS != nil && strings.HasPrefix(arn, "arn:aws:sqs:"):
		return a.cloud.SQS.PolicyOf(arn)
	case a.cloud.SNS != nil && strings.HasPrefix(arn, "arn:aws:sns:"):
		return a.cloud.SNS.PolicyOf(arn)
	case a.cloud.S3 != nil && strings.HasPrefix(arn, "arn:aws:s3:::"):
		bucket, _, _ := strings.Cut(strings.TrimPrefix(arn, "arn:aws:s3:::"), "/")
		return a.cloud.S3.PolicyOf(bucket)
	case strings.HasPrefix(arn, "arn:aws:lambda:"):
		return a.cloud.Lambda.PolicyOf(arn)
	}
	return nil
}
