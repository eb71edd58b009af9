// Package metrics shows a run, or a cloud that is up, to Prometheus. It reads the
// atomics that the run counts in, so it stands outside the bubble of a run in
// virtual time and costs the run nothing.
//
//	http.Handle("/metrics", metrics.Handler(metrics.Run(scenario, progress)))
//
// The names are in the style of https://prometheus.io/docs/practices/naming/; a
// dashboard of them is in reports/grafana.
package metrics
