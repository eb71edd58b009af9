package reports

import (
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Histogram collects latencies between 1 µs and 48 h with three digits.
type Histogram struct {
	h   *hdrhistogram.Histogram
	max time.Duration
}

// longest is the largest latency a histogram tells apart.
const longest = 48 * time.Hour

// NewHistogram makes an empty histogram.
func NewHistogram() *Histogram {
	return &Histogram{h: hdrhistogram.New(1, longest.Microseconds(), 3)}
}

// Record enters a latency; what is out of range counts at the bound.
func (h *Histogram) Record(d time.Duration) {
	h.max = max(h.max, d)
	h.h.RecordValue(min(max(d.Microseconds(), 1), longest.Microseconds()))
}

// Quantile is the latency that a share q (0 to 1) of the values does not exceed.
func (h *Histogram) Quantile(q float64) time.Duration {
	return min(time.Duration(h.h.ValueAtQuantile(q*100))*time.Microsecond, h.max)
}

// Latency summarises the histogram.
func (h *Histogram) Latency(stage string) Latency {
	return Latency{
		Stage: stage, Count: h.h.TotalCount(), Max: h.max,
		P50: h.Quantile(0.50), P90: h.Quantile(0.90), P99: h.Quantile(0.99),
	}
}
