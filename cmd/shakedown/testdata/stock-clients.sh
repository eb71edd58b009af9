#!/usr/bin/env bash
# The source document against `shakedown up`, with stock clients only: its Python
# firmware (paho), its AWS CLI commands of steps 1 and 3, its two queries of step
# 6, mosquitto_pub, curl. Each check says what it found; the first that fails ends
# the script. Needs the ports 4566 and 8883 (the firmware's own) to be free.
set -euo pipefail
cd "$(dirname "$0")/../../.."
here=cmd/shakedown/testdata
work=$(mktemp -d)
up_pid='' firmware_pid=''

finish() {
	status=$?
	for pid in $firmware_pid $up_pid; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; done
	[ $status -eq 0 ] || { echo "FAIL: stock clients"; sed 's/^/  up: /' "$work/up.log" 2>/dev/null | tail -n 40; }
	rm -rf "$work"
	exit $status
}
trap finish EXIT

fail() { echo "FAIL: $*" >&2; exit 1; }

# need NAME PACKAGE: the command, installed from Debian where that can be done.
need() {
	command -v "$1" >/dev/null && return
	[ "$(id -u)" -eq 0 ] && apt-get install -y -q "$2" >/dev/null 2>&1 || true
	command -v "$1" >/dev/null || { apt-get update -q >/dev/null 2>&1 && apt-get install -y -q "$2" >/dev/null 2>&1; } || true
	command -v "$1" >/dev/null || fail "$1 is needed: apt-get install $2"
}
need curl curl
need mosquitto_pub mosquitto-clients
need aws awscli
python=/usr/bin/python3
"$python" -c 'import paho.mqtt.client' 2>/dev/null || {
	(apt-get install -y -q python3-paho-mqtt || { apt-get update -q && apt-get install -y -q python3-paho-mqtt; }) >/dev/null 2>&1 || true
	"$python" -c 'import paho.mqtt.client' || fail "paho is needed: apt-get install python3-paho-mqtt"
}
echo "== the program of provision --for python"
SHAKEDOWN_PAHO=1 "${GO:-go}" test -count=1 -run '^TestPythonSnippet$' ./cmd/shakedown

export AWS_ENDPOINT_URL=http://127.0.0.1:4566 AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_PAGER='' AWS_DEFAULT_OUTPUT=json
account=000000000000
aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }
export -f aws

# up FLAGS…: starts the cloud and waits until it answers.
up() {
	bin/shakedown up "$@" >"$work/up.log" 2>&1 &
	up_pid=$!
	for _ in $(seq 100); do
		curl -sf "$AWS_ENDPOINT_URL/_localstack/health" >/dev/null && return
		kill -0 "$up_pid" 2>/dev/null || fail "shakedown up ended: $(cat "$work/up.log")"
		sleep 0.1
	done
	fail "shakedown up does not answer"
}

down() {
	kill -INT "$up_pid"
	wait "$up_pid" || fail "shakedown up exited $? on Ctrl-C"
	up_pid=''
}

# eventually DESCRIPTION COMMAND…: until the command succeeds, 10 s at most.
eventually() {
	what=$1; shift
	for _ in $(seq 50); do
		if "$@" >"$work/out" 2>"$work/err"; then echo "ok: $what"; return; fi
		sleep 0.2
	done
	cat "$work/out" "$work/err" >&2
	fail "$what"
}

now_ms() { date +%s%3N; }
jq_py() { "$python" -c "import json,sys; d=json.load(sys.stdin); sys.exit(0 if ($1) else 1)"; }

step1() { # the source's step 1, for sensor-001; prints the certificate's ARN
	aws iot create-thing --thing-name "sensor-001" >/dev/null
	arn=$(cd "$work" && aws iot create-keys-and-certificate --set-as-active \
		--certificate-pem-outfile cert.pem --public-key-outfile public.key --private-key-outfile private.key \
		--query certificateArn --output text)
	aws iot attach-policy --policy-name "SensorPolicy" --target "$arn"
	aws iot attach-thing-principal --thing-name "sensor-001" --principal "$arn"
	curl -sf "$AWS_ENDPOINT_URL/_shakedown/ca.pem" -o "$work/AmazonRootCA1.pem"
	echo "ok: step 1: thing, certificate, policy, principal ($arn)"
}

publish() { # publish CERTS THING JSON, as mosquitto does it
	mosquitto_pub --cafile "$1/AmazonRootCA1.pem" --cert "$1/cert.pem" --key "$1/private.key" \
		-h 127.0.0.1 -p 8883 -i "$2" -q 1 -t "devices/$2/telemetry" -m "$3"
}

