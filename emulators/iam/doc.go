// Package iam keeps the roles and managed policies that deployments make before
// they make anything else, over the query protocol. It keeps them and gives them
// back; it does not evaluate them: every credential may do everything, and a role
// that a function or a rule names need not exist.
//
// AWS's own policies (arn:aws:iam::aws:policy/…) can be attached
// and have no document here. Limits: 1,000 roles, 1,500 policies, 5 versions a
// policy, documents of 2,048 (trust), 10,240 (inline) and 6,144 (managed)
// characters; https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
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
