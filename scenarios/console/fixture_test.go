package console_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iotdataplane"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/console"
	"github.com/shakedown-iot/shakedown/sim/sensor"
)

// desk is a console of a world at work.
type desk struct {
	*console.Console
	world *scenarios.World
	fleet *scenarios.FleetRun
	over  atomic.Bool // ends the fleet
}

// hot is a device that is too hot for ten seconds.
var hot = map[string]map[string]sensor.Spec{
	"s-00002": {"temperature": {Base: 20, Spikes: []sensor.Spike{{At: 3 * time.Second, For: 10 * time.Second, Value: 55}}}},
}

// open starts a world, lets devices report for as long, and opens a console.
func open(t *testing.T, devices int, duration time.Duration) *desk {
	t.Helper()
	world, err := scenarios.NewWorld(t.Context(), scenarios.WorldOptions{Pipeline: scenarios.Pipeline{Silence: 10 * time.Second, Sweep: 2 * time.Second}})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, world.Close()) })
	c, err := console.New(console.Config{
		AWS: world.Observer(), Pipeline: world.Pipeline, Deployed: world.Deployed, Traffic: world.Traffic().Snapshot, Title: "test"})
	require.NoError(t, err)
	d := &desk{Console: c, world: world}
	if devices > 0 {
		group := scenarios.Group{Name: "s", Count: devices, Interval: time.Second, KeepAlive: time.Minute}
		if devices > 1 {
			group.Only = hot
		}
		d.fleet, err = world.StartFleet(t.Context(), scenarios.FleetPlan{
			Seed: 1, Duration: duration, Interrupted: d.over.Load, Groups: []scenarios.Group{group}})
		require.NoError(t, err)
	}
	return d
}

// request asks the console as a browser on this machine does.
func (d *desk) request(method, path string, form url.Values, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://127.0.0.1:4580"+path, strings.NewReader(form.Encode()))
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
	}
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w
}

var problem = regexp.MustCompile(`could not be read.*`)

// page is a page's text.
func (d *desk) page(t *testing.T, path string) string {
	t.Helper()
	w := d.request(http.MethodGet, path, nil)
	require.Equal(t, http.StatusOK, w.Code, "%s: %s", path, w.Body)
	return w.Body.String()
}

var tokenField = regexp.MustCompile(`name="token" value="([^"]+)"`)

// token is that of a device's form.
func (d *desk) token(t *testing.T, device string) string {
	t.Helper()
	found := tokenField.FindStringSubmatch(d.page(t, "/devices/"+device))
	require.NotNil(t, found, "the form has no token")
	return found[1]
}

// publish sends a message in a device's name, as its owner may through the data plane.
func (d *desk) publish(t *testing.T, device, payload string) {
	t.Helper()
	_, err := iotdataplane.NewFromConfig(d.world.AWS).Publish(t.Context(), &iotdataplane.PublishInput{
		Topic: aws.String("devices/" + device + "/telemetry"), Qos: 1, Payload: []byte(payload)})
	require.NoError(t, err)
}

// evil is a name and a metric that would be script, were they not escaped.
const evil = `<script>alert(1)<script>`

func evilReading() string {
	return fmt.Sprintf(`{"deviceId":%q,"timestamp":%d,"data":{%q:1,"quote\"'":2}}`, evil, time.Now().UnixMilli(), evil)
}

// broken is an AWS client of which one service does not answer.
type broken struct {
	next    aws.HTTPClient
	service string
}

func (b broken) Do(r *http.Request) (*http.Response, error) {
	if strings.Contains(r.Header.Get("Authorization"), "/"+b.service+"/") {
		return &http.Response{StatusCode: http.StatusForbidden, Header: http.Header{"X-Amzn-Errortype": {"AccessDeniedException"}},
			Body: io.NopCloser(strings.NewReader(`{"__type":"AccessDeniedException","message":"no <b>rights</b>"}`)), Request: r}, nil
	}
	return b.next.Do(r)
}
