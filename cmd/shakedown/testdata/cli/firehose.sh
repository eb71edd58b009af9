# Firehose: a stream into a bucket, records, and a rule that puts.
role=arn:aws:iam::000000000000:role/firehose
aws s3api create-bucket --bucket cli-firehose >/dev/null
s3='{"RoleARN":"'$role'","BucketARN":"arn:aws:s3:::cli-firehose","BufferingHints":{"SizeInMBs":1,"IntervalInSeconds":0},"Prefix":"p/!{timestamp:yyyy}/","ErrorOutputPrefix":"e/!{firehose:error-output-type}/"}'
expect deliverystream/cli aws firehose create-delivery-stream --delivery-stream-name cli --extended-s3-destination-configuration "$s3" --tags Key=team,Value=iot
expect '"DeliveryStreamStatus": "ACTIVE"' aws firehose describe-delivery-stream --delivery-stream-name cli
expect '"team"' aws firehose list-tags-for-delivery-stream --delivery-stream-name cli
expect RecordId aws firehose put-record --delivery-stream-name cli --record Data=hello
expect '"FailedPutCount": 0' aws firehose put-record-batch --delivery-stream-name cli --records '[{"Data":"a"},{"Data":"b"}]'
aws iot create-topic-rule --rule-name CliFirehose --topic-rule-payload '{"sql":"SELECT * FROM '"'cli/firehose'"'","actions":[{"firehose":{"deliveryStreamName":"cli","roleArn":"'$role'","separator":"\n"}}]}'
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
