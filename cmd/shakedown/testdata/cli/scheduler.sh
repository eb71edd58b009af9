# EventBridge Scheduler.
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
