# Lambda: the control plane. (make test-lambda runs functions.)
printf bootstrap >"$work/bootstrap"
(cd "$work" && python3 -m zipfile -c bootstrap.zip bootstrap)
stream=$(aws kinesis create-stream --stream-name cli-lambda --shard-count 1 && echo arn:aws:kinesis:us-east-1:000000000000:stream/cli-lambda)
role=arn:aws:iam::000000000000:role/cli-lambda
refused InvalidParameterValueException aws lambda create-function --function-name cli-function --runtime provided.al2023 --handler bootstrap --role "$role" --zip-file "fileb://$work/bootstrap.zip"
role cli-lambda 'kinesis:*' "$stream" lambda.amazonaws.com
expect '"Version": "$LATEST"' aws lambda create-function --function-name cli-function --runtime provided.al2023 --handler bootstrap --role "$role" --zip-file "fileb://$work/bootstrap.zip" --timeout 5
expect '"Timeout": 5' aws lambda get-function-configuration --function-name cli-function
expect '"BatchSize": 10' aws lambda create-event-source-mapping --function-name cli-function --event-source-arn "$stream" --starting-position LATEST --batch-size 10 --bisect-batch-on-function-error
mapping=$(aws lambda list-event-source-mappings --function-name cli-function --query 'EventSourceMappings[0].UUID' --output text)
expect '"ParallelizationFactor": 10' aws lambda update-event-source-mapping --uuid "$mapping" --parallelization-factor 10
refused InvalidParameterValueException aws lambda update-event-source-mapping --uuid "$mapping" --parallelization-factor 11
refused InvalidParameterValueException aws lambda update-event-source-mapping --uuid "$mapping" --tumbling-window-in-seconds 120
expect '"TumblingWindowInSeconds": 120' aws lambda update-event-source-mapping --uuid "$mapping" --parallelization-factor 1 --tumbling-window-in-seconds 120
refused InvalidParameterValueException aws lambda create-event-source-mapping --function-name cli-function --event-source-arn "$stream" --starting-position LATEST --batch-size 10001
queue=$(aws sqs create-queue --queue-name cli-lambda --query QueueUrl --output text && echo arn:aws:sqs:us-east-1:000000000000:cli-lambda)
refused InvalidParameterValueException aws lambda create-event-source-mapping --function-name cli-function --event-source-arn "${queue##*$'\n'}"
aws iam attach-role-policy --role-name cli-lambda --policy-arn arn:aws:iam::aws:policy/service-role/AWSLambdaSQSQueueExecutionRole
expect '"MaximumConcurrency": 2' aws lambda create-event-source-mapping --function-name cli-function --event-source-arn "${queue##*$'\n'}" --scaling-config MaximumConcurrency=2 --function-response-types ReportBatchItemFailures
refused InvalidParameterValueException aws lambda create-event-source-mapping --function-name cli-function --event-source-arn "${queue##*$'\n'}" --starting-position LATEST
refused ResourceConflictException aws lambda create-function --function-name cli-function --runtime provided.al2023 --handler bootstrap --role "$role" --zip-file "fileb://$work/bootstrap.zip"
refused ResourceNotFoundException aws lambda invoke --function-name cli-none "$work/out"
expect '"FunctionError": "Unhandled"' aws lambda invoke --function-name cli-function --log-type Tail "$work/out"
expect 'START RequestId' aws logs filter-log-events --log-group-name /aws/lambda/cli-function
expect 'REPORT RequestId' aws logs filter-log-events --log-group-name /aws/lambda/cli-function --filter-pattern REPORT
expect '"LogGroup": "/cli/functions"' aws lambda update-function-configuration --function-name cli-function --logging-config LogFormat=Text,LogGroup=/cli/functions
expect '"ApplicationLogLevel": "ERROR"' aws lambda update-function-configuration --function-name cli-function --logging-config LogFormat=JSON,ApplicationLogLevel=ERROR,SystemLogLevel=WARN
expect '"FunctionError": "Unhandled"' aws lambda invoke --function-name cli-function "$work/out"
expect 'platform.report' aws logs filter-log-events --log-group-name /cli/functions --filter-pattern '{ $.record.status = "failure" }'
refused InvalidParameterValueException aws lambda update-function-configuration --function-name cli-function --logging-config LogFormat=Text,ApplicationLogLevel=ERROR
aws lambda publish-version --function-name cli-function >/dev/null
aws lambda update-function-configuration --function-name cli-function --timeout 6 >/dev/null
expect '"Version": "2"' aws lambda publish-version --function-name cli-function
expect '"2": 0.03' aws lambda create-alias --name routing-alias --function-name cli-function --function-version 1 --routing-config 'AdditionalVersionWeights={2=0.03}'
expect '"2": 0.05' aws lambda update-alias --name routing-alias --function-name cli-function --routing-config 'AdditionalVersionWeights={2=0.05}'
refused InvalidParameterValueException aws lambda update-alias --name routing-alias --function-name cli-function --routing-config 'AdditionalVersionWeights={1=0.05}'
refused ResourceConflictException aws lambda delete-function --function-name cli-function --qualifier 2
expect '"FunctionVersion": "2"' aws lambda update-alias --name routing-alias --function-name cli-function --function-version 2 --routing-config 'AdditionalVersionWeights={}'
