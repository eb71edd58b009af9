package expect

import "github.com/shakedown-iot/shakedown/reports"

// load reads how well the simulator kept to its schedule.
func load(of func(*reports.Load) int) reading {
	return func(r *reports.Result, _ []string) (float64, string) {
		if r.Load == nil {
			return 0, "the run did not measure its schedule"
		}
		return float64(of(r.Load)), ""
	}
}

func late(r *reports.Result, arguments []string) (float64, string) {
	if r.Load == nil {
		return 0, "the run did not measure its schedule"
	}
	l := r.Load.Late
	switch at(arguments, 0) {
	case "p50":
		return l.P50.Seconds(), ""
	case "p90":
		return l.P90.Seconds(), ""
	case "max":
		return l.Max.Seconds(), ""
	}
	return l.P99.Seconds(), ""
}
