package scenarios

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// HTTPClient is what aws-sdk-go-v2 sends requests with. A World has one: tap,
// then whatever a test or fault puts in between, then the cloud.
type HTTPClient interface {
	Do(*http.Request) (*http.Response, error)
}

// callTap watches the pipeline's calls to its stores and enters those that
// succeeded into the ledger. It proves nothing about what is stored; it tells
// when, for latencies and for explain.
type callTap struct {
	next   HTTPClient
	ledger *ledger.Ledger
	table  string // the Timestream table of readings; alerts have another
	signs  *offlineSigns
	quotas quotaMeter
}

// maxTapped bounds the body of a call that the tap looks into, in bytes.
const maxTapped = 4 << 20

// Do implements HTTPClient.
func (t callTap) Do(r *http.Request) (*http.Response, error) {
	operation := r.Header.Get("X-Amz-Target")
	watch, signs, meter := t.watcherOf(r), t.signs.watcher(operation), t.quotas.watcher(operation)
	if watch == nil && signs == nil && meter == nil || r.Body == nil || r.ContentLength > maxTapped {
		answer, err := t.next.Do(r)
		if err == nil {
			t.quotas.answered(r, answer)
		}
		return answer, err
	}
	body, err := bodyOf(r)
	r.Body.Close()
	if err != nil {
		return nil, fmt.Errorf("read the request of %s: %w", r.URL.Host, err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	answer, err := t.next.Do(r)
	if err == nil && watch != nil {
		watch(t.ledger, body, answer, time.Now())
	}
	if err == nil && signs != nil {
		signs(body, answer, time.Now())
	}
	if err == nil {
		t.quotas.answered(r, answer)
		if meter != nil {
			meter(body, answer, time.Now())
		}
	}
	return answer, err
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

type watcher func(l *ledger.Ledger, body []byte, answer *http.Response, at time.Time)

// watcherOf picks the calls that carry readings to their stores.
func (t callTap) watcherOf(r *http.Request) watcher {
	switch r.Header.Get("X-Amz-Target") {
	case "Timestream_20181101.WriteRecords":
		return t.watchWriteRecords
	case "DynamoDB_20120810.UpdateItem":
		return watchUpdateItem
	}
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return watchPublish
	}
	return nil
}

// watchWriteRecords enters each point's reading as written, those of a 419
// answer's RejectedRecords excepted.
func (t callTap) watchWriteRecords(l *ledger.Ledger, body []byte, answer *http.Response, at time.Time) {
	if answer.StatusCode != http.StatusOK {
		return
	}
	call := gjson.ParseBytes(body)
	if call.Get("TableName").Str != t.table {
		return
	}
	common := call.Get("CommonAttributes")
	deviceOf := func(attributes gjson.Result) string {
		return attributes.Get(`Dimensions.#(Name=="device_id").Value`).Str
	}
	commonDevice, commonTime := deviceOf(common), common.Get("Time").Str
	lastDevice, lastTime := "", ""
	call.Get("Records").ForEach(func(_, r gjson.Result) bool {
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
			l.Reach(ledger.Written, device, ms, at)
		}
		return true
	})
}

// watchUpdateItem enters the reading whose timestamp a device's state item took.
func watchUpdateItem(l *ledger.Ledger, body []byte, answer *http.Response, at time.Time) {
	if answer.StatusCode != http.StatusOK {
		return
	}
	call := gjson.GetManyBytes(body, "Key.PK.S", "Key.SK.S", "ExpressionAttributeValues")
	thing, ok := strings.CutPrefix(call[0].Str, "DEVICE#")
	if !ok || call[1].Str != "STATE" {
		return
	}
	values := call[2]
	for _, name := range []string{":timestamp.N", ":ts.N"} {
		if ms, err := strconv.ParseInt(values.Get(name).Str, 10, 64); err == nil {
			l.SetState(thing, ms, at)
			return
		}
	}
	// The published pipeline stores only the time of lastSeen.
	if seen, err := time.Parse(time.RFC3339Nano, values.Get(":lastSeen.S").Str); err == nil {
		l.SetState(thing, seen.UnixMilli(), at)
	}
}

// watchPublish enters the reading that an SNS alert is about.
func watchPublish(l *ledger.Ledger, body []byte, answer *http.Response, at time.Time) {
	form, err := url.ParseQuery(string(body))
	if err != nil || form.Get("Action") != "Publish" || answer.StatusCode != http.StatusOK {
		return
	}
	if alert, ok := parseAlert([]byte(form.Get("Message"))); ok {
		l.Reach(ledger.Alerted, alert.Thing, alert.Timestamp, at)
	}
}

// parseAlert reads an alert message, of the default or the published pipeline.
func parseAlert(text []byte) (ledger.SentAlert, bool) {
	var m struct{ Kind, Severity, DeviceID, Timestamp, Message string }
	if json.Unmarshal(text, &m) != nil || m.DeviceID == "" {
		return ledger.SentAlert{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, m.Timestamp)
	if err != nil {
		return ledger.SentAlert{}, false
	}
	return ledger.SentAlert{Thing: m.DeviceID, Kind: m.Kind, Severity: m.Severity, Timestamp: at.UnixMilli(), Message: m.Message}, true
}
