package metrics

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/traffic"
)

// Handler answers scrapes of a collector and of this process.
func Handler(c prometheus.Collector) http.Handler {
	return promhttp.HandlerFor(Registry(c), promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
}

// Registry has a collector and those of this process: CPU time, memory, goroutines.
func Registry(c prometheus.Collector) *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(c, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

// Run collects the metrics of a run.
func Run(s *scenarios.Scenario, p *scenarios.Progress) prometheus.Collector {
	return collector(func(out output) {
		now := p.Snapshot()
		out.run(s, now)
		out.messages(now)
		out.delays(now)
		out.faults(s, now)
		out.traffic(now.Traffic)
	})
}

// Cloud collects the metrics of a cloud that is up: what goes through its rules,
// streams and functions.
func Cloud(snapshot func() traffic.Snapshot) prometheus.Collector {
	return collector(func(out output) { out.traffic(snapshot()) })
}

// collector reads everything anew at each scrape. It describes nothing beforehand:
// names of rules and functions are not known then.
type collector func(output)

// Describe implements prometheus.Collector.
func (c collector) Describe(chan<- *prometheus.Desc) {}

// Collect implements prometheus.Collector.
func (c collector) Collect(to chan<- prometheus.Metric) { c(output{to}) }

type output struct{ to chan<- prometheus.Metric }

// family is a metric's description with the values of its labels left open.
func family(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("shakedown_"+name, help, labels, nil)
}

func (o output) gauge(d *prometheus.Desc, v float64, labels ...string) {
	o.to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
}

func (o output) counter(d *prometheus.Desc, v int64, labels ...string) {
	o.to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(v), labels...)
}
