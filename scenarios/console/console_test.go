package console_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/pipeline"
	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/console"
	"github.com/shakedown-iot/shakedown/sim/bubble"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// TestPages: what the pipeline stored is on the pages.
func TestPages(t *testing.T) {
	bubble.Test(t, start, func(t *testing.T) {
		d := open(t, 3, time.Minute)
		_, err := d.world.AddThing(t.Context(), "spare", nil)
		require.NoError(t, err)
		time.Sleep(30 * time.Second)
		list := d.page(t, "/")
		require.Regexp(t, `all <b>4</b>.*online <b>3</b>.*offline <b>0</b>.*never heard <b>1</b>`, list)
		require.Contains(t, list, `href="/devices/s-00001"`)
		require.Regexp(t, `temperature <b>[0-9.]+</b>&thinsp;°C`, list)

		device := d.page(t, "/devices/s-00002")
		for _, metric := range []string{"battery_pct", "humidity", "pressure", "temperature"} {
			require.Regexp(t, `role="img" aria-label="`+metric+`, last 5 minutes: from [0-9.]+ to [0-9.]+, at last [0-9.]+"`, device)
		}
		require.Regexp(t, `temperature, last 5 minutes: from [0-9.]+ to 55,`, device)
		require.Contains(t, device, "&#34;deviceId&#34;:&#34;s-00002&#34;", "a raw message")
		require.Contains(t, device, `<span class="severity critical">CRITICAL</span> temperature <b>55</b>`)
		require.Contains(t, device, "Its newest answer: enter_safe_mode, done")

		alerts := d.page(t, "/alerts")
		require.Regexp(t, `aria-label="alerts, last 1 hour, 1 CRITICAL, 0 WARNING"`, alerts)
		require.Contains(t, d.page(t, "/alerts?severity=WARNING"), "No alerts in the last 1 hour")
		require.Contains(t, d.page(t, "/alerts?device=s-00001&span=7d"), "No alerts in the last 7 days")

		rules := d.page(t, "/rules")
		require.Regexp(t, `(?s)ArchiveToS3.*enabled.*S3 bucket iot-raw-archive.*<dt>Matched</dt><dd class="n">\d\d`, rules)
		streams := d.page(t, "/streams")
		require.Regexp(t, `(?s)iot-telemetry.*shardId-000000000001.*read by <b>iot-stream-processor</b>.*iot-dead-letter</span> holds <b>0</b>`, streams)
		require.Regexp(t, `data-label="iot-stream-processor behind" class="n">0<`, streams)

		d.fleet.Wait()
		time.Sleep(30 * time.Second)
		list = d.page(t, "/?status=offline")
		require.Regexp(t, `online <b>0</b>.*offline <b>3</b>`, list)
		require.Contains(t, list, `<span class="status offline">offline</span>`)
		require.Contains(t, list, "not connected")
	})
}

// TestCommand: a command of the page goes through the device API to the device, and
// its answer comes back to the page.
func TestCommand(t *testing.T) {
	bubble.Test(t, start, func(t *testing.T) {
		d := open(t, 1, time.Minute)
		time.Sleep(5 * time.Second)
		send := func(form url.Values, header ...string) (int, string) {
			w := d.request(http.MethodPost, "/devices/s-00001/commands", form, header...)
			return w.Code, w.Header().Get("Location")
		}
		good := url.Values{"token": {d.token(t, "s-00001")}, "action": {"update_interval"}, "interval": {"5"}}
		code, to := send(good, "Origin", "http://127.0.0.1:4580", "Sec-Fetch-Site", "same-origin")
		require.Equal(t, http.StatusSeeOther, code)
		require.Equal(t, "/devices/s-00001#commands", to)
		require.Contains(t, d.page(t, "/devices/s-00001"), "waiting for the device")
		time.Sleep(2 * time.Second)
		require.Regexp(t, `update_interval</span>.*(?s).*<span class="outcome done">done</span> after \d+`, d.page(t, "/devices/s-00001"))

		good.Set("interval", "soon")
		send(good)
		require.Contains(t, d.page(t, "/devices/s-00001"), "the interval is a number of seconds, such as 10")
		good.Set("interval", "0")
		send(good)
		require.Contains(t, d.page(t, "/devices/s-00001"), "The device API answers 400: interval is 1 to 86400 seconds.")
		good.Set("action", "explode")
		send(good)
		require.Contains(t, d.page(t, "/devices/s-00001"), "action &#34;explode&#34; is none of")
		w := d.request(http.MethodPost, "/devices/nobody/commands", good)
		require.Equal(t, http.StatusSeeOther, w.Code)
		d.fleet.Wait()
	})
}

