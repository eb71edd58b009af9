# SNS: a topic with a filtered subscription of a queue.
topic=$(aws sns create-topic --name cli-topic --query TopicArn --output text)
queue=$(aws sqs create-queue --queue-name cli-subscriber --query QueueUrl --output text)
aws sns subscribe --topic-arn "$topic" --protocol sqs --notification-endpoint arn:aws:sqs:us-east-1:000000000000:cli-subscriber \
	--attributes '{"RawMessageDelivery":"true","FilterPolicy":"{\"severity\":[\"CRITICAL\"]}"}' >/dev/null
# Until the queue's policy lets the topic in, nothing arrives. The log says what is missing.
aws sns publish --topic-arn "$topic" --message lost --message-attributes '{"severity":{"DataType":"String","StringValue":"CRITICAL"}}' >/dev/null
expect 'sns.amazonaws.com for arn:aws:sns:us-east-1:000000000000:cli-topic is not authorized to perform: sqs:SendMessage' cat "$work/up.log"
refused InvalidAttributeValue aws sqs set-queue-attributes --queue-url "$queue" --attributes '{"Policy":"{\"Statement\":[]}"}'
aws sqs set-queue-attributes --queue-url "$queue" --attributes "$(policy sns.amazonaws.com sqs:SendMessage arn:aws:sqs:us-east-1:000000000000:cli-subscriber "$topic")"
aws sns publish --topic-arn "$topic" --message calm --message-attributes '{"severity":{"DataType":"String","StringValue":"INFO"}}' >/dev/null
aws sns publish --topic-arn "$topic" --message hot --message-attributes '{"severity":{"DataType":"String","StringValue":"CRITICAL"}}' >/dev/null
expect '"hot"' aws sqs receive-message --queue-url "$queue" --wait-time-seconds 2 --max-number-of-messages 10 --query 'Messages[].Body'
expect '"SubscriptionsConfirmed": "1"' aws sns get-topic-attributes --topic-arn "$topic"
aws sns add-permission --topic-arn "$topic" --label cli --aws-account-id 177715257436 --action-name Publish
expect '\"Sid\":\"cli\"' aws sns get-topic-attributes --topic-arn "$topic"
aws sns remove-permission --topic-arn "$topic" --label cli
# A group goes with a message to a fair queue, binary attributes too; what a queue would refuse is refused here.
aws sns publish --topic-arn "$topic" --message fair --message-group-id tenant-7 \
	--message-attributes '{"severity":{"DataType":"String","StringValue":"CRITICAL"},"raw":{"DataType":"Binary","BinaryValue":"/wA="}}' >/dev/null
expect '"MessageGroupId": "tenant-7"' aws sqs receive-message --queue-url "$queue" --wait-time-seconds 2 --attribute-names MessageGroupId --message-attribute-names raw
refused 'has a BinaryValue' aws sns publish --topic-arn "$topic" --message x --message-attributes '{"a":{"DataType":"String","StringValue":"x","BinaryValue":"/wA="}}'
refused 'FilterPolicyScope' aws sns subscribe --topic-arn "$topic" --protocol sqs --notification-endpoint arn:aws:sqs:us-east-1:000000000000:cli-other --attributes FilterPolicyScope=Subject
refused 'KmsMasterKeyId is not implemented' aws sns set-topic-attributes --topic-arn "$topic" --attribute-name KmsMasterKeyId --attribute-value alias/aws/sns
refused 'PhoneNumber' aws sns publish --phone-number +15550100 --message x
# An explicit deny is for the account, too.
aws sns set-topic-attributes --topic-arn "$topic" --attribute-name Policy --attribute-value '{"Statement":{"Effect":"Deny","Principal":"*","Action":"sns:Publish","Resource":"*"}}'
refused AuthorizationError aws sns publish --topic-arn "$topic" --message x
refused NotFound aws sns publish --topic-arn "$topic-none" --message x
refused InvalidParameter aws sns subscribe --topic-arn "$topic" --protocol carrier-pigeon --notification-endpoint x
