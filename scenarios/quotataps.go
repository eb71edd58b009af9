package scenarios

import (
	"net/http"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/lambda"
	"github.com/shakedown-iot/shakedown/scenarios/quota"
)

// meterBroker counts what the broker and the rules decide.
func (w *World) meterBroker(e event.Event) {
	q := w.quotas
	switch e.Kind {
	case event.Connected:
		q.Connect(e.ClientID, true, e.At)
	case event.ConnectRefused:
		if e.ClientID != "" { // a CONNECT came
			q.Connect(e.ClientID, false, e.At)
		}
	case event.Disconnected:
		q.Disconnect(e.ClientID, e.At)
	case event.Accepted:
		if !strings.HasPrefix(e.Topic, "$aws/") {
			q.Publish(e.ClientID, e.Topic, len(e.Payload), e.At)
		}
	case event.Delivered:
		q.Deliver(e.ClientID, e.Topic, len(e.Payload), e.QoS, e.At)
	case event.Rejected:
		if e.Action == "publish" {
			q.Reject(e.Topic, len(e.Payload))
		}
	case event.Discarded:
		if e.Action == "publish" { // it counts, though it went nowhere
			q.Publish(e.ClientID, e.Topic, len(e.Payload), e.At)
		} else {
			q.Deliver(e.ClientID, e.Topic, len(e.Payload), 0, e.At)
		}
		q.Discard()
	case event.Matched, event.Filtered:
		q.Rule(len(e.Payload))
	case event.ActionFailed:
		q.Action(len(e.Payload))
	case event.ActionDone:
		q.Action(len(e.Payload))
		if e.Action == "s3" {
			q.Object(len(e.Payload), e.At)
		}
	}
}

// meterFunctions counts invocations.
func (w *World) meterFunctions(e lambda.Event) {
	switch e.Kind {
	case lambda.Invoked:
		w.quotas.Invoke(e.Mapping, e.At)
	case lambda.Succeeded, lambda.Failed, lambda.BatchFailed:
		w.quotas.Return(e.At)
	}
}

// quotaMeter counts the pipeline's calls of its stores, by what their requests
// say: item sizes are those of the values in them.
type quotaMeter struct {
	*quota.Counter
	table string // of devices
}

// watcher picks the calls whose request tells what they cost.
func (m quotaMeter) watcher(operation string) watcher {
	switch operation {
	case "Timestream_20181101.WriteRecords":
		return m.series
	case "DynamoDB_20120810.UpdateItem", "DynamoDB_20120810.PutItem":
		return m.item
	}
	return nil
}

// answered counts the calls whose answer or mere number tells it.
func (m quotaMeter) answered(r *http.Request, answer *http.Response) {
	switch operation := r.Header.Get("X-Amz-Target"); operation {
	case "DynamoDB_20120810.GetItem", "DynamoDB_20120810.Query", "DynamoDB_20120810.Scan", "DynamoDB_20120810.BatchGetItem":
		m.Read(int(max(answer.ContentLength, 0)), time.Now())
	case "AmazonSQS.SendMessage", "AmazonSQS.SendMessageBatch":
		m.Queue()
	case "":
		if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
			m.Notify()
		}
	}
}

// item counts a write of the device table; one whose condition does not hold is
// billed, too.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
func (m quotaMeter) item(call content, answer *http.Response, at time.Time) {
	if answer.StatusCode >= http.StatusInternalServerError {
		return
	}
	table, key, item, values := call.get("TableName").Str, call.get("Key"), call.get("Item"), call.get("ExpressionAttributeValues")
	size := attributesSize(key) + attributesSize(item) + attributesSize(values)
	if !key.Exists() {
		key = item
	}
	index := ""
	if answer.StatusCode == http.StatusOK && table == m.table {
		index = indexPartition(call.get("UpdateExpression").Str, values)
	}
	m.Write(table+" "+key.Get("PK.S").Str+" "+key.Get("SK.S").Str, size, index, at)
}

// indexPartition is the partition of the status index whose entry an update of a
// device moves.
func indexPartition(update string, values gjson.Result) string {
	if _, after, ok := strings.Cut(update, "GSI1PK = "); ok {
		name := strings.TrimRight(strings.Fields(after)[0], ",")
		return values.Get(name + ".S").Str
	}
	if strings.Contains(update, "GSI1SK") {
		return "the device's own"
	}
	return ""
}

// attributesSize is the size of attributes by name.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
func attributesSize(attributes gjson.Result) int {
	n := 0
	attributes.ForEach(func(name, value gjson.Result) bool {
		n += len(name.Str) + attributeSize(value)
		return true
	})
	return n
}

func attributeSize(value gjson.Result) int {
	n := 0
	value.ForEach(func(kind, v gjson.Result) bool {
		switch kind.Str {
		case "N":
			n += (len(v.Str)+1)/2 + 1
		case "M":
			n += 3 + attributesSize(v)
		case "BOOL", "NULL":
			n++
		case "S":
			n += len(v.Str)
		default:
			n += len(v.Raw)
		}
		return true
	})
	return n
}

// series counts a call of WriteRecords by AWS's formula; rejected records count as
// well.
// https://docs.aws.amazon.com/timestream/latest/developerguide/metering-and-pricing.writes.html
func (m quotaMeter) series(call content, answer *http.Response, _ time.Time) {
	if answer.StatusCode >= http.StatusInternalServerError {
		return
	}
	common := recordSize(call.get("CommonAttributes"))
	written, stored := common, 0
	call.get("Records").ForEach(func(_, r gjson.Result) bool {
		own := recordSize(r)
		written += own
		stored += common + own
		return true
	})
	m.Series(written, stored)
}

// recordSize is what the attributes of a record weigh, or of what is common to all.
func recordSize(record gjson.Result) int {
	n, value, kind := 0, 0, ""
	record.ForEach(func(name, v gjson.Result) bool {
		switch name.Str {
		case "Time":
			n += 8
		case "Dimensions":
			v.ForEach(func(_, d gjson.Result) bool {
				n += len(d.Get("Name").Str) + len(d.Get("Value").Str)
				return true
			})
		case "MeasureName":
			n += len(v.Str)
		case "MeasureValue":
			value = len(v.Str)
		case "MeasureValueType":
			kind = v.Str
		case "MeasureValues":
			v.ForEach(func(_, measure gjson.Result) bool {
				n += len(measure.Get("Name").Str) + measureSize(measure.Get("Type").Str, len(measure.Get("Value").Str))
				return true
			})
		}
		return true
	})
	if value > 0 {
		n += measureSize(kind, value)
	}
	return n
}

// measureSize is that of a value; a type that is common to all records is taken
// for the default, a double.
func measureSize(kind string, length int) int {
	switch kind {
	case "BOOLEAN":
		return 1
	case "VARCHAR":
		return length
	}
	return 8
}
