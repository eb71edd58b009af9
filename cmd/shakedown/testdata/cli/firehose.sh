# Firehose: a stream into a bucket, records, and a rule that puts.
role cli-firehose firehose:PutRecord 'arn:aws:firehose:us-east-1:000000000000:deliverystream/cli'
rule=$role
role cli-delivery s3:PutObject 'arn:aws:s3:::cli-firehose/*' firehose.amazonaws.com
aws s3api create-bucket --bucket cli-firehose >/dev/null
s3='{"RoleARN":"'$role'","BucketARN":"arn:aws:s3:::cli-firehose","BufferingHints":{"SizeInMBs":1,"IntervalInSeconds":0},"Prefix":"p/!{timestamp:yyyy}/","ErrorOutputPrefix":"e/!{firehose:error-output-type}/"}'
refused 'Firehose is unable to assume role' aws firehose create-delivery-stream --delivery-stream-name cli --extended-s3-destination-configuration "${s3/$role/$rule}"
expect deliverystream/cli aws firehose create-delivery-stream --delivery-stream-name cli --extended-s3-destination-configuration "$s3" --tags Key=team,Value=iot
expect '"DeliveryStreamStatus": "ACTIVE"' aws firehose describe-delivery-stream --delivery-stream-name cli
expect '"team"' aws firehose list-tags-for-delivery-stream --delivery-stream-name cli
expect RecordId aws firehose put-record --delivery-stream-name cli --record Data=hello
expect '"FailedPutCount": 0' aws firehose put-record-batch --delivery-stream-name cli --records '[{"Data":"a"},{"Data":"b"}]'
aws iot create-topic-rule --rule-name CliFirehose --topic-rule-payload '{"sql":"SELECT * FROM '"'cli/firehose'"'","actions":[{"firehose":{"deliveryStreamName":"cli","roleArn":"'$rule'","separator":"\n"}}]}'
aws iot-data publish --topic cli/firehose --payload '{"n":1}'
delivered() {
	rm -rf "$work/objects"
	aws s3 cp s3://cli-firehose "$work/objects" --recursive --quiet
	find "$work/objects" -type f -exec cat {} + | tr -d '\n' | grep -o . | LC_ALL=C sort | tr -d '\n'
}
soon '"1:abehllno{}' delivered
expect "p/$(date -u +%Y)/cli-1-" aws s3api list-objects-v2 --bucket cli-firehose
expect '"cli"' aws firehose list-delivery-streams
aws firehose update-destination --delivery-stream-name cli --current-delivery-stream-version-id 1 --destination-id destinationId-000000000001 --extended-s3-destination-update CompressionFormat=GZIP
refused ConcurrentModificationException aws firehose update-destination --delivery-stream-name cli --current-delivery-stream-version-id 1 --destination-id destinationId-000000000001 --extended-s3-destination-update CompressionFormat=GZIP
refused 'StartDeliveryStreamEncryption is not implemented' aws firehose start-delivery-stream-encryption --delivery-stream-name cli
refused ResourceInUseException aws firehose create-delivery-stream --delivery-stream-name cli --extended-s3-destination-configuration "$s3"
aws iot delete-topic-rule --rule-name CliFirehose
aws firehose delete-delivery-stream --delivery-stream-name cli
refused ResourceNotFoundException aws firehose describe-delivery-stream --delivery-stream-name cli

# A Kinesis stream as the source, and a function that is not there: its records have failed.
aws kinesis create-stream --stream-name cli-source --shard-count 1
arn=arn:aws:kinesis:us-east-1:000000000000:stream/cli-source
source=KinesisStreamARN=$arn,RoleARN=$role
refused 'KinesisStreamSourceConfiguration is required' aws firehose create-delivery-stream --delivery-stream-name cli-read --delivery-stream-type KinesisStreamAsSource --extended-s3-destination-configuration "$s3"
refused 'not found' aws firehose create-delivery-stream --delivery-stream-name cli-read --delivery-stream-type KinesisStreamAsSource --kinesis-stream-source-configuration "${source/cli-source/cli-none}" --extended-s3-destination-configuration "$s3"
refused 'not authorized to perform: kinesis:DescribeStream' aws firehose create-delivery-stream --delivery-stream-name cli-read --delivery-stream-type KinesisStreamAsSource --kinesis-stream-source-configuration "$source" --extended-s3-destination-configuration "$s3"
aws iam put-role-policy --role-name cli-delivery --policy-name source --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kinesis:DescribeStream","kinesis:GetShardIterator","kinesis:GetRecords","kinesis:ListShards"],"Resource":"'"$arn"'"},{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"arn:aws:lambda:us-east-1:000000000000:function:cli-none"}]}'
expect deliverystream/cli-read aws firehose create-delivery-stream --delivery-stream-name cli-read --delivery-stream-type KinesisStreamAsSource --kinesis-stream-source-configuration "$source" --extended-s3-destination-configuration "$s3"
expect "$arn" aws firehose describe-delivery-stream --delivery-stream-name cli-read --query DeliveryStreamDescription.Source
expect '"cli-read"' aws firehose list-delivery-streams --delivery-stream-type KinesisStreamAsSource
refused 'not permitted on KinesisStreamAsSource' aws firehose put-record --delivery-stream-name cli-read --record Data=hello
lambda='{"Enabled":true,"Processors":[{"Type":"Lambda","Parameters":[{"ParameterName":"LambdaArn","ParameterValue":"arn:aws:lambda:us-east-1:000000000000:function:cli-none"},{"ParameterName":"NumberOfRetries","ParameterValue":"0"},{"ParameterName":"BufferIntervalInSeconds","ParameterValue":"0"}]}]}'
expect deliverystream/cli-failing aws firehose create-delivery-stream --delivery-stream-name cli-failing --delivery-stream-type KinesisStreamAsSource --kinesis-stream-source-configuration "$source" --extended-s3-destination-configuration "${s3%\}},\"ProcessingConfiguration\":$lambda}"
refused 'must be from 0.2 to 3' aws firehose update-destination --delivery-stream-name cli-failing --current-delivery-stream-version-id 1 --destination-id destinationId-000000000001 --extended-s3-destination-update '{"ProcessingConfiguration":{"Enabled":true,"Processors":[{"Type":"Lambda","Parameters":[{"ParameterName":"BufferSizeInMBs","ParameterValue":"4"}]}]}}'
printf from-kinesis >"$work/record"
aws kinesis put-record --stream-name cli-source --partition-key d1 --data "fileb://$work/record" >/dev/null
objects() {
	rm -rf "$work/objects"
	aws s3 cp "s3://cli-firehose/$1" "$work/objects" --recursive --quiet
	find "$work/objects" -type f -name "$2*" -exec cat {} +
}
soon from-kinesis objects p/ cli-read-
soon '"errorCode":"Lambda.ResourceNotFound"' objects e/processing-failed/ cli-failing-
expect "\"rawData\":\"$(base64 <"$work/record")\"" objects e/processing-failed/ cli-failing-
aws firehose delete-delivery-stream --delivery-stream-name cli-read
aws firehose delete-delivery-stream --delivery-stream-name cli-failing
aws kinesis delete-stream --stream-name cli-source
