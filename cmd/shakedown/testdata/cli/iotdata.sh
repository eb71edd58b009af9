# The data plane (aws iot-data) and the broker (mosquitto, MQTT 3.1.1 and 5).
command -v mosquitto_pub >/dev/null || fail "mosquitto_pub is needed: apt-get install mosquitto-clients"
certs=$work/certs
mkdir "$certs"
curl -sf "$url/_shakedown/ca.pem" -o "$certs/ca.pem"
arn=$(aws iot create-keys-and-certificate --set-as-active --certificate-pem-outfile "$certs/cert.pem" --private-key-outfile "$certs/key.pem" --query certificateArn --output text)
aws iot create-policy --policy-name cli-all --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:*","Resource":"*"}]}' >/dev/null
aws iot attach-policy --policy-name cli-all --target "$arn"
device=(--cafile "$certs/ca.pem" --cert "$certs/cert.pem" --key "$certs/key.pem" -h "${mqtt%:*}" -p "${mqtt#*:}")
say() { mosquitto_pub "${device[@]}" "$@"; }
hear() { mosquitto_sub "${device[@]}" "$@"; } # not in the background: $! would be a shell's

# Retained messages: published over HTTP and MQTT, listed, fetched, deleted.
aws iot-data publish --topic cli/b --qos 1 --retain --payload on --content-type text/plain --message-expiry 600
say -V mqttv5 -i cli-1 -q 1 -r -t cli/a -m off -D publish user-property unit celsius
expect '"topic": "cli/b"' aws iot-data list-retained-messages
expect cli/a aws iot-data list-retained-messages --max-items 1 --query 'retainedTopics[].topic'
expect "$(printf off | base64)" aws iot-data get-retained-message --topic cli/a
expect '[{"unit":"celsius"}]' bash -c "aws --endpoint-url $url iot-data get-retained-message --topic cli/a --query userProperties --output text | base64 -d"
expect 'cli/b text/plain on' hear -V mqttv5 -i cli-2 -q 1 -t cli/b -C 1 -W 5 -F '%t %C %p'
expect off hear -V mqttv311 -i cli-2 -q 1 -t cli/a -C 1 -W 5
say -V mqttv311 -i cli-1 -q 1 -r -t cli/a -n
refused ResourceNotFoundException aws iot-data get-retained-message --topic cli/a
refused InvalidRequestException aws iot-data publish --topic 'cli/#' --payload ''
refused InvalidRequestException aws iot-data publish --topic cli/a --user-properties '{"k":1}'

# A client that waits is disconnected, its persistent session ended.
mosquitto_sub "${device[@]}" -V mqttv311 -c -i cli-3 -q 1 -t cli/c -W 60 --will-topic cli/will --will-payload gone >/dev/null 2>&1 &
listener=$!
deleted=''
for _ in $(seq 20); do aws iot-data delete-connection --client-id cli-3 --clean-session 2>/dev/null && deleted=1 && break; done
[ -n "$deleted" ] || fail "delete-connection never found cli-3"
kill "$listener" 2>/dev/null || true
wait "$listener" 2>/dev/null || true
refused ResourceNotFoundException aws iot-data delete-connection --client-id cli-4
refused InvalidRequestException aws iot-data delete-connection --client-id '$cli'

# A client without an id is given one; a rule republishes with headers of MQTT 5.
expect '' say -V mqttv311 -q 1 -t cli/none -m x
role cli-republish iot:Publish '*'
expect '' aws iot create-topic-rule --rule-name cliHeaders --topic-rule-payload '{"sql":"SELECT * FROM '"'cli/in'"'","awsIotSqlVersion":"2016-03-23","actions":[{"republish":{
	"topic":"cli/out","qos":1,"roleArn":"'"$role"'","headers":{"contentType":"rule/${kind}","userProperties":[{"key":"unit","value":"celsius"}]}}}]}'
expect '' hear -V mqttv5 -c -x 60 -i cli-6 -q 1 -t cli/out -E
expect '' say -V mqttv311 -q 1 -t cli/in -m '{"kind":"json"}'
expect 'rule/json unit:celsius {"kind":"json"}' hear -V mqttv5 -c -x 60 -i cli-6 -q 1 -t cli/out -C 1 -W 5 -F '%C %P %p'
aws iot delete-topic-rule --rule-name cliHeaders

# Shadows.
aws iot-data update-thing-shadow --thing-name cli-thing --payload '{"state":{"desired":{"on":true}}}' "$work/shadow.json"
aws iot-data get-thing-shadow --thing-name cli-thing "$work/shadow.json"
expect '"on":true' cat "$work/shadow.json"
expect '"results": []' aws iot-data list-named-shadows-for-thing --thing-name cli-thing
aws iot-data delete-thing-shadow --thing-name cli-thing "$work/shadow.json"
refused ResourceNotFoundException aws iot-data get-thing-shadow --thing-name cli-thing "$work/shadow.json"

# A registry event on its topic, once its type is enabled.
refused JOB aws iot update-event-configurations --event-configurations '{"JOB":{"Enabled":true}}'
expect '' aws iot update-event-configurations --event-configurations '{"THING":{"Enabled":true}}'
expect true aws iot describe-event-configurations --query eventConfigurations.THING.Enabled
mosquitto_sub "${device[@]}" -V mqttv311 -i cli-5 -q 1 -t '$aws/events/thing/+/created' -C 1 -W 5 >"$work/event" &
listener=$!
made=0
while kill -0 "$listener" 2>/dev/null && [ $made -lt 20 ]; do made=$((made + 1)); aws iot create-thing --thing-name "cli-event-$made" >/dev/null; done
wait "$listener"
expect '"eventType":"THING_EVENT"' cat "$work/event"
for n in $(seq $made); do aws iot delete-thing --thing-name "cli-event-$n"; done
expect '' aws iot update-event-configurations --event-configurations '{"THING":{"Enabled":false}}'

# V2 logging: a publish is an entry in AWSIotLogsV2.
role cli-logging 'logs:*' 'arn:aws:logs:us-east-1:000000000000:log-group:AWSIotLogsV2:*'
refused NotConfiguredException aws iot get-v2-logging-options
expect '' aws iot set-v2-logging-options --role-arn "$role" --default-log-level INFO
expect '"defaultLogLevel": "INFO"' aws iot get-v2-logging-options
expect '' aws iot set-v2-logging-level --log-target targetType=CLIENT_ID,targetName=cli-lamp --log-level DEBUG
expect '"targetName": "cli-lamp"' aws iot list-v2-logging-levels
expect '' aws iot-data publish --topic cli/logged --payload '{}'
expect '"topicName":"cli/logged"' aws logs filter-log-events --log-group-name AWSIotLogsV2 --output text
expect '' aws iot delete-v2-logging-level --target-type CLIENT_ID --target-name cli-lamp
expect '' aws iot set-v2-logging-options --disable-all-logs
aws logs delete-log-group --log-group-name AWSIotLogsV2
