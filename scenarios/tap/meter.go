package tap

import (
	"net/http"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"github.com/shakedown-iot/shakedown/scenarios/quota"
)

// meter counts the pipeline's calls of its stores, by what their requests
// say: item sizes are those of the values in them.
type meter struct {
	*quota.Counter
	table string // of devices
}

// watcher picks the calls whose request tells what they cost.
func (m meter) watcher(operation string) watcher {
	switch operation {
	case "Timestream_20181101.WriteRecords":
		return m.series
	case "DynamoDB_20120810.UpdateItem", "DynamoDB_20120810.PutItem":
		return m.item
	case "DynamoDB_20120810.GetItem", "DynamoDB_20120810.Query", "DynamoDB_20120810.Scan":
		return m.read
	case "DynamoDB_20120810.BatchGetItem":
		return m.readBatch
	}
	return nil
}

// read counts a read of one item, or of a page of a query or a scan.
func (m meter) read(call content, answer *http.Response, at time.Time) {
	if answer.StatusCode == http.StatusOK {
		m.Read(1, int(max(answer.ContentLength, 0)), call.get("ConsistentRead").Bool(), at)
	}
}

// readBatch counts each key that was asked for, whether or not it was there.
func (m meter) readBatch(call content, answer *http.Response, at time.Time) {
	if answer.StatusCode != http.StatusOK {
		return
	}
	keys, consistent := 0, false
	call.get("RequestItems").ForEach(func(_, table gjson.Result) bool {
		keys += int(table.Get("Keys.#").Int())
		consistent = consistent || table.Get("ConsistentRead").Bool()
		return true
	})
	m.Read(keys, int(max(answer.ContentLength, 0)), consistent, at)
}

// answered counts the calls whose mere number tells it.
func (m meter) answered(operation string) {
	switch operation {
	case "AmazonSQS.SendMessage", "AmazonSQS.SendMessageBatch":
		m.Queue()
	case snsCall:
		m.Notify()
	}
}

// item counts a write of the device table; one whose condition does not hold is
// billed, too, and none that was throttled or failed.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
func (m meter) item(call content, answer *http.Response, at time.Time) {
	code := answer.Header.Get("X-Amzn-Errortype")
	if answer.StatusCode >= http.StatusInternalServerError || code != "" && !strings.Contains(code, "ConditionalCheckFailed") {
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

// series counts a call of WriteRecords by AWS's formula; rejected records count as
// well.
// https://docs.aws.amazon.com/timestream/latest/developerguide/metering-and-pricing.writes.html
func (m meter) series(call content, answer *http.Response, _ time.Time) {
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
