package broker

import "net"

// waiter is a connection that can be waited for without reading from it, as one in
// memory can.
type waiter interface {
	net.Conn
	// Readable tells whether Read would return at once. WhenReadable calls f once, when
	// it would, by a goroutine that nobody waits for.
	Readable() bool
	WhenReadable(f func())
}

// patient is a connection for under TLS, whose reader can wait outside of TLS: a
// goroutine that waits inside has twice the stack.
type patient struct {
	waiter
	trying bool // the reader's
}

// errNothing says that there is nothing to read now. TLS goes on after an error
// that is temporary.
type errNothing struct{}

func (errNothing) Error() string   { return "nothing to read" }
func (errNothing) Timeout() bool   { return true }
func (errNothing) Temporary() bool { return true }

// Read implements net.Conn.
func (p *patient) Read(b []byte) (int, error) {
	if p.trying && !p.Readable() {
		return 0, errNothing{}
	}
	return p.waiter.Read(b)
}

// try calls try, which reads through TLS. It reports false, with no error, when
// there is nothing to read: WhenReadable calls when there is.
func (p *patient) try(try func() error) (ready bool, err error) {
	p.trying = true
	err = try()
	p.trying = false
	if _, nothing := err.(errNothing); nothing {
		return false, nil
	}
	return err == nil, err
}
