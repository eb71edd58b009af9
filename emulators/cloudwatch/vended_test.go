package cloudwatch_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/cloudwatch"
)

// meanwhile is a service that counts while others put metrics.
type meanwhile struct{ put func() }

func (m *meanwhile) Metrics(time.Time) []cloudwatch.Metric {
	m.put()
	return []cloudwatch.Metric{{Namespace: "AWS/Slow", MetricName: "Counted"}}
}

func (m *meanwhile) Points(_ cloudwatch.Metric, from, _ time.Time) []cloudwatch.Point {
	m.put()
	return []cloudwatch.Point{{At: from, Unit: "Count", Count: 1, Sum: 7, Min: 7, Max: 7}}
}

// TestOthersPutWhileAServiceCounts: what it counts may take long.
func TestOthersPutWhileAServiceCounts(t *testing.T) {
	slow := &meanwhile{}
	c := sdk.NewFromConfig(configOf(cloudwatch.New(map[string]cloudwatch.Vended{"AWS/Slow": slow})))
	puts := 0
	slow.put = func() {
		puts++
		_, err := c.PutMetricData(t.Context(), &sdk.PutMetricDataInput{Namespace: aws.String("own"), MetricData: []types.MetricDatum{{MetricName: aws.String("m"), Value: aws.Float64(1)}}})
		require.NoError(t, err)
	}
	end := time.Now()
	data, err := c.GetMetricData(t.Context(), &sdk.GetMetricDataInput{StartTime: aws.Time(end.Add(-time.Hour)), EndTime: &end, MetricDataQueries: []types.MetricDataQuery{{
		Id: aws.String("a"), MetricStat: &types.MetricStat{Metric: &types.Metric{Namespace: aws.String("AWS/Slow"), MetricName: aws.String("Counted")}, Period: aws.Int32(60), Stat: aws.String("Sum")}}}})
	require.NoError(t, err)
	require.Equal(t, []float64{7}, data.MetricDataResults[0].Values)
	statistics, err := c.GetMetricStatistics(t.Context(), &sdk.GetMetricStatisticsInput{Namespace: aws.String("AWS/Slow"), MetricName: aws.String("Counted"),
		StartTime: aws.Time(end.Add(-time.Hour)), EndTime: &end, Period: aws.Int32(60), Statistics: []types.Statistic{types.StatisticSum}})
	require.NoError(t, err)
	require.Len(t, statistics.Datapoints, 1)
	listed, err := c.ListMetrics(t.Context(), &sdk.ListMetricsInput{Namespace: aws.String("AWS/Slow")})
	require.NoError(t, err)
	require.Len(t, listed.Metrics, 1)
	require.Equal(t, 3, puts)
}
