# Kinesis: records, iterators, limits.
aws kinesis create-stream --stream-name cli-stream --shard-count 2
expect '"StreamStatus": "ACTIVE"' aws kinesis describe-stream-summary --stream-name cli-stream
printf hello >"$work/hello" # a file of bytes: versions 1 and 2 of the CLI read inline data in two ways
shard=$(aws kinesis put-record --stream-name cli-stream --partition-key d1 --data "fileb://$work/hello" --query ShardId --output text)
iterator=$(aws kinesis get-shard-iterator --stream-name cli-stream --shard-id "$shard" --shard-iterator-type TRIM_HORIZON --query ShardIterator --output text)
expect aGVsbG8= aws kinesis get-records --shard-iterator "$iterator" --query 'Records[].Data'
expect '"FailedRecordCount": 0' aws kinesis put-records --stream-name cli-stream --records Data=YQ==,PartitionKey=1 Data=Yg==,PartitionKey=2
expect '"Sum": 3,' aws cloudwatch get-metric-statistics --namespace AWS/Kinesis --metric-name IncomingRecords --dimensions Name=StreamName,Value=cli-stream --statistics Sum --period 3600 \
	--start-time "$(date -u -d '-30 minutes' +%FT%TZ)" --end-time "$(date -u -d '+20 minutes' +%FT%TZ)"
refused InvalidArgumentException aws kinesis get-records --shard-iterator none
refused ResourceInUseException aws kinesis create-stream --stream-name cli-stream --shard-count 1
refused ResourceNotFoundException aws kinesis delete-stream --stream-name cli-none

# Resharding: by hand, and by number; positions that are refused.
aws kinesis create-stream --stream-name cli-shards --shard-count 2
refused 'not both greater than one plus' aws kinesis split-shard --stream-name cli-shards --shard-to-split shardId-000000000000 --new-starting-hash-key 1
refused ValidationException aws kinesis split-shard --stream-name cli-shards --shard-to-split shardId-000000000000 --new-starting-hash-key -1
refused 'not an adjacent pair' aws kinesis merge-shards --stream-name cli-shards --shard-to-merge shardId-000000000000 --adjacent-shard-to-merge shardId-000000000000
refused 'over double' aws kinesis update-shard-count --stream-name cli-shards --target-shard-count 5 --scaling-type UNIFORM_SCALING
expect '"TargetShardCount": 3' aws kinesis update-shard-count --stream-name cli-shards --target-shard-count 3 --scaling-type UNIFORM_SCALING
expect 'shardId-000000000003' aws kinesis list-shards --stream-name cli-shards --query "Shards[?ShardId=='shardId-000000000006'].ParentShardId"
expect '3' aws kinesis list-shards --stream-name cli-shards --shard-filter Type=AT_LATEST --query 'length(Shards)'
refused 'also a StartingSequenceNumber' aws kinesis get-shard-iterator --stream-name cli-shards --shard-id shardId-000000000006 --shard-iterator-type LATEST --starting-sequence-number 1
refused 'cannot be greater than the currentTimestampInMillis' aws kinesis get-shard-iterator --stream-name cli-shards --shard-id shardId-000000000006 --shard-iterator-type AT_TIMESTAMP --timestamp 2099-01-01T00:00:00Z
refused 'is too long' aws kinesis increase-stream-retention-period --stream-name cli-shards --retention-period-hours 8761
aws kinesis delete-stream --stream-name cli-shards
