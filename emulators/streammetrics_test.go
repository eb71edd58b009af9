package emulators

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	metricssdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	metrictypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	kinesissdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/stretchr/testify/require"
)

// TestMetricsOfStreams reads what a stream took and refused, as an alarm would.
// https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html
func TestMetricsOfStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud, err := New(Config{Enforce: true})
		require.NoError(t, err)
		ctx, start, name := t.Context(), time.Now(), aws.String("telemetry")
		streams, metrics := kinesissdk.NewFromConfig(cloud.AWSConfig()), metricssdk.NewFromConfig(cloud.AWSConfig())
		for _, stream := range []string{"idle", *name} {
			_, err = streams.CreateStream(ctx, &kinesissdk.CreateStreamInput{StreamName: &stream, ShardCount: aws.Int32(1)})
			require.NoError(t, err)
		}
		put := func(bytes int) error {
			_, err := streams.PutRecord(ctx, &kinesissdk.PutRecordInput{StreamName: name, PartitionKey: aws.String("k"), Data: make([]byte, bytes)},
				func(o *kinesissdk.Options) { o.RetryMaxAttempts = 1 })
			return err
		}
		require.NoError(t, put(10))
		require.NoError(t, put(30))
		time.Sleep(70 * time.Second)
		require.NoError(t, put(1<<20-100))
		require.ErrorContains(t, put(200), "ProvisionedThroughputExceededException")
		require.ErrorContains(t, put(200), "ProvisionedThroughputExceededException")

		ask := func(metric string, statistic string) []float64 {
			t.Helper()
			got, err := metrics.GetMetricData(ctx, &metricssdk.GetMetricDataInput{StartTime: &start, EndTime: aws.Time(start.Add(time.Hour)), ScanBy: metrictypes.ScanByTimestampAscending,
				MetricDataQueries: []metrictypes.MetricDataQuery{{Id: aws.String("m"), MetricStat: &metrictypes.MetricStat{Stat: &statistic, Period: aws.Int32(60),
					Metric: &metrictypes.Metric{Namespace: aws.String("AWS/Kinesis"), MetricName: &metric, Dimensions: []metrictypes.Dimension{{Name: aws.String("StreamName"), Value: name}}}}}}})
			require.NoError(t, err)
			return got.MetricDataResults[0].Values
		}
		require.Equal(t, []float64{2, 1}, ask("IncomingRecords", "Sum"))
		require.Equal(t, []float64{40, 1<<20 - 100}, ask("IncomingBytes", "Sum"))
		require.Equal(t, []float64{20, 1<<20 - 100}, ask("IncomingBytes", "Average"))
		require.Equal(t, []float64{10, 1<<20 - 100}, ask("IncomingBytes", "Minimum"))
		require.Equal(t, []float64{2}, ask("WriteProvisionedThroughputExceeded", "Sum"))
		require.Empty(t, ask("ReadProvisionedThroughputExceeded", "Sum"))
		require.Empty(t, ask("OutgoingRecords", "Sum"), "it is not kept")

		var listed []string
		list, err := metrics.ListMetrics(ctx, &metricssdk.ListMetricsInput{Namespace: aws.String("AWS/Kinesis")})
		require.NoError(t, err)
		for _, m := range list.Metrics {
			listed = append(listed, *m.Dimensions[0].Value+" "+*m.MetricName)
		}
		require.Equal(t, []string{"telemetry IncomingBytes", "telemetry IncomingRecords", "telemetry WriteProvisionedThroughputExceeded"}, listed)
	})
}