// TestForgery: a command is taken from a page of the console only, and the console
// answers to this machine's own names only.
func TestForgery(t *testing.T) {
	bubble.Test(t, start, func(t *testing.T) {
		d := open(t, 1, 10*time.Second)
		time.Sleep(3 * time.Second)
		form := url.Values{"token": {d.token(t, "s-00001")}, "action": {"reboot"}}
		const path = "/devices/s-00001/commands"
		for name, header := range map[string][]string{
			"another origin": {"Origin", "http://evil.example"},
			"another port":   {"Origin", "http://127.0.0.1:8080"},
			"an opaque one":  {"Origin", "null"},
			"another site":   {"Sec-Fetch-Site", "cross-site"},
		} {
			require.Equal(t, http.StatusForbidden, d.request(http.MethodPost, path, form, header...).Code, name)
		}
		require.Equal(t, http.StatusForbidden, d.request(http.MethodPost, path, url.Values{"action": {"reboot"}}).Code, "no token")
		require.Equal(t, http.StatusForbidden, d.request(http.MethodPost, path, url.Values{"action": {"reboot"}, "token": {"x"}}).Code, "a wrong token")
		require.Equal(t, http.StatusForbidden, d.request(http.MethodPost, path+"?token="+form.Get("token"), url.Values{"action": {"reboot"}}).Code, "a token in the address")
		for host, code := range map[string]int{
			"127.0.0.1:4580": 200, "localhost": 200, "[::1]:4580": 200, "127.9.9.9:1": 200,
			"evil.example:4580": 421, "127.0.0.1.evil.example": 421, "192.168.1.7:4580": 421, "": 421, "localhost.evil.example": 421,
		} {
			require.Equal(t, code, d.request(http.MethodGet, "/", nil, "Host", host).Code, host)
			if code == 421 {
				require.Equal(t, code, d.request(http.MethodPost, path, form, "Host", host).Code, host)
			}
		}
		require.NotContains(t, d.page(t, "/devices/s-00001"), `class="what"`, "nothing was sent")
		d.fleet.Wait()
	})
}

var (
	inline = regexp.MustCompile(`(?i)<script(?: src="/static/[a-z.]+" defer)?>|\son[a-z]+=|\sstyle=|javascript:`)
	own    = `<script src="/static/console.js" defer>`
)

// TestNothingOfADeviceIsMarkup: what a device calls itself and says stands on every
// page as text, and no page has a script or a style of its own.
func TestNothingOfADeviceIsMarkup(t *testing.T) {
	bubble.Test(t, start, func(t *testing.T) {
		d := open(t, 0, 0)
		d.publish(t, evil, evilReading())
		d.publish(t, "x' OR '1'='1", `{"deviceId":"x","timestamp":1795635883067,"data":{"t":1}}`)
		d.publish(t, evil, "\xff\x00\x01")
		d.publish(t, evil, "\u202e\x1b[2J")
		time.Sleep(5 * time.Second)
		for _, path := range []string{"/", "/?q=" + url.QueryEscape(evil), "/devices/" + url.PathEscape(evil), "/devices/" + url.PathEscape("x' OR '1'='1"),
			"/alerts?device=" + url.QueryEscape(evil+`"'`), "/rules", "/streams", "/?status=" + url.QueryEscape(evil)} {
			w := d.request(http.MethodGet, path, nil)
			text := w.Body.String()
			require.Equal(t, []string{own}, inline.FindAllString(text, -1), "%s: %s", path, text)
			require.Contains(t, w.Header().Get("Content-Security-Policy"), "default-src 'none'; script-src 'self'")
			require.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
			require.Empty(t, problem.FindString(text), path)
		}
		device := d.page(t, "/devices/"+url.PathEscape(evil))
		require.Contains(t, device, "&lt;script&gt;alert(1)&lt;script&gt;")
		require.Contains(t, device, "<pre>ff0001</pre>")
		require.Contains(t, device, "<pre>\uFFFD\uFFFD[2J</pre>", "nothing moves the cursor or turns the text")
		require.NotContains(t, d.page(t, "/devices/"+url.PathEscape("x' OR '1'='1")), `<svg class="chart"`, "no other device's telemetry")
	})
}

