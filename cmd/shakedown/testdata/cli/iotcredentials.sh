# Role aliases and the credentials provider, with the stock CLI and curl.
# https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html
iot() { aws iot "$@"; }

expect "$mqtt" iot describe-endpoint --endpoint-type iot:CredentialProvider --query endpointAddress --output text
device=$(iot create-keys-and-certificate --set-as-active --certificate-pem-outfile "$work/camera.pem" --private-key-outfile "$work/camera.key" --query certificateArn --output text)
iot create-thing --thing-name cli-camera >/dev/null
iot attach-thing-principal --thing-name cli-camera --principal "$device"
credentials() { curl -sk --cert "$work/camera.pem" --key "$work/camera.key" -H "x-amzn-iot-thingname: $1" "https://$mqtt/role-aliases/cli-alias/credentials"; }

expect 'Invalid thing name passed' credentials cli-other
expect '{"message":"Access Denied"}' credentials cli-camera
role cli-camera s3:GetObject '*' credentials.iot.amazonaws.com
expect ':rolealias/cli-alias"' iot create-role-alias --role-alias cli-alias --role-arn "$role" --credential-duration-seconds 900
alias=$(iot describe-role-alias --role-alias cli-alias --query roleAliasDescription.roleAliasArn --output text)
iot create-policy --policy-name cli-alias --policy-document '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iot:AssumeRoleWithCertificate","Resource":"'"$alias"'"}}' >/dev/null
iot attach-policy --policy-name cli-alias --target "$device"
expect '{"credentials":{"accessKeyId":"ASIA' credentials cli-camera
keys=$(credentials cli-camera)
key() { sed -n 's/.*"'"$1"'":"\([^"]*\)".*/\1/p' <<<"$keys"; }
expect '"Account": "000000000000"' env AWS_ACCESS_KEY_ID="$(key accessKeyId)" AWS_SECRET_ACCESS_KEY="$(key secretAccessKey)" AWS_SESSION_TOKEN="$(key sessionToken)" aws --endpoint-url "$url" sts get-caller-identity
expect '' iot update-role-alias --role-alias cli-alias --role-arn arn:aws:iam::000000000000:role/cli-none
expect 'Unable to assume the role, or the role to assume does not exist' credentials cli-camera
expect cli-alias iot list-role-aliases --query roleAliases
expect '' iot delete-role-alias --role-alias cli-alias
expect '{"message":"Role alias does not exist"}' credentials cli-camera
iot detach-policy --policy-name cli-alias --target "$device"
iot detach-thing-principal --thing-name cli-camera --principal "$device"
iot delete-thing --thing-name cli-camera
iot delete-policy --policy-name cli-alias
