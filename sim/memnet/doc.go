// Package memnet is a network in memory: listeners, dials and connections that
// behave like TCP's and need no socket, so that they also work inside a
// testing/synctest bubble, where a goroutine waiting for bytes counts as idle.
//
//	var n memnet.Network
//	l, err := n.Listen("broker:8883")
//	c, err := n.Dial(ctx, "tcp", "broker:8883")
//
// # What is like TCP
//
// A dial succeeds as soon as somebody listens, before Accept is called; where
// nobody listens it is refused (ECONNREFUSED). Close lets the peer read what was
// written before, then io.EOF; writing to a closed peer is EPIPE. CloseWrite closes
// one direction. Reset makes both ends fail at once with ECONNRESET. Deadlines
// work as in package net. All errors are *net.OpError.
//
// # What is not
//
// A write never blocks (net.Pipe deadlocks TLS, and a bounded buffer can freeze a
// bubble's clock, because brokers write under a lock). A reader that is too slow
// for Network.Limit unread bytes gets its connection reset instead.
//
// There is no name service: an address is a string, matched as it was listened on.
// Dialers get addresses of their own from 10.0.0.0/8.
package memnet
