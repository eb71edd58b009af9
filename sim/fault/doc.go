// Package fault holds the kinds of faults as data and the link they act on.
//
// A [Fault] is one line of a schedule: when, for how long, what, on whom. It comes
// from YAML or from a seed; an unknown kind is refused by name. Faults of links
// act on a [Link], which stands between a device and the broker above the socket,
// where bytes are counted; neither end knows of it.
//
// # Contract of a kind
//
// A kind is a small struct with one method. It does nothing before it is applied,
// ends completely when it is healed, and may be applied again. It never invents
// bytes and never blocks a Close.
package fault
