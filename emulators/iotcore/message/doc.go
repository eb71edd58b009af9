// Package message is a message on its way through IoT Core: from a client, the data plane
// or IoT Core itself to rules and subscribers, with its bounds and its trace id.
//
// Trace ids are derived from what they are about, so that a run in virtual time that is
// repeated has the same ones.
package message
