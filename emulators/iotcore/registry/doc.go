// Package registry is the IoT Core registry as pure state: things, certificates,
// policies and what is attached to what. It has no goroutines and no HTTP;
// [State.Routes] are its operations for [wire.REST].
//
//	thing sensor-001 ──principal──> cert/3f2a… (ACTIVE) ──policy──> SensorPolicy
//
// Certificates are real X.509 certificates signed by an [Authority]. A
// certificate's id is the hexadecimal SHA-256 of its DER encoding, as on AWS, so
// a broker finds a client by the certificate that it showed in the handshake.
//
// Over the API a certificate has an RSA 2048 key, as on AWS. Fleets of
// simulated devices take [State.Issue], which makes P-256 keys: some hundred
// times faster.
//
// A certificate may also be signed by an authority of the caller that is registered
// here. If that is ACTIVE and registers automatically, [State.Introduce] registers the
// certificate that a client connects with, and provisions it if there is a template.
// All provisioning, over HTTP, by claim and just in time, is one [State] method away
// from a plan, which is made whole before anything is done; by claim and just in time the
// role of the template must allow each change of it ([Config.Roles]).
//
// Changes of things, thing types and thing groups are told to [Config.Changed] as the
// events that AWS publishes, of the types that UpdateEventConfigurations enables. Events of
// jobs and policies cannot be enabled, those of lifecycle and registrations not disabled.
//
// Not here, and refused by name: dynamic groups, billing groups, tags of other resources
// than thing types, thing groups, policies, rules, CA certificates, provisioning
// templates and role aliases, transfers, SearchIndex. What AWS does not say, and this package decided:
// without OverrideSettings a thing that is there stays as it is and a certificate's
// status is set; a template that a CA certificate provisions with is not deleted. A
// deprecated thing type can be deleted at once; AWS wants five minutes in between.
//
// Source: https://docs.aws.amazon.com/iot/latest/apireference/ and AWS.md §1.
package registry
