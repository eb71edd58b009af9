# IoT Core's control plane and device shadows with the stock CLI.

iot() { aws iot "$@"; }
data() { aws iot-data "$@"; }
doc='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}'
less='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Connect","Resource":"*"}]}'

expect "$mqtt" iot describe-endpoint --endpoint-type iot:Data-ATS
refused InvalidRequestException iot describe-endpoint --endpoint-type iot:Jobs

expect thing/cli-lamp iot create-thing --thing-name cli-lamp --attribute-payload 'attributes={site=oslo}'
expect '' iot update-thing --thing-name cli-lamp --attribute-payload 'attributes={room=hall},merge=true' --expected-version 1
expect '"version": 2' iot describe-thing --thing-name cli-lamp
refused VersionConflictException iot update-thing --thing-name cli-lamp --expected-version 1
expect cli-lamp iot list-things --attribute-name room --attribute-value hall
refused ResourceNotFoundException iot describe-thing --thing-name cli-none

expect policy/cli-policy iot create-policy --policy-name cli-policy --policy-document "$doc"
expect '"policyVersionId": "2"' iot create-policy-version --policy-name cli-policy --policy-document "$less" --set-as-default
expect '"defaultVersionId": "2"' iot get-policy --policy-name cli-policy
expect '"isDefaultVersion": false' iot get-policy-version --policy-name cli-policy --policy-version-id 1
refused DeleteConflictException iot delete-policy --policy-name cli-policy
refused DeleteConflictException iot delete-policy-version --policy-name cli-policy --policy-version-id 2
expect '' iot delete-policy-version --policy-name cli-policy --policy-version-id 1

cert=$(iot create-keys-and-certificate --set-as-active --query certificateArn --output text)
expect '' iot attach-policy --policy-name cli-policy --target "$cert"
expect '' iot attach-thing-principal --thing-name cli-lamp --principal "$cert"
expect "$cert" iot list-targets-for-policy --policy-name cli-policy
expect cli-policy iot list-attached-policies --target "$cert" --recursive
ask() { iot test-authorization --principal "$cert" --client-id cli-lamp --auth-infos "actionType=$1,resources=${cert%%:cert/*}:$2" --query 'authResults[0].authDecision' "${@:3}"; }
expect ALLOWED ask CONNECT client/cli-lamp
expect IMPLICIT_DENY ask PUBLISH topic/a
expect IMPLICIT_DENY ask CONNECT client/cli-lamp --policy-names-to-skip cli-policy
refused cognitoIdentityPoolId iot test-authorization --cognito-identity-pool-id us-east-1:x --auth-infos 'actionType=CONNECT,resources=arn:aws:iot:us-east-1:000000000000:client/a'
expect cli-lamp iot list-principal-things --principal "$cert"
expect "$cert" iot list-thing-principals --thing-name cli-lamp

expect '' data update-thing-shadow --thing-name cli-lamp --payload '{"state":{"desired":{"on":true}}}' "$work/shadow"
expect '"desired":{"on":true}' cat "$work/shadow"
expect '' data get-thing-shadow --thing-name cli-lamp "$work/shadow"
expect '"delta":{"on":true}' cat "$work/shadow"
refused ResourceNotFoundException data get-thing-shadow --thing-name cli-lamp --shadow-name none "$work/shadow"
expect '' data delete-thing-shadow --thing-name cli-lamp "$work/shadow"

expect '' iot create-thing-group --thing-group-name cli-group
expect '"version": 2' iot update-thing-group --thing-group-name cli-group --thing-group-properties thingGroupDescription=lamps --expected-version 1
expect '' iot update-thing-groups-for-thing --thing-name cli-lamp --thing-groups-to-add cli-group
expect cli-lamp iot list-things-in-thing-group --thing-group-name cli-group

refused 'SearchIndex is not implemented' iot search-index --query-string 'thingName:cli-*'

body='{"Resources":{"c":{"Type":"AWS::IoT::Certificate","Properties":{"CertificateId":{"Ref":"AWS::IoT::Certificate::Id"}}}}}'
refused 'The provisioning role cannot be assumed by AWS IoT' iot create-provisioning-template --template-name cli-template --template-body "$body" --provisioning-role-arn arn:aws:iam::000000000000:role/cli-none
role cli-fleet iot:UpdateCertificate '*'
expect '"defaultVersionId": 1' iot create-provisioning-template --template-name cli-template --template-body "$body" --provisioning-role-arn "$role" --enabled
expect '"enabled": true' iot describe-provisioning-template --template-name cli-template
expect '' iot delete-provisioning-template --template-name cli-template

expect '' iot detach-thing-principal --thing-name cli-lamp --principal "$cert"
expect '' iot detach-policy --policy-name cli-policy --target "$cert"
expect '' iot update-certificate --certificate-id "${cert##*/}" --new-status INACTIVE
expect '' iot delete-certificate --certificate-id "${cert##*/}"
expect '' iot delete-policy --policy-name cli-policy
expect '' iot delete-thing-group --thing-group-name cli-group
expect '' iot delete-thing --thing-name cli-lamp
