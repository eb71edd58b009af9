package cloudwatch

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxDatapoints is how many a GetMetricStatistics answers.
const maxDatapoints = 1440

// GetMetricStatisticsInput asks for statistics of one metric.
type GetMetricStatisticsInput struct {
	Namespace          string
	MetricName         string
	Dimensions         []Dimension
	StartTime          wire.Time
	EndTime            wire.Time
	Period             int64
	Statistics         []string
	ExtendedStatistics []string
	Unit               string
}

// Datapoint is the statistics of a period.
type Datapoint struct {
	Timestamp          wire.Time
	SampleCount        *float64           `json:",omitempty"`
	Average            *float64           `json:",omitempty"`
	Sum                *float64           `json:",omitempty"`
	Minimum            *float64           `json:",omitempty"`
	Maximum            *float64           `json:",omitempty"`
	Unit               string             `json:",omitempty"`
	ExtendedStatistics map[string]float64 `json:",omitempty"`
}

// GetMetricStatisticsOutput is the periods that have points.
type GetMetricStatisticsOutput struct {
	Label      string
	Datapoints []Datapoint
}

// GetMetricStatistics answers statistics by period, in order of time. Errors:
// InvalidParameterValue, InvalidParameterCombination, MissingParameter.
func (s *State) GetMetricStatistics(_ context.Context, in *GetMetricStatisticsInput) (*GetMetricStatisticsOutput, error) {
	if err := checkNamespace(in.Namespace); err != nil {
		return nil, err
	}
	if err := checkMetric("", in.MetricName, in.Dimensions); err != nil {
		return nil, err
	}
	if err := checkUnit("", in.Unit); err != nil {
		return nil, err
	}
	if (len(in.Statistics) > 0) == (len(in.ExtendedStatistics) > 0) {
		return nil, wire.Errorf(invalidCombination, 0, "Exactly one of Statistics and ExtendedStatistics must be given.")
	}
	var wanted []statistic
	for _, name := range append(in.Statistics, in.ExtendedStatistics...) {
		st, err := parseStatistic("GetMetricStatistics", name)
		if err != nil {
			return nil, err
		}
		if (st.percentile >= 0) != (len(in.ExtendedStatistics) > 0) {
			return nil, invalid("Statistics has %v, and ExtendedStatistics percentiles; %s is there in the other.", plainStatistics, name)
		}
		wanted = append(wanted, st)
	}
	sp, err := newSpan(in.StartTime, in.EndTime, in.Period)
	if err != nil {
		return nil, err
	}
	if n := sp.periods(); n > maxDatapoints {
		return nil, wire.Errorf(invalidCombination, 0, "You have requested up to %d datapoints, which exceeds the limit of %d. You may reduce the datapoints requested by increasing Period, or decreasing the time range.", n, maxDatapoints)
	}
	out := &GetMetricStatisticsOutput{Label: in.MetricName, Datapoints: []Datapoint{}}
	for _, r := range s.results(Metric{in.Namespace, in.MetricName, in.Dimensions}, sp, in.Unit) {
		if d, ok := r.datapoint(wanted); ok {
			out.Datapoints = append(out.Datapoints, d)
		}
	}
	return out, nil
}

// datapoint has the wanted statistics, if there is one of them.
func (r result) datapoint(wanted []statistic) (Datapoint, bool) {
	d := Datapoint{Timestamp: wire.At(second(r.at)), Unit: r.unit}
	any := false
	for _, st := range wanted {
		v, ok := st.of(&r.statistics)
		if !ok {
			continue
		}
		any = true
		switch st.name {
		case "SampleCount":
			d.SampleCount = &v
		case "Average":
			d.Average = &v
		case "Sum":
			d.Sum = &v
		case "Minimum":
			d.Minimum = &v
		case "Maximum":
			d.Maximum = &v
		default:
			if d.ExtendedStatistics == nil {
				d.ExtendedStatistics = map[string]float64{}
			}
			d.ExtendedStatistics[st.name] = v
		}
	}
	return d, any
}
