# IAM and STS: who calls, and roles as Terraform and the console make them.
expect '"Account": "000000000000"' aws sts get-caller-identity
expect ':role/cli-role"' aws iam create-role --role-name cli-role --assume-role-policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"iot.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
aws iam put-role-policy --role-name cli-role --policy-name write --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}]}'
expect '"write"' aws iam list-role-policies --role-name cli-role
refused EntityAlreadyExists aws iam create-role --role-name cli-role --assume-role-policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"iot.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
refused MalformedPolicyDocument aws iam create-role --role-name cli-empty --assume-role-policy-document '{"Version":"2012-10-17","Statement":[]}'
refused NoSuchEntity aws iam get-role --role-name cli-none
refused DeleteConflict aws iam delete-role --role-name cli-role
refused CreateUser aws iam create-user --user-name x
# Names, quotas and documents as IAM takes them.
trust='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"iot.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
expect '"Description": "made"' aws iam create-role --role-name cli-path --path /cli/ --description made --max-session-duration 7200 --tags Key=Team,Value=a --assume-role-policy-document "$trust"
refused EntityAlreadyExists aws iam create-role --role-name CLI-PATH --assume-role-policy-document "$trust"
expect 'role/cli/cli-path' aws iam list-roles --path-prefix /cli/ --page-size 1
expect '"NextToken"' aws iam list-roles --max-items 1
aws iam tag-role --role-name cli-path --tags Key=team,Value=b
expect '"Value": "b"' aws iam list-role-tags --role-name cli-path
refused ValidationError aws iam tag-role --role-name cli-path --tags Key=aws:x,Value=y
expect 'policy/cli/managed"' aws iam create-policy --policy-name managed --path /cli/ --policy-document '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sqs:ReceiveMessage","Resource":"*"}}'
aws iam attach-role-policy --role-name cli-path --policy-arn arn:aws:iam::000000000000:policy/cli/managed
expect '"managed"' aws iam list-attached-role-policies --role-name cli-path --path-prefix /cli/
expect '"AttachmentCount": 1' aws iam list-policies --scope Local --only-attached
refused 'ARN format' aws iam put-role-policy --role-name cli-path --policy-name bad --policy-document '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sqs:*","Resource":"queue"}}'
refused "AWS's own" aws iam get-policy --policy-arn arn:aws:iam::aws:policy/service-role/AWSIoTRuleActions
# A queue lets a role in that its own policies do not, and denies the others.
queue=$(aws sqs create-queue --queue-name cli-only-role --query QueueUrl --output text)
only=arn:aws:iam::000000000000:role/cli/cli-path
aws sqs set-queue-attributes --queue-url "$queue" --attributes '{"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"'"$only"'\"},\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\"},{\"Effect\":\"Deny\",\"NotPrincipal\":{\"AWS\":[\"'"$only"'\",\"000000000000\"]},\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\"}]}"}'
aws iot create-topic-rule --rule-name cli_only_role --topic-rule-payload '{"sql":"SELECT * FROM '"'only/role'"'","actions":[{"sqs":{"queueUrl":"'"$queue"'","roleArn":"'"$only"'"}}]}'
aws iot-data publish --topic only/role --payload '{"by":"role"}'
soon 'by' aws sqs receive-message --visibility-timeout 0 --queue-url "$queue"
expect MessageId aws sqs send-message --queue-url "$queue" --message-body "the account is named, too"
aws sqs set-queue-attributes --queue-url "$queue" --attributes '{"Policy":"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"sqs:SendMessage\",\"Resource\":\"*\",\"Condition\":{\"ArnNotEquals\":{\"aws:PrincipalArn\":\"'"$only"'\"}}}}"}'
refused AccessDenied aws sqs send-message --queue-url "$queue" --message-body "only the role may"
aws iot delete-topic-rule --rule-name cli_only_role
aws sqs delete-queue --queue-url "$queue"
