# SNS: a topic with a filtered subscription of a queue.
topic=$(aws sns create-topic --name cli-topic --query TopicArn --output text)
queue=$(aws sqs create-queue --queue-name cli-subscriber --query QueueUrl --output text)
aws sns subscribe --topic-arn "$topic" --protocol sqs --notification-endpoint arn:aws:sqs:us-east-1:000000000000:cli-subscriber \
	--attributes '{"RawMessageDelivery":"true","FilterPolicy":"{\"severity\":[\"CRITICAL\"]}"}' >/dev/null
aws sns publish --topic-arn "$topic" --message calm --message-attributes '{"severity":{"DataType":"String","StringValue":"INFO"}}' >/dev/null
aws sns publish --topic-arn "$topic" --message hot --message-attributes '{"severity":{"DataType":"String","StringValue":"CRITICAL"}}' >/dev/null
expect '"hot"' aws sqs receive-message --queue-url "$queue" --wait-time-seconds 2 --max-number-of-messages 10 --query 'Messages[].Body'
expect '"SubscriptionsConfirmed": "1"' aws sns get-topic-attributes --topic-arn "$topic"
refused NotFound aws sns publish --topic-arn "$topic-none" --message x
refused InvalidParameter aws sns subscribe --topic-arn "$topic" --protocol carrier-pigeon --notification-endpoint x
