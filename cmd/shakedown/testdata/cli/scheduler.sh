# EventBridge Scheduler.
target='{"Arn":"arn:aws:lambda:us-east-1:000000000000:function:iot-offline-sweep","RoleArn":"arn:aws:iam::000000000000:role/r"}'
expect ':schedule/default/cli-sweep"' aws scheduler create-schedule --name cli-sweep --schedule-expression 'rate(1 hour)' --flexible-time-window Mode=OFF --target "$target"
expect '"rate(1 hour)"' aws scheduler get-schedule --name cli-sweep
expect cli-sweep aws scheduler list-schedules --query 'Schedules[].Name'
refused ConflictException aws scheduler create-schedule --name cli-sweep --schedule-expression 'rate(1 hour)' --flexible-time-window Mode=OFF --target "$target"
refused ValidationException aws scheduler create-schedule --name cli-bad --schedule-expression 'rate(often)' --flexible-time-window Mode=OFF --target "$target"
aws scheduler delete-schedule --name cli-sweep
refused ResourceNotFoundException aws scheduler get-schedule --name cli-sweep
