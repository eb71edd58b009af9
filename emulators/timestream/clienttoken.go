package timestream

import (
	"slices"
	"sync"
	"time"
)

// tokenWindow is how long a call with the same ClientToken is the same call.
// https://docs.aws.amazon.com/timestream/latest/developerguide/API_query_Query.html
const tokenWindow = 5 * time.Minute

// Bounds of the answers that are kept; the oldest go first.
const (
	maxAnswers     = 64
	maxAnswerBytes = 8 << 20
)

// clientTokens are the answers to calls with a ClientToken, the SDKs' own included:
// those that a client repeats because it did not get the answer.
type clientTokens struct {
	mu    sync.Mutex
	calls map[string]call
	order []string
	bytes int
}

type call struct {
	query   string
	bytes   int
	maxRows int
	at      time.Time
	out     *QueryOutput
}

func (in *QueryInput) rows() int {
	if in.MaxRows == nil {
		return 0
	}
	return *in.MaxRows
}

// repeated answers a call that was made before; with other parameters it is
// refused.
func (c *clientTokens) repeated(in *QueryInput) (*QueryOutput, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before, ok := c.calls[in.ClientToken]
	if in.ClientToken == "" || !ok || time.Since(before.at) > tokenWindow {
		return nil, nil
	}
	if before.query != in.QueryString || before.maxRows != in.rows() {
		return nil, validation("The ClientToken was used for a call with other parameters")
	}
	return before.out, nil
}

func (c *clientTokens) keep(in *QueryInput, out *QueryOutput, bytes int) {
	if in.ClientToken == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.calls == nil {
		c.calls = map[string]call{}
	}
	if before, ok := c.calls[in.ClientToken]; ok { // of another run, or too old
		c.bytes -= before.bytes
		c.order = slices.DeleteFunc(c.order, func(token string) bool { return token == in.ClientToken })
	}
	c.calls[in.ClientToken] = call{in.QueryString, bytes, in.rows(), time.Now(), out}
	c.order = append(c.order, in.ClientToken)
	c.bytes += bytes
	for len(c.order) > maxAnswers || c.bytes > maxAnswerBytes {
		c.bytes -= c.calls[c.order[0]].bytes
		delete(c.calls, c.order[0])
		c.order = c.order[1:]
	}
}