echo "== the pipeline, the source's firmware and queries"
up
step1
alerts=$(aws sqs create-queue --queue-name alerts --query QueueUrl --output text)
topic=$(aws sns list-topics --query "Topics[?ends_with(TopicArn, ':iot-alerts')].TopicArn" --output text)
# As on AWS, a topic may send to a queue only if the queue's policy says so.
cat >"$work/alerts.json" <<-EOF
	{"Policy": "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"sns.amazonaws.com\"},\"Action\":\"sqs:SendMessage\",\"Resource\":\"arn:aws:sqs:us-east-1:$account:alerts\",\"Condition\":{\"ArnEquals\":{\"aws:SourceArn\":\"$topic\"}}}}"}
EOF
aws sqs set-queue-attributes --queue-url "$alerts" --attributes "file://$work/alerts.json"
aws sns subscribe --topic-arn "$topic" --protocol sqs --notification-endpoint "arn:aws:sqs:us-east-1:$account:alerts" >/dev/null

sed -e 's|^IOT_ENDPOINT = .*|IOT_ENDPOINT = "localhost"|' -e "s|/certs/|$work/|" \
	-e 's|^reporting_interval = 60|reporting_interval = 1|' "$here/device_firmware.py" >"$work/firmware.py"
"$python" -u "$work/firmware.py" >"$work/firmware.log" 2>&1 &
firmware_pid=$!

rows() {
	aws timestream-query query --query-string \
		'SELECT device_id, time, measure_name, measure_value::double FROM "iot-data"."telemetry" WHERE device_id = '"'sensor-001'" |
		jq_py "len(d['Rows']) >= 8"
}
objects() { aws s3api list-objects-v2 --bucket iot-raw-archive --prefix devices/sensor-001/telemetry/ | jq_py "len(d.get('Contents', [])) >= 2"; }
state() { aws dynamodb get-item --table-name iot-devices --key '{"PK":{"S":"DEVICE#sensor-001"},"SK":{"S":"STATE"}}' | jq_py "d['Item']['status']['S'] == 'online' and 'temperature' in d['Item']['data']['M']"; }
api=$(grep -o 'http://[^ ]*/devices' "$work/up.log" | head -n 1)
api_state() { curl -sf "$api/sensor-001" | jq_py "'temperature' in d['data']"; }
api_list() { curl -sf "$api?status=online" | jq_py "len(d['devices']) == 1"; }
eventually "the firmware's rows are in Timestream" rows
eventually "its objects are in the bucket" objects
eventually "its state is in DynamoDB" state
eventually "the device API knows it" api_state
eventually "the device API lists it" api_list
kill "$firmware_pid"; wait "$firmware_pid" 2>/dev/null || true
firmware_pid=''

publish "$work" sensor-001 '{"deviceId":"sensor-001","timestamp":'"$(now_ms)"',"data":{"temperature":55.5,"battery_pct":80}}'
alert() { aws sqs receive-message --queue-url "$alerts" --wait-time-seconds 1 >"$work/alert" && "$python" - "$work/alert" <<'PY'
import json, sys
text = open(sys.argv[1]).read()
body = json.loads(json.loads(text)["Messages"][0]["Body"])
alert = json.loads(body["Message"])
assert body["Subject"].startswith("IoT Alert [CRITICAL]"), body["Subject"]
assert alert["severity"] == "CRITICAL" and alert["deviceId"] == "sensor-001", alert
PY
}
eventually "the SQS queue subscribed to the topic has the alert" alert

bin/shakedown provision sensor-002 --out "$work/sensor-002" >/dev/null
[ "$(stat -c %a "$work/sensor-002/private.key")" = 600 ] || fail "private.key is not 0600"
publish "$work/sensor-002" sensor-002 '{"deviceId":"sensor-002","timestamp":'"$(($(now_ms) - 900000))"',"data":{"temperature":20}}'
publish "$work/sensor-002" sensor-002 '{"deviceId":"sensor-002","timestamp":'"$(($(now_ms) - 901000))"',"data":{"temperature":22}}'

