package cloudwatch_test

import (
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/cloudwatch"
	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

func config() aws.Config { return configOf(cloudwatch.New(nil)) }

func configOf(s *cloudwatch.State) aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://cloud"), Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient: emulators.Direct{Handler: cloudwatch.Handler(s)}, RetryMaxAttempts: 1,
	}
}

func put(t *testing.T, c *sdk.Client, data ...types.MetricDatum) error {
	t.Helper()
	_, err := c.PutMetricData(t.Context(), &sdk.PutMetricDataInput{Namespace: aws.String("Fleet"), MetricData: data})
	return err
}

func datum(value float64, at time.Time, dimensions ...types.Dimension) types.MetricDatum {
	return types.MetricDatum{MetricName: aws.String("temperature"), Value: &value, Timestamp: &at, Dimensions: dimensions}
}

func dimension(name, value string) types.Dimension {
	return types.Dimension{Name: &name, Value: &value}
}

// TestOperations holds the package to its operation table.
func TestOperations(t *testing.T) {
	operationtest.Check(t, config(), func(c aws.Config) *sdk.Client { return sdk.NewFromConfig(c) }, actOnAll, operationtest.Fields(nil))
}

func actOnAll(t *testing.T, c *sdk.Client) {
	now := time.Now()
	require.NoError(t, put(t, c, datum(20, now, dimension("site", "berlin"), dimension("room", "1")), datum(30, now, dimension("room", "1"), dimension("site", "berlin"))))
	got, err := c.GetMetricStatistics(t.Context(), statisticsOf(now.Add(-time.Minute), now.Add(time.Minute), 60, "Average", dimension("room", "1"), dimension("site", "berlin")))
	require.NoError(t, err)
	require.Len(t, got.Datapoints, 1)
	require.Equal(t, 25.0, *got.Datapoints[0].Average)
	data, err := c.GetMetricData(t.Context(), &sdk.GetMetricDataInput{StartTime: aws.Time(now.Add(-time.Minute)), EndTime: aws.Time(now.Add(time.Minute)),
		MetricDataQueries: []types.MetricDataQuery{query("m", 60, "Sum", dimension("room", "1"), dimension("site", "berlin"))}})
	require.NoError(t, err)
	require.Equal(t, []float64{50}, data.MetricDataResults[0].Values)
	require.Equal(t, now.Truncate(time.Minute).Unix(), data.MetricDataResults[0].Timestamps[0].Unix())
	listed, err := c.ListMetrics(t.Context(), &sdk.ListMetricsInput{Dimensions: []types.DimensionFilter{{Name: aws.String("site")}}, RecentlyActive: types.RecentlyActivePt3h})
	require.NoError(t, err)
	require.Len(t, listed.Metrics, 1)
	require.Equal(t, "Fleet", *listed.Metrics[0].Namespace)
	require.Len(t, listed.Metrics[0].Dimensions, 2)
	actOnSelections(t, c, now)
}

// actOnSelections has points of two units and resolutions, and asks for some of them.
func actOnSelections(t *testing.T, c *sdk.Client, now time.Time) {
	fine := datum(7, now)
	fine.Unit, fine.StorageResolution = types.StandardUnitCount, aws.Int32(1)
	require.NoError(t, put(t, c, datum(1, now), fine))
	in := statisticsOf(now.Add(-time.Minute), now.Add(time.Minute), 60, "Sum")
	in.Unit = types.StandardUnitCount
	got, err := c.GetMetricStatistics(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, 7.0, *got.Datapoints[0].Sum)

	counted, kept := query("counted", 60, "Sum"), query("kept", 60, "Sum")
	counted.MetricStat.Unit, counted.Label = types.StandardUnitCount, aws.String("mine")
	kept.ReturnData = aws.Bool(false)
	ask := &sdk.GetMetricDataInput{StartTime: in.StartTime, EndTime: in.EndTime, MaxDatapoints: aws.Int32(1), ScanBy: types.ScanByTimestampAscending, MetricDataQueries: []types.MetricDataQuery{kept, counted}}
	data, err := c.GetMetricData(t.Context(), ask)
	require.NoError(t, err)
	require.Len(t, data.MetricDataResults, 1)
	require.Equal(t, "mine", *data.MetricDataResults[0].Label)
	require.Equal(t, []float64{7}, data.MetricDataResults[0].Values)

	for _, list := range []*sdk.ListMetricsInput{
		{Namespace: in.Namespace, MetricName: in.MetricName, Dimensions: []types.DimensionFilter{{Name: aws.String("site"), Value: aws.String("berlin")}}},
		{MetricName: aws.String("other")},
		{Namespace: aws.String("Other")},
		{Dimensions: []types.DimensionFilter{{Name: aws.String("site"), Value: aws.String("paris")}}},
	} {
		listed, err := c.ListMetrics(t.Context(), list)
		require.NoError(t, err)
		require.Equal(t, list.Namespace != nil && list.MetricName != nil, len(listed.Metrics) == 1)
	}
}

