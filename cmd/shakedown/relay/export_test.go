package relay

// Kill kills a relay's process.
func (r *Relay) Kill() { r.kill() }
