# CloudWatch Logs: a group with a retention, events, patterns, and a rule that writes.
group=/cli/devices
aws logs create-log-group --log-group-name $group --tags team=iot
aws logs put-retention-policy --log-group-name $group --retention-in-days 30
expect '"retentionInDays": 30' aws logs describe-log-groups --log-group-name-prefix /cli/
expect '"team": "iot"' aws logs list-tags-for-resource --resource-arn arn:aws:logs:us-east-1:000000000000:log-group:$group
aws logs create-log-stream --log-group-name $group --log-stream-name s
now=$(date +%s000)
aws logs put-log-events --log-group-name $group --log-stream-name s --log-events timestamp=$now,message=one timestamp=$now,message='ERROR two' >/dev/null
expect '"tooOldLogEventEndIndex": 1' aws logs put-log-events --log-group-name $group --log-stream-name s --log-events timestamp=1,message=old
expect one aws logs get-log-events --log-group-name $group --log-stream-name s --start-from-head --limit 1
expect 'ERROR two' aws logs filter-log-events --log-group-name $group --filter-pattern 'ERROR -one'
expect '"storedBytes": 0' aws logs describe-log-streams --log-group-name $group
role cli-logs 'logs:*' "arn:aws:logs:us-east-1:000000000000:log-group:$group:*"
aws iot create-topic-rule --rule-name CliLogs --topic-rule-payload '{"sql":"SELECT * FROM '"'cli/logs'"'","actions":[{"cloudwatchLogs":{"logGroupName":"'$group'","roleArn":"'$role'"}}]}'
aws iot-data publish --topic cli/logs --payload '{"temperature":41}'
soon '"logStreamName": "CliLogs"' aws logs filter-log-events --log-group-name $group --filter-pattern '{ $.temperature > 40 }'
refused 'regular expression' aws logs filter-log-events --log-group-name $group --filter-pattern '%x%'
refused ResourceAlreadyExistsException aws logs create-log-group --log-group-name $group
refused 'PutMetricFilter is not implemented' aws logs put-metric-filter --log-group-name $group --filter-name f --filter-pattern x --metric-transformations metricName=a,metricNamespace=b,metricValue=1
aws iot delete-topic-rule --rule-name CliLogs
aws logs delete-log-group --log-group-name $group
refused ResourceNotFoundException aws logs get-log-events --log-group-name $group --log-stream-name s
