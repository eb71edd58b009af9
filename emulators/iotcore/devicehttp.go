package iotcore

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// deviceOperations are those of the data plane that a client with a certificate may call at
// the broker's listener, as on AWS's port 8443, if its policies allow them.
// https://docs.aws.amazon.com/iot/latest/developerguide/http.html
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-policy-actions.html
var deviceOperations = []string{
	"Publish", "GetRetainedMessage", "GetThingShadow", "UpdateThingShadow", "DeleteThingShadow", "ListNamedShadowsForThing",
}

// deviceData serves them: each asks permit.
func (c *Core) deviceData() http.Handler {
	data := c.data()
	data.Routes = slices.DeleteFunc(data.Routes, func(r wire.Route) bool { return !slices.Contains(deviceOperations, r.Name) })
	return data
}

type deviceKey struct{}

// permit tells whether the device that calls may do something with a resource; nil of calls
// with a signature, which IAM decides about and nobody checks here.
func permit(ctx context.Context, action, kind, name string) error {
	device := callingDevice(ctx)
	if device == nil || device.allows(action, kind, name) {
		return nil
	}
	return wire.Errorf("ForbiddenException", http.StatusForbidden, "Forbidden: no policy allows %s on %s/%s", action, kind, name)
}

// permitShadow is permit for a shadow.
func permitShadow(ctx context.Context, action, thing, shadow string) error {
	if shadow != "" {
		thing += "/" + shadow
	}
	return permit(ctx, action, "thing", thing)
}

// callingDevice is the device that calls an operation with its certificate, or nil.
func callingDevice(ctx context.Context) *authorizer {
	device, _ := ctx.Value(deviceKey{}).(*authorizer)
	return device
}

// serveDevice answers a request of a device with a certificate. "HTTPS doesn't support a
// clientId value like MQTT does."
func (b *broker) serveDevice(w *rawResponse, r *http.Request, l *link) {
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
	device := &authorizer{registry: b.registry, identity: b.identity, certificate: l.certificate, ip: l.ip, domain: l.domain}
	b.devices.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), deviceKey{}, device)))
}
