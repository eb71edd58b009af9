# CloudWatch metrics: points, statistics, and a rule that makes points.
now=$(date +%s)
aws cloudwatch put-metric-data --namespace Cli --metric-name temperature --value 20 --unit Count --dimensions site=berlin
aws cloudwatch put-metric-data --namespace Cli --metric-data "MetricName=temperature,Values=30,40,Counts=1,1,Unit=Count,Dimensions=[{Name=site,Value=berlin}]"
from=$((now - 600)) to=$((now + 600))
expect '"Average": 30' aws cloudwatch get-metric-statistics --namespace Cli --metric-name temperature --dimensions Name=site,Value=berlin --start-time $from --end-time $to --period 1200 --statistics Average Maximum
expect '"p50": 30' aws cloudwatch get-metric-statistics --namespace Cli --metric-name temperature --dimensions Name=site,Value=berlin --start-time $from --end-time $to --period 1200 --extended-statistics p50
expect '"StatusCode": "Complete"' aws cloudwatch get-metric-data --start-time $from --end-time $to --metric-data-queries '[{"Id":"m1","MetricStat":{"Metric":{"Namespace":"Cli","MetricName":"temperature","Dimensions":[{"Name":"site","Value":"berlin"}]},"Period":1200,"Stat":"Sum"}}]'
expect '"MetricName": "temperature"' aws cloudwatch list-metrics --namespace Cli
role cli-metrics cloudwatch:PutMetricData '*'
aws iot create-topic-rule --rule-name CliMetric --topic-rule-payload '{"sql":"SELECT * FROM '"'cli/metric'"'","awsIotSqlVersion":"2016-03-23","actions":[{"cloudwatchMetric":{"metricName":"battery","metricNamespace":"Cli","metricUnit":"Percent","metricValue":"${battery}","roleArn":"'$role'"}}]}'
aws iot-data publish --topic cli/metric --payload '{"battery":81}'
soon '"Sum": 81' aws cloudwatch get-metric-statistics --namespace Cli --metric-name battery --start-time $from --end-time $to --period 1200 --statistics Sum
aws iot delete-topic-rule --rule-name CliMetric
refused InvalidParameterValue aws cloudwatch put-metric-data --namespace AWS/IoT --metric-name m --value 1
refused 'PutMetricAlarm is not implemented' aws cloudwatch put-metric-alarm --alarm-name a --comparison-operator LessThanThreshold --evaluation-periods 1
refused 'Expression' aws cloudwatch get-metric-data --start-time $from --end-time $to --metric-data-queries '[{"Id":"e","Expression":"1"}]'
