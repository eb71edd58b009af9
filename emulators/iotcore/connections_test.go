package iotcore

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// askData calls an operation of the data plane that the SDK does not know yet.
func askData(f *fixture, method, path string, out any) int {
	w := httptest.NewRecorder()
	f.core.Data().ServeHTTP(w, httptest.NewRequest(method, path, nil))
	require.NoError(f.t, json.Unmarshal(w.Body.Bytes(), out), w.Body.String())
	return w.Code
}

// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_GetConnection.html
func TestGetConnection(t *testing.T) {
	inBubble(t, func(f *fixture) {
		get := func(path string) (out map[string]any) {
			t.Helper()
			require.Equal(t, http.StatusOK, askData(f, "GET", path, &out))
			return out
		}
		cert, start := f.thing("a", allowAll), time.Now().UnixMilli()
		c := f.dial("a", cert, persistent, keepAlive(10))
		require.Equal(t, map[string]any{
			"clientId": "a", "connected": true, "cleanSession": false, "sessionExpiry": 3600.0, "connectedSince": float64(start),
			"keepAliveDuration": 10.0, "thingName": "a",
		}, get("/connections/a"))
		time.Sleep(time.Second)
		c.disconnect()
		settle()
		gone := map[string]any{
			"clientId": "a", "connected": false, "cleanSession": false, "sessionExpiry": 3600.0, "disconnectedSince": float64(start + 1000),
			"disconnectReason": "CLIENT_INITIATED_DISCONNECT", "keepAliveDuration": 10.0, "thingName": "a",
		}
		require.Equal(t, gone, get("/connections/a?includeSocketInformation=false"))
		time.Sleep(toldMinutes * time.Minute)
		require.Equal(t, map[string]any{"clientId": "a", "connected": false, "cleanSession": false, "sessionExpiry": 3600.0}, get("/connections/a"), "the session lasts longer")

		f.dial("b/1", cert).disconnect()
		settle()
		require.Equal(t, true, get("/connections/b%2F1")["cleanSession"])
		time.Sleep(toldMinutes * time.Minute)
		var refusal wire.Error
		require.Equal(t, http.StatusNotFound, askData(f, "GET", "/connections/b%2F1", &refusal))
		require.Equal(t, http.StatusBadRequest, askData(f, "GET", "/connections/$b", &refusal))
	})
}

// toldMinutes are over the half an hour that a connection is told of.
const toldMinutes = 31

func TestGetConnectionWithItsSocket(t *testing.T) {
	s := newOnSockets(t)
	client := paho.NewClient(paho.NewClientOptions().AddBroker("ssl://" + s.addr).SetClientID("a").SetTLSConfig(s.tls(s.thing("a", allowAll))))
	connecting := client.Connect()
	require.True(t, connecting.WaitTimeout(5*time.Second))
	require.NoError(t, connecting.Error())
	var out getConnectionOutput
	require.Equal(t, http.StatusOK, askData(s.fixture, "GET", "/connections/a?includeSocketInformation=true", &out))
	require.Equal(t, "127.0.0.1", out.SourceIP)
	require.NotZero(t, out.SourcePort)
	require.Equal(t, s.addr, fmt.Sprintf("%s:%d", out.TargetIP, out.TargetPort))
	client.Disconnect(100)
}

// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_ListSubscriptions.html
func TestListSubscriptions(t *testing.T) {
	inBubble(t, func(f *fixture) {
		var refusal wire.Error
		require.Equal(t, http.StatusNotFound, askData(f, "GET", "/connections/a/subscriptions", &refusal))
		c := f.dial("a", f.thing("a", allowAll), persistent)
		c.subscribe(1, "b/+", "$share/g/c")
		c.subscribe(0, "a")
		c.disconnect()
		settle()
		var page listSubscriptionsOutput
		require.Equal(t, http.StatusOK, askData(f, "GET", "/connections/a/subscriptions?maxResults=2", &page))
		require.Equal(t, []subscriptionSummary{{"$share/g/c", 1}, {"a", 0}}, page.Subscriptions)
		require.Equal(t, http.StatusOK, askData(f, "GET", "/connections/a/subscriptions?nextToken="+page.NextToken, &page))
		require.Equal(t, []subscriptionSummary{{"b/+", 1}}, page.Subscriptions)
		require.Equal(t, http.StatusBadRequest, askData(f, "GET", "/connections/a/subscriptions?maxResults=201", &refusal))
		require.Equal(t, http.StatusNotImplemented, askData(f, "POST", "/connections/a/messages?topic=t", &refusal))
		require.Equal(t, "SendDirectMessage is not implemented by Shakedown", refusal.Message)
	})
}
