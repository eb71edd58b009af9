package iotcore

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/eclipse/paho.golang/packets"
	paho5 "github.com/eclipse/paho.golang/paho"
	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/broker"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
)

// onSockets is a Core on real sockets.
type onSockets struct {
	*fixture
	addr  string // of MQTT over TLS
	url   string // of the AWS endpoint
	roots *x509.CertPool
	taken *targets
}

func newOnSockets(t *testing.T) *onSockets {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s := &onSockets{addr: l.Addr().String(), roots: x509.NewCertPool(), taken: &targets{}, fixture: &fixture{t: t}}
	core, err := New(Config{Endpoint: s.addr, Targets: action.Targets{Kinesis: s.taken}, Tap: s.hear})
	require.NoError(t, err)
	s.core = core
	s.roots.AppendCertsFromPEM(core.CACertificate())
	server := httptest.NewServer(core.WebSocket())
	s.url = "ws" + strings.TrimPrefix(server.URL, "http") + broker.WebSocketPath
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { require.NoError(t, core.Run(ctx)) })
	running.Go(func() { require.NoError(t, core.Serve(ctx, l)) })
	t.Cleanup(func() {
		stop()
		running.Wait()
		server.Close()
	})
	return s
}

func (s *onSockets) tls(cert tls.Certificate) *tls.Config {
	return &tls.Config{RootCAs: s.roots, Certificates: []tls.Certificate{cert}}
}

// sign signs a URL with the SDK, as a device SDK does for a WebSocket.
func sign(t *testing.T, address, service string) string {
	r, err := http.NewRequest("GET", address, nil)
	require.NoError(t, err)
	const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	signed, _, err := v4.NewSigner().PresignHTTP(t.Context(), aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: "secret"}, r, empty, service, "us-east-1", time.Now())
	require.NoError(t, err)
	return signed
}

// talk publishes from a client of paho what it gets back itself.
func talk(t *testing.T, options *paho.ClientOptions) {
	client := paho.NewClient(options.SetAutoReconnect(false).SetConnectTimeout(5 * time.Second))
	wait := func(token paho.Token) {
		t.Helper()
		require.True(t, token.WaitTimeout(5*time.Second))
		require.NoError(t, token.Error())
	}
	wait(client.Connect())
	got := make(chan string, 1)
	wait(client.Subscribe("t/a", 1, func(_ paho.Client, m paho.Message) { got <- string(m.Payload()) }))
	wait(client.Publish("t/a", 1, false, strings.Repeat("long ", 1000)))
	require.Equal(t, strings.Repeat("long ", 1000), <-got)
	client.Disconnect(100)
}

func TestWebSocketWithSignature(t *testing.T) {
	s := newOnSockets(t)
	s.rule("Presence", "$aws/events/presence/#", toKinesis("p"))
	talk(t, paho.NewClientOptions().AddBroker(sign(t, s.url, "iotdevicegateway")).SetClientID("browser"))
	require.Eventually(t, func() bool { return len(s.heard(event.Disconnected)) == 1 && s.core.Idle() }, 5*time.Second, time.Millisecond)
	require.Equal(t, "CLIENT_INITIATED_DISCONNECT", s.heard(event.Disconnected)[0].Reason)
	var connected struct{ ClientID, PrincipalIdentifier string }
	_, event, _ := strings.Cut(s.taken.took()[0], "{")
	require.NoError(t, json.Unmarshal([]byte("{"+event), &connected))
	require.Equal(t, "AKIDEXAMPLE", connected.PrincipalIdentifier)
}

func TestWebSocketWithCertificate(t *testing.T) {
	s := newOnSockets(t)
	talk(t, paho.NewClientOptions().AddBroker("wss://"+s.addr+broker.WebSocketPath).SetClientID("a").SetTLSConfig(s.tls(s.thing("a", allowAll))))
	require.Eventually(t, func() bool { return len(s.heard(event.Disconnected)) == 1 }, 5*time.Second, time.Millisecond)
	require.Equal(t, "a", s.heard(event.Disconnected)[0].Thing)
}

func TestWebSocketRefusals(t *testing.T) {
	s := newOnSockets(t)
	cert := s.thing("a", allowAll)
	signed := sign(t, s.url, "iotdevicegateway")
	for name, test := range map[string]struct {
		url, subprotocol, origin string
		status                   int
	}{
		"unsigned":       {s.url, "mqtt", "", http.StatusForbidden},
		"for S3":         {sign(t, s.url, "s3"), "mqtt", "", http.StatusForbidden},
		"no subprotocol": {signed, "", "", http.StatusBadRequest},
		"another page":   {signed, "mqtt", "https://example.com", http.StatusForbidden},
		"another path":   {"wss://" + s.addr + "/other", "mqtt", "", http.StatusNotFound},
		"cert, no mqtt":  {"wss://" + s.addr + broker.WebSocketPath, "", "", http.StatusBadRequest},
	} {
		t.Run(name, func(t *testing.T) {
			dialer := websocket.Dialer{TLSClientConfig: s.tls(cert)}
			header := http.Header{}
			if test.subprotocol != "" {
				dialer.Subprotocols = []string{test.subprotocol}
			}
			if test.origin != "" {
				header.Set("Origin", test.origin)
			}
			_, response, err := dialer.Dial(test.url, header)
			require.Error(t, err)
			require.Equal(t, test.status, response.StatusCode)
			_ = response.Body.Close()
		})
	}
	_, response, err := (&websocket.Dialer{Subprotocols: []string{"mqtt"}}).Dial(signed, http.Header{"Origin": {"http://localhost:3000"}})
	require.NoError(t, err, "a page of this machine")
	_ = response.Body.Close()
}

