# S3: objects, versions, settings.
aws s3api create-bucket --bucket cli-archive >/dev/null
expect cli-archive aws s3api create-bucket --bucket cli-archive # again, in us-east-1
expect '"IsTruncated": false' aws s3api list-multipart-uploads --bucket cli-archive --no-paginate
aws s3api put-bucket-versioning --bucket cli-archive --versioning-configuration Status=Enabled
printf one >"$work/one" && printf two >"$work/two"
first=$(aws s3api put-object --bucket cli-archive --key a/b --body "$work/one" --metadata unit=celsius --tagging fleet=north --query VersionId --output text)
expect '"b8a9f715dbb64fd5c56e7783c6820a61"' aws s3api put-object --bucket cli-archive --key a/b --body "$work/two" --query ETag --output text
expect '"ContentLength": 3' aws s3api get-object --bucket cli-archive --key a/b --version-id "$first" "$work/got"
expect one cat "$work/got"
expect a/ aws s3api list-objects-v2 --bucket cli-archive --delimiter / --query 'CommonPrefixes[].Prefix'
aws s3 cp "s3://cli-archive/a/b" "s3://cli-archive/c" --quiet
expect two aws s3 cp s3://cli-archive/c -
# a file of three parts, by the CLI's own transfer
head -c 17000000 /dev/zero >"$work/large"
aws s3 cp "$work/large" s3://cli-archive/large --quiet
expect '-3' aws s3api head-object --bucket cli-archive --key large --query ETag
aws s3 cp s3://cli-archive/large "$work/back" --quiet
cmp "$work/large" "$work/back"
aws s3 rm s3://cli-archive/large --quiet
upload=$(aws s3api create-multipart-upload --bucket cli-archive --key small --query UploadId --output text)
for n in 1 2; do
	aws s3api upload-part --bucket cli-archive --key small --upload-id "$upload" --part-number $n --body "$work/up.log" --query ETag --output text >"$work/etag$n"
done
refused EntityTooSmall aws s3api complete-multipart-upload --bucket cli-archive --key small --upload-id "$upload" \
	--multipart-upload "Parts=[{PartNumber=1,ETag=$(cat "$work/etag1")},{PartNumber=2,ETag=$(cat "$work/etag2")}]"
aws s3api abort-multipart-upload --bucket cli-archive --key small --upload-id "$upload"
expect '"DeleteMarker": true' aws s3api delete-object --bucket cli-archive --key a/b
refused NoSuchKey aws s3api get-object --bucket cli-archive --key a/b "$work/got"
refused BucketNotEmpty aws s3api delete-bucket --bucket cli-archive
refused 'PutBucketLifecycleConfiguration is not implemented' aws s3api put-bucket-lifecycle-configuration --bucket cli-archive --lifecycle-configuration '{"Rules":[{"Status":"Enabled","Filter":{},"Expiration":{"Days":1}}]}'
queue=$(aws sqs create-queue --queue-name cli-archive-events --query QueueUrl --output text)
refused 'Unable to validate the following destination configurations' aws s3api put-bucket-notification-configuration --bucket cli-archive --notification-configuration '{"QueueConfigurations":[{"QueueArn":"arn:aws:sqs:us-east-1:000000000000:cli-archive-events","Events":["s3:ObjectCreated:*"],"Filter":{"Key":{"FilterRules":[{"Name":"prefix","Value":"n/"}]}}}]}'
aws sqs set-queue-attributes --queue-url "$queue" --attributes "$(policy s3.amazonaws.com sqs:SendMessage arn:aws:sqs:us-east-1:000000000000:cli-archive-events arn:aws:s3:*:*:cli-archive)"
aws s3api put-bucket-notification-configuration --bucket cli-archive --notification-configuration '{"QueueConfigurations":[{"QueueArn":"arn:aws:sqs:us-east-1:000000000000:cli-archive-events","Events":["s3:ObjectCreated:*"],"Filter":{"Key":{"FilterRules":[{"Name":"prefix","Value":"n/"}]}}}]}'
expect s3:TestEvent aws sqs receive-message --queue-url "$queue" --query 'Messages[].Body'
# A policy for everybody is blocked until the bucket allows it; it has no access control lists.
public='{"Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"arn:aws:s3:::cli-archive/*"}}'
refused 'public policies are prevented by the BlockPublicPolicy setting' aws s3api put-bucket-policy --bucket cli-archive --policy "$public"
aws s3api put-public-access-block --bucket cli-archive --public-access-block-configuration BlockPublicPolicy=false
aws s3api put-bucket-policy --bucket cli-archive --policy "$public"
refused AccessControlListNotSupported aws s3api put-object --bucket cli-archive --key d --body "$work/one" --acl public-read
# No header is accepted and ignored: acted on, or refused by its name.
aws s3api put-object --bucket cli-archive --key e --body "$work/one" --storage-class STANDARD --server-side-encryption AES256 \
	--checksum-algorithm SHA256 --expected-bucket-owner 000000000000 --cache-control no-store --content-type text/plain >/dev/null
expect '"no-store"' aws s3api head-object --bucket cli-archive --key e --query CacheControl
refused 'x-amz-storage-class: GLACIER' aws s3api put-object --bucket cli-archive --key e --body "$work/one" --storage-class GLACIER
# Who pays for requests is the bucket's owner, whoever else would.
aws s3api get-object --bucket cli-archive --key e --request-payer requester "$work/got" >/dev/null
expect one aws s3 cp s3://cli-archive/e - --request-payer requester
expect '"BucketOwner"' aws s3api get-bucket-request-payment --bucket cli-archive --query Payer
# Checksums by each algorithm that the CLI has without awscrt: kept as they were sent, and
# a wrong one stores nothing.
for algorithm in CRC32 SHA1 SHA256; do
	aws s3 cp "$work/one" "s3://cli-archive/sum$algorithm" --checksum-algorithm $algorithm --quiet
	expect "\"Checksum$algorithm\"" aws s3api head-object --bucket cli-archive --key sum$algorithm --checksum-mode ENABLED
done
refused 'Value for x-amz-checksum-sha256 header is invalid' aws s3api put-object --bucket cli-archive --key wrong --body "$work/one" --checksum-sha256 bm9uZQ==
refused BadDigest aws s3api put-object --bucket cli-archive --key wrong --body "$work/one" --checksum-crc32 AAAAAA==
refused 'Not Found' aws s3api head-object --bucket cli-archive --key wrong
refused 'x-amz-optional-object-attributes' aws s3api list-objects-v2 --bucket cli-archive --optional-object-attributes RestoreStatus
refused 'x-amz-bypass-governance-retention' aws s3api delete-object --bucket cli-archive --key e --bypass-governance-retention
refused AccessDenied aws s3api delete-object --bucket cli-archive --key e --expected-bucket-owner 999999999999
expect one aws s3 cp s3://cli-archive/e -
refused NotImplemented aws s3api put-object --bucket cli-archive --key e --if-none-match 5d41402abc4b2a76b9719d911017c592
expect '<Code>XAmzContentSHA256Mismatch</Code>' curl -s -X PUT --data-binary changed "$url/cli-archive/e" -H "X-Amz-Content-Sha256: $(printf original | sha256sum | cut -d' ' -f1)" \
	-H 'Authorization: AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request'
