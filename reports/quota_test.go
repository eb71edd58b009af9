package reports_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports"
)

func expectations() []reports.Expectation {
	return []reports.Expectation{
		{Text: "p99(store) < 2s", Measured: "1.5s", Passed: true}, {Text: "lost == 0", Measured: "80"}}
}

// quotas is a verdict in which a thing of that name breaches one.
func quotas(thing string) *reports.Quotas {
	return &reports.Quotas{
		Mode: "observe", Breached: 1, ShardsNeeded: 2,
		Checks: []reports.QuotaCheck{
			{Service: "IoT Core", Name: "publishes a connection", Limit: "100/s", Peak: "130/s", Where: thing + " at 00:01:02", Over: 30, Breached: true,
				Verdict: "30 publishes of 1 connections come beyond 100 in a second: discarded, without a word to the device"},
			{Service: "Kinesis", Name: "records into a shard", Limit: "1000/s", Peak: "900/s", Where: "shardId-000000000000 at 00:01:02"},
		},
		Settings: []reports.QuotaSetting{{Name: "pipeline.shards", Is: "1", Needs: "2"}, {Name: "pipeline.poll", Is: "1s", Needs: "400ms or more", Holds: true}},
		Bill: &reports.Bill{
			Region: "us-east-1", Scale: 730, Total: 1254.75, Assumptions: []string{"the month goes like the run"},
			Lines: []reports.BillLine{
				{Service: "IoT Core", Item: "connectivity", Quantity: 43_800_000, Unit: "minutes of connection", Price: "0.08 USD per 1 million", USD: 3.5, Page: "https://aws.amazon.com/iot-core/pricing/", Seen: "2025-01"},
				{Service: "IoT Core", Item: "messaging", Quantity: 1.25e9, Unit: "messages of 5 KB", Price: "1 USD per 1 million", USD: 1251.25, Page: "https://aws.amazon.com/iot-core/pricing/", Seen: "2025-01"},
				{Service: "SQS", Item: "requests", Unit: "requests", Price: "0.4 USD per 1 million", USD: 0.001, Page: "https://aws.amazon.com/sqs/pricing/", Seen: "2025-01"},
			},
		},
	}
}

func TestQuotasAndExpectationsInEveryReport(t *testing.T) {
	r := busy()
	for _, write := range []struct {
		name string
		text func(*bytes.Buffer) error
		want []string
	}{
		{"text", func(b *bytes.Buffer) error { return reports.Text(b, r) }, []string{
			"expected  met     p99(store) < 2s: measured 1.5s", "expected  NOT MET lost == 0: measured 80",
			"quotas of AWS, observed: 1 of 2 breached", "IoT Core: publishes a connection: 130/s, limit 100/s (sensor-00001 at",
			"pipeline.shards is 1 and would have to be 2", "about 1,255 USD a month in us-east-1: IoT Core 1,255, SQS < 0.01"}},
		{"markdown", func(b *bytes.Buffer) error { return reports.Markdown(b, r) }, []string{
			"❌ | `lost == 0` | 80", "<summary>Quotas of AWS: 1 of 2 breached; about 1,255 USD a month</summary>", "| IoT Core | publishes a connection | 100/s | **130/s** |"}},
		{"junit", func(b *bytes.Buffer) error { return reports.JUnit(b, r) }, []string{
			`name="expected p99(store) &lt; 2s"></testcase>`, `<failure message="lost == 0: measured 80">`, `name="quotas of AWS"`, "<system-out>quotas of AWS, observed: 1 of 2 breached"}},
		{"html", func(b *bytes.Buffer) error { return reports.HTML(b, r) }, []string{
			`<b class="unmet">not met</b></td><td><code>lost == 0</code></td><td class="reason" data-l="measured">80</td>`, "after a warm-up of 30s", "1 of 2 quotas breached", "About 1,255 USD a month",
			`<a href="https://aws.amazon.com/sqs/pricing/">0.4 USD per 1 million</a>`, "the month goes like the run"}},
		{"json", func(b *bytes.Buffer) error { return r.Write(b) }, []string{`"shards_needed": 2`, `"total_usd": 1254.75`, `"measured": "80"`}},
	} {
		var b bytes.Buffer
		require.NoError(t, write.text(&b), write.name)
		for _, want := range write.want {
			require.Contains(t, b.String(), want, write.name)
		}
	}
}

func TestAQuotaIsReadAsALimit(t *testing.T) {
	c := reports.QuotaCheck{Service: "IoT Core", Name: "connects of a client id", Limit: "1/s", Peak: "27 too soon", Where: "at 3s, 00:00:03", Verdict: "throttled"}
	require.Equal(t, "IoT Core: connects of a client id: 27 too soon, limit 1/s (at 3s, 00:00:03): throttled", c.String())
	c = reports.QuotaCheck{Service: "Kinesis", Name: "records refused in this run", Limit: "0", Peak: "148", Verdict: "the emulator refused 148 records"}
	require.Equal(t, "Kinesis: records refused in this run: 148: the emulator refused 148 records", c.String())
}

// Where nothing was breached there is no empty table.
func TestMarkdownOfQuotasThatHold(t *testing.T) {
	r := busy()
	r.Quotas = quotas("sensor-00001")
	r.Quotas.Breached, r.Quotas.Checks, r.Quotas.Settings = 0, r.Quotas.Checks[1:], r.Quotas.Settings[1:]
	var out bytes.Buffer
	require.NoError(t, reports.Markdown(&out, r))
	require.Contains(t, out.String(), "<summary>Quotas of AWS: 0 of 1 breached; about 1,255 USD a month</summary>\n\n| service | USD a month |\n")
	require.NotContains(t, out.String(), "| service | quota |")
}
