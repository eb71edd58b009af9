package cloudwatch

import (
	"context"
	"encoding/base64"
	"maps"
	"slices"
	"time"
)

// maxPage is the most metrics of an answer.
const maxPage = 500

// Times after which ListMetrics no longer knows a metric without new points.
const (
	listed         = 14 * 24 * time.Hour
	recentlyActive = 3 * time.Hour
)

// ListMetricsInput selects metrics.
type ListMetricsInput struct {
	Namespace      string
	MetricName     string
	Dimensions     []DimensionFilter
	RecentlyActive string
	NextToken      string
}

// DimensionFilter wants a dimension, of any value if none is given.
type DimensionFilter struct {
	Name  string
	Value *string
}

// Metric names a metric.
type Metric struct {
	Namespace  string
	MetricName string
	Dimensions []Dimension
}

// ListMetricsOutput is a page of metrics.
type ListMetricsOutput struct {
	Metrics   []Metric
	NextToken string `json:",omitempty"`
}

// ListMetrics lists metrics with points of the last two weeks. Errors:
// InvalidParameterValue.
func (s *State) ListMetrics(_ context.Context, in *ListMetricsInput) (*ListMetricsOutput, error) {
	since := time.Now().Add(-listed)
	switch in.RecentlyActive {
	case "":
	case "PT3H":
		since = time.Now().Add(-recentlyActive)
	default:
		return nil, invalid("The parameter RecentlyActive must be PT3H.")
	}
	after, err := base64.RawURLEncoding.DecodeString(in.NextToken)
	if err != nil {
		return nil, invalid("The next token is not one of this service.")
	}
	out := &ListMetricsOutput{Metrics: []Metric{}}
	last := ""
	known := s.since(since)
	for _, k := range slices.Sorted(maps.Keys(known)) {
		m := known[k]
		if k <= string(after) && in.NextToken != "" || !in.selects(m) {
			continue
		}
		if len(out.Metrics) == maxPage {
			out.NextToken = base64.RawURLEncoding.EncodeToString([]byte(last))
			break
		}
		last = k
		out.Metrics = append(out.Metrics, m)
	}
	return out, nil
}

// since are the metrics with points since a time, by their keys.
func (s *State) since(at time.Time) map[string]Metric {
	known := s.putSince(at)
	for _, v := range s.vended {
		for _, m := range v.Metrics(at) {
			known[key(m.Namespace, m.MetricName, m.Dimensions)] = m
		}
	}
	return known
}

func (s *State) putSince(at time.Time) map[string]Metric {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := map[string]Metric{}
	for k, m := range s.metrics {
		if m.points[len(m.points)-1].at >= at.Unix()/60*60 {
			known[k] = Metric{m.namespace, m.name, append([]Dimension{}, m.dimensions...)}
		}
	}
	return known
}

func (in *ListMetricsInput) selects(m Metric) bool {
	for _, f := range in.Dimensions {
		if !slices.ContainsFunc(m.Dimensions, func(d Dimension) bool { return d.Name == f.Name && (f.Value == nil || *f.Value == d.Value) }) {
			return false
		}
	}
	return (in.Namespace == "" || in.Namespace == m.Namespace) && (in.MetricName == "" || in.MetricName == m.MetricName)
}
