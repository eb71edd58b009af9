package cloudwatch

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Bounds of a request.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDatum.html
const (
	maxData       = 1000
	maxValues     = 150
	maxDimensions = 30
	maxName       = 255
	maxDimension  = 1024 // a dimension's value
	maxPast       = 14 * 24 * time.Hour
	maxAhead      = 2 * time.Hour
)

var maxValue = math.Pow(2, 360)

// units are those that points may have.
var units = strings.Fields(`Seconds Microseconds Milliseconds Bytes Kilobytes Megabytes Gigabytes Terabytes Bits Kilobits Megabits Gigabits
	Terabits Percent Count Bytes/Second Kilobytes/Second Megabytes/Second Gigabytes/Second Terabytes/Second Bits/Second Kilobits/Second
	Megabits/Second Gigabits/Second Terabits/Second Count/Second None`)

// PutMetricDataInput puts points of metrics of one namespace.
type PutMetricDataInput struct {
	Namespace  string
	MetricData []Datum
}

// Datum is a value, several, or their statistics.
type Datum struct {
	MetricName        string
	Dimensions        []Dimension
	Timestamp         wire.Time
	Value             *float64
	StatisticValues   *StatisticSet
	Values            []float64
	Counts            []float64
	Unit              string
	StorageResolution *int
}

// StatisticSet is statistics that the caller made.
type StatisticSet struct {
	SampleCount, Sum, Minimum, Maximum *float64
}

