// Package devices keeps track of devices: what they say of themselves (status),
// whether they are connected (presence), whether they have fallen silent (the
// offline detector), and the device API on top of it.
//
// All write the item DEVICE#<thing> / STATE, each its own attributes:
//
//	stream processor  data timestamp
//	status            reported reportedAt, answer answeredAt: the newest to a command
//	presence          connected presenceVersion presenceAt disconnectReason
//	all of these      lastSeen, and status online when it is a sign of life
//	sweep             status offline, offlineSince silentSince
//
// GSI1PK and GSI1SK follow status and lastSeen, so that StatusIndex lists devices
// by status, the longest silent first. Times are the cloud's clock, ISO 8601 with
// milliseconds; device clocks decide nothing here. Each update has a condition
// under which it is news: events come twice, late and in any order (AWS.md §1). A
// sign of life from before silentSince moves lastSeen and leaves the verdict.
package devices
