package expect

import (
	"slices"

	"github.com/shakedown-iot/shakedown/reports"
)

type reading = func(r *reports.Result, arguments []string) (float64, string)

func count(of func(*reports.Result) int) reading {
	return func(r *reports.Result, _ []string) (float64, string) { return float64(of(r)), "" }
}

func fateOf(r *reports.Result, arguments []string) (float64, string) {
	n, _, why := fateCount(r, arguments[0], at(arguments, 1))
	return float64(n), why
}

func shareOf(r *reports.Result, arguments []string) (float64, string) {
	n, of, why := fateCount(r, arguments[0], at(arguments, 1))
	if of == 0 {
		return 0, "no message was expected there"
	}
	return float64(n) / float64(of), why
}

// always is fateOf for one fate.
func always(fate string) reading {
	return func(r *reports.Result, arguments []string) (float64, string) {
		n, _, why := fateCount(r, fate, at(arguments, 0))
		return float64(n), why
	}
}

// fateCount counts a fate in a sink, or in all when it is empty.
func fateCount(r *reports.Result, fate, sink string) (n, of int, why string) {
	found := false
	for _, s := range r.Sinks {
		if sink != "" && s.Name != sink {
			continue
		}
		found = true
		n += s.Fates[fate]
		of += s.Expected
	}
	if !found {
		return 0, 0, "the run has no such sink"
	}
	return n, of, ""
}

func latency(of func(reports.Latency) float64) reading {
	return func(r *reports.Result, arguments []string) (float64, string) {
		for _, l := range r.Latencies {
			if l.Stage == arguments[0] && l.Count > 0 {
				return of(l), ""
			}
		}
		return 0, "no message got there"
	}
}

func rateOf(r *reports.Result, arguments []string) (float64, string) {
	stage := at(arguments, 0)
	if stage == "" {
		stage = "time series"
	}
	for _, rate := range r.Rates {
		if rate.Stage == stage {
			return rate.PerSecond, ""
		}
	}
	return 0, "the run ended before its warm-up did"
}

func alerts(counts func(verdict string) bool) reading {
	return func(r *reports.Result, arguments []string) (float64, string) {
		n := 0
		for _, a := range r.Alerts.List {
			if severity := at(arguments, 0); counts(a.Verdict) && (severity == "" || a.Severity == severity) {
				n++
			}
		}
		return float64(n), ""
	}
}

// offline counts by what devices really were where the run knows it, or else by
// the silences that its plan implies.
func offline(verdict string, truth func(*reports.OfflineTruth) int) reading {
	return func(r *reports.Result, _ []string) (float64, string) {
		if r.OfflineTruth != nil {
			return float64(truth(r.OfflineTruth)), ""
		}
		n := 0
		for _, o := range r.Offline {
			if o.Verdict == verdict {
				n++
			}
		}
		return float64(n), ""
	}
}

func connected(r *reports.Result, _ []string) (float64, string) {
	if len(r.Series.Connected) == 0 {
		return 0, "the run has no series of connected devices"
	}
	return slices.Max(r.Series.Connected), ""
}

func acted(r *reports.Result) int {
	n := 0
	for _, c := range r.Commands {
		if !c.Acted.IsZero() {
			n++
		}
	}
	return n
}
