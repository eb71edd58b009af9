# S3: objects, versions, settings.
aws s3api create-bucket --bucket cli-archive >/dev/null
aws s3api put-bucket-versioning --bucket cli-archive --versioning-configuration Status=Enabled
printf one >"$work/one" && printf two >"$work/two"
first=$(aws s3api put-object --bucket cli-archive --key a/b --body "$work/one" --metadata unit=celsius --tagging fleet=north --query VersionId --output text)
expect '"b8a9f715dbb64fd5c56e7783c6820a61"' aws s3api put-object --bucket cli-archive --key a/b --body "$work/two" --query ETag --output text
expect '"ContentLength": 3' aws s3api get-object --bucket cli-archive --key a/b --version-id "$first" "$work/got"
expect one cat "$work/got"
expect a/ aws s3api list-objects-v2 --bucket cli-archive --delimiter / --query 'CommonPrefixes[].Prefix'
aws s3 cp "s3://cli-archive/a/b" "s3://cli-archive/c" --quiet
expect two aws s3 cp s3://cli-archive/c -
expect '"DeleteMarker": true' aws s3api delete-object --bucket cli-archive --key a/b
refused NoSuchKey aws s3api get-object --bucket cli-archive --key a/b "$work/got"
refused BucketNotEmpty aws s3api delete-bucket --bucket cli-archive
refused 'PutBucketLifecycleConfiguration is not implemented' aws s3api put-bucket-lifecycle-configuration --bucket cli-archive --lifecycle-configuration '{"Rules":[{"Status":"Enabled","Filter":{},"Expiration":{"Days":1}}]}'
queue=$(aws sqs create-queue --queue-name cli-archive-events --query QueueUrl --output text)
aws s3api put-bucket-notification-configuration --bucket cli-archive --notification-configuration '{"QueueConfigurations":[{"QueueArn":"arn:aws:sqs:us-east-1:000000000000:cli-archive-events","Events":["s3:ObjectCreated:*"],"Filter":{"Key":{"FilterRules":[{"Name":"prefix","Value":"n/"}]}}}]}'
expect s3:TestEvent aws sqs receive-message --queue-url "$queue" --query 'Messages[].Body'
