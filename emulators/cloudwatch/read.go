package cloudwatch

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// span is the periods of a request.
type span struct {
	start, end int64 // seconds; end is exclusive
	period     int64
	none       bool // the period is too short for so long ago
}

// Ages of a start time, and what its periods are then a multiple of.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
const (
	day         = 24 * time.Hour
	fineAge     = 3 * time.Hour
	minuteAge   = 15 * day
	fiveMinutes = 63 * day
)

// newSpan checks the times of a request and rounds its start as AWS does.
func newSpan(start, end wire.Time, period int64) (span, error) {
	if start.IsZero() || end.IsZero() {
		return span{}, wire.Errorf(missing, 0, "The parameters StartTime and EndTime are required.")
	}
	if !start.Before(end.Time) {
		return span{}, invalid("The parameter StartTime must be less than the parameter EndTime.")
	}
	short := slices.Contains([]int64{1, 5, 10, 20, 30}, period)
	if period < 1 || period > math.MaxInt32 || !short && period%60 != 0 {
		return span{}, invalid("The parameter Period must be 1, 5, 10, 20, 30 or a multiple of 60, not %d.", period)
	}
	round, multiple := int64(60), int64(1)
	switch age := time.Since(start.Time); {
	case age > fiveMinutes:
		round, multiple = 3600, 3600
	case age > minuteAge:
		round, multiple = 300, 300
	case age > fineAge:
		multiple = 60
	}
	if short {
		round = min(round, period)
	}
	from := start.Unix()
	from -= ((from % round) + round) % round
	last := end.Unix()
	if end.Nanosecond() > 0 {
		last++
	}
	return span{start: from, end: last, period: period, none: period%multiple != 0}, nil
}

// periods is how many there are.
func (s span) periods() int64 { return (s.end - s.start + s.period - 1) / s.period }

// result is the statistics of a period and a unit.
type result struct {
	at   int64
	unit string
	statistics
}

// results are those of a metric's periods that have any, by time; of one unit if
// that is given. A service counts its own while others put theirs.
func (s *State) results(of Metric, sp span, unit string) []result {
	if sp.none {
		return nil
	}
	if v := s.vended[of.Namespace]; v != nil {
		return sp.results(vendedPoints(v, of, sp), unit)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if m := s.metrics[key(of.Namespace, of.MetricName, of.Dimensions)]; m != nil {
		return sp.results(m.points, unit)
	}
	return nil
}

func (sp span) results(points []*point, unit string) []result {
	var out []result
	first, _ := slices.BinarySearchFunc(points, sp.start, func(p *point, at int64) int {
		if p.at < at {
			return -1
		}
		return 1
	})
	for _, p := range points[first:] {
		if p.at >= sp.end {
			break
		}
		if unit != "" && p.unit != unit {
			continue
		}
		at := sp.start + (p.at-sp.start)/sp.period*sp.period
		i := len(out)
		for i > 0 && out[i-1].at == at && out[i-1].unit != p.unit {
			i--
		}
		if i == 0 || out[i-1].at != at {
			out = append(out, result{at: at, unit: p.unit})
			i = len(out)
		}
		out[i-1].add(p.statistics)
	}
	return out
}

// statistic is a name of one and what it is.
type statistic struct {
	name       string
	percentile float64 // -1: none
}

// percentileRank is from 0 to 100 with up to ten decimal places.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
var percentileRank = regexp.MustCompile(`^[0-9]{1,3}(\.[0-9]{1,10})?$`)

var plainStatistics = []string{"SampleCount", "Average", "Sum", "Minimum", "Maximum"}

func parseStatistic(operation, name string) (statistic, error) {
	if slices.Contains(plainStatistics, name) {
		return statistic{name, -1}, nil
	}
	if rank, ok := strings.CutPrefix(name, "p"); ok && percentileRank.MatchString(rank) {
		if p, err := strconv.ParseFloat(rank, 64); err == nil && p <= 100 {
			return statistic{name, p}, nil
		}
	}
	if name == "" {
		return statistic{}, wire.Errorf(missing, 0, "A statistic is required.")
	}
	return statistic{}, wire.Unsupported(invalidValue, operation, "statistic "+name)
}

// of is the value; there is no percentile of unknown or negative values.
func (st statistic) of(s *statistics) (float64, bool) {
	switch st.name {
	case "SampleCount":
		return s.count, true
	case "Average":
		return s.sum / s.count, true
	case "Sum":
		return s.sum, true
	case "Minimum":
		return s.min, true
	case "Maximum":
		return s.max, true
	}
	if s.opaque || s.min < 0 {
		return 0, false
	}
	return s.percentile(st.percentile), true
}
