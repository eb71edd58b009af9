package firehose

import "time"

// buffer adds a record to a stream's buffer. The caller holds the lock.
func (s *State) buffer(st *stream, version int, d destination, data []byte, arrived time.Time) {
	s.fill(&st.buffer, st, version, d, data, arrived)
}

// fill adds a record to one of a stream's buffers and seals that when it is full; one
// of another version is sealed before.
func (s *State) fill(buffer **batch, st *stream, version int, d destination, data []byte, arrived time.Time) {
	if *buffer != nil && (*buffer).version != version {
		s.sealBatch(buffer)
	}
	if *buffer == nil {
		*buffer = &batch{stream: st.name, version: version, destination: d, first: arrived, began: time.Now()}
		s.notify()
	}
	b := *buffer
	if arrived.Before(b.first) {
		b.first = arrived
	}
	b.data = append(append(b.data, data...), d.delimiter...)
	s.bytes += len(data) + len(d.delimiter)
	if len(b.data) >= d.size {
		s.sealBatch(buffer)
	}
}

// seal moves a stream's buffers to the batches that are delivered. The caller holds
// the lock.
func (s *State) seal(st *stream) {
	s.sealBatch(&st.buffer)
	s.sealBatch(&st.failed)
}

func (s *State) sealBatch(buffer **batch) {
	if *buffer == nil {
		return
	}
	(*buffer).sealed = time.Now()
	s.sealed = append(s.sealed, *buffer)
	*buffer = nil
	s.notify()
}

// sealDue seals what has been buffered for its interval.
func (s *State) sealDue(st *stream, now time.Time) {
	for _, buffer := range []**batch{&st.buffer, &st.failed} {
		if b := *buffer; b != nil && !now.Before(b.due()) {
			s.sealBatch(buffer)
		}
	}
	if w := st.work; w != nil && !now.Before(w.due()) {
		s.sealWork(st)
	}
}

func (b *batch) due() time.Time { return b.began.Add(b.destination.interval) }
func (w *work) due() time.Time {
	return w.records[0].arrived.Add(w.destination.function.interval)
}

// earliestDue is when the first of a stream's buffers is due.
func (st *stream) earliestDue(earliest func(time.Time)) {
	for _, b := range []*batch{st.buffer, st.failed} {
		if b != nil {
			earliest(b.due())
		}
	}
	if st.work != nil {
		earliest(st.work.due())
	}
}

// empty tells that nothing of a stream waits in a buffer.
func (st *stream) empty() bool { return st.buffer == nil && st.failed == nil && st.work == nil }
