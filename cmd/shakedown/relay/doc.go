// Package relay carries TCP connections for a process that may not open enough
// files: a machine often lets one process have 20,000 of them and does not mind
// how many processes there are.
//
//	devices ── Network.Dial ══ pipe ══ relay dial ──┐ TCP on loopback
//	broker ── Network.Listen ══ pipe ══ relay accept ┘
//
// A relay is the program itself, started again with [Command]: it holds the
// sockets and sends their bytes, unread, through its standard input and output,
// where one stream (github.com/hashicorp/yamux) is one connection. TLS is spoken
// between devices and broker, as ever; a relay sees what a router would see.
//
// All accepting relays inherit one listening socket, so there is one address. A
// relay that is full lets the others accept. It ends when its connections have
// ended and the listener is closed, or at once when the process that started it is
// gone; Ctrl-C in the terminal is that process's business. One that ends otherwise
// makes the network [Network.Broken].
//
// A relayed connection costs two copies more at each end, and the processor time of
// relays is their own: rates measured through them are not those of one process.
package relay
