// Package iam keeps the roles and managed policies that deployments make before
// they make anything else, over the query protocol, and decides by them what the
// services of the account may do: see [State.Decide].
//
// # What is evaluated
//
// Whether a service may assume a role, by its trust policy, and whether the role may
// then do an action, by its inline and attached policies, as package policy evaluates
// them. A decision is remembered until a role or a policy changes: a change holds at
// once, where AWS takes seconds.
//
// Asked are the roles that actions of IoT rules name (kinesis, dynamoDB, dynamoDBv2, s3,
// sns, sqs, timestream, firehose, cloudwatchLogs, cloudwatchMetric, republish) and those
// that get_dynamodb, get_thing_shadow and get_registry_data name, when a message comes:
// a role that does not exist, does not trust iot.amazonaws.com or lacks the permission
// fails the action, and the error names role, action, resource and the command of the
// aws CLI that adds it.
//
// Asked are the roles of Firehose streams (destination, Kinesis source, processor): see
// package firehose.
//
// Asked are the execution roles of Lambda's functions: whether lambda.amazonaws.com may
// assume them, when a function is made or given another; what its event source mappings
// read and send what they give up to, when they are made and whenever they read or send;
// its dead-letter queue and the destinations of asynchronous invocation, likewise.
//
// Asked are the roles of schedules: whether scheduler.amazonaws.com may assume them, when
// a schedule is made or updated, the target's action at each firing, and
// sqs:SendMessage for what its dead-letter queue gets.
//
// Asked are the roles of API Gateway's integrations (credentialsArn), at each request:
// whether apigateway.amazonaws.com may assume them, and lambda:InvokeFunction.
//
// Asked are the roles of provisioning templates and of CA certificates that bring their
// own template: whether iot.amazonaws.com may assume them, when they are named, and each
// change of the registry that provisions a device by claim or just in time. RegisterThing
// over HTTP is the caller's.
//
// Asked are the roles of IoT's role aliases: whether credentials.iot.amazonaws.com may
// assume them for as long as the alias says, when a device asks for credentials.
//
// Package policy says which keys, operators and policy variables are evaluated. A role's
// policy with others is accepted; a decision that hangs on such a part is a refusal that
// names it, never a statement that silently does not match.
//
// AWS's own policies (arn:aws:iam::aws:policy/…) can be attached. The documents of those
// in the directory managed are known, as AWS publishes them; of any other only the name:
// it allows nothing here, and a refusal that it might have changed names it.
//
// # What is not
//
// The callers' own credentials: every client of the cloud is the account's root user,
// and may do everything, also a device with the credentials of a role alias; iam:PassRole
// is not asked for. The code of functions that run as processes, too, has the account's
// credentials, not those of its role. What policies of resources say is package policy's;
// it is asked beside this. There are no permissions boundaries, sessions' policies or
// organizations.
//
// Limits: 1,000 roles, 1,500 policies, 5 versions a
// policy, documents of 2,048 (trust), 10,240 (all inline ones of a role together) and
// 6,144 (managed) characters, 20 policies attached to a role, 50 tags; https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
//
// # Operations
//
//	AttachRolePolicy CreatePolicy CreatePolicyVersion CreateRole DeletePolicy
//	DeletePolicyVersion DeleteRole DeleteRolePolicy DetachRolePolicy GetPolicy
//	GetPolicyVersion GetRole GetRolePolicy ListAttachedRolePolicies
//	ListInstanceProfilesForRole ListPolicies ListPolicyTags ListPolicyVersions
//	ListRolePolicies ListRoleTags ListRoles PutRolePolicy
//	SetDefaultPolicyVersion TagPolicy TagRole UntagPolicy UntagRole
//	UpdateAssumeRolePolicy UpdateRole UpdateRoleDescription
//
// Refused by name:
//
//	AcceptDelegationRequest AcquireRole AddClientIDToOpenIDConnectProvider
//	AddRoleToInstanceProfile AddUserToGroup AssociateDelegationRequest
//	AttachGroupPolicy AttachUserPolicy ChangePassword CreateAccessKey
//	CreateAccountAlias CreateDelegationRequest CreateGroup
//	CreateInstanceProfile CreateLoginProfile CreateOpenIDConnectProvider
//	CreateSAMLProvider CreateServiceLinkedRole CreateServiceSpecificCredential
//	CreateUser CreateVirtualMFADevice DeactivateMFADevice DeleteAccessKey
//	DeleteAccountAlias DeleteAccountPasswordPolicy DeleteGroup
//	DeleteGroupPolicy DeleteInstanceProfile DeleteLoginProfile
//	DeleteOpenIDConnectProvider DeleteRolePermissionsBoundary
//	DeleteSAMLProvider DeleteSSHPublicKey DeleteServerCertificate
//	DeleteServiceLinkedRole DeleteServiceSpecificCredential
//	DeleteSigningCertificate DeleteUser DeleteUserPermissionsBoundary
//	DeleteUserPolicy DeleteVirtualMFADevice DetachGroupPolicy DetachUserPolicy
//	DisableOrganizationsRootCredentialsManagement
//	DisableOrganizationsRootSessions DisableOutboundWebIdentityFederation
//	EnableMFADevice EnableOrganizationsRootCredentialsManagement
//	EnableOrganizationsRootSessions EnableOutboundWebIdentityFederation
//	GenerateCredentialReport GenerateOrganizationsAccessReport
//	GenerateServiceLastAccessedDetails GetAccessKeyLastUsed
//	GetAccountAuthorizationDetails GetAccountPasswordPolicy
//	GetAccountProperties GetAccountSummary GetContextKeysForCustomPolicy
//	GetContextKeysForPrincipalPolicy GetCredentialReport GetDelegationRequest
//	GetGroup GetGroupPolicy GetHumanReadableSummary GetInstanceProfile
//	GetLoginProfile GetMFADevice GetOpenIDConnectProvider
//	GetOrganizationsAccessReport GetOutboundWebIdentityFederationInfo
//	GetRoleTemplateVersion GetSAMLProvider GetSSHPublicKey GetServerCertificate
//	GetServiceLastAccessedDetails GetServiceLastAccessedDetailsWithEntities
//	GetServiceLinkedRoleDeletionStatus GetUser GetUserPolicy ListAccessKeys
//	ListAccountAliases ListAttachedGroupPolicies ListAttachedUserPolicies
//	ListDelegationRequests ListEntitiesForPolicy ListGroupPolicies ListGroups
//	ListGroupsForUser ListInstanceProfileTags ListInstanceProfiles
//	ListMFADeviceTags ListMFADevices ListOpenIDConnectProviderTags
//	ListOpenIDConnectProviders ListOrganizationsFeatures
//	ListPoliciesGrantingServiceAccess ListSAMLProviderTags ListSAMLProviders
//	ListSSHPublicKeys ListServerCertificateTags ListServerCertificates
//	ListServiceSpecificCredentials ListSigningCertificates ListUserPolicies
//	ListUserTags ListUsers ListVirtualMFADevices PutAccountProperties
//	PutGroupPolicy PutRolePermissionsBoundary PutUserPermissionsBoundary
//	PutUserPolicy RejectDelegationRequest
//	RemoveClientIDFromOpenIDConnectProvider RemoveRoleFromInstanceProfile
//	RemoveUserFromGroup ResetServiceSpecificCredential ResyncMFADevice
//	SendDelegationToken SetSecurityTokenServicePreferences SimulateCustomPolicy
//	SimulatePrincipalPolicy TagInstanceProfile TagMFADevice
//	TagOpenIDConnectProvider TagSAMLProvider TagServerCertificate TagUser
//	UntagInstanceProfile UntagMFADevice UntagOpenIDConnectProvider
//	UntagSAMLProvider UntagServerCertificate UntagUser UpdateAccessKey
//	UpdateAccountPasswordPolicy UpdateDelegationRequest UpdateGroup
//	UpdateLoginProfile UpdateOpenIDConnectProviderThumbprint UpdateSAMLProvider
//	UpdateSSHPublicKey UpdateServerCertificate UpdateServiceSpecificCredential
//	UpdateSigningCertificate UpdateUser UploadSSHPublicKey
//	UploadServerCertificate UploadSigningCertificate
package iam
