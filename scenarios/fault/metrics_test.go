package fault_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

// TestMetricsAreRefusedInTheirProtocol: CloudWatch's older clients speak AWS JSON 1.0
// or the query protocol, and are answered in it.
func TestMetricsAreRefusedInTheirProtocol(t *testing.T) {
	w := start(t)
	w.begin(simfault.Throttle, "monitoring", "PutMetricData", simfault.Parameters{})
	call := func(body string, headers ...string) (int, string) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://cloud/", strings.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20000101/us-east-1/monitoring/aws4_request, SignedHeaders=host, Signature=0")
		for i := 0; i < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		answer, err := w.cloud.AWSConfig().HTTPClient.Do(r)
		require.NoError(t, err)
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		return answer.StatusCode, answer.Header.Get("X-Amzn-Query-Error") + string(text)
	}
	query := func(form string) (int, string) {
		return call(form+"&Version=2010-08-01", "Content-Type", "application/x-www-form-urlencoded")
	}
	json := func(body string) (int, string) {
		return call(body, "Content-Type", "application/x-amz-json-1.0", "X-Amz-Target", "GraniteServiceVersion20100801.PutMetricData")
	}
	const put = "Action=PutMetricData&Namespace=n&MetricData.member.1.MetricName=m&MetricData.member.1.Value=1"
	status, body := query(put)
	require.Equal(t, 400, status)
	require.Contains(t, body, "<Code>ThrottlingException</Code><Message>Rate exceeded</Message>")
	status, body = json(`{"Namespace":"n","MetricData":[{"MetricName":"m","Value":1}]}`)
	require.Equal(t, 400, status)
	require.Equal(t, `ThrottlingException;Sender{"__type":"com.amazonaws.cloudwatch#ThrottlingException","message":"Rate exceeded"}`, body)
	status, body = query("Action=ListMetrics")
	require.Equal(t, 200, status, body)
	require.Equal(t, 2, w.injector.Hits(0))

	w.begin(simfault.ServerError, "monitoring", "PutMetricData", simfault.Parameters{})
	status, body = query(put)
	require.Equal(t, 500, status)
	require.Contains(t, body, "<Type>Receiver</Type><Code>InternalServiceError</Code>", "as the query protocol calls it")
}
