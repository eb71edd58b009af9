# Topic rule destinations with the stock CLI, and a web server that keeps what it is sent.
# https://docs.aws.amazon.com/iot/latest/developerguide/http-action-destination.html

iot() { aws iot "$@"; }

: >"$work/posts"
python3 - "$work/posts" >"$work/hook" <<'PY' &
import http.server, sys
class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        with open(sys.argv[1], "a") as posts:
            posts.write(self.rfile.read(int(self.headers["Content-Length"])).decode() + "\n")
        self.send_response(200)
        self.end_headers()
    def log_message(self, *_): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Hook)
print(server.server_port, flush=True)
server.serve_forever()
PY
hook_pid=$!
trap 'kill "$hook_pid" 2>/dev/null || true' EXIT
for _ in $(seq 100); do [ -s "$work/hook" ] && break; sleep 0.1; done
site="http://127.0.0.1:$(cat "$work/hook")"

# The rule makes the destination; ConfirmTopicRuleDestination takes the token back.
expect '' iot create-topic-rule --rule-name cliWeb --topic-rule-payload '{"sql":"SELECT * FROM '"'cli/web/+'"'","awsIotSqlVersion":"2016-03-23","actions":[{"http":{"url":"'"$site"'/${topic(3)}","confirmationUrl":"'"$site"'"}}]}'
expect '"messageType":"DestinationConfirmation"' cat "$work/posts"
arn=$(iot list-topic-rule-destinations --query 'destinationSummaries[0].arn' --output text)
expect '"status": "IN_PROGRESS"' iot get-topic-rule-destination --arn "$arn"
refused InvalidRequestException iot update-topic-rule-destination --arn "$arn" --status ENABLED
token=$(sed 's/.*"confirmationToken":"\([^"]*\)".*/\1/' "$work/posts")
expect '' iot confirm-topic-rule-destination --confirmation-token "$token"
expect '"status": "DISABLED"' iot get-topic-rule-destination --arn "$arn"
expect '' iot update-topic-rule-destination --arn "$arn" --status ENABLED
expect '' aws iot-data publish --topic cli/web/a --payload '{"v":42}'
soon '{"v":42}' cat "$work/posts"

# A new message, and its link, which needs no signature.
expect '' iot update-topic-rule-destination --arn "$arn" --status IN_PROGRESS
refused 'not of its last message' iot confirm-topic-rule-destination --confirmation-token "$token"
expect '' curl -sf "$(tail -n 1 "$work/posts" | sed 's/.*"enableUrl":"\([^"]*\)".*/\1/')"
expect '"status": "DISABLED"' iot get-topic-rule-destination --arn "$arn"
refused ResourceAlreadyExistsException iot create-topic-rule-destination --destination-configuration "httpUrlConfiguration={confirmationUrl=$site}"
expect '' iot delete-topic-rule-destination --arn "$arn"
refused UnauthorizedException iot get-topic-rule-destination --arn "$arn"
expect '' iot delete-topic-rule --rule-name cliWeb

# Nobody listens, no web server, and not implemented.
expect '"status": "IN_PROGRESS"' iot create-topic-rule-destination --destination-configuration 'httpUrlConfiguration={confirmationUrl=http://127.0.0.1:1/x}'
expect 'did not reach the endpoint' iot list-topic-rule-destinations
expect '' iot delete-topic-rule-destination --arn "$(iot list-topic-rule-destinations --query 'destinationSummaries[0].arn' --output text)"
expect '"status": "IN_PROGRESS"' iot create-topic-rule-destination --destination-configuration 'httpUrlConfiguration={confirmationUrl=http://192.0.2.1/}'
expect 'is not on this machine' iot list-topic-rule-destinations
expect '' iot delete-topic-rule-destination --arn "$(iot list-topic-rule-destinations --query 'destinationSummaries[0].arn' --output text)"
refused vpcConfiguration iot create-topic-rule-destination --destination-configuration 'vpcConfiguration={subnetIds=[s],vpcId=v,roleArn=arn:aws:iam::000000000000:role/r}'
