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
