// Package policy is IAM's policy language, as the policies of resources and roles speak
// it: who may do what with a queue, a topic, a bucket or a function, who may assume a
// role, and what the role may do then. It is pure.
//
// # Who is allowed
//
// Two kinds of callers are told apart. The account itself, which every client of the
// cloud is (STS names it: the root user), may do everything that no statement denies.
// A service, as sns.amazonaws.com, that acts for a resource of the account needs a
// statement that allows it and none that denies it:
//
//	SNS topic    -> SQS queue, function, dead-letter queue
//	S3 bucket    -> SQS queue, SNS topic, function
//	IoT rule     -> function (its other actions assume a role: see package iam)
//	provisioning template -> function of its hook
//	HTTP API     -> function
//
// The roles that services assume for the account act by their own policies and by those
// of queues, topics, buckets and functions: an allow of either is enough, a deny of either
// wins. A policy of a resource allows a role by its ARN, that of its session, or everyone;
// allowing the account leaves it to the role's policies: see [Document.Judge]. The call
// itself is the role's, too. A deny with NotPrincipal exempts a role if it names both the
// role and its account, as AWS advises.
//
// A session of a function's code has the function's name. How other services call their
// sessions AWS does not say: what hangs on that is a refusal that names it.
//
// # What is evaluated
//
// Effect; Principal and NotPrincipal (*, AWS, Service; in trust policies Federated, too,
// which is none of the callers here); Action and NotAction; Resource and NotResource, with * and
// ?; Condition with the String, Arn, Bool and Null operators of condition.go on these keys:
//
//	aws:SourceArn aws:SourceAccount aws:PrincipalServiceName of services
//	aws:PrincipalArn aws:PrincipalAccount of the account itself and of roles
//	aws:SourceOwner of the account itself
//	aws:PrincipalIsAWSService
//	aws:SecureTransport true: loopback stands for TLS
//	aws:PrincipalOrgID no value: the account is in no organization
//
// in policies of roles also on
//
//	aws:RequestedRegion aws:ResourceAccount
//	aws:PrincipalType AssumedRole
//	aws:PrincipalTag/… the tags of the role
//	aws:username no value: a role is no user
//	cloudwatch:namespace of cloudwatch:PutMetricData
//	iot:thingArn of iot:AttachThingPrincipal
//	sts:ExternalId of trust policies: the account, which Firehose gives, and no other
//
// (https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html). In documents
// of version 2012-10-17 the same keys are policy variables, as in ${aws:PrincipalTag/team},
// in resources and in what the String and Arn operators compare with; and ${*}, ${?} and
// ${$} are characters. A key of an action that has no such key, a tag that the role has
// not, has no value: see
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value
//
// Anything else (other operators; other keys, as aws:ResourceTag/…, aws:SourceIp,
// aws:CurrentTime and aws:userid, also as variables; default values of variables) is refused
// when a policy of a resource is set, by its name: see [Parse]. A role's policy may have
// it, and a decision that hangs on it is a refusal that names it: see [Verdict].
//
// # What is not
//
// Permissions boundaries and policies of organizations; whether the principals of a policy
// exist when it is set, and that those who are deleted and made again are others. Which roles are asked about says
// package iam.
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
package policy
