# EventBridge Scheduler: a function, a queue, and what is given up.
function=arn:aws:lambda:us-east-1:000000000000:function:iot-offline-sweep
target='{"Arn":"'$function'","RoleArn":"arn:aws:iam::000000000000:role/cli-scheduler"}'
refused 'must allow AWS EventBridge Scheduler to assume the role' aws scheduler create-schedule --name cli-sweep --schedule-expression 'rate(1 hour)' --flexible-time-window Mode=OFF --target "$target"
role cli-scheduler lambda:InvokeFunction "$function" scheduler.amazonaws.com
expect ':schedule/default/cli-sweep"' aws scheduler create-schedule --name cli-sweep --schedule-expression 'rate(1 hour)' --flexible-time-window Mode=OFF --target "$target"
expect '"rate(1 hour)"' aws scheduler get-schedule --name cli-sweep
expect cli-sweep aws scheduler list-schedules --query 'Schedules[].Name'
refused ConflictException aws scheduler create-schedule --name cli-sweep --schedule-expression 'rate(1 hour)' --flexible-time-window Mode=OFF --target "$target"
refused ValidationException aws scheduler create-schedule --name cli-bad --schedule-expression 'rate(often)' --flexible-time-window Mode=OFF --target "$target"
aws scheduler delete-schedule --name cli-sweep
refused ResourceNotFoundException aws scheduler get-schedule --name cli-sweep

# https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
queue=$(aws sqs create-queue --queue-name cli-given-up --query QueueUrl --output text)
dead=arn:aws:sqs:us-east-1:000000000000:cli-given-up
aws iam put-role-policy --role-name cli-scheduler --policy-name dead --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"'$dead'"}]}'
missing=arn:aws:lambda:us-east-1:000000000000:function:cli-missing
aws iam put-role-policy --role-name cli-scheduler --policy-name missing --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"'$missing'"}]}'
expect ':schedule/default/cli-missing"' aws scheduler create-schedule --name cli-missing --schedule-expression 'rate(1 hour)' --flexible-time-window Mode=OFF --target '{"Arn":"'$missing'","RoleArn":"'"$role"'","DeadLetterConfig":{"Arn":"'$dead'"}}'
soon '"StringValue": "ResourceNotFoundException"' aws sqs receive-message --queue-url "$queue" --message-attribute-names ERROR_CODE --visibility-timeout 0
aws scheduler delete-schedule --name cli-missing
aws sqs delete-queue --queue-url "$queue"

# https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html#managing-targets-templated-sqs
queue=$(aws sqs create-queue --queue-name cli-scheduled --query QueueUrl --output text)
arn=arn:aws:sqs:us-east-1:000000000000:cli-scheduled
aws iam put-role-policy --role-name cli-scheduler --policy-name dead --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"'$arn'"}]}'
expect sqs-templated aws scheduler create-schedule --name sqs-templated --schedule-expression 'rate(5 minutes)' --flexible-time-window '{ "Mode": "OFF"}' \
	--target '{"RoleArn": "'"$role"'", "Arn":"'$arn'", "Input": "Message for scheduleArn: <aws.scheduler.schedule-arn>" }'
soon 'Message for scheduleArn: arn:aws:scheduler:us-east-1:000000000000:schedule/default/sqs-templated' aws sqs receive-message --queue-url "$queue" --visibility-timeout 0
aws scheduler delete-schedule --name sqs-templated
aws sqs delete-queue --queue-url "$queue"

# https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
queue=$(aws sqs create-queue --queue-name cli-scheduled --query QueueUrl --output text)
target='{"RoleArn":"'"$role"'","Arn":"'$arn'","Input":"once <aws.scheduler.execution-id>"}'
schedule() { aws scheduler create-schedule --flexible-time-window Mode=OFF --target "$target" "$@"; }
expect cli-once schedule --name cli-once --schedule-expression "at($(TZ=America/Los_Angeles python3 -c 'import time; print(time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(time.time() + 2)))'))" --schedule-expression-timezone America/Los_Angeles --action-after-completion DELETE
soon '"Body": "once ' aws sqs receive-message --queue-url "$queue" --visibility-timeout 0
refused ResourceNotFoundException aws scheduler get-schedule --name cli-once
expect cli-cron schedule --name cli-cron --schedule-expression 'cron(15 10 ? * 6L 2098-2099)' --schedule-expression-timezone America/New_York --start-date 2030-01-01T00:00:00Z --end-date 2100-01-01T00:00:00Z
expect '"America/New_York"' aws scheduler get-schedule --name cli-cron --query '[ScheduleExpressionTimezone, StartDate]'
refused 'Invalid Schedule Expression cron(15 10 * * 6L *)' schedule --name cli-bad --schedule-expression 'cron(15 10 * * 6L *)'
refused 'StartDate you specify cannot be earlier than 5 minutes ago' schedule --name cli-bad --schedule-expression 'rate(1 day)' --start-date 2020-01-01
refused 'Invalid Schedule Expression Timezone' schedule --name cli-bad --schedule-expression 'rate(1 day)' --schedule-expression-timezone Mars/Phobos
expect cli-cron aws scheduler update-schedule --name cli-cron --schedule-expression 'rate(1 hour)' --flexible-time-window '{ "Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15}' --target "$target"
expect 15 aws scheduler get-schedule --name cli-cron --query FlexibleTimeWindow.MaximumWindowInMinutes
refused 'MaximumWindowInMinutes' aws scheduler update-schedule --name cli-cron --schedule-expression 'rate(1 hour)' --flexible-time-window Mode=FLEXIBLE --target "$target"
expect '[]' aws scheduler list-schedules --name-prefix cli-c --state DISABLED --max-results 1 --query Schedules
aws scheduler delete-schedule --name cli-cron
aws sqs delete-queue --queue-url "$queue"

# https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-group-create.html
expect ':schedule-group/cli-group"' aws scheduler create-schedule-group --name cli-group --tags Key=team,Value=iot
refused ConflictException aws scheduler create-schedule-group --name cli-group
expect '"ACTIVE"' aws scheduler get-schedule-group --name cli-group
group=arn:aws:scheduler:us-east-1:000000000000:schedule-group/cli-group
aws scheduler tag-resource --resource-arn $group --tags Key=stage,Value=test
aws scheduler untag-resource --resource-arn $group --tag-keys team other
expect '"stage"' aws scheduler list-tags-for-resource --resource-arn $group
expect ':schedule/cli-group/cli-member"' schedule --name cli-member --group-name cli-group --schedule-expression 'rate(1 day)'
refused 'Schedule cli-member does not exist' aws scheduler get-schedule --name cli-member
expect cli-member aws scheduler list-schedules --group-name cli-group
expect '"default"' aws scheduler list-schedule-groups --max-items 2 --query 'ScheduleGroups[].Name'
aws scheduler delete-schedule-group --name cli-group
refused 'Schedule group cli-group does not exist' aws scheduler get-schedule --name cli-member --group-name cli-group
refused ValidationException aws scheduler delete-schedule-group --name default
