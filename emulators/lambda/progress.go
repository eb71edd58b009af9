package lambda

// progress is which records of a shard are done, where they end in another order
// than they stand in. The checkpoint is behind the last record before which every
// one is done; what is done behind it is read again when the mapping starts again.
//
//	done ── done ──┼── open ── done ── open ── done
//	          checkpoint
type progress struct {
	order []string        // sequence numbers behind the checkpoint, as read
	open  map[string]bool // of them those that are not done
}

// read takes what was read of the shard; kept is what the filter kept of it.
func (p *progress) read(records, kept []Record) {
	if p.open == nil {
		p.open = map[string]bool{}
	}
	for _, r := range records {
		p.order = append(p.order, r.SequenceNumber)
	}
	for _, r := range kept {
		p.open[r.SequenceNumber] = true
	}
}

// done ends records.
func (p *progress) done(records []Record) {
	for _, r := range records {
		delete(p.open, r.SequenceNumber)
	}
}

// checkpoint answers where the checkpoint has moved to, or "" when it stays.
func (p *progress) checkpoint() string {
	n := 0
	for n < len(p.order) && !p.open[p.order[n]] {
		n++
	}
	if n == 0 {
		return ""
	}
	last := p.order[n-1]
	p.order = p.order[n:]
	return last
}