func statisticsOf(from, to time.Time, period int32, statistic types.Statistic, dimensions ...types.Dimension) *sdk.GetMetricStatisticsInput {
	return &sdk.GetMetricStatisticsInput{Namespace: aws.String("Fleet"), MetricName: aws.String("temperature"), Dimensions: dimensions,
		StartTime: &from, EndTime: &to, Period: &period, Statistics: []types.Statistic{statistic}}
}

func query(id string, period int32, stat string, dimensions ...types.Dimension) types.MetricDataQuery {
	return types.MetricDataQuery{Id: &id, MetricStat: &types.MetricStat{Period: &period, Stat: &stat,
		Metric: &types.Metric{Namespace: aws.String("Fleet"), MetricName: aws.String("temperature"), Dimensions: dimensions}}}
}

// The periods of
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
func TestStatisticsByPeriod(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(90 * 24 * time.Hour)
		c, start := sdk.NewFromConfig(config()), time.Now()
		for i := range 120 { // one every 10 s, for 20 minutes
			d := datum(float64(i), start.Add(time.Duration(i-120)*10*time.Second))
			d.StorageResolution = aws.Int32(1)
			require.NoError(t, put(t, c, d))
		}
		ask := func(from time.Duration, period int32, statistic types.Statistic) (out []string) {
			in := statisticsOf(start.Add(-from), start, period, statistic)
			got, err := c.GetMetricStatistics(t.Context(), in)
			require.NoError(t, err)
			require.Equal(t, "temperature", *got.Label)
			for _, d := range got.Datapoints {
				for _, v := range []*float64{d.SampleCount, d.Average, d.Sum, d.Minimum, d.Maximum} {
					if v != nil {
						out = append(out, fmt.Sprint(d.Timestamp.Sub(start).Seconds(), " ", *v, " ", d.Unit))
					}
				}
			}
			return out
		}
		require.Equal(t, []string{"-1200 60 None", "-600 60 None"}, ask(20*time.Minute, 600, types.StatisticSampleCount))
		require.Equal(t, []string{"-600 89.5 None"}, ask(10*time.Minute, 600, types.StatisticAverage))
		require.Equal(t, []string{"-60 116 None", "-30 119 None"}, ask(time.Minute, 30, types.StatisticMaximum))
		require.Equal(t, []string{"-60 114 None", "-50 115 None"}, ask(55*time.Second, 10, types.StatisticMinimum)[:2], "the start is rounded down to 10 s")
		require.Empty(t, ask(4*time.Hour, 30, types.StatisticSum), "more than 3 h ago needs a period of minutes")
		require.NotEmpty(t, ask(4*time.Hour, 60, types.StatisticSum))
		require.Empty(t, ask(16*24*time.Hour, 1800+60, types.StatisticSum), "more than 15 days ago one of 5 minutes")
		require.NotEmpty(t, ask(64*24*time.Hour, 7200, types.StatisticSum))
	})
}

func TestPercentilesAndSets(t *testing.T) {
	c, now := sdk.NewFromConfig(config()), time.Now()
	values := types.MetricDatum{MetricName: aws.String("temperature"), Unit: types.StandardUnitCount, Timestamp: &now,
		Values: []float64{5, 8, 10, 9}, Counts: []float64{1, 5, 6, 5}}
	require.NoError(t, put(t, c, values))
	in := statisticsOf(now.Add(-time.Hour), now.Add(time.Minute), 3600*24, "")
	in.Statistics, in.ExtendedStatistics, in.Unit = nil, []string{"p0", "p50", "p99.9"}, types.StandardUnitCount
	got, err := c.GetMetricStatistics(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, map[string]float64{"p0": 5, "p50": 9, "p99.9": 10}, got.Datapoints[0].ExtendedStatistics)

	set := types.MetricDatum{MetricName: aws.String("temperature"), Unit: types.StandardUnitCount, Timestamp: &now,
		StatisticValues: &types.StatisticSet{SampleCount: aws.Float64(2), Sum: aws.Float64(40), Minimum: aws.Float64(3), Maximum: aws.Float64(37)}}
	require.NoError(t, put(t, c, set))
	got, err = c.GetMetricStatistics(t.Context(), in)
	require.NoError(t, err)
	require.Empty(t, got.Datapoints, "no percentile of an opaque set")
	in.Statistics, in.ExtendedStatistics = []types.Statistic{types.StatisticMinimum, types.StatisticSampleCount}, nil
	got, err = c.GetMetricStatistics(t.Context(), in)
	require.NoError(t, err)
	require.Equal(t, 3.0, *got.Datapoints[0].Minimum)
	require.Equal(t, 19.0, *got.Datapoints[0].SampleCount)
	in.Unit = types.StandardUnitBytes
	got, err = c.GetMetricStatistics(t.Context(), in)
	require.NoError(t, err)
	require.Empty(t, got.Datapoints, "of another unit")
}

func TestGetMetricDataPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, start := sdk.NewFromConfig(config()), time.Now()
		for i := range 3 {
			require.NoError(t, put(t, c, datum(float64(i), start.Add(time.Duration(i)*time.Minute)), datum(float64(10+i), start.Add(time.Duration(i)*time.Minute), dimension("d", "x"))))
		}
		in := &sdk.GetMetricDataInput{StartTime: &start, EndTime: aws.Time(start.Add(time.Hour)), MaxDatapoints: aws.Int32(2),
			MetricDataQueries: []types.MetricDataQuery{query("a", 60, "Average"), query("b", 60, "Average", dimension("d", "x")), query("none", 60, "Average", dimension("d", "y"))}}
		pages := func() string {
			var got string
			for pages := sdk.NewGetMetricDataPaginator(c, in); pages.HasMorePages(); {
				page, err := pages.NextPage(t.Context())
				require.NoError(t, err)
				for _, r := range page.MetricDataResults {
					got += fmt.Sprint(*r.Id, r.Values, r.StatusCode, " ")
				}
				got += "/ "
			}
			return got
		}
		require.Equal(t, "a[2 1]PartialData / a[0]Complete b[12]PartialData / b[11 10]Complete none[]Complete / ", pages())
		in.ScanBy, in.MaxDatapoints = types.ScanByTimestampAscending, nil
		require.Equal(t, "a[0 1 2]Complete b[10 11 12]Complete none[]Complete / ", pages())
	})
}

func TestWhatPutRefuses(t *testing.T) {
	c, now := sdk.NewFromConfig(config()), time.Now()
	with := func(change func(*types.MetricDatum)) types.MetricDatum {
		d := datum(1, now)
		change(&d)
		return d
	}
	for want, d := range map[string]types.MetricDatum{
		"no more than two weeks in the past":   datum(1, now.Add(-15*24*time.Hour)),
		"no more than two hours in the future": datum(1, now.Add(3*time.Hour)),
		"InvalidParameterValue: The value 4.6": datum(math.Pow(2, 361), now),
		"mutually exclusive":                   with(func(d *types.MetricDatum) { d.Values = []float64{1} }),
		"MissingParameter":                     with(func(d *types.MetricDatum) { d.Value = nil }),
		"StorageResolution":                    with(func(d *types.MetricDatum) { d.StorageResolution = aws.Int32(5) }),
		"Unit must be":                         with(func(d *types.MetricDatum) { d.Unit = "Kelvin" }),
		"Counts as many":                       with(func(d *types.MetricDatum) { d.Value, d.Values, d.Counts = nil, []float64{1, 2}, []float64{1} }),
		"Dimensions.member.2":                  with(func(d *types.MetricDatum) { d.Dimensions = []types.Dimension{dimension("a", "1"), dimension("a", "2")} }),
		"StatisticValues is invalid": with(func(d *types.MetricDatum) {
			d.Value, d.StatisticValues = nil, &types.StatisticSet{SampleCount: aws.Float64(1), Sum: aws.Float64(1), Minimum: aws.Float64(2), Maximum: aws.Float64(1)}
		}),
	} {
		require.ErrorContains(t, put(t, c, d), want)
	}
	require.Error(t, put(t, c, datum(math.NaN(), now)))
	_, err := c.PutMetricData(t.Context(), &sdk.PutMetricDataInput{Namespace: aws.String("AWS/IoT"), MetricData: []types.MetricDatum{datum(1, now)}})
	require.ErrorContains(t, err, "AWS/")
	_, err = c.PutMetricData(t.Context(), &sdk.PutMetricDataInput{Namespace: aws.String("x"), StrictEntityValidation: aws.Bool(true), MetricData: []types.MetricDatum{datum(1, now)}})
	require.ErrorContains(t, err, "StrictEntityValidation")
	listed, err := c.ListMetrics(t.Context(), &sdk.ListMetricsInput{})
	require.NoError(t, err)
	require.Empty(t, listed.Metrics, "all or none")
}

