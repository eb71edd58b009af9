package iotcore

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
)

// call sends one request of HTTP with a certificate, and returns the status and the body.
func (f *fixture) call(cert tls.Certificate, method, path, body string) (int, string) {
	return f.callFrom("", cert, method, path, body)
}

// callFrom is call by a page.
func (f *fixture) callFrom(origin string, cert tls.Certificate, method, path, body string) (int, string) {
	f.t.Helper()
	conn := f.secureAt(endpoint, cert)
	defer conn.Close()
	r, err := http.NewRequest(method, "https://"+endpoint+path, strings.NewReader(body))
	require.NoError(f.t, err)
	if origin != "" {
		r.Header.Set("Origin", origin)
	}
	require.NoError(f.t, r.Write(conn))
	answer, err := http.ReadResponse(bufio.NewReader(conn), r)
	require.NoError(f.t, err)
	text, err := io.ReadAll(answer.Body)
	require.NoError(f.t, err)
	return answer.StatusCode, string(text)
}

// TestDevicePublishesOverHTTPS: "Clients can publish messages by making requests to the
// REST API", with a certificate and its policies.
// https://docs.aws.amazon.com/iot/latest/developerguide/http.html
func TestDevicePublishesOverHTTPS(t *testing.T) {
	inBubble(t, func(f *fixture) {
		f.createRule("R", rule.Payload{SQL: `SELECT v, clientid() AS c, principal() AS p, sourceip() AS ip FROM 'device/#'`, Actions: []action.Action{toKinesis("s")}})
		cert := f.thing("lamp", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Publish","Resource":"arn:aws:iot:us-east-1:000000000000:topic/device/*"},
			{"Effect":"Allow","Action":["iot:RetainPublish","iot:GetRetainedMessage"],"Resource":"arn:aws:iot:us-east-1:000000000000:topic/device/state"}]}`)
		watch := f.dial("w", f.thing("w", allowAll))
		watch.subscribe(1, "device/+")
		status, body := f.call(cert, http.MethodPost, "/topics/device%2Fmessage?qos=1", `{"v":1}`)
		require.Equal(t, 200, status, body)
		settle()
		require.Equal(t, []string{`device/message {"v":1}`}, watch.got())
		require.Equal(t, byte(1), watch.header(0).Qos)
		require.Equal(t, []string{`kinesis s message {"v":1,"c":"n/a","p":"` + idOf(cert) + `","ip":"10.0.0.2"}`}, f.targets.took())

		status, body = f.call(cert, http.MethodPost, "/topics/other", `{}`)
		require.Equal(t, 403, status)
		require.Contains(t, body, "no policy allows iot:Publish on topic/other")
		status, body = f.call(cert, http.MethodPost, "/topics/device/a?retain=true", `{}`)
		require.Equal(t, 403, status)
		require.Contains(t, body, "iot:RetainPublish")
		require.Equal(t, []string{"iot:Publish", "iot:RetainPublish"}, []string{f.heard(event.Denied)[0].Action, f.heard(event.Denied)[1].Action})
		status, body = f.call(cert, http.MethodPost, "/topics/device/state?retain=true", `on`)
		require.Equal(t, 200, status, body)
		status, body = f.call(cert, http.MethodGet, "/retainedMessage/device/state", "")
		require.Equal(t, 200, status)
		require.Contains(t, body, `"payload":"b24="`)
		status, _ = f.call(cert, http.MethodGet, "/retainedMessage/device/other", "")
		require.Equal(t, 403, status)
		for _, path := range []string{"/retainedMessage", "/connections/w", "/mqtt2"} {
			method := map[bool]string{true: http.MethodDelete, false: http.MethodGet}[path == "/connections/w"]
			status, body = f.call(cert, method, path, "")
			require.GreaterOrEqual(t, status, 400, path)
			require.Contains(t, body, "not implemented by Shakedown", path)
		}
		require.False(t, watch.isClosed())
		status, body = f.callFrom("https://example.com", cert, http.MethodPost, "/topics/device/a", "{}")
		require.Equal(t, 403, status)
		require.Contains(t, body, "a page of https://example.com")
		status, body = f.call(cert, http.MethodPost, "/topics/device/large", strings.Repeat("x", message.MaxPayload))
		require.Equal(t, 200, status, body)
		status, _ = f.call(cert, http.MethodPost, "/topics/device/large", strings.Repeat("x", message.MaxPayload+1))
		require.Equal(t, 413, status)
	})
}

// TestDeviceShadowOverHTTPS: the actions are those of shadows, on the thing.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-policy-actions.html
func TestDeviceShadowOverHTTPS(t *testing.T) {
	inBubble(t, func(f *fixture) {
		const resource = "arn:aws:iot:us-east-1:000000000000:thing/"
		cert := f.thing("lamp", `{"Version":"2012-10-17","Statement":[
			{"Effect":"Allow","Action":["iot:GetThingShadow","iot:UpdateThingShadow","iot:ListNamedShadowsForThing"],"Resource":"`+resource+`lamp"},
			{"Effect":"Allow","Action":"iot:*ThingShadow","Resource":"`+resource+`lamp/config"}]}`)
		for _, q := range []struct {
			method, path, body string
			status             int
			says               string
		}{
			{"GET", "/things/lamp/shadow", "", 404, "No shadow exists"},
			{"POST", "/things/lamp/shadow", `{"state":{"desired":{"on":true}}}`, 200, `"version":1`},
			{"GET", "/things/lamp/shadow", "", 200, `"on":true`},
			{"DELETE", "/things/lamp/shadow", "", 403, "iot:DeleteThingShadow on thing/lamp"},
			{"POST", "/things/lamp/shadow?name=config", `{"state":{"desired":{"n":1}}}`, 200, `"version":1`},
			{"GET", "/api/things/shadow/ListNamedShadowsForThing/lamp", "", 200, `"config"`},
			{"DELETE", "/things/lamp/shadow?name=config", "", 200, `"version":1`},
			{"GET", "/things/lamp/shadow?name=other", "", 403, "iot:GetThingShadow on thing/lamp/other"},
			{"POST", "/things/other/shadow", `{"state":{"desired":{"on":true}}}`, 403, "iot:UpdateThingShadow on thing/other"},
			{"GET", "/api/things/shadow/ListNamedShadowsForThing/other", "", 403, "iot:ListNamedShadowsForThing"},
		} {
			status, body := f.call(cert, q.method, q.path, q.body)
			require.Equal(t, q.status, status, "%s %s: %s", q.method, q.path, body)
			require.Contains(t, body, q.says, "%s %s", q.method, q.path)
		}
	})
}

// TestExpectContinue: curl asks before it sends a long body.
func TestExpectContinue(t *testing.T) {
	inBubble(t, func(f *fixture) {
		conn := f.secure(f.thing("a", allowAll))
		defer conn.Close()
		_, err := fmt.Fprintf(conn, "POST /topics/t HTTP/1.1\r\nHost: broker\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n")
		require.NoError(t, err)
		r := bufio.NewReader(conn)
		line, err := r.ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, "HTTP/1.1 100 Continue\r\n", line)
		_, err = r.ReadString('\n')
		require.NoError(t, err)
		_, err = fmt.Fprint(conn, "body")
		require.NoError(t, err)
		answer, err := http.ReadResponse(r, nil)
		require.NoError(t, err)
		require.Equal(t, 200, answer.StatusCode)
	})
}
