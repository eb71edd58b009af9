package broker

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Device is a client that calls an operation of HTTP with its certificate.
type Device struct {
	Certificate string // its id
	IP          string
	authority   *authorizer
}

// Allows tells whether the policies of its certificate allow an action, as in
// Allows("iot:Publish", "topic", "devices/a/telemetry").
func (d *Device) Allows(action, kind, name string) bool {
	return d.authority.allows(action, kind, name)
}

type deviceKey struct{}

// Caller is the device that a request for Config.Devices came from, or nil.
func Caller(ctx context.Context) *Device {
	device, _ := ctx.Value(deviceKey{}).(*Device)
	return device
}

// serveDevice answers a request of a device with a certificate. "HTTPS doesn't support a
// clientId value like MQTT does."
func (b *Broker) serveDevice(w *rawResponse, r *http.Request, l *link) {
	err := b.registry.Check(l.certificate, time.Now())
	switch {
	case l.introduction != nil:
		err = refused(l.introduction)
	case !fromHere(r, b.pages): // a browser may have the certificate
		err = fmt.Errorf("a page of %s may not call", r.Header.Get("Origin"))
	}
	if err != nil {
		b.answer(w, nil, wire.Errorf("ForbiddenException", http.StatusForbidden, "Forbidden: %s", err))
		return
	}
	if r.Header.Get("Expect") == "100-continue" {
		_, _ = w.conn.Write([]byte("HTTP/1.1 100 Continue\r\n\r\n")) // or the body does not come
	}
	device := &Device{Certificate: l.certificate, IP: l.ip, authority: &authorizer{
		registry: b.registry, identity: b.identity, certificate: l.certificate, ip: l.ip, domain: l.domain,
	}}
	b.devices.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), deviceKey{}, device)))
}
