#!/usr/bin/env bash
# Runs the scripts of stock CLI calls (all, or those named) against one
# `shakedown up` on free ports. Each is plain bash with the functions of lib.sh.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
bin=${SHAKEDOWN:-$here/../../../../bin/shakedown}
work=$(mktemp -d)
up_pid=''
finish() {
	status=$?
	[ -z "$up_pid" ] || { kill -INT "$up_pid" && wait "$up_pid"; } 2>/dev/null || true
	[ $status -eq 0 ] || { echo "FAIL: stock CLI calls"; sed 's/^/  up: /' "$work/up.log" | tail -n 20; }
	rm -rf "$work"
	exit $status
}
trap finish EXIT
export AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_PAGER='' AWS_DEFAULT_OUTPUT=json
. "$here/lib.sh"
up
[ $# -gt 0 ] || set -- $(cd "$here" && ls ./*.sh | grep -v -e '/lib.sh$' -e '/run.sh$')
for script; do
	echo "== $script"
	(set -euo pipefail; . "$here/$(basename "$script" .sh).sh")
done
down
echo "stock CLI calls pass"
