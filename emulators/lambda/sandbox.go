package lambda

// sandbox is an execution environment: a goroutine that runs one invocation
// after the other. As on AWS a warm one is taken before a new one is made; here
// what is warm is the stack, which SDK calls grow deep.
type sandbox struct{ work chan func() }

// inSandbox runs f in a warm sandbox, or a new one. Sandboxes are kept only
// while Run runs, which ends them.
func (s *State) inSandbox(f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if n := len(s.warm); n > 0 {
		box := s.warm[n-1]
		s.warm = s.warm[:n-1]
		box.work <- f
		return
	}
	box := &sandbox{work: make(chan func(), 1)}
	box.work <- f
	go func() {
		for work := range box.work {
			work()
			s.keep(box)
		}
	}()
}

// keep makes a sandbox that is done wait for more work, or end.
func (s *State) keep(box *sandbox) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.claimed {
		close(box.work)
		return
	}
	s.warm = append(s.warm, box)
}

// cool ends the sandboxes that wait. The caller holds mu.
func (s *State) cool() {
	for _, box := range s.warm {
		close(box.work)
	}
	s.warm = nil
}
