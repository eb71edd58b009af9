package lambda

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// unreservedLeast is the concurrency that must stay unreserved.
// See https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
const unreservedLeast = 100

// PutFunctionConcurrencyInput is the request of PutFunctionConcurrency.
type PutFunctionConcurrencyInput struct {
	FunctionName                 string `path:"FunctionName" json:"-"`
	ReservedConcurrentExecutions *int32
}

// Concurrency is a function's reserved concurrency.
type Concurrency struct {
	ReservedConcurrentExecutions *int32 `json:",omitempty"`
}

// PutFunctionConcurrency reserves concurrency for a function, which is also the
// most it gets; 0 stops it. At least 100 stay unreserved.
func (s *State) PutFunctionConcurrency(_ context.Context, in *PutFunctionConcurrencyInput) (*Concurrency, error) {
	if in.ReservedConcurrentExecutions == nil || *in.ReservedConcurrentExecutions < 0 {
		return nil, wire.Errorf(codeInvalid, 0, "PutFunctionConcurrency: ReservedConcurrentExecutions is required and not negative")
	}
	n := *in.ReservedConcurrentExecutions
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.resolve(FunctionRef{FunctionName: in.FunctionName})
	if err != nil {
		return nil, err
	}
	others := s.reserved - t.function.reservedOr(0)
	if s.config.Concurrency-others-int(n) < unreservedLeast {
		return nil, wire.Errorf(codeInvalid, 0, "Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [%d].", unreservedLeast)
	}
	t.function.reserved = &n
	s.reserved = others + int(n)
	return &Concurrency{&n}, nil
}

// GetFunctionConcurrency answers the reserved concurrency, if there is any.
func (s *State) GetFunctionConcurrency(_ context.Context, in *FunctionNameInput) (*Concurrency, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.resolve(FunctionRef{FunctionName: in.FunctionName})
	if err != nil {
		return nil, err
	}
	return t.function.concurrency(), nil
}

// DeleteFunctionConcurrency reserves nothing.
func (s *State) DeleteFunctionConcurrency(_ context.Context, in *FunctionNameInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.resolve(FunctionRef{FunctionName: in.FunctionName})
	if err != nil {
		return nil, err
	}
	s.unreserve(t.function)
	return &Empty{}, nil
}

func (s *State) unreserve(f *function) {
	s.reserved -= f.reservedOr(0)
	f.reserved = nil
}

func (f *function) reservedOr(n int) int {
	if f.reserved == nil {
		return n
	}
	return int(*f.reserved)
}

func (f *function) concurrency() *Concurrency {
	if f.reserved == nil {
		return &Concurrency{}
	}
	n := *f.reserved
	return &Concurrency{&n}
}

// begin counts an invocation, if it may begin, and chooses what it runs. The name of
// a function that was deleted meanwhile counts as unreserved.
func (s *State) begin(c *call) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.room(c.name); err != nil {
		return err
	}
	s.running++
	s.inside[c.name]++
	s.route(c)
	if c.handler != nil && s.config.Logs != nil {
		c.stream = c.environments.enter(c.version)
	}
	return nil
}

// room tells whether one more invocation may begin. The caller holds mu.
func (s *State) room(name string) error {
	if s.running >= s.config.Concurrency {
		return throttled("ConcurrentInvocationLimitExceeded")
	}
	f := s.functions[name]
	switch {
	case f != nil && f.reserved != nil && s.inside[name] >= int(*f.reserved):
		return throttled("ReservedFunctionConcurrentInvocationLimitExceeded")
	case s.reserved > 0 && (f == nil || f.reserved == nil) && s.unreservedRunning() >= s.config.Concurrency-s.reserved:
		return throttled("ConcurrentInvocationLimitExceeded")
	}
	return nil
}

func (s *State) unreservedRunning() int {
	n := s.running
	for name, inside := range s.inside {
		if f := s.functions[name]; f != nil && f.reserved != nil {
			n -= inside
		}
	}
	return n
}

// throttled is the refusal of an invocation that would be one too many.
func throttled(reason string) error {
	e := wire.Errorf(codeThrottle, 429, "Rate Exceeded.")
	e.Fields = map[string]any{"Reason": reason}
	return e
}
