// Package provisioning is fleet provisioning by claim: what a device that has only a claim
// certificate asks over MQTT for, and has answered on the same connection.
//
//	$aws/certificates/create/<format>                             ─> keys and a certificate, with a token that owns it
//	$aws/certificates/create-from-csr/<format>                    ─> a certificate for the device's own key, with a token
//	$aws/provisioning-templates/<template>/provision/<format>     ─> RegisterThing: the template's hook is asked, then its
//	                                                                 thing, policies and certificate are made, all or nothing
//
// A format is json or cbor. Each request has one answer, on its topic with /accepted or
// /rejected behind it. Members that a request has not are refused: nothing would act on
// them.
//
// Templates, what they make, and tokens belong to package registry, where the control plane
// and just-in-time provisioning use them, too. Here are the topics, the formats and the hook.
// https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html
package provisioning
