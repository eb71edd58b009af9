package broker

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/websocket"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
)

// MQTT over WebSocket (AWS.md §1,
// https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html).
const (
	WebSocketPath = "/mqtt"
	webSocketTTL  = 24 * time.Hour
	maxHead       = 64 << 10 // of the request, in bytes
)

// upgrader answers the subprotocols that AWS's SDKs ask for. Whose pages may connect is
// asked before: see fromHere.
var upgrader = websocket.Upgrader{
	Subprotocols: []string{"mqtt", "mqttv3.1"}, HandshakeTimeout: connectTimeout, CheckOrigin: func(*http.Request) bool { return true },
	Error: func(w http.ResponseWriter, _ *http.Request, status int, reason error) {
		http.Error(w, "MQTT over WebSocket: "+reason.Error(), status)
	},
}

// fromHere lets in the pages of this machine alone: any signature does here, so any
// page that a browser shows could make one. The name under which the request came does not
// count, for a page may have given its own name to this machine's address; own is the one
// under which clients are told to come. An address counts, for it cannot be given.
func fromHere(r *http.Request, own string) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	if err != nil || u.Hostname() == "" {
		return false
	}
	name := strings.ToLower(u.Hostname())
	if ip := net.ParseIP(name); ip != nil {
		return ip.IsLoopback() || u.Host == r.Host
	}
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || name == strings.ToLower(own)
}

// WebSocket serves MQTT over WebSocket to clients with a signed URL, who may do
// everything. Clients with a certificate connect at the listener of Serve, which answers
// both.
func (b *Broker) WebSocket() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scope, err := signed(r, b.identity.OrDefault().Region, time.Now())
		if err != nil {
			http.Error(w, "MQTT over WebSocket: "+err.Error(), http.StatusForbidden)
			return
		}
		conn, err := b.upgrade(w, r)
		if err != nil {
			return // Upgrade has answered
		}
		l := &link{
			Conn: conn, reader: bufio.NewReaderSize(conn, readBuffer), protocol: 4, certificate: scope.AccessKey, iam: true,
			ip: host(conn.RemoteAddr()), start: time.Now(), done: make(chan struct{}),
		}
		b.serveSigned(l)
	})
}

// serveSigned serves a connection that is not a listener's: it ends with the Core.
func (b *Broker) serveSigned(l *link) {
	if err := b.enlist(l); err != nil {
		_ = l.Conn.Close()
		b.refuse(l, err.Error())
		return
	}
	defer b.delist(l)
	defer close(l.done)
	_ = l.Conn.SetReadDeadline(time.Now().Add(connectTimeout)) // an error shows in the CONNECT
	for over := !b.begin(l); !over; {
		_, over = b.turn(l)
	}
}

func (b *Broker) upgrade(w http.ResponseWriter, r *http.Request) (*wsConn, error) {
	if r.URL.Path != WebSocketPath {
		err := fmt.Errorf("the path is %s, not %s", WebSocketPath, r.URL.Path)
		http.Error(w, err.Error(), http.StatusNotFound)
		return nil, err
	}
	if !slices.ContainsFunc(websocket.Subprotocols(r), func(s string) bool { return slices.Contains(upgrader.Subprotocols, s) }) {
		err := errors.New("MQTT over WebSocket: the client must ask for the subprotocol mqtt")
		http.Error(w, err.Error(), http.StatusBadRequest)
		return nil, err
	}
	if !fromHere(r, b.pages) {
		err := fmt.Errorf("MQTT over WebSocket: a page of %s may not connect, only those of this machine may", r.Header.Get("Origin"))
		http.Error(w, err.Error(), http.StatusForbidden)
		return nil, err
	}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		return nil, err
	}
	return &wsConn{Conn: ws}, nil
}

// speaksHTTP tells what a request of HTTP begins with from a CONNECT.
func speaksHTTP(first byte) bool { return first >= 'A' && first <= 'Z' }

// answerHTTP serves a connection over TLS on which a client with a certificate has sent a
// request of HTTP instead of CONNECT: with the credentials of a role alias, with an operation
// of the data plane, or by making a WebSocket of it, where there is more to come.
func (b *Broker) answerHTTP(l *link) (more bool, err error) {
	limit := &io.LimitedReader{R: l.reader, N: maxHead}
	head := bufio.NewReaderSize(limit, readBuffer)
	r, err := http.ReadRequest(head)
	if err != nil {
		return false, fmt.Errorf("http: %w", err)
	}
	w := &rawResponse{conn: l.Conn, reader: l.reader, header: http.Header{}}
	if alias, ok := aliasOf(r.URL.Path); ok && r.Method == http.MethodGet {
		return false, b.provide(w, r, l, alias)
	}
	if r.URL.Path != WebSocketPath && !websocket.IsWebSocketUpgrade(r) {
		limit.N += message.MaxPayload + maxHead // chunks may be around it
		b.serveDevice(w, r, l)
		return false, nil
	}
	if head.Buffered() > 0 {
		return false, errors.New("websocket: the client went on before the answer")
	}
	conn, err := b.upgrade(w, r)
	if err != nil {
		return false, fmt.Errorf("websocket: %w", err)
	}
	l.Conn, l.patient = conn, nil
	l.reader = bufio.NewReaderSize(conn, readBuffer)
	return true, l.Conn.SetReadDeadline(time.Now().Add(connectTimeout)) // Upgrade has taken it away
}

// rawResponse writes a response on a connection that has no http.Server.
type rawResponse struct {
	conn    net.Conn
	reader  *bufio.Reader
	header  http.Header
	written bool // the header
}

func (w *rawResponse) Header() http.Header { return w.header }

func (w *rawResponse) WriteHeader(status int) {
	w.written = true
	_, _ = fmt.Fprintf(w.conn, "HTTP/1.1 %d %s\r\nConnection: close\r\n", status, http.StatusText(status)) // the connection ends
	_ = w.header.Write(w.conn)
	_, _ = w.conn.Write([]byte("\r\n"))
}

func (w *rawResponse) Write(p []byte) (int, error) {
	if !w.written {
		w.WriteHeader(http.StatusOK)
	}
	return w.conn.Write(p)
}

func (w *rawResponse) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return w.conn, bufio.NewReadWriter(w.reader, bufio.NewWriterSize(w.conn, readBuffer)), nil
}
