package logging

// Peer is who is at the other end, as log entries tell it.
type Peer struct {
	Protocol, Principal, IP string
	Port                    int
}

// Fill tells in an entry who was at the other end.
func (p *Peer) Fill(e Entry) Entry {
	if p != nil {
		e.Protocol, e.PrincipalID, e.SourceIP, e.SourcePort = p.Protocol, p.Principal, p.IP, p.Port
	}
	return e
}
