// Package iotcore is AWS IoT Core in one process: the MQTT broker, the rules
// engine, the control plane (service iot) and the data plane (service iotdata).
//
//	device ─ mTLS ─> broker ─ accept ─> rules queue ─> worker ─> rule ─> action: kinesis, lambda, s3, sns, sqs,
//	                   │  │                                       │           dynamoDB, dynamoDBv2, timestream, cloudwatchLogs, cloudwatchMetric, firehose, http, republish
//	                   │  └─ PUBACK                               └─ failed actions ─> errorAction
//	                   └──> subscribers               Publish (HTTP), wills and presence events take the same way
//
// A Core is started by its caller:
//
//	core, err := iotcore.New(iotcore.Config{Targets: …, Tap: …})
//	go core.Run(ctx)              // the rules engine
//	go core.Serve(ctx, listener)  // MQTT over mutual TLS, and over WebSocket at /mqtt; credentials of role aliases
//	mux.Handle("/mqtt", core.WebSocket()) // with a signed URL
//	mux.Handle(…, core.Control()) // service "iot"
//	mux.Handle(…, core.Data())    // services "iotdata" and "iotdevicegateway"
//
// This package puts the parts together and serves both planes; each part has a folder:
//
//	broker        connections, sessions, subscriptions, retained messages, presence: MQTT over TLS and WebSocket
//	topic         which topics and filters there are, and which match
//	message       a message on its way; event: what is told of it
//	rule          the rules engine; rule/action: what rules call; sql: their language; destination: where http actions may post
//	registry      things, certificates, policies and templates; policy: what a document allows
//	provisioning  what a device with a claim certificate asks for
//	shadow        device shadows
//	logging       V2 logging
//
// It opens no socket and works in virtual time: nothing ticks while nothing
// happens. Its certificate authority is made by New, so New belongs inside the
// bubble.
//
// # Accepting
//
// A PUBLISH that limits and policies allow enters the rules queue and goes to
// its subscribers; then the PUBACK is written. When the queue is full the
// connection is not read until there is room. The worker waits a nanosecond after
// the first message of an instant and sorts what came by client and arrival, so
// that a run in virtual time has one order.
//
// # What is as on AWS
//
// Certificates must be registered and ACTIVE, policies are evaluated at connect,
// publish, subscribe and at every delivery, and a forbidden publish or subscribe
// disconnects. Keep-alive is clamped to 30…1200 s. a/# does not match a; retained
// messages do not go to wildcard subscriptions. A second connection with a client
// id ends the first. Sessions last an hour after a disconnect, those of MQTT 5 as long
// as they ask within the hour, and neither protocol resumes the other's. MQTT 5 has its
// reason codes, properties, topic aliases and message expiry. Of a shared subscription
// one connected member gets a message; when none is connected, QoS 1 waits for one.
// Presence and subscription events have AWS's JSON and reach rules and subscribers, as
// those of things, thing types and thing groups do when UpdateEventConfigurations has
// enabled them.
// Rules may ask other services
// (aws_lambda, get_dynamodb, get_registry_data, get_thing_shadow
// from the shadows here); a failing one ends the rule, with a log line and the
// event RuleFailed, and reaches no error action. Several
// failing actions of a rule make one error message. A message of Basic Ingest
// ($aws/rules/<rule>/…) goes to its rule and to no subscriber. Device shadows,
// classic and named, are updated, read and deleted over MQTT, by rules and over HTTP,
// and answer on accepted, rejected, delta and documents. V2 logging writes to
// AWSIotLogsV2 what package logging says, once it is set. AWS.md §1 and §2 are the source.
//
// # HTTPS
//
// A client with a certificate may send requests of HTTP to the listener of Serve, too, one a
// connection: POST /topics/<topic>, as on the page below, and the operations on shadows and
// GetRetainedMessage. Its policies are asked (iot:Publish, iot:GetThingShadow, …); it has no
// client id.
// https://docs.aws.amazon.com/iot/latest/developerguide/http.html
//
// # Credentials
//
// A client with a certificate that sends GET /role-aliases/<alias>/credentials to the
// listener of Serve, with its thing's name in the header x-amzn-iot-thingname or without,
// is answered as by AWS's credentials provider, whose endpoint (iot:CredentialProvider) is
// the broker's here. Asked are the certificate, the thing, its policies
// (iot:AssumeRoleWithCertificate), and whether credentials.iot.amazonaws.com may assume the
// role for as long. The credentials are made up: like any others they are taken for those
// of the account's root user, and what the role may do is not asked when they are used.
// Their expiration is not held.
// https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html
//
// # Operations
//
// Of the data plane (service iotdata):
//
//	Publish GetRetainedMessage ListRetainedMessages DeleteConnection GetThingShadow
//	UpdateThingShadow DeleteThingShadow ListNamedShadowsForThing
//
// And, which the SDK that is used here does not know yet, GetConnection and
// ListSubscriptions; SendDirectMessage is refused by name.
//
// Of the control plane (service iot):
//
//	AddThingToThingGroup AttachPolicy AttachPrincipalPolicy AttachThingPrincipal
//	ConfirmTopicRuleDestination CreateCertificateFromCsr CreateKeysAndCertificate
//	CreatePolicy CreatePolicyVersion CreateProvisioningTemplate
//	CreateProvisioningTemplateVersion CreateRoleAlias CreateThing CreateThingGroup
//	CreateThingType CreateTopicRule CreateTopicRuleDestination DeleteCACertificate
//	DeleteCertificate DeletePolicy DeletePolicyVersion DeleteProvisioningTemplate
//	DeleteProvisioningTemplateVersion DeleteRegistrationCode DeleteRoleAlias
//	DeleteThing DeleteThingGroup DeleteThingType DeleteTopicRule
//	DeleteTopicRuleDestination DeleteV2LoggingLevel DeprecateThingType
//	DescribeCACertificate DescribeCertificate DescribeEndpoint
//	DescribeEventConfigurations DescribeProvisioningTemplate
//	DescribeProvisioningTemplateVersion DescribeRoleAlias DescribeThing
//	DescribeThingGroup DescribeThingType DetachPolicy DetachPrincipalPolicy
//	DetachThingPrincipal DisableTopicRule EnableTopicRule GetEffectivePolicies
//	GetPolicy GetPolicyVersion GetRegistrationCode GetTopicRule
//	GetTopicRuleDestination GetV2LoggingOptions ListAttachedPolicies
//	ListCACertificates ListCertificates ListCertificatesByCA ListPolicies
//	ListPolicyPrincipals ListPolicyVersions ListPrincipalPolicies ListPrincipalThings
//	ListPrincipalThingsV2 ListProvisioningTemplateVersions ListProvisioningTemplates
//	ListRoleAliases ListTagsForResource ListTargetsForPolicy ListThingGroups
//	ListThingGroupsForThing ListThingPrincipals ListThingPrincipalsV2 ListThingTypes
//	ListThings ListThingsInThingGroup ListTopicRuleDestinations ListTopicRules
//	ListV2LoggingLevels RegisterCACertificate RegisterCertificate
//	RegisterCertificateWithoutCA RegisterThing RemoveThingFromThingGroup
//	ReplaceTopicRule SetDefaultPolicyVersion SetV2LoggingLevel SetV2LoggingOptions
//	TagResource TestAuthorization UntagResource UpdateCACertificate UpdateCertificate
//	UpdateEventConfigurations UpdateProvisioningTemplate UpdateRoleAlias UpdateThing
//	UpdateThingGroup UpdateThingGroupsForThing UpdateTopicRuleDestination
//
// Refused by name:
//
//	AcceptCertificateTransfer AddThingToBillingGroup AssociateSbomWithPackageVersion
//	AssociateTargetsWithJob AttachSecurityProfile CancelAuditMitigationActionsTask
//	CancelAuditTask CancelCertificateTransfer CancelDetectMitigationActionsTask
//	CancelJob CancelJobExecution ClearDefaultAuthorizer CreateAuditSuppression
//	CreateAuthorizer CreateBillingGroup CreateCertificateProvider CreateCommand
//	CreateCustomMetric CreateDimension CreateDomainConfiguration
//	CreateDynamicThingGroup CreateFleetMetric CreateJob CreateJobTemplate
//	CreateMitigationAction CreateOTAUpdate CreatePackage CreatePackageVersion
//	CreateProvisioningClaim CreateScheduledAudit
//	CreateSecurityProfile CreateStream DeleteAccountAuditConfiguration
//	DeleteAuditSuppression DeleteAuthorizer DeleteBillingGroup
//	DeleteCertificateProvider DeleteCommand DeleteCommandExecution DeleteCustomMetric
//	DeleteDimension DeleteDomainConfiguration DeleteDynamicThingGroup
//	DeleteFleetMetric DeleteJob DeleteJobExecution DeleteJobTemplate
//	DeleteMitigationAction DeleteOTAUpdate DeletePackage DeletePackageVersion
//	DeleteScheduledAudit DeleteSecurityProfile DeleteStream
//	DescribeAccountAuditConfiguration DescribeAuditFinding
//	DescribeAuditMitigationActionsTask DescribeAuditSuppression DescribeAuditTask
//	DescribeAuthorizer DescribeBillingGroup DescribeCertificateProvider
//	DescribeCustomMetric DescribeDefaultAuthorizer
//	DescribeDetectMitigationActionsTask DescribeDimension DescribeDomainConfiguration
//	DescribeEncryptionConfiguration DescribeFleetMetric
//	DescribeIndex DescribeJob DescribeJobExecution DescribeJobTemplate
//	DescribeManagedJobTemplate DescribeMitigationAction
//	DescribeScheduledAudit DescribeSecurityProfile DescribeStream
//	DescribeThingRegistrationTask DetachSecurityProfile
//	DisassociateSbomFromPackageVersion GetBehaviorModelTrainingSummaries
//	GetBucketsAggregation GetCardinality GetCommand GetCommandExecution
//	GetIndexingConfiguration GetJobDocument GetLoggingOptions GetOTAUpdate GetPackage
//	GetPackageConfiguration GetPackageVersion GetPercentiles GetStatistics
//	GetThingConnectivityData ListActiveViolations
//	ListAuditFindings ListAuditMitigationActionsExecutions
//	ListAuditMitigationActionsTasks ListAuditSuppressions ListAuditTasks
//	ListAuthorizers ListBillingGroups ListCertificateProviders ListCommandExecutions
//	ListCommands ListCustomMetrics ListDetectMitigationActionsExecutions
//	ListDetectMitigationActionsTasks ListDimensions ListDomainConfigurations
//	ListFleetMetrics ListIndices ListJobExecutionsForJob ListJobExecutionsForThing
//	ListJobTemplates ListJobs ListManagedJobTemplates ListMetricValues
//	ListMitigationActions ListOTAUpdates ListOutgoingCertificates ListPackageVersions
//	ListPackages ListRelatedResourcesForAuditFinding
//	ListSbomValidationResults ListScheduledAudits ListSecurityProfiles
//	ListSecurityProfilesForTarget ListStreams ListTargetsForSecurityProfile
//	ListThingRegistrationTaskReports ListThingRegistrationTasks
//	ListThingsInBillingGroup ListViolationEvents
//	PutVerificationStateOnViolation RejectCertificateTransfer
//	RemoveThingFromBillingGroup SearchIndex SetDefaultAuthorizer SetLoggingOptions
//	StartAuditMitigationActionsTask
//	StartDetectMitigationActionsTask StartOnDemandAuditTask
//	StartThingRegistrationTask StopThingRegistrationTask
//	TestInvokeAuthorizer TransferCertificate UpdateAccountAuditConfiguration
//	UpdateAuditSuppression UpdateAuthorizer UpdateBillingGroup
//	UpdateCertificateProvider UpdateCommand UpdateCustomMetric UpdateDimension
//	UpdateDomainConfiguration UpdateDynamicThingGroup UpdateEncryptionConfiguration
//	UpdateFleetMetric UpdateIndexingConfiguration UpdateJob
//	UpdateMitigationAction UpdatePackage UpdatePackageConfiguration
//	UpdatePackageVersion UpdateScheduledAudit UpdateSecurityProfile
//	UpdateStream UpdateThingType ValidateSecurityProfileBehaviors
//
// # What is refused
//
// QoS 2, all reserved topics but events (not of jobs), Basic Ingest, device
// shadows and, over MQTT, provisioning by claim, and of MQTT 5 AUTH, subscription
// identifiers and a will delay (by disconnecting or in an acknowledgement, with an event
// that says so); rule actions that are not in the figure; in actions members that are not
// in their types, UPDATE and DELETE of dynamoDB, auth and batching of http; and in the
// registry what package registry says. Custom authorizers have no listener.
//
// # What differs
//
// The stream of a cloudwatchLogs action has the rule's name, which AWS does not say, and
// an event that CloudWatch Logs rejects for its time fails the action.
// An http action may post with http, without TLS, where AWS wants https; the message that
// asks for a destination's confirmation is sent before the operation answers.
// Of a provisioning role only what a template changes is asked, not what AWS may read
// besides. Provisioning by claim answers with QoS 0 only, and forgets expired tokens at the
// next request. A client that is registered or provisioned just in time need not send the
// server's name, nor present its CA certificate.
// A thing or group that is deleted leaves its groups and its type first, with their
// events, which AWS does not say. The event of a change is published before the operation
// answers; it is dropped when the rules queue stays full for five seconds.
// Rates are AWS's only with Config.Enforce. A QoS 1 message that a member of a shared
// subscription did not acknowledge goes to another member when its session ends. AWS ends connections of a revoked
// certificate within minutes, this broker at once. A session stores at most 1000
// messages, as does a shared subscription's group, whose first member to come gets them all
// at once. Within a connection an unacknowledged message is not sent again, only on the
// next one. What policies may hang on says package policy. A client over WebSocket with
// a signed URL may do everything until it expires: its signature and IAM are not checked.
// A client of MQTT 3.1.1 without an id gets one, of which AWS says nothing. AWS has no
// default endpoint for WebSocket with a certificate; here it is the broker's port.
// Empty username and password are not needed; given ones are ignored, as AWS
// does for certificate authentication.
package iotcore
