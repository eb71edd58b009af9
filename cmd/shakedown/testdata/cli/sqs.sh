# SQS: standard and FIFO queues.
queue=$(aws sqs create-queue --queue-name cli-alerts --attributes VisibilityTimeout=30 --query QueueUrl --output text)
expect 5d41402abc4b2a76b9719d911017c592 aws sqs send-message --queue-url "$queue" --message-body hello
message=$(aws sqs receive-message --queue-url "$queue" --wait-time-seconds 1 --query 'Messages[0].[Body,ReceiptHandle]' --output text)
[ "${message%%$'\t'*}" = hello ] || fail "received $message"
expect '"ApproximateNumberOfMessagesNotVisible": "1"' aws sqs get-queue-attributes --queue-url "$queue" --attribute-names All
aws sqs delete-message --queue-url "$queue" --receipt-handle "${message#*$'\t'}"
expect '"Failed"' aws sqs delete-message-batch --queue-url "$queue" --entries Id=a,ReceiptHandle=none
refused NonExistentQueue aws sqs get-queue-url --queue-name cli-none
refused InvalidParameterValue aws sqs create-queue --queue-name 'cli.no'
fifo=$(aws sqs create-queue --queue-name cli.fifo --attributes FifoQueue=true --query QueueUrl --output text)
refused MissingParameter aws sqs send-message --queue-url "$fifo" --message-body x
refused SqsManagedSseEnabled aws sqs set-queue-attributes --queue-url "$queue" --attributes SqsManagedSseEnabled=perhaps
refused KmsMasterKeyId aws sqs set-queue-attributes --queue-url "$queue" --attributes KmsMasterKeyId=alias/aws/sqs
refused 'has a BinaryValue' aws sqs send-message --queue-url "$queue" --message-body x --message-attributes '{"a":{"DataType":"String","StringValue":"x","BinaryValue":"/wA="}}'
# A permission is a statement of the policy.
aws sqs add-permission --queue-url "$queue" --label cli --aws-account-ids 177715257436 --actions SendMessage
expect '\"Action\":\"SQS:SendMessage\"' aws sqs get-queue-attributes --queue-url "$queue" --attribute-names Policy
refused 'Already exists' aws sqs add-permission --queue-url "$queue" --label cli --aws-account-ids 177715257436 --actions SendMessage
aws sqs remove-permission --queue-url "$queue" --label cli
# What a queue gave up goes back to it.
dead=$(aws sqs create-queue --queue-name cli-dead --query QueueUrl --output text)
source=$(aws sqs create-queue --queue-name cli-source --attributes '{"VisibilityTimeout":"0","RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:cli-dead\",\"maxReceiveCount\":\"1\"}"}' --query QueueUrl --output text)
aws sqs send-message --queue-url "$source" --message-body again >/dev/null
aws sqs receive-message --queue-url "$source" >/dev/null
aws sqs receive-message --queue-url "$source" >/dev/null
expect '"ApproximateNumberOfMessages": "1"' aws sqs get-queue-attributes --queue-url "$dead" --attribute-names All
expect '"TaskHandle"' aws sqs start-message-move-task --source-arn arn:aws:sqs:us-east-1:000000000000:cli-dead
expect '"COMPLETED"' aws sqs list-message-move-tasks --source-arn arn:aws:sqs:us-east-1:000000000000:cli-dead
expect '"again"' aws sqs receive-message --queue-url "$source" --query 'Messages[].Body'
refused ResourceNotFoundException aws sqs cancel-message-move-task --task-handle none
refused 'NextToken is invalid' aws sqs list-queues --max-results 1 --next-token none
refused 'Only following attributes are supported' aws sqs set-queue-attributes --queue-url "$source" --attributes '{"RedrivePolicy":"{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:cli-dead\",\"maxReceiveCount\":\"1\",\"delay\":\"5\"}"}'
# Clients from before November 2023 speak the query protocol, to the queue's URL.
older() { curl -s -H 'Authorization: AWS4-HMAC-SHA256 Credential=test/20230101/us-east-1/sqs/aws4_request' "$url$1" -d "$2"; }
expect "<QueueUrl>$queue</QueueUrl>" older / 'Action=ListQueues&Version=2012-11-05&QueueNamePrefix=cli-alerts'
expect '<Code>AWS.SimpleQueueService.NonExistentQueue</Code>' older / 'Action=GetQueueUrl&QueueName=cli-none'
expect '<MessageId>' older /000000000000/cli-alerts 'Action=SendMessage&MessageBody=older'
expect '<Body>older</Body>' older /000000000000/cli-alerts 'Action=ReceiveMessage&MaxNumberOfMessages=10'
