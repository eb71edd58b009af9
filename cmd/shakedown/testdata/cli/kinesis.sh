# Kinesis: records, iterators, limits.
aws kinesis create-stream --stream-name cli-stream --shard-count 2
expect '"StreamStatus": "ACTIVE"' aws kinesis describe-stream-summary --stream-name cli-stream
printf hello >"$work/hello" # a file of bytes: versions 1 and 2 of the CLI read inline data in two ways
shard=$(aws kinesis put-record --stream-name cli-stream --partition-key d1 --data "fileb://$work/hello" --query ShardId --output text)
iterator=$(aws kinesis get-shard-iterator --stream-name cli-stream --shard-id "$shard" --shard-iterator-type TRIM_HORIZON --query ShardIterator --output text)
expect aGVsbG8= aws kinesis get-records --shard-iterator "$iterator" --query 'Records[].Data'
expect '"FailedRecordCount": 0' aws kinesis put-records --stream-name cli-stream --records Data=YQ==,PartitionKey=1 Data=Yg==,PartitionKey=2
refused InvalidArgumentException aws kinesis get-records --shard-iterator none
refused ResourceInUseException aws kinesis create-stream --stream-name cli-stream --shard-count 1
refused ResourceNotFoundException aws kinesis delete-stream --stream-name cli-none