// PutMetricData keeps points, all or none. Errors: InvalidParameterValue,
// InvalidParameterCombination, MissingParameter, LimitExceeded.
func (s *State) PutMetricData(_ context.Context, in *PutMetricDataInput) (*Empty, error) {
	if err := checkNamespace(in.Namespace); err != nil {
		return nil, err
	}
	if strings.HasPrefix(in.Namespace, "AWS/") {
		return nil, invalid("The value AWS/ for parameter Namespace is invalid.")
	}
	if len(in.MetricData) == 0 {
		return nil, wire.Errorf(missing, 0, "The parameter MetricData is required.")
	}
	if len(in.MetricData) > maxData {
		return nil, invalid("The collection MetricData must not have a size greater than %d.", maxData)
	}
	now := time.Now()
	read := make([]reading, len(in.MetricData))
	for i := range in.MetricData {
		d := &in.MetricData[i]
		made, err := d.read(fmt.Sprintf("MetricData.member.%d.", i+1), now)
		if err != nil {
			return nil, err
		}
		read[i] = reading{key(in.Namespace, d.MetricName, d.Dimensions), made}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.room(read); err != nil {
		return nil, err
	}
	for i, d := range in.MetricData {
		m, ok := s.metrics[read[i].key]
		if !ok {
			m = &metric{namespace: in.Namespace, name: d.MetricName, dimensions: sorted(d.Dimensions)}
			s.metrics[read[i].key] = m
		}
		s.samples += m.add(d.second(now), cmp.Or(d.Unit, "None"), read[i].statistics)
	}
	return &Empty{}, nil
}

// reading is what a datum adds, and to which metric.
type reading struct {
	key string
	statistics
}

// room tells whether what was read can be kept.
func (s *State) room(read []reading) error {
	if s.full(read) {
		s.expire()
	}
	if s.full(read) {
		return wire.Errorf(limitExceeded, 0, "PutMetricData: Shakedown keeps at most %d metrics and %d samples, and has %d and %d",
			maxMetrics, maxSamples, len(s.metrics), s.samples)
	}
	return nil
}

func (s *State) full(read []reading) bool {
	more, made := 0, map[string]bool{}
	for i := range read {
		more += read[i].samples()
		if s.metrics[read[i].key] == nil {
			made[read[i].key] = true
		}
	}
	return s.samples+more > maxSamples || len(s.metrics)+len(made) > maxMetrics
}

// second is when the point of a datum begins: of its second, or of its minute.
func (d *Datum) second(now time.Time) int64 {
	at := now
	if !d.Timestamp.IsZero() {
		at = d.Timestamp.Time
	}
	if d.StorageResolution != nil && *d.StorageResolution == 1 {
		return at.Unix()
	}
	return at.Unix() / 60 * 60
}

func checkNamespace(namespace string) error {
	if namespace == "" {
		return wire.Errorf(missing, 0, "The parameter Namespace is required.")
	}
	if len(namespace) > maxName || namespace[0] == ':' {
		return invalid("The value %.300s for parameter Namespace is invalid: it has 1 to %d characters and does not begin with a colon.", namespace, maxName)
	}
	return nil
}

// read checks a datum and makes statistics of its values; at is its place in the request.
func (d *Datum) read(at string, now time.Time) (statistics, error) {
	if err := checkMetric(at, d.MetricName, d.Dimensions); err != nil {
		return statistics{}, err
	}
	if err := checkUnit(at, d.Unit); err != nil {
		return statistics{}, err
	}
	switch age := now.Sub(d.Timestamp.Time); {
	case d.StorageResolution != nil && *d.StorageResolution != 1 && *d.StorageResolution != 60:
		return statistics{}, invalid("The parameter %sStorageResolution must be 1 or 60.", at)
	case d.Timestamp.IsZero():
	case age > maxPast:
		return statistics{}, invalid("The parameter %sTimestamp must specify a time no more than two weeks in the past.", at)
	case age < -maxAhead:
		return statistics{}, invalid("The parameter %sTimestamp must specify a time no more than two hours in the future.", at)
	}
	return d.statistics(at)
}

// checkUnit checks a unit that may be left out.
func checkUnit(at, unit string) error {
	if unit != "" && !slices.Contains(units, unit) {
		return invalid("The parameter %sUnit must be a value in the set %v.", at, units)
	}
	return nil
}

func checkMetric(at, name string, dimensions []Dimension) error {
	if name == "" {
		return wire.Errorf(missing, 0, "The parameter %sMetricName is required.", at)
	}
	if len(name) > maxName {
		return invalid("The parameter %sMetricName must be shorter than %d characters.", at, maxName+1)
	}
	if len(dimensions) > maxDimensions {
		return invalid("The collection %sDimensions must not have a size greater than %d.", at, maxDimensions)
	}
	names := map[string]bool{}
	for i, d := range dimensions {
		if d.Name == "" || d.Value == "" || len(d.Name) > maxName || len(d.Value) > maxDimension || d.Name[0] == ':' || names[d.Name] {
			return invalid("%sDimensions.member.%d: the name has 1 to %d characters, no colon first and is there once; the value has 1 to %d characters.",
				at, i+1, maxName, maxDimension)
		}
		names[d.Name] = true
	}
	return nil
}

// statistics are those of a datum, which has its values in exactly one of three ways.
func (d *Datum) statistics(at string) (statistics, error) {
	given := 0
	for _, is := range []bool{d.Value != nil, d.StatisticValues != nil, len(d.Values) > 0} {
		if is {
			given++
		}
	}
	switch {
	case given == 0:
		return statistics{}, wire.Errorf(missing, 0, "One of %sValue, %sValues and %sStatisticValues is required.", at, at, at)
	case given > 1 || len(d.Counts) > 0 && len(d.Values) == 0:
		return statistics{}, wire.Errorf(invalidCombination, 0, "%sValue, %sValues with Counts, and %sStatisticValues are mutually exclusive.", at, at, at)
	case d.StatisticValues != nil:
		return d.StatisticValues.read(at)
	case d.Value != nil:
		return weigh(at, []float64{*d.Value}, nil)
	case len(d.Values) > maxValues || len(d.Counts) > 0 && len(d.Counts) != len(d.Values):
		return statistics{}, invalid("%sValues has at most %d members, and Counts as many.", at, maxValues)
	}
	return weigh(at, d.Values, d.Counts)
}

// weigh makes statistics of values; each came once where there are no counts.
func weigh(at string, values, counts []float64) (statistics, error) {
	var s statistics
	for i, v := range values {
		count := 1.0
		if counts != nil {
			count = counts[i]
		}
		if !inRange(v) || count <= 0 || !inRange(count) {
			return statistics{}, invalid("The value %v (times %v) for parameter %sValue is invalid.", v, count, at)
		}
		s.add(statistics{count: count, sum: v * count, min: v, max: v, values: []weighted{{v, count}}})
	}
	return s, nil
}

func inRange(v float64) bool { return math.Abs(v) <= maxValue } // not for NaN

// read checks a statistic set; where all its values are one they are known.
func (ss *StatisticSet) read(at string) (statistics, error) {
	if ss.SampleCount == nil || ss.Sum == nil || ss.Minimum == nil || ss.Maximum == nil {
		return statistics{}, wire.Errorf(missing, 0, "%sStatisticValues needs SampleCount, Sum, Minimum and Maximum.", at)
	}
	s := statistics{count: *ss.SampleCount, sum: *ss.Sum, min: *ss.Minimum, max: *ss.Maximum}
	if !inRange(s.count) || !inRange(s.sum) || !inRange(s.min) || !inRange(s.max) || s.count <= 0 || s.min > s.max {
		return statistics{}, invalid("The value of parameter %sStatisticValues is invalid.", at)
	}
	if s.min == s.max && s.sum == s.min*s.count {
		s.values = []weighted{{s.min, s.count}}
	} else {
		s.opaque = true
	}
	return s, nil
}
