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
// Not here, and refused by name: thing group hierarchies and dynamic groups,
// policies of groups, billing groups, tags of other resources than thing types, thing
// groups, policies and rules, transfers, CA certificates, and of
// provisioning templates versions, hooks, tags, JITP, Mappings, OverrideSettings and functions
// but Ref and Fn::Join,
// SearchIndex. A deprecated thing type can be deleted at once; AWS wants five
// minutes in between.
//
// Source: https://docs.aws.amazon.com/iot/latest/apireference/ and AWS.md §1.
package registry