hourly() {
	aws timestream-query query --query-string "
SELECT
  device_id,
  BIN(time, 1h) as hour,
  AVG(measure_value::double) as avg_temperature,
  MAX(measure_value::double) as max_temperature,
  MIN(measure_value::double) as min_temperature
FROM \"iot-data\".\"telemetry\"
WHERE measure_name = 'temperature'
  AND time > ago(24h)
GROUP BY device_id, BIN(time, 1h)
ORDER BY hour DESC" >"$work/hourly" && "$python" - "$work/hourly" <<'PY'
import json, sys
rows = [[c["ScalarValue"] for c in r["Data"]] for r in json.load(open(sys.argv[1]))["Rows"]]
mine = [r for r in rows if r[0] == "sensor-002"]
# The two readings are a second apart and may fall into one hour or into two.
assert sorted({float(v) for r in mine for v in r[3:]}) == [20.0, 22.0], rows
hot = [r for r in rows if r[0] == "sensor-001"]
assert max(float(r[3]) for r in hot) == 55.5, rows
assert [r[1] for r in rows] == sorted((r[1] for r in rows), reverse=True), rows
PY
}
silent() {
	aws timestream-query query --query-string '
SELECT device_id, MAX(time) as last_seen
FROM "iot-data"."telemetry"
WHERE time > ago(1h)
GROUP BY device_id
HAVING MAX(time) < ago(10m)' | jq_py "[r['Data'][0]['ScalarValue'] for r in d['Rows']] == ['sensor-002']"
}
eventually "step 6: hourly averages" hourly
eventually "step 6: devices gone silent" silent
down

echo "== an empty cloud, the source's commands of steps 1 and 3"
up --pipeline none
awk '/^SENSOR_POLICY$/{f=1;next} f' "$here/source-commands.txt" | sed "s/123456789/$account/g" >"$work/policy.json"
aws iot create-policy --policy-name SensorPolicy --policy-document "file://$work/policy.json" >/dev/null
step1
aws kinesis create-stream --stream-name iot-telemetry --shard-count 1
aws s3api create-bucket --bucket iot-raw-archive >/dev/null
printf 'bootstrap' >"$work/bootstrap" && (cd "$work" && "$python" -m zipfile -c bootstrap.zip bootstrap)
aws iam create-role --role-name lambda --assume-role-policy-document \
	'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}' >/dev/null
aws lambda create-function --function-name iot-alert-handler --runtime provided.al2023 --handler bootstrap \
	--role "arn:aws:iam::$account:role/lambda" --zip-file "fileb://$work/bootstrap.zip" >/dev/null
# The source names this role and does not make it; on AWS its rules would do nothing.
aws iam create-role --role-name iot-rules-role --assume-role-policy-document \
	'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"iot.amazonaws.com"},"Action":"sts:AssumeRole"}]}' >/dev/null
aws iam put-role-policy --role-name iot-rules-role --policy-name deliver --policy-document '{"Version":"2012-10-17","Statement":[
	{"Effect":"Allow","Action":"kinesis:PutRecord","Resource":"arn:aws:kinesis:us-east-1:'"$account"':stream/iot-telemetry"},
	{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::iot-raw-archive/*"}]}'
awk '/^SENSOR_POLICY$/{exit} {print}' "$here/source-commands.txt" | sed "s/123456789/$account/g" >"$work/step3.sh"
bash -e "$work/step3.sh"
aws iot list-topic-rules | jq_py "sorted(r['ruleName'] for r in d['rules']) == ['ArchiveToS3', 'HighTemperatureAlert', 'TelemetryToKinesis']" || fail "step 3's rules"
echo "ok: step 3: three rules"
reading='{"deviceId":"sensor-001","timestamp":'"$(now_ms)"',"data":{"temperature":21.5}}'
publish "$work" sensor-001 "$reading"
record() {
	it=$(aws kinesis get-shard-iterator --stream-name iot-telemetry --shard-id shardId-000000000000 --shard-iterator-type TRIM_HORIZON --query ShardIterator --output text)
	aws kinesis get-records --shard-iterator "$it" --query 'Records[0].Data' --output text | base64 -d | grep -qF "$reading"
}
object() {
	key=$(aws s3api list-objects-v2 --bucket iot-raw-archive --query 'Contents[0].Key' --output text)
	aws s3api get-object --bucket iot-raw-archive --key "$key" "$work/object" >/dev/null && [ "$(cat "$work/object")" = "$reading" ]
}
eventually "the record is in the stream" record
eventually "the object is in the bucket" object
if aws iot create-topic-rule --rule-name Bad --topic-rule-payload '{"sql":"SELECT nosuch(a) FROM '"'x'"'","actions":[],"awsIotSqlVersion":"2016-03-23"}' 2>"$work/err"; then fail "a rule with an unknown function was accepted"; fi
grep -q SqlParseException "$work/err" || fail "no SqlParseException: $(cat "$work/err")"
echo "ok: an unknown function is a SqlParseException"
if publish "$work" sensor-999 '{}' 2>/dev/null; then fail "a foreign client id was let in"; fi
echo "ok: a foreign client id is refused"
down
echo "PASS: stock clients"