// TestPartsFailAlone: a service that does not answer costs its part of a page.
func TestPartsFailAlone(t *testing.T) {
	bubble.Test(t, start, func(t *testing.T) {
		d := open(t, 1, 10*time.Second)
		d.fleet.Wait()
		time.Sleep(2 * time.Second)
		for service, want := range map[string]string{"timestream": `AccessDeniedException: no &lt;b&gt;rights&lt;/b&gt;`, "s3": `S3 ListObjectsV2: Forbidden`} {
			cfg := d.world.Observer()
			cfg.HTTPClient = broken{cfg.HTTPClient, service}
			cfg.RetryMaxAttempts = 1
			c, err := console.New(console.Config{AWS: cfg, Pipeline: d.world.Pipeline, Deployed: d.world.Deployed})
			require.NoError(t, err)
			text := (&desk{Console: c}).page(t, "/devices/s-00001")
			require.Contains(t, problem.FindString(text), want, service)
			require.Contains(t, text, `<span class="status online">online</span>`)
		}
	})
}

// TestEmptyClouds: no pipeline, the published one, and no devices yet.
func TestEmptyClouds(t *testing.T) {
	bubble.Test(t, start, func(t *testing.T) {
		d := open(t, 0, 0)
		require.Contains(t, d.page(t, "/"), "shakedown provision sensor-001")
		require.Empty(t, problem.FindString(d.page(t, "/alerts")))
		require.Contains(t, d.page(t, "/alerts"), "No alerts in the last 1 hour")
		require.Equal(t, http.StatusNotFound, d.request(http.MethodGet, "/devices/nobody", nil).Code)
		require.Equal(t, http.StatusNotFound, d.request(http.MethodGet, "/nowhere", nil).Code)
		require.Equal(t, http.StatusNotFound, d.request(http.MethodPost, "/rules", nil).Code)
	})
	for _, o := range []scenarios.WorldOptions{{NoPipeline: true}, {Pipeline: scenarios.Pipeline{Variant: scenarios.PublishedPipeline}}} {
		bubble.Test(t, start, func(t *testing.T) {
			world, err := scenarios.NewWorld(t.Context(), o)
			require.NoError(t, err)
			defer world.Close()
			_, err = iot.NewFromConfig(world.AWS).CreateThing(t.Context(), &iot.CreateThingInput{ThingName: aws.String("s1")})
			require.NoError(t, err)
			c, err := console.New(console.Config{AWS: world.Observer(), Deployed: world.Deployed})
			require.NoError(t, err)
			d := &desk{Console: c}
			list := d.page(t, "/")
			require.Contains(t, list, "This pipeline has no device API")
			require.Contains(t, list, `href="/devices/s1"`)
			for _, path := range []string{"/alerts", "/rules", "/streams", "/devices/s1"} {
				d.page(t, path)
			}
			require.Contains(t, d.page(t, "/devices/s1"), "which this pipeline does not have")
		})
	}
	_, err := console.New(console.Config{AWS: aws.Config{}, Pipeline: pipeline.Config{}})
	require.ErrorContains(t, err, "has no HTTP client")
}

// TestManyDevices: the list is searched, counted and shown page by page.
func TestManyDevices(t *testing.T) {
	bubble.Test(t, start, func(t *testing.T) {
		d := open(t, 0, 0)
		for i := range 120 {
			d.publish(t, fmt.Sprintf("sensor-%03d", i), fmt.Sprintf(`{"deviceId":"x","timestamp":%d,"data":{"t":1}}`, time.Now().UnixMilli()))
		}
		time.Sleep(5 * time.Second)
		list := d.page(t, "/")
		require.Empty(t, problem.FindString(list))
		require.Equal(t, "1–50 of 120", regexp.MustCompile(`\d+–\d+ of \d+`).FindString(list))
		require.Contains(t, list, `rel="next" href="/?page=2"`)
		require.NotContains(t, list, `rel="prev"`)
		require.Contains(t, d.page(t, "/?page=3"), "101–120 of 120")
		require.Contains(t, d.page(t, "/?page=99"), "101–120 of 120")
		require.Contains(t, d.page(t, "/?page=x"), "1–50 of 120")
		found := d.page(t, "/?q=SENSOR-11&status=online")
		require.Contains(t, found, "1–10 of 10")
		require.Contains(t, d.page(t, "/?q=zebra&status=offline"), "No device fits")
	})
}
