// Package iam keeps the roles and managed policies that deployments make before
// they make anything else, over the query protocol. It keeps them and gives them
// back; it does not evaluate them: every credential may do everything, and a role
// that a function or a rule names need not exist.
//
// # Operations
//
//	roles     CreateRole GetRole ListRoles UpdateRole UpdateRoleDescription
//	          UpdateAssumeRolePolicy DeleteRole TagRole UntagRole ListRoleTags
//	inline    PutRolePolicy GetRolePolicy ListRolePolicies DeleteRolePolicy
//	managed   CreatePolicy GetPolicy ListPolicies DeletePolicy CreatePolicyVersion
//	          GetPolicyVersion ListPolicyVersions SetDefaultPolicyVersion
//	          DeletePolicyVersion TagPolicy UntagPolicy ListPolicyTags
//	attached  AttachRolePolicy DetachRolePolicy ListAttachedRolePolicies
//	profiles  ListInstanceProfilesForRole (none: there are no instances)
//
// Every other operation (users, groups, instance profiles, providers, …) is
// refused by name. AWS's own policies (arn:aws:iam::aws:policy/…) can be attached
// and have no document here. Limits: 1,000 roles, 1,500 policies, 5 versions a
// policy, documents of 2,048 (trust), 10,240 (inline) and 6,144 (managed)
// characters; https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
package iam
