package tap

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/tidwall/gjson"

	"github.com/shakedown-iot/shakedown/emulators/wire"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/shape"
)

// Client watches the pipeline's calls to its stores and enters those that
// succeeded into the ledger. It proves nothing about what is stored; it tells
// when, for latencies and for explain.
func (t Tap) Client(next aws.HTTPClient) aws.HTTPClient {
	return client{next: next, ledger: t.Ledger, series: t.Series, detection: detection{t.Offline}, meter: meter{t.Quotas, t.Devices}}
}

type client struct {
	next      aws.HTTPClient
	ledger    *ledger.Ledger
	series    string
	detection detection
	meter     meter
}

// maxTapped bounds the body of a call that the tap looks into, in bytes.
const maxTapped = 4 << 20

// Do implements aws.HTTPClient.
func (c client) Do(r *http.Request) (*http.Response, error) {
	operation := operationOf(r)
	watch, signs, costs := c.watcher(operation), c.detection.watcher(operation), c.meter.watcher(operation)
	if watch == nil && signs == nil && costs == nil || r.Body == nil || r.ContentLength > maxTapped {
		return c.send(r, operation)
	}
	body, err := bodyOf(r)
	r.Body.Close()
	if err != nil {
		return nil, fmt.Errorf("read the request of %s: %w", r.URL.Host, err)
	}
	r.Body = wire.NewBody(body)
	answer, err := c.send(r, operation)
	if err != nil {
		return nil, err
	}
	call, now := contentOf(body), time.Now()
	for _, look := range []watcher{watch, signs, costs} {
		if look != nil {
			look(call, answer, now)
		}
	}
	return answer, nil
}

// send makes the call.
func (c client) send(r *http.Request, operation string) (*http.Response, error) {
	answer, err := c.next.Do(r)
	if err == nil {
		c.meter.answered(operation)
	}
	return answer, err
}

// snsCall stands for the operation of a form, which is in its body: of the pipeline's
// services SNS alone takes forms.
const snsCall = "SNS"

// operationOf names a call by its target; empty where it has none.
func operationOf(r *http.Request) string {
	target := r.Header.Get("X-Amz-Target")
	if target == "" && strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return snsCall
	}
	return target
}

// bodyOf reads a request's body, at once where its length is known.
func bodyOf(r *http.Request) ([]byte, error) {
	if r.ContentLength <= 0 {
		return io.ReadAll(r.Body)
	}
	body := make([]byte, r.ContentLength)
	_, err := io.ReadFull(r.Body, body)
	return body, err
}

type watcher func(call content, answer *http.Response, at time.Time)

// watcher picks the calls that carry readings to their stores.
func (c client) watcher(operation string) watcher {
	switch operation {
	case "Timestream_20181101.WriteRecords":
		return c.watchWriteRecords
	case "DynamoDB_20120810.UpdateItem":
		return c.watchUpdateItem
	case snsCall:
		return c.watchPublish
	}
	return nil
}

// watchWriteRecords enters each point's reading as written, those of a 419
// answer's RejectedRecords excepted.
func (c client) watchWriteRecords(call content, answer *http.Response, at time.Time) {
	if answer.StatusCode != http.StatusOK {
		return
	}
	if call.get("TableName").Str != c.series {
		return
	}
	common := call.get("CommonAttributes")
	commonDevice, commonTime := deviceOf(common), common.Get("Time").Str
	lastDevice, lastTime := "", ""
	call.get("Records").ForEach(func(_, r gjson.Result) bool {
		device, text := deviceOf(r), r.Get("Time").Str
		if device == "" {
			device = commonDevice
		}
		if text == "" {
			text = commonTime
		}
		if device == lastDevice && text == lastTime {
			return true // another metric of the same reading
		}
		lastDevice, lastTime = device, text
		if ms, err := strconv.ParseInt(text, 10, 64); err == nil {
			c.ledger.Reach(ledger.Written, device, ms, at)
		}
		return true
	})
}

// deviceOf is the device among a record's dimensions.
func deviceOf(attributes gjson.Result) (device string) {
	attributes.Get("Dimensions").ForEach(func(_, d gjson.Result) bool {
		if d.Get("Name").Str == "device_id" {
			device = d.Get("Value").Str
		}
		return device == ""
	})
	return device
}

// watchUpdateItem enters the reading whose timestamp a device's state item took.
func (c client) watchUpdateItem(call content, answer *http.Response, at time.Time) {
	if answer.StatusCode != http.StatusOK {
		return
	}
	key := call.get("Key")
	thing, ok := shape.Device(key.Get("PK.S").Str)
	if !ok || key.Get("SK.S").Str != "STATE" {
		return
	}
	values := call.get("ExpressionAttributeValues")
	for _, name := range []string{":timestamp.N", ":ts.N"} {
		if ms, err := strconv.ParseInt(values.Get(name).Str, 10, 64); err == nil {
			c.ledger.SetState(thing, ms, at)
			return
		}
	}
	// The published pipeline stores only the time of lastSeen.
	if seen, err := time.Parse(time.RFC3339Nano, values.Get(":lastSeen.S").Str); err == nil {
		c.ledger.SetState(thing, seen.UnixMilli(), at)
	}
}

// watchPublish enters the reading that an SNS alert is about.
func (c client) watchPublish(call content, answer *http.Response, at time.Time) {
	form, err := url.ParseQuery(string(call.text))
	if err != nil || form.Get("Action") != "Publish" || answer.StatusCode != http.StatusOK {
		return
	}
	if alert, ok := shape.Alert([]byte(form.Get("Message"))); ok {
		c.ledger.Reach(ledger.Alerted, alert.Thing, alert.Timestamp, at)
	}
}
