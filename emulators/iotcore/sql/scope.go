package sql

import (
	"errors"
	"fmt"
)

// maxMade bounds what the functions and operators of one evaluation make, in
// bytes, so that no statement with any payload takes more.
const maxMade = 16 << 20

// scope is one evaluation: the message and its payload, decoded when a path is
// first used.
type scope struct {
	message   *Message
	decoded   bool
	root      value
	decodeErr error
	made      int
	err       error // the first; it ends the rule
	// element is that of a nested SELECT, which sees nothing of the payload but it.
	element *element
	old     bool // version 2015-10-08
}

func (c *scope) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// payload is the decoded payload. It fails each time it is asked for one that
// cannot be decoded: get_or_default takes a failure back.
func (c *scope) payload() value {
	if !c.decoded {
		c.decoded = true
		c.root, c.decodeErr = decodePayload(c.message.Payload)
	}
	if c.decodeErr != nil {
		c.fail(c.decodeErr)
	}
	return c.root
}

func decodePayload(text []byte) (value, error) {
	root, err := decodeJSON(text)
	if err == nil {
		return root, nil
	}
	var limit *limitError
	if errors.As(err, &limit) {
		return undefined, fmt.Errorf("the payload: %w", err)
	}
	return undefined, fmt.Errorf("the payload is not JSON: %w", err)
}

// valueSize is about that of a value in memory.
const valueSize = 48

// spend counts what was made. The size of a value is that of its own text or
// items; what is inside them was counted when it was made.
func (c *scope) spend(v value) value {
	if !c.use(len(v.s) + valueSize*len(v.items())) {
		return undefined
	}
	return v
}

// use counts bytes; it is false, and the evaluation fails, when there are too many.
func (c *scope) use(n int) bool {
	if c.made += n; c.made > maxMade {
		c.fail(errMade)
		return false
	}
	return true
}

var errMade = fmt.Errorf("the functions make more than %d bytes, a bound of Shakedown", maxMade)
