package cloudwatch

import "time"

// Vended is a service of AWS that keeps metrics of itself: nobody puts them, and their
// points are made of what the service knows when somebody asks.
type Vended interface {
	// Metrics are those that have points since a time, in any order.
	Metrics(since time.Time) []Metric
	// Points are those of a metric from one time to before another, in order of time;
	// none where there is no such metric.
	Points(m Metric, from, to time.Time) []Point
}

// Point is what a service tells of one of its minutes.
type Point struct {
	At                   time.Time
	Unit                 string
	Count, Sum, Min, Max float64
}

// vendedPoints are those of a metric in the namespace of a service. Their values are not
// known one by one, so that there are no percentiles.
func vendedPoints(v Vended, m Metric, sp span) []*point {
	var out []*point
	for _, p := range v.Points(m, second(sp.start), second(sp.end)) {
		out = append(out, &point{p.At.Unix(), p.Unit, statistics{count: p.Count, sum: p.Sum, min: p.Min, max: p.Max, opaque: true}})
	}
	return out
}
