# DynamoDB: a table with a stream, TTL, tags and an index made later; items by
# expressions, in batches, transactions and by PartiQL; and what is refused.
table=(--table-name cli-readings)
key='{"thing":{"S":"t-1"},"at":{"N":"1"}}'
stream=$(aws dynamodb create-table "${table[@]}" --billing-mode PAY_PER_REQUEST \
	--attribute-definitions AttributeName=thing,AttributeType=S AttributeName=at,AttributeType=N \
	--key-schema AttributeName=thing,KeyType=HASH AttributeName=at,KeyType=RANGE \
	--stream-specification StreamEnabled=true,StreamViewType=NEW_IMAGE --tags Key=fleet,Value=north \
	--query TableDescription.LatestStreamArn --output text)
aws dynamodb wait table-exists "${table[@]}"
aws dynamodb update-time-to-live "${table[@]}" --time-to-live-specification Enabled=true,AttributeName=expires >/dev/null
expect ENABLED aws dynamodb describe-time-to-live "${table[@]}" --query TimeToLiveDescription.TimeToLiveStatus --output text

# Items: numbers are decimals of 38 digits in normal form.
aws dynamodb put-item "${table[@]}" --item '{"thing":{"S":"t-1"},"at":{"N":"1"},"value":{"N":"00021.50"},"long":{"N":"12345678901234567890123456789012345678"}}'
expect $'12345678901234567890123456789012345678\t21.5' aws dynamodb get-item "${table[@]}" --key "$key" --query 'Item.[long.N, value.N]' --output text
expect $'22.5\t1.0' aws dynamodb update-item "${table[@]}" --key "$key" --update-expression 'SET #v = #v + :one' --condition-expression '#v > :one' \
	--expression-attribute-names '{"#v":"value"}' --expression-attribute-values '{":one":{"N":"1"}}' --return-values UPDATED_NEW \
	--return-consumed-capacity TOTAL --query '[Attributes.value.N, ConsumedCapacity.CapacityUnits]' --output text
refused ConditionalCheckFailedException aws dynamodb put-item "${table[@]}" --item "$key" --condition-expression 'attribute_not_exists(thing)'
refused 'reserved keyword: value' aws dynamodb update-item "${table[@]}" --key "$key" --update-expression 'REMOVE value'

# Batches, and pages of a query, which the CLI prints a line each.
aws dynamodb batch-write-item --request-items "{\"cli-readings\":[$(for i in 2 3 10; do echo "{\"PutRequest\":{\"Item\":{\"thing\":{\"S\":\"t-1\"},\"at\":{\"N\":\"$i\"},\"room\":{\"S\":\"r-$i\"}}}},"; done | sed '$s/,$//')]}" >/dev/null
expect $'10\t3\n2\t1' aws dynamodb query "${table[@]}" --page-size 2 --no-scan-index-forward --key-condition-expression 'thing = :t' \
	--expression-attribute-values '{":t":{"S":"t-1"}}' --query 'Items[].at.N' --output text

# An index made later has the items that have its key.
aws dynamodb update-table "${table[@]}" --attribute-definitions AttributeName=room,AttributeType=S \
	--global-secondary-index-updates '[{"Create":{"IndexName":"by-room","KeySchema":[{"AttributeName":"room","KeyType":"HASH"}],"Projection":{"ProjectionType":"KEYS_ONLY"}}}]' >/dev/null
expect '"Count": 3' aws dynamodb scan "${table[@]}" --index-name by-room --select COUNT

# A transaction is done whole or not at all.
refused '[ConditionalCheckFailed, None]' aws dynamodb transact-write-items --transact-items '[
	{"ConditionCheck":{"TableName":"cli-readings","Key":{"thing":{"S":"none"},"at":{"N":"1"}},"ConditionExpression":"attribute_exists(thing)"}},
	{"Delete":{"TableName":"cli-readings","Key":{"thing":{"S":"t-1"},"at":{"N":"10"}}}}]'
expect r-10 aws dynamodb execute-statement --statement "SELECT room FROM \"cli-readings\" WHERE thing = 't-1' AND \"at\" = ?" --parameters '[{"N":"10"}]' --query 'Items[0].room.S' --output text

# The stream has every change in order.
shard=$(aws dynamodbstreams describe-stream --stream-arn "$stream" --query 'StreamDescription.Shards[0].ShardId' --output text)
iterator=$(aws dynamodbstreams get-shard-iterator --stream-arn "$stream" --shard-id "$shard" --shard-iterator-type TRIM_HORIZON --query ShardIterator --output text)
expect $'INSERT\tMODIFY\tINSERT\tINSERT\tINSERT' aws dynamodbstreams get-records --shard-iterator "$iterator" --query 'Records[].eventName' --output text

refused 'CreateBackup is not implemented by Shakedown' aws dynamodb create-backup "${table[@]}" --backup-name nightly
refused 'member "AttributesToGet" is not implemented by Shakedown' aws dynamodb get-item "${table[@]}" --key "$key" --attributes-to-get value
aws dynamodb delete-table "${table[@]}" >/dev/null
aws dynamodb wait table-not-exists "${table[@]}"
