package quota

// meter counts what happens in one second at a time and keeps only what a verdict
// needs of the seconds before: the highest and what was over a limit.
type meter struct {
	second       int64 // Unix
	count, bytes int64 // in it
	heavy        bool  // it has too many bytes
	Meter
}

// Meter is what is left of a meter's seconds.
type Meter struct {
	Peak Peak
	// Over is how many came beyond the limit of their second; HeavySeconds are those
	// with too many bytes.
	Over, HeavySeconds int64
}

// Peak is the highest of one second.
type Peak struct {
	Count, Bytes int64
	At           int64 // Unix second of Count
}

// add enters n events of some bytes. A time from before the current second, which
// concurrent taps may bring, counts in it. A limit of 0 is none.
func (m *meter) add(second, n, bytes, most, mostBytes int64) {
	if second > m.second {
		m.second, m.count, m.bytes, m.heavy = second, 0, 0, false
	}
	m.count += n
	m.bytes += bytes
	if m.count > m.Peak.Count {
		m.Peak.Count, m.Peak.At = m.count, m.second
	}
	m.Peak.Bytes = max(m.Peak.Bytes, m.bytes)
	if over := m.count - most; most > 0 && over > 0 {
		m.Over += min(over, n)
	}
	if mostBytes > 0 && m.bytes > mostBytes && !m.heavy {
		m.heavy = true
		m.HeavySeconds++
	}
}
