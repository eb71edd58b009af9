#!/usr/bin/env bash
# The source document's whole architecture with the stock Terraform AWS provider,
# against `shakedown up --pipeline none`: apply, plan again (no change), a message
# through what was made, a change in place, destroy (nothing left). It takes minutes,
# of which the provider sleeps most: 25 seconds after each SQS call. Skips, loudly,
# where Terraform or the provider is not there.
set -euo pipefail
cd "$(dirname "$0")/../../.."
here=$PWD/cmd/shakedown/testdata
mirror=${TF_PLUGIN_MIRROR:-/opt/tf-plugins}
work=$(mktemp -d)
up_pid=''

finish() {
	status=$?
	[ -z "$up_pid" ] || { kill -INT "$up_pid" 2>/dev/null && wait "$up_pid" 2>/dev/null; } || true
	[ $status -eq 0 ] || { echo "FAIL: terraform"; tail -n 60 "$work"/*.log 2>/dev/null; }
	rm -rf "$work"
	exit $status
}
trap finish EXIT

command -v terraform >/dev/null || { echo "SKIP: terraform is not installed (https://developer.hashicorp.com/terraform/install)"; exit 0; }
[ -d "$mirror/registry.terraform.io/hashicorp/aws" ] || { echo "SKIP: no AWS provider in $mirror (set TF_PLUGIN_MIRROR, or: terraform providers mirror $mirror)"; exit 0; }

# free PORT…: ports nobody listens on.
port() { python3 -c 'import socket; s=socket.socket(); s.bind(("127.0.0.1",0)); print(s.getsockname()[1])'; }
endpoint=127.0.0.1:$(port) mqtt=127.0.0.1:$(port)
bin/shakedown up --pipeline none --endpoint "$endpoint" --mqtt "$mqtt" >"$work/up.log" 2>&1 &
up_pid=$!
for _ in $(seq 100); do
	curl -sf "http://$endpoint/_localstack/health" >/dev/null && break
	kill -0 "$up_pid" 2>/dev/null || exit 1
	sleep 0.1
done

cp "$here"/terraform/*.tf "$work"
printf 'bootstrap' >"$work/bootstrap" && (cd "$work" && python3 -m zipfile -c bootstrap.zip bootstrap)
cat >"$work/rc" <<RC
provider_installation {
  filesystem_mirror {
    path = "$mirror"
  }
}
RC
export TF_CLI_CONFIG_FILE=$work/rc TF_IN_AUTOMATION=1 CHECKPOINT_DISABLE=1
export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_PAGER='' AWS_DEFAULT_OUTPUT=text
aws() { command aws --endpoint-url "http://$endpoint" "$@"; }
cd "$work"
args=(-no-color -input=false -var bootstrap=bootstrap.zip -var endpoint="http://$endpoint")

terraform init -no-color -input=false >init.log
timeout 300 terraform apply -parallelism=20 -auto-approve "${args[@]}" >apply.log
echo "ok: $(grep '^Apply complete' apply.log)"

timeout 120 terraform plan -detailed-exitcode "${args[@]}" >plan.log
echo "ok: $(grep -o 'No changes.*' plan.log)"

payload='{"deviceId":"sensor-001","timestamp":'$(date +%s000)',"data":{"temperature":21.5}}'
printf %s "$payload" >payload.json # a file of bytes: versions 1 and 2 of the CLI read an inline payload in two ways
aws iot-data publish --topic devices/sensor-001/telemetry --qos 1 --payload fileb://payload.json
for _ in $(seq 50); do
	[ "$(aws s3api list-objects-v2 --bucket iot-raw-archive --query 'length(Contents || `[]`)')" = 1 ] && break
	sleep 0.2
done
[ "$(aws s3api list-objects-v2 --bucket iot-raw-archive --query 'Contents[0].Size')" = "${#payload}" ]
echo "ok: a message went through the rule to the bucket"

# Attributes that are changed in place, and again no change after it.
sed -i 's/retention_period = 48/retention_period = 72/; s/magnetic_store_retention_period_in_days = 7/magnetic_store_retention_period_in_days = 14/; s/status = "Enabled"/status = "Suspended"/; s/fleet = "north"/fleet = "south"/; s/status = { S = "pending" }/status = { S = "sent" }/; s/interval = 30 }/interval = 60 }/' stores.tf
sed -i 's/memory_size\( *\)= 256/memory_size\1= 512/; s/batch_size\( *\)= 100/batch_size\1= 50/; s/rate(1 minute)/rate(5 minutes)/' functions.tf
sed -i 's/parallelization_factor\( *\)= 2/parallelization_factor\1= 4/; s/tumbling_window_in_seconds\( *\)= 60/tumbling_window_in_seconds\1= 120/' functions.tf
sed -i 's/^  # canary.*/  routing_config {\n    additional_version_weights = { "2" = 0.1 }\n  }/' functions.tf
timeout 300 terraform apply -parallelism=20 -auto-approve "${args[@]}" >change.log
echo "ok: $(grep '^Apply complete' change.log)"
grep -Eq 'Resources: 0 added, [1-9][0-9]* changed, 0 destroyed' change.log
timeout 120 terraform plan -detailed-exitcode "${args[@]}" >plan.log
echo "ok: $(grep -o 'No changes.*' plan.log)"

timeout 300 terraform destroy -auto-approve "${args[@]}" >destroy.log
echo "ok: $(grep '^Destroy complete' destroy.log)"
left=$(aws iot list-things --query 'length(things)')$(aws iot list-topic-rules --query 'length(rules)')$(aws kinesis list-streams --query 'length(StreamNames)')$(aws dynamodb list-tables --query 'length(TableNames)')$(aws lambda list-functions --query 'length(Functions)')$(aws s3api list-buckets --query 'length(Buckets)')
[ "$left" = 000000 ] || { echo "destroy left things, rules, streams, tables, functions, buckets: $left"; exit 1; }
echo "ok: nothing is left"
echo "PASS: terraform"
