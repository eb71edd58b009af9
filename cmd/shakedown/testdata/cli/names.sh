# Names under which clients come, and pages of others may not.
named() { curl -s -o /dev/null -w '%{http_code}' -H "Host: $1" "$url/_localstack/health"; }
for name in 127.0.0.1 localhost:4566 shakedown archive.s3.localhost host.docker.internal a1b2-ats.iot.us-east-1.amazonaws.com s3.localhost.localstack.cloud; do
	expect 200 named "$name"
done
expect 421 named rebound.example.com
expect 403 curl -s -o /dev/null -w '%{http_code}' -H 'Origin: http://rebound.example.com' "$url/_localstack/health"
expect 403 curl -s -o /dev/null -w '%{http_code}' -H 'Sec-Fetch-Site: cross-site' "$url/?Action=ListTopics&Version=2010-03-31&X-Amz-Credential=test%2F20260101%2Fus-east-1%2Fsns%2Faws4_request"
expect 200 curl -s -o /dev/null -w '%{http_code}' "$url/?Action=ListTopics&Version=2010-03-31&X-Amz-Credential=test%2F20260101%2Fus-east-1%2Fsns%2Faws4_request&X-Amz-Signature=00&X-Amz-Expires=60"
