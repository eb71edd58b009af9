// Package broker is the MQTT broker of IoT Core: connections over mutual TLS and WebSocket,
// sessions, subscriptions, retained messages, and the events about them.
//
//	connection ─ TLS ─> link ─ CONNECT ─> certificate, policy ─> session
//	                     │ PUBLISH ─> limits, policy ─> Accept ─> Enter (the rules) ─> Deliver ─> PUBACK
//	                     │ SUBSCRIBE ─> limits, policy ─> filters, groups of $share
//	                     └ end ─> will, presence event ─> the session waits, or is forgotten
//	Deliver ─> filters and groups ─> outbox of a session ─ iot:Receive ─> window of 100 ─> PUBLISH
//
// A link is one connection, a session is what stays of a client between connections, and an
// outbox is the outgoing half of a session. A link has no goroutine while its client says
// nothing, where the connection can call when there is something to read; there may be very
// many. All tables belong to one lock, outboxes have their own.
//
// What is told of a message and of a client is an event of package event. What stands behind
// reserved topics is asked by Respond. Packets are coded by mochi's codec; its server is not
// used.
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html
package broker
