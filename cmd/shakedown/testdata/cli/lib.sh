# Functions of the scripts of stock CLI calls, which run.sh runs one by one against
# one cloud. $url is the AWS endpoint, $mqtt the broker's host:port, $work a directory.

# up: starts the cloud on free ports and waits until it answers.
up() {
	: >"$work/up.log" # there before the first look
	"$bin" up --pipeline none --console none --endpoint 127.0.0.1:0 --mqtt 127.0.0.1:0 >"$work/up.log" 2>&1 &
	up_pid=$!
	for _ in $(seq 100); do
		url=$(sed -n 's/^ *AWS endpoint *\(http[^ ]*\).*/\1/p' "$work/up.log")
		mqtt=$(sed -n 's/^ *MQTT over TLS *\([^ ]*\).*/\1/p' "$work/up.log")
		[ -n "$mqtt" ] && curl -sf "$url/_localstack/health" >/dev/null && return
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

fail() { echo "FAIL: $*" >&2; exit 1; }

aws() { command aws --endpoint-url "$url" "$@"; }

# expect TEXT COMMAND…: the command succeeds and its output contains the text.
expect() {
	local text=$1 out
	shift
	out=$("$@" 2>&1) || fail "$*: $out"
	[[ $out == *"$text"* ]] || fail "$*: no $text in $out"
	echo "ok: $*"
}

# soon TEXT COMMAND…: the same within ten seconds, for what a rule does.
soon() {
	local text=$1
	shift
	for _ in $(seq 100); do
		[[ $("$@" 2>&1) != *"$text"* ]] || break
		sleep 0.1
	done
	expect "$text" "$@"
}

# refused CODE COMMAND…: the command fails with that error code.
refused() {
	local code=$1 out
	shift
	if out=$("$@" 2>&1); then fail "$*: not refused: $out"; fi
	[[ $out == *"$code"* ]] || fail "$*: no $code in $out"
	echo "ok: $* is refused: $code"
}

# policy SERVICE ACTION RESOURCE SOURCE: the attribute Policy of a queue that lets a
# service in for a source, in JSON.
policy() {
	printf '{"Policy":"{\\"Statement\\":{\\"Effect\\":\\"Allow\\",\\"Principal\\":{\\"Service\\":\\"%s\\"},\\"Action\\":\\"%s\\",\\"Resource\\":\\"%s\\",\\"Condition\\":{\\"ArnLike\\":{\\"aws:SourceArn\\":\\"%s\\"}}}}"}' "$@"
}

# role NAME ACTION RESOURCE [SERVICE]: makes a role that rules, or another service, may
# assume, with what it may do; its ARN is in $role.
role() {
	role=arn:aws:iam::000000000000:role/$1
	aws iam create-role --role-name "$1" --assume-role-policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"'"${4:-iot.amazonaws.com}"'"},"Action":"sts:AssumeRole"}]}' >/dev/null
	aws iam put-role-policy --role-name "$1" --policy-name it --policy-document '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"'"$2"'","Resource":"'"$3"'"}]}'
}