// A page at the name of the API connects, one at another name of the server does not.
func TestPagesOfTheAPIConnect(t *testing.T) {
	core, err := New(Config{API: "http://iot.lan:4566"})
	require.NoError(t, err)
	server := httptest.NewServer(core.WebSocket())
	defer server.Close()
	signed := sign(t, "ws"+strings.TrimPrefix(server.URL, "http")+broker.WebSocketPath, "iotdevicegateway")
	dialer := websocket.Dialer{Subprotocols: []string{"mqtt"}}
	conn, _, err := dialer.Dial(signed, http.Header{"Origin": {"https://IoT.lan:4566"}})
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	_, response, err := dialer.Dial(signed, http.Header{"Origin": {"http://rebound.example"}})
	require.Error(t, err)
	require.Equal(t, http.StatusForbidden, response.StatusCode)
}

// AWS.md §1: WebSocket sessions end after 24 h.
// AWS.md §1: WEBSOCKET_TTL_EXPIRATION.
func TestWebSocketExpires(t *testing.T) {
	inBubble(t, func(f *fixture) {
		conn := f.secure(f.thing("a", allowAll))
		dialer := websocket.Dialer{Subprotocols: []string{"mqtt"}, NetDialContext: func(context.Context, string, string) (net.Conn, error) { return conn, nil }}
		ws, response, err := dialer.Dial("ws://"+endpoint+broker.WebSocketPath, nil)
		require.NoError(t, err)
		_ = response.Body.Close()
		connect := []byte("\x10\x0d\x00\x04MQTT\x04\x02\x00\x00\x00\x01a")
		require.NoError(t, ws.WriteMessage(websocket.BinaryMessage, connect[:7]))
		require.NoError(t, ws.WriteMessage(websocket.BinaryMessage, connect[7:]), "a packet may be cut in two")
		_, connack, err := ws.ReadMessage()
		require.NoError(t, err)
		require.Equal(t, "\x20\x02\x00\x00", string(connack))
		for range 24*6 - 1 {
			time.Sleep(10 * time.Minute)
			require.NoError(t, ws.WriteMessage(websocket.BinaryMessage, []byte{0xc0, 0}))
			_, _, err = ws.ReadMessage()
			require.NoError(t, err)
		}
		require.Empty(t, f.heard(event.Disconnected))
		time.Sleep(11 * time.Minute)
		require.Equal(t, []string{"WEBSOCKET_TTL_EXPIRATION"}, f.reasons(event.Disconnected))
		_ = conn.NetConn().Close()
	})
}

// TestPaho5 is a real client of MQTT 5.
func TestPaho5(t *testing.T) {
	s := newOnSockets(t)
	s.createRule("R", rule.Payload{SQL: "SELECT get_mqtt_property('content_type') AS type, get_user_properties('k') AS k FROM 't/a'", Actions: []action.Action{toKinesis("s")}})
	conn, err := tls.Dial("tcp", s.addr, s.tls(s.thing("a", allowAll)))
	require.NoError(t, err)
	got := make(chan *paho5.Publish, 1)
	client := paho5.NewClient(paho5.ClientConfig{Conn: packets.NewThreadSafeConn(conn), OnPublishReceived: []func(paho5.PublishReceived) (bool, error){
		func(p paho5.PublishReceived) (bool, error) { got <- p.Packet; return true, nil },
	}})
	expiry := uint32(7200)
	connack, err := client.Connect(t.Context(), &paho5.Connect{ClientID: "a", KeepAlive: 60, Properties: &paho5.ConnectProperties{SessionExpiryInterval: &expiry}})
	require.NoError(t, err)
	require.Equal(t, uint32(3600), *connack.Properties.SessionExpiryInterval)
	require.Equal(t, byte(1), *connack.Properties.MaximumQoS)
	require.False(t, connack.Properties.SubIDAvailable)
	suback, err := client.Subscribe(t.Context(), &paho5.Subscribe{Subscriptions: []paho5.SubscribeOptions{{Topic: "t/+", QoS: 1}}})
	require.NoError(t, err)
	require.Equal(t, []byte{1}, suback.Reasons)
	_, err = client.Publish(t.Context(), &paho5.Publish{Topic: "t/a", QoS: 1, Payload: []byte("x"), Properties: &paho5.PublishProperties{
		ContentType: "text/plain", ResponseTopic: "r", CorrelationData: []byte("c"), User: paho5.UserProperties{{Key: "k", Value: "v"}},
	}})
	require.NoError(t, err)
	m := <-got
	require.Equal(t, "text/plain r c v", strings.Join([]string{m.Properties.ContentType, m.Properties.ResponseTopic, string(m.Properties.CorrelationData), m.Properties.User.Get("k")}, " "))
	_ = client.Disconnect(&paho5.Disconnect{}) // an error is that the broker closed before the last, empty, write
	<-client.Done()
	require.Eventually(t, func() bool { return s.core.Idle() && s.core.Connected() == 0 }, 5*time.Second, time.Millisecond)
	require.Equal(t, []string{`kinesis s a {"type":"text/plain","k":["v"]}`}, s.taken.took())
}
