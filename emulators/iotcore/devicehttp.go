package iotcore

import (
	"context"
	"net/http"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/broker"
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

// permit tells whether the device that calls may do something with a resource; nil of calls
// with a signature, which IAM decides about and nobody checks here.
func permit(ctx context.Context, action, kind, name string) error {
	device := broker.Caller(ctx)
	if device == nil || device.Allows(action, kind, name) {
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