func TestMetricsAreBounded(t *testing.T) {
	s := cloudwatch.New(nil)
	put := func(names ...string) error {
		in := &cloudwatch.PutMetricDataInput{Namespace: "Fleet"}
		for _, name := range names {
			in.MetricData = append(in.MetricData, cloudwatch.Datum{MetricName: name, Value: aws.Float64(1)})
		}
		_, err := s.PutMetricData(t.Context(), in)
		return err
	}
	names := make([]string, 1000)
	for i := range 100 {
		for j := range names {
			names[j] = fmt.Sprint(i, ".", j)
		}
		require.NoError(t, put(names...))
	}
	require.NoError(t, put(names...), "of metrics that are there")
	require.ErrorContains(t, put("one more"), "keeps at most 100000 metrics")
}

func TestWhatReadingRefuses(t *testing.T) {
	c, now := sdk.NewFromConfig(config()), time.Now()
	_, err := c.GetMetricStatistics(t.Context(), statisticsOf(now.Add(-25*time.Hour), now, 60, types.StatisticSum))
	require.ErrorContains(t, err, "exceeds the limit of 1440")
	_, err = c.GetMetricStatistics(t.Context(), statisticsOf(now, now.Add(-time.Hour), 60, types.StatisticSum))
	require.ErrorContains(t, err, "StartTime must be less")
	_, err = c.GetMetricStatistics(t.Context(), statisticsOf(now.Add(-time.Hour), now, 61, types.StatisticSum))
	require.ErrorContains(t, err, "Period")
	for want, q := range map[string]types.MetricDataQuery{
		"Expression":     {Id: aws.String("e"), Expression: aws.String("m1 * 2")},
		"statistic tm90": query("m", 60, "tm90"),
		"statistic p1e1": query("m", 60, "p1e1"),
		"statistic p+5":  query("m", 60, "p+5"),
		"statistic p101": query("m", 60, "p101"),
		"Label with":     func() types.MetricDataQuery { q := query("m", 60, "Sum"); q.Label = aws.String("${MAX}"); return q }(),
		"Id is invalid":  query("M", 60, "Sum"),
	} {
		_, err := c.GetMetricData(t.Context(), &sdk.GetMetricDataInput{StartTime: aws.Time(now.Add(-time.Hour)), EndTime: &now, MetricDataQueries: []types.MetricDataQuery{q}})
		require.ErrorContains(t, err, want)
	}
}

// TestCompressedRequest puts more than the 10,240 bytes from which SDKs compress.
func TestCompressedRequest(t *testing.T) {
	var encodings []string
	cfg := config()
	next := cfg.HTTPClient
	cfg.HTTPClient = clientFunc(func(r *http.Request) (*http.Response, error) {
		encodings = append(encodings, r.Header.Get("Content-Encoding"))
		return next.Do(r)
	})
	c := sdk.NewFromConfig(cfg)
	var data []types.MetricDatum
	for i := range 500 {
		data = append(data, datum(1, time.Now(), dimension("thing", fmt.Sprint(i))))
	}
	require.NoError(t, put(t, c, data...))
	require.Equal(t, []string{"gzip"}, encodings)
	listed, err := c.ListMetrics(t.Context(), &sdk.ListMetricsInput{})
	require.NoError(t, err)
	require.Len(t, listed.Metrics, 500)
}

type clientFunc func(*http.Request) (*http.Response, error)

func (f clientFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

// TestJSON speaks the protocol of SDKs between query and RPC.
func TestJSON(t *testing.T) {
	client := config().HTTPClient
	call := func(operation, body string) string {
		r, err := http.NewRequest(http.MethodPost, "http://cloud/", strings.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("X-Amz-Target", "GraniteServiceVersion20100801."+operation)
		r.Header.Set("Content-Type", "application/x-amz-json-1.0")
		response, err := client.Do(r)
		require.NoError(t, err)
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		return response.Header.Get("X-Amzn-Query-Error") + string(text)
	}
	require.Equal(t, "{}", call("PutMetricData", `{"Namespace":"n","MetricData":[{"MetricName":"m","Value":1.5}]}`))
	require.Equal(t, `{"Metrics":[{"Namespace":"n","MetricName":"m","Dimensions":[]}]}`, call("ListMetrics", `{}`))
	require.Contains(t, call("PutMetricData", `{"Namespace":":"}`), "InvalidParameterValue;Sender")
}
