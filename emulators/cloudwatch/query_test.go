package cloudwatch_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// TestQuery speaks the protocol of SDKs before 2025, in the form and the XML of the API
// reference's examples.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html#API_PutMetricData_Examples
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html#API_GetMetricStatistics_Examples
func TestQuery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := config().HTTPClient
		call := func(form string) (int, string) {
			r, err := http.NewRequest(http.MethodPost, "http://cloud/", strings.NewReader(form+"&Version=2010-08-01"))
			require.NoError(t, err)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
			response, err := client.Do(r)
			require.NoError(t, err)
			defer response.Body.Close()
			text, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			return response.StatusCode, string(text)
		}
		status, body := call("Action=PutMetricData&Namespace=TestNamespace&MetricData.member.1.MetricName=buffers&MetricData.member.1.Unit=Bytes" +
			"&MetricData.member.1.Timestamp=2000-01-01T00%3A00%3A00Z&MetricData.member.1.Value=231434333.5&MetricData.member.2.MetricName=latency" +
			"&MetricData.member.2.Unit=Milliseconds&MetricData.member.2.Value=23&MetricData.member.2.Dimensions.member.1.Name=InstanceID&MetricData.member.2.Dimensions.member.1.Value=i%26")
		require.Equal(t, http.StatusOK, status, body)
		require.Contains(t, body, `<PutMetricDataResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/">`)
		require.Contains(t, body, "<ResponseMetadata><RequestId>")
		time.Sleep(time.Minute)
		_, body = call("Action=ListMetrics&MetricName=latency")
		require.Contains(t, body, "<ListMetricsResult><Metrics><member><Namespace>TestNamespace</Namespace><MetricName>latency</MetricName>"+
			"<Dimensions><member><Name>InstanceID</Name><Value>i&amp;</Value></member></Dimensions></member></Metrics></ListMetricsResult>")
		const statistics = "Action=GetMetricStatistics&Namespace=TestNamespace&MetricName=buffers&StartTime=2000-01-01T00:00:00Z&EndTime=2000-01-01T00:01:00Z&Period=60&Dimensions="
		const point = "<GetMetricStatisticsResult><Label>buffers</Label><Datapoints><member><Timestamp>2000-01-01T00:00:00Z</Timestamp>"
		_, body = call(statistics + "&Statistics.member.1=Average")
		require.Contains(t, body, point+"<Average>2.314343335e+08</Average><Unit>Bytes</Unit></member></Datapoints></GetMetricStatisticsResult>")
		_, body = call(statistics + "&ExtendedStatistics.member.1=p90")
		require.Contains(t, body, point+"<Unit>Bytes</Unit><ExtendedStatistics><entry><key>p90</key><value>2.314343335e+08</value></entry></ExtendedStatistics></member>")

		for form, want := range map[string]string{
			"Action=PutMetricData&Namespace=:":                   "<Code>InvalidParameterValue</Code>",
			"Action=PutMetricData":                               "<Code>MissingParameter</Code>",
			"Action=ListMetrics&OwningAccount=1":                 "OwningAccount",
			"Action=PutMetricAlarm&AlarmName=a":                  "<Code>InvalidAction</Code><Message>PutMetricAlarm is not implemented",
			"Action=GetMetricStatistics&StartTime=yesterday&a=b": "unreadable value",
		} {
			status, body := call(form)
			require.GreaterOrEqual(t, status, http.StatusBadRequest)
			require.Contains(t, body, want)
		}
	})
}
