# Certificates of a customer's own authority, provisioning and policies of thing groups
# with the stock CLI and openssl.

iot() { aws iot "$@"; }
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$work/$1.key"; }
request() { key "$1" && openssl req -new -key "$work/$1.key" -subj "$2" -out "$work/$1.csr"; }
signed() { # NAME SUBJECT: a key, and a certificate of the authority
	request "$1" "$2"
	openssl x509 -req -in "$work/$1.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial -days 5 -sha256 -out "$work/$1.pem" 2>/dev/null
}
connect() { # NAME: a handshake with the broker, which registers the certificate
	openssl s_client -connect "$mqtt" -servername localhost -cert "$work/$1.pem" -key "$work/$1.key" -quiet </dev/null >/dev/null 2>&1 || true
}

# https://docs.aws.amazon.com/iot/latest/developerguide/manage-your-CA-certs.html
key ca
openssl req -x509 -new -key "$work/ca.key" -sha256 -days 5 -subj '/O=cli/CN=cli CA' -out "$work/ca.pem"
signed wrong /CN=wrong
iot get-registration-code >/dev/null
refused RegistrationCodeValidationException iot register-ca-certificate --ca-certificate "file://$work/ca.pem" --verification-cert "file://$work/wrong.pem"
signed proof "/CN=$(iot get-registration-code --query registrationCode --output text)"
ca=$(iot register-ca-certificate --ca-certificate "file://$work/ca.pem" --verification-cert "file://$work/proof.pem" --query certificateId --output text)
expect '"status": "INACTIVE"' iot describe-ca-certificate --certificate-id "$ca"
signed device /CN=cli-device
refused CertificateStateException iot register-certificate --certificate-pem "file://$work/device.pem"
expect '' iot update-ca-certificate --certificate-id "$ca" --new-status ACTIVE --new-auto-registration-status ENABLE
expect certificateId iot register-certificate --certificate-pem "file://$work/device.pem" --ca-certificate-pem "file://$work/ca.pem" --status ACTIVE
expect '"caCertificateId": "'"$ca"'"' iot describe-certificate --certificate-id "$(iot list-certificates-by-ca --ca-certificate-id "$ca" --query 'certificates[0].certificateId' --output text)"

# https://docs.aws.amazon.com/iot/latest/developerguide/auto-register-device-cert.html
signed arrival /CN=cli-arrival
arrival=$(openssl x509 -in "$work/arrival.pem" -outform DER | sha256sum | cut -d' ' -f1)
connect arrival
expect '"status": "PENDING_ACTIVATION"' iot describe-certificate --certificate-id "$arrival"
expect '' iot update-certificate --certificate-id "$arrival" --new-status ACTIVE

# https://docs.aws.amazon.com/iot/latest/developerguide/jit-provisioning.html
role cli-jitp 'iot:*Thing*' '*'
jitp='{"Parameters":{"AWS::IoT::Certificate::CommonName":{"Type":"String"},"AWS::IoT::Certificate::Country":{"Type":"String"},"AWS::IoT::Certificate::Id":{"Type":"String"}},
"Resources":{"thing":{"Type":"AWS::IoT::Thing","Properties":{"ThingName":{"Ref":"AWS::IoT::Certificate::CommonName"},"AttributePayload":{"country":{"Ref":"AWS::IoT::Certificate::Country"}}}},
"certificate":{"Type":"AWS::IoT::Certificate","Properties":{"CertificateId":{"Ref":"AWS::IoT::Certificate::Id"},"Status":"ACTIVE"}}}}'
expect '"defaultVersionId": 1' iot create-provisioning-template --template-name cli-jitp --type JITP --template-body "$jitp" --provisioning-role-arn "$role" --enabled
expect '' iot update-ca-certificate --certificate-id "$ca" --registration-config templateName=cli-jitp
signed bulb /C=NO/CN=cli-bulb
connect bulb
refused ResourceNotFoundException iot describe-thing --thing-name cli-bulb # the role may not UpdateCertificate
aws iam attach-role-policy --role-name cli-jitp --policy-arn arn:aws:iam::aws:policy/service-role/AWSIoTThingsRegistration
connect bulb
expect '"country": "NO"' iot describe-thing --thing-name cli-bulb
expect cli-bulb iot list-principal-things --principal "$(iot list-thing-principals --thing-name cli-bulb --query 'principals[0]' --output text)"
refused DeleteConflictException iot delete-provisioning-template --template-name cli-jitp
expect '"versionId": 2' iot create-provisioning-template-version --template-name cli-jitp --template-body "$jitp" --set-as-default
refused DeleteConflictException iot delete-provisioning-template-version --template-name cli-jitp --version-id 2
expect '' iot delete-provisioning-template-version --template-name cli-jitp --version-id 1
expect '"isDefaultVersion": true' iot list-provisioning-template-versions --template-name cli-jitp

# https://docs.aws.amazon.com/iot/latest/apireference/API_RegisterThing.html
request bulk /CN=bulk
bulk='{"Parameters":{"Name":{"Type":"String"},"CSR":{"Type":"String"}},"Resources":{"thing":{"Type":"AWS::IoT::Thing","Properties":{"ThingName":{"Ref":"Name"}}},
"certificate":{"Type":"AWS::IoT::Certificate","Properties":{"CertificateSigningRequest":{"Ref":"CSR"}}}}}'
csr=$(sed ':a;N;$!ba;s/\n/\\n/g' "$work/bulk.csr")
expect thing/cli-bulk iot register-thing --template-body "$bulk" --parameters '{"Name":"cli-bulk","CSR":"'"$csr"'\n"}'
refused 'parameter CSR has no value' iot register-thing --template-body "$bulk"

# https://docs.aws.amazon.com/iot/latest/developerguide/thing-groups.html
expect '' iot create-thing-group --thing-group-name cli-root
child=$(iot create-thing-group --thing-group-name cli-child --parent-group-name cli-root --query thingGroupArn --output text)
expect '"parentGroupName": "cli-root"' iot describe-thing-group --thing-group-name cli-child
expect '' iot add-thing-to-thing-group --thing-name cli-bulk --thing-group-name cli-child
expect '' iot create-policy --policy-name cli-group-policy --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}'
expect '' iot attach-policy --policy-name cli-group-policy --target "$child"
expect cli-group-policy iot get-effective-policies --thing-name cli-bulk
refused InvalidRequestException iot delete-thing-group --thing-group-name cli-root
expect '' iot delete-thing-group --thing-group-name cli-child
expect '"effectivePolicies": []' iot get-effective-policies --thing-name cli-bulk

refused CertificateStateException iot delete-ca-certificate --certificate-id "$ca"
expect '' iot update-ca-certificate --certificate-id "$ca" --new-status INACTIVE
expect '' iot delete-ca-certificate --certificate-id "$ca"
expect '' iot delete-provisioning-template --template-name cli-jitp
refused 'TransferCertificate is not implemented' iot transfer-certificate --certificate-id "$arrival" --target-aws-account 111111111111
