package emulators

import (
	"time"

	"github.com/shakedown-iot/shakedown/emulators/cloudwatch"
	"github.com/shakedown-iot/shakedown/emulators/kinesis"
)

// streamMetrics are the metrics of the namespace AWS/Kinesis that say whether a stream
// gets what it should, and takes it.
// https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html
type streamMetrics struct{ streams *kinesis.State }

// vended are the services that keep metrics of themselves: those of this process.
func (c *Cloud) vended() map[string]cloudwatch.Vended {
	if c.Kinesis == nil {
		return nil
	}
	return map[string]cloudwatch.Vended{"AWS/Kinesis": streamMetrics{c.Kinesis}}
}

// counts are what there is to count of a stream, by the minute.
var counts = map[string]func(s *kinesis.State, stream string, from, to time.Time) []kinesis.Minute{
	"incoming": (*kinesis.State).Incoming,
	"writes": func(s *kinesis.State, stream string, from, to time.Time) []kinesis.Minute {
		writes, _ := s.Throttled(stream, from, to)
		return writes
	},
	"reads": func(s *kinesis.State, stream string, from, to time.Time) []kinesis.Minute {
		_, reads := s.Throttled(stream, from, to)
		return reads
	},
}

// streamMetric is what a metric makes of the minutes of a count.
type streamMetric struct {
	unit, count string
	point       func(kinesis.Minute) (sum, least, most float64)
}

// metricsOfStreams are those that there are, by their names.
var metricsOfStreams = map[string]streamMetric{
	"IncomingRecords": {"Count", "incoming", ones},
	"IncomingBytes": {"Bytes", "incoming", func(m kinesis.Minute) (sum, least, most float64) {
		return float64(m.Bytes), float64(m.Least), float64(m.Most)
	}},
	"WriteProvisionedThroughputExceeded": {"Count", "writes", ones},
	"ReadProvisionedThroughputExceeded":  {"Count", "reads", ones},
}

func ones(m kinesis.Minute) (sum, least, most float64) { return float64(m.Records), 1, 1 }

// Metrics implements cloudwatch.Vended.
func (s streamMetrics) Metrics(since time.Time) []cloudwatch.Metric {
	var out []cloudwatch.Metric
	for _, stream := range s.streams.Names() {
		for count, minutes := range counts {
			if len(minutes(s.streams, stream, since.Truncate(time.Minute), time.Now().Add(time.Second))) == 0 {
				continue
			}
			for name, m := range metricsOfStreams {
				if m.count == count {
					out = append(out, cloudwatch.Metric{Namespace: "AWS/Kinesis", MetricName: name, Dimensions: []cloudwatch.Dimension{{Name: "StreamName", Value: stream}}})
				}
			}
		}
	}
	return out
}

// Points implements cloudwatch.Vended.
func (s streamMetrics) Points(m cloudwatch.Metric, from, to time.Time) []cloudwatch.Point {
	of, ok := metricsOfStreams[m.MetricName]
	if !ok || len(m.Dimensions) != 1 || m.Dimensions[0].Name != "StreamName" {
		return nil
	}
	var out []cloudwatch.Point
	for _, one := range counts[of.count](s.streams, m.Dimensions[0].Value, from, to) {
		p := cloudwatch.Point{At: one.At, Unit: of.unit, Count: float64(one.Records)}
		p.Sum, p.Min, p.Max = of.point(one)
		out = append(out, p)
	}
	return out
}
