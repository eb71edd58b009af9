package scenarios

import (
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/shakedown-iot/shakedown/scenarios/fault"
)

// Observer makes SDK clients for those who look on, such as the console: no fault
// befalls their calls, and none is spent on them.
func (w *World) Observer() aws.Config {
	cfg := w.AWS.Copy()
	cfg.HTTPClient = observer{w.AWS.HTTPClient}
	return cfg
}

type observer struct{ next HTTPClient }

// Do implements HTTPClient.
func (o observer) Do(r *http.Request) (*http.Response, error) {
	return o.next.Do(r.WithContext(fault.Exempt(r.Context())))
}
