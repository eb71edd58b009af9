package expect

import "github.com/shakedown-iot/shakedown/reports"

// quotas reads the quota oracle's verdict.
func quotas(of func(*reports.Quotas) (float64, string)) reading {
	return func(r *reports.Result, _ []string) (float64, string) {
		if r.Quotas == nil {
			return 0, "the run has no verdict on quotas"
		}
		return of(r.Quotas)
	}
}

func breaches(r *reports.Result, arguments []string) (float64, string) {
	return quotas(func(q *reports.Quotas) (float64, string) {
		n := 0
		for _, c := range q.Checks {
			if service := at(arguments, 0); c.Breached && (service == "" || c.Service == service) {
				n++
			}
		}
		return float64(n), ""
	})(r, nil)
}

func monthly(q *reports.Quotas) (float64, string) {
	if q.Bill == nil {
		return 0, "the run was too short for a bill"
	}
	return q.Bill.Total, ""
}
