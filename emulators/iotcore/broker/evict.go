package broker

// Evict ends a client's connection as the API does; clean ends its session too,
// quiet is without its will. It reports whether there was a connection or session.
func (b *Broker) Evict(clientID string, clean, quiet bool) bool {
	b.mu.Lock()
	s := b.sessions[clientID]
	if s == nil {
		b.mu.Unlock()
		return false
	}
	l := s.link
	switch {
	case l != nil && clean:
		s.doomed = true // whatever expiry its DISCONNECT asks for
	case l == nil && clean:
		s.expiry.Stop()
		b.forget(s, "the API ended the session")
	}
	b.mu.Unlock()
	b.rehome()
	if l != nil {
		if quiet {
			l.quiet.Store(true)
		}
		l.stop(apiInitiated, "the API disconnected the client")
	}
	return true
}
