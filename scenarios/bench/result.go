package bench

import (
	"fmt"
	"io"
	"time"

	"github.com/shakedown-iot/shakedown/reports"
)

// Result is one run of the benchmark.
type Result struct {
	At      time.Time           `json:"at"`
	Version string              `json:"version"`
	Machine reports.Environment `json:"machine"`
	// Transport and For are the options; only equal ones compare.
	Transport string        `json:"transport"`
	For       time.Duration `json:"for_ns"`

	Devices int `json:"devices"`
	// Connects are mTLS connections with CONNECT and SUBSCRIBE a second.
	Connects float64 `json:"connects_per_s"`
	// DeviceBytes are those of a connected device, both ends and its state.
	DeviceBytes int `json:"device_bytes"`

	Messages int `json:"messages"`
	// Bare and Whole are messages a second, without rules and with every sink.
	Bare  float64 `json:"bare_per_s"`
	Whole float64 `json:"whole_per_s"`
	// BareCPU and WholeCPU are the processor time of a message; zero is not known.
	BareCPU  time.Duration `json:"bare_cpu_ns,omitempty"`
	WholeCPU time.Duration `json:"whole_cpu_ns,omitempty"`

	// HalfRate is the rate at which latencies, from scheduled to stored, were taken.
	HalfRate float64       `json:"half_per_s"`
	P50      time.Duration `json:"p50_ns"`
	P99      time.Duration `json:"p99_ns"`

	Calls Calls `json:"calls,omitzero"`
}

// Ratio is how much of the bare broker's rate the whole pipeline keeps.
func (r Result) Ratio() float64 {
	if r.Bare == 0 {
		return 0
	}
	return r.Whole / r.Bare
}

// row is one figure of a result.
type row struct {
	name  string
	value func(Result) float64
	text  func(float64) string
	less  bool // is better
}

var rows = []row{
	{"end to end, every sink", func(r Result) float64 { return r.Whole }, perSecond("msg"), false},
	{"the same broker without rules", func(r Result) float64 { return r.Bare }, perSecond("msg"), false},
	{"ratio", Result.Ratio, func(v float64) string { return fmt.Sprintf("%.3f", v) }, false},
	{"processor time of a message", func(r Result) float64 { return float64(r.WholeCPU) }, microseconds, true},
	{"the same without rules", func(r Result) float64 { return float64(r.BareCPU) }, microseconds, true},
	{"sampled to stored at half the rate, p50", func(r Result) float64 { return float64(r.P50) }, duration, true},
	{"sampled to stored at half the rate, p99", func(r Result) float64 { return float64(r.P99) }, duration, true},
	{"mTLS connects", func(r Result) float64 { return r.Connects }, perSecond(""), false},
	{"a connected device", func(r Result) float64 { return float64(r.DeviceBytes) }, func(v float64) string { return fmt.Sprintf("%.0f B", v) }, true},
	{"PutRecord by the SDK over loopback, p50", func(r Result) float64 { return float64(r.Calls.PutRecord) }, microseconds, true},
	{"UpdateItem, p50", func(r Result) float64 { return float64(r.Calls.UpdateItem) }, microseconds, true},
	{"PutObject, p50", func(r Result) float64 { return float64(r.Calls.PutObject) }, microseconds, true},
	{"Publish, p50", func(r Result) float64 { return float64(r.Calls.Publish) }, microseconds, true},
}

func perSecond(what string) func(float64) string {
	return func(v float64) string { return fmt.Sprintf("%.0f %s/s", v, what) }
}

func microseconds(v float64) string {
	if v == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.1f µs", v/1000)
}

func duration(v float64) string { return time.Duration(v).Round(100 * time.Microsecond).String() }

// noise is by how much a figure has to be worse to count as worse, as a share.
const noise = 0.15

// Text prints a result beside the one before it, if there is one, and returns how
// many figures are worse by more than noise.
func Text(w io.Writer, r Result, before *Result) (worse int, err error) {
	fmt.Fprintf(w, "%d messages in %s over %s, %d devices; %s, %d processors\n\n", r.Messages, r.For, r.Transport, r.Devices, r.Machine.Processor, r.Machine.Procs)
	if before != nil {
		fmt.Fprintf(w, "%-40s  %14s  %14s  %s\n", "", "now", "before", "change")
	}
	for _, f := range rows {
		now := f.value(r)
		line := fmt.Sprintf("%-40s  %14s", f.name, f.text(now))
		if before != nil {
			was := f.value(*before)
			line += fmt.Sprintf("  %14s", f.text(was))
			if was > 0 {
				change := now/was - 1
				line += fmt.Sprintf("  %+.0f %%", change*100)
				if f.less && change > noise || !f.less && change < -noise {
					worse++
					line += " WORSE"
				}
			}
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return worse, err
		}
	}
	if before != nil {
		_, err = fmt.Fprintf(w, "\nbefore: %s, %s\n", before.At.Format(time.RFC3339), before.Version)
	}
	return worse, err
}
