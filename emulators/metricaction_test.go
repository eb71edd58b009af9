package emulators

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	metricssdk "github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	metrictypes "github.com/aws/aws-sdk-go-v2/service/cloudwatch/types"
	iamsdk "github.com/aws/aws-sdk-go-v2/service/iam"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"
	"github.com/stretchr/testify/require"
)

// TestCloudwatchMetricAction makes points of messages, as the guide's examples do.
// https://docs.aws.amazon.com/iot/latest/developerguide/cloudwatch-metrics-rule-action.html
//
// AWS.md §2: cloudwatchMetric.
func TestCloudwatchMetricAction(t *testing.T) {
	withRules(t, nil, func(t *testing.T, c *ruled) {
		metrics := metricssdk.NewFromConfig(c.AWSConfig())
		c.rule("Count", "SELECT * FROM 'some/topic'", iottypes.Action{CloudwatchMetric: &iottypes.CloudwatchMetricAction{
			MetricName: aws.String("IotMetric"), MetricNamespace: aws.String("IotNamespace"), MetricUnit: aws.String("Count"), MetricValue: aws.String("1"), RoleArn: aws.String(rulesRole)}})
		c.rule("Templates", "SELECT * FROM 'metric/+'", iottypes.Action{CloudwatchMetric: &iottypes.CloudwatchMetricAction{
			MetricName: aws.String("${topic()}"), MetricNamespace: aws.String("${namespace}"), MetricUnit: aws.String("${unit}"), MetricValue: aws.String("${value}"),
			MetricTimestamp: aws.String("${at}"), RoleArn: aws.String(rulesRole)}})
		at := time.Now()
		c.publish("some/topic", `{"n":1}`)
		c.publish("some/topic", `{"n":2}`)
		c.publish("metric/a", `{"namespace":"Fleet","unit":"Percent","value":81.5,"at":`+"946684800}")
		require.Empty(t, c.failures())
		sum := func(namespace, name string, unit metrictypes.StandardUnit, from time.Time) float64 {
			got, err := metrics.GetMetricStatistics(c.ctx, &metricssdk.GetMetricStatisticsInput{Namespace: &namespace, MetricName: &name, Unit: unit,
				StartTime: &from, EndTime: aws.Time(from.Add(time.Hour)), Period: aws.Int32(3600), Statistics: []metrictypes.Statistic{metrictypes.StatisticSum}})
			require.NoError(t, err)
			require.Len(t, got.Datapoints, 1)
			return *got.Datapoints[0].Sum
		}
		require.Equal(t, 2.0, sum("IotNamespace", "IotMetric", metrictypes.StandardUnitCount, at))
		require.Equal(t, 81.5, sum("Fleet", "metric/a", metrictypes.StandardUnitPercent, time.Unix(946684800, 0)))

		c.publish("metric/a", `{"namespace":"Fleet","unit":"Percent","value":"hot","at":1}`)
		c.publish("metric/a", `{"namespace":"Fleet","unit":"Percent","value":1,"at":"now"}`)
		c.publish("metric/a", `{"namespace":"Fleet","unit":"Kelvin","value":1,"at":946684800}`)
		failures := c.failures()
		require.Len(t, failures, 3)
		require.Contains(t, failures[0], `metricValue "hot" is not a number`)
		require.Contains(t, failures[1], `metricTimestamp "now" is not a time`)
		require.Contains(t, failures[2], "Unit must be a value in the set")

		// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/iam-cw-condition-keys-namespace.html
		_, err := iamsdk.NewFromConfig(c.AWSConfig()).PutRolePolicy(c.ctx, &iamsdk.PutRolePolicyInput{RoleName: aws.String("rules"), PolicyName: aws.String("other"), PolicyDocument: aws.String(
			`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"cloudwatch:PutMetricData","Resource":"*","Condition":{"StringNotEquals":{"cloudwatch:namespace":"Fleet"}}}}`)})
		require.NoError(t, err)
		c.publish("metric/a", `{"namespace":"Fleet","unit":"Percent","value":1,"at":946684800}`)
		require.Len(t, c.failures(), 3)
		c.publish("metric/a", `{"namespace":"Others","unit":"Percent","value":1,"at":946684800}`)
		require.Contains(t, c.failures()[3], "cloudwatch:PutMetricData on resource: *: an explicit deny in other")
	})
}
