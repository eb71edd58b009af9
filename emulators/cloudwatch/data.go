package cloudwatch

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Bounds of GetMetricData.
const (
	maxQueries    = 500
	maxDataPoints = 100_800
)

// GetMetricDataInput asks for one statistic of each of several metrics.
type GetMetricDataInput struct {
	MetricDataQueries []MetricDataQuery
	StartTime         wire.Time
	EndTime           wire.Time
	ScanBy            string
	MaxDatapoints     *int
	NextToken         string
}

// MetricDataQuery is one statistic of one metric.
type MetricDataQuery struct {
	Id         string
	Label      string
	MetricStat *MetricStat
	ReturnData *bool
	Expression string // refused
}

// MetricStat is a statistic of a metric.
type MetricStat struct {
	Metric Metric
	Period int64
	Stat   string
	Unit   string
}

// MetricDataResult is what a query found, or a part of it.
type MetricDataResult struct {
	Id         string
	Label      string
	StatusCode string // PartialData when there is more
	Timestamps []wire.Time
	Values     []float64
}

// GetMetricDataOutput is a page of results.
type GetMetricDataOutput struct {
	Messages          []struct{}
	MetricDataResults []MetricDataResult
	NextToken         string `json:",omitempty"`
}

var queryID = regexp.MustCompile(`^[a-z][A-Za-z0-9_]{0,254}$`)

// GetMetricData answers the queries, the newest points first unless ScanBy says
// otherwise. Errors: InvalidParameterValue, InvalidParameterCombination,
// MissingParameter, InvalidNextToken.
func (s *State) GetMetricData(_ context.Context, in *GetMetricDataInput) (*GetMetricDataOutput, error) {
	limit, skip, err := in.check()
	if err != nil {
		return nil, err
	}
	out := &GetMetricDataOutput{Messages: []struct{}{}, MetricDataResults: []MetricDataResult{}}
	from := skip
	for i := range in.MetricDataQueries {
		q := &in.MetricDataQueries[i]
		r, err := s.answer(q, in)
		if err != nil {
			return nil, err
		}
		if q.ReturnData != nil && !*q.ReturnData {
			continue
		}
		cut := min(skip, len(r.Values))
		skip -= cut
		if cut > 0 && cut == len(r.Values) {
			continue // it was in a page before
		}
		r.Timestamps, r.Values = r.Timestamps[cut:], r.Values[cut:]
		if n := min(limit, len(r.Values)); n < len(r.Values) {
			r.Timestamps, r.Values, r.StatusCode = r.Timestamps[:n], r.Values[:n], "PartialData"
			out.NextToken = strconv.Itoa(from + n)
		}
		limit -= len(r.Values)
		from += len(r.Values)
		if len(r.Values) > 0 || r.StatusCode == "Complete" {
			out.MetricDataResults = append(out.MetricDataResults, r)
		}
		if out.NextToken != "" {
			break
		}
	}
	return out, nil
}

// check answers how many points to answer, and how many were answered before.
func (in *GetMetricDataInput) check() (limit, skip int, err error) {
	if n := len(in.MetricDataQueries); n == 0 || n > maxQueries {
		return 0, 0, invalid("MetricDataQueries has 1 to %d members, not %d.", maxQueries, n)
	}
	if !slices.Contains([]string{"", "TimestampDescending", "TimestampAscending"}, in.ScanBy) {
		return 0, 0, invalid("The parameter ScanBy must be TimestampDescending or TimestampAscending.")
	}
	limit = maxDataPoints
	if in.MaxDatapoints != nil {
		if limit = *in.MaxDatapoints; limit < 1 || limit > maxDataPoints {
			return 0, 0, invalid("The parameter MaxDatapoints must be from 1 to %d.", maxDataPoints)
		}
	}
	if in.NextToken != "" {
		if skip, err = strconv.Atoi(in.NextToken); err != nil || skip < 1 {
			return 0, 0, wire.Errorf(invalidToken, 0, "The next token is not one of this service.")
		}
	}
	ids := map[string]bool{}
	for i := range in.MetricDataQueries {
		q := &in.MetricDataQueries[i]
		switch {
		case !queryID.MatchString(q.Id) || ids[q.Id]:
			return 0, 0, invalid("The value %q for parameter MetricDataQueries.member.%d.Id is invalid: it begins with a lower case letter, has letters, digits and _, and is there once.", q.Id, i+1)
		case q.Expression != "":
			return 0, 0, wire.Unsupported(invalidValue, "GetMetricData", "Expression")
		case strings.Contains(q.Label, "${"):
			return 0, 0, wire.Unsupported(invalidValue, "GetMetricData", "Label with ${")
		case q.MetricStat == nil:
			return 0, 0, wire.Errorf(missing, 0, "The parameter MetricDataQueries.member.%d.MetricStat is required.", i+1)
		}
		ids[q.Id] = true
	}
	return limit, skip, nil
}

// answer is all of what a query finds.
func (s *State) answer(q *MetricDataQuery, in *GetMetricDataInput) (MetricDataResult, error) {
	m := q.MetricStat.Metric
	r := MetricDataResult{Id: q.Id, Label: q.Label, StatusCode: "Complete", Timestamps: []wire.Time{}, Values: []float64{}}
	if r.Label == "" {
		r.Label = m.MetricName
	}
	if err := checkNamespace(m.Namespace); err != nil {
		return r, err
	}
	if err := checkMetric("", m.MetricName, m.Dimensions); err != nil {
		return r, err
	}
	if err := checkUnit("", q.MetricStat.Unit); err != nil {
		return r, err
	}
	st, err := parseStatistic("GetMetricData", q.MetricStat.Stat)
	if err != nil {
		return r, err
	}
	sp, err := newSpan(in.StartTime, in.EndTime, q.MetricStat.Period)
	if err != nil {
		return r, err
	}
	results := s.results(m, sp, q.MetricStat.Unit)
	if in.ScanBy != "TimestampAscending" {
		slices.Reverse(results)
	}
	for _, one := range results {
		if v, ok := st.of(&one.statistics); ok {
			r.Timestamps, r.Values = append(r.Timestamps, wire.At(second(one.at))), append(r.Values, v)
		}
	}
	return r, nil
}

func second(at int64) time.Time { return time.Unix(at, 0).UTC() }
