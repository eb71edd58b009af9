package streamprocessor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/shakedown-iot/shakedown/pipeline/telemetry"
)

// update brings each device's item up to date with its newest reading, once a
// batch.
func (p *Processor) update(ctx context.Context, entries []entry, failed *failures) {
	newest := map[string]*entry{}
	heard := map[string]int64{}
	for i := range entries {
		e := &entries[i]
		if n := newest[e.Thing]; n == nil || e.Timestamp >= n.Timestamp {
			newest[e.Thing] = e
		}
		heard[e.Thing] = max(heard[e.Thing], e.Received)
	}
	things := make([]string, 0, len(newest))
	for thing := range newest {
		things = append(things, thing)
	}
	sort.Strings(things)
	errs := make([]error, len(things))
	each(len(things), func(i int) { errs[i] = p.updateOne(ctx, newest[things[i]], heard[things[i]]) })
	for i, thing := range things {
		if errs[i] == nil {
			continue
		}
		// All of the device's records in this batch come again.
		for k := range entries {
			if entries[k].Thing == thing {
				failed.add(entries[k].number, errs[i])
			}
		}
	}
}

// maxParallel bounds the calls of one batch that are under way at one time.
const maxParallel = 8

// each calls f for 0 to n-1, several at a time: a batch of a hundred devices
// waits for a dozen round trips to DynamoDB, not for a hundred.
func each(n int, f func(i int)) {
	var next atomic.Int64
	work := func() {
		for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
			f(int(i))
		}
	}
	var workers sync.WaitGroup
	for range min(n, maxParallel) - 1 {
		workers.Go(work)
	}
	work() // the caller is one of them: one item takes no goroutine and no new stack
	workers.Wait()
}

// The two facts of a reading, each with the condition under which it is news.
// Usually both are and one call stores them.
const (
	setReading   = "#data = :data, #timestamp = :timestamp"
	ifNewer      = "(attribute_not_exists(#timestamp) OR #timestamp <= :timestamp)"
	setSeen      = "lastSeen = :seen, #status = :online, GSI1PK = :index, GSI1SK = :seen"
	removeSilent = "offlineSince, silentSince"
	ifSeenLater  = "(attribute_not_exists(lastSeen) OR lastSeen <= :seen) AND (attribute_not_exists(silentSince) OR silentSince < :seen)"
	// A sign of life from before the detector's verdict leaves that as it is.
	setSeenOnly = "lastSeen = :seen, GSI1SK = :seen"
	ifOverruled = "lastSeen < :seen AND silentSince >= :seen"
)

// statement is an update under a condition, with the names that stand as #name
// in it. There are four, and millions of calls.
type statement struct {
	update, condition string
	names             map[string]string
}

var (
	storeBoth     = newStatement("SET "+setReading+", "+setSeen+" REMOVE "+removeSilent, ifNewer+" AND "+ifSeenLater)
	storeReading  = newStatement("SET "+setReading, ifNewer)
	storeSeen     = newStatement("SET "+setSeen+" REMOVE "+removeSilent, ifSeenLater)
	storeSeenOnly = newStatement("SET "+setSeenOnly, ifOverruled)
)

func newStatement(update, condition string) *statement {
	s := &statement{update: update, condition: condition}
	for name := range strings.FieldsFuncSeq(update+" "+condition, func(r rune) bool { return r != '#' && (r < 'a' || r > 'z') }) {
		if attribute, ok := strings.CutPrefix(name, "#"); ok {
			if s.names == nil { // DynamoDB does not take an empty map
				s.names = map[string]string{}
			}
			s.names[name] = attribute
		}
	}
	return s
}

// updateOne stores a device's newest reading where it is newer than what is
// stored, by the device's clock, and when the cloud last heard of the device, by
// the cloud's: a late reading does not roll the state back, and is a sign of life.
func (p *Processor) updateOne(ctx context.Context, e *entry, received int64) error {
	reading, seen := e.readingValues(), seenValues(received)
	both := maps.Clone(reading)
	maps.Copy(both, seen)
	news, err := p.set(ctx, e.Thing, storeBoth, both)
	if err != nil || news {
		return err
	}
	if _, err := p.set(ctx, e.Thing, storeReading, reading); err != nil {
		return err
	}
	if news, err = p.set(ctx, e.Thing, storeSeen, seen); err != nil || news {
		return err
	}
	_, err = p.set(ctx, e.Thing, storeSeenOnly, map[string]types.AttributeValue{":seen": seen[":seen"]})
	return err
}

func (e *entry) readingValues() map[string]types.AttributeValue {
	data := map[string]types.AttributeValue{}
	for _, m := range e.Metrics {
		data[m.Name] = &types.AttributeValueMemberN{Value: strconv.FormatFloat(m.Value, 'g', -1, 64)}
	}
	return map[string]types.AttributeValue{
		":data":      &types.AttributeValueMemberM{Value: data},
		":timestamp": &types.AttributeValueMemberN{Value: strconv.FormatInt(e.Timestamp, 10)},
	}
}

func seenValues(received int64) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		":seen":   &types.AttributeValueMemberS{Value: telemetry.ISO(time.UnixMilli(received))},
		":online": &types.AttributeValueMemberS{Value: "online"},
		":index":  &types.AttributeValueMemberS{Value: "STATUS#online"},
	}
}

// set updates a device's item under a condition; false is that it did not hold.
func (p *Processor) set(ctx context.Context, thing string, s *statement, values map[string]types.AttributeValue) (bool, error) {
	_, err := p.items.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &p.config.DeviceTable,
		Key: map[string]types.AttributeValue{
			"PK": &types.AttributeValueMemberS{Value: "DEVICE#" + thing},
			"SK": &types.AttributeValueMemberS{Value: "STATE"},
		},
		UpdateExpression: &s.update, ConditionExpression: &s.condition,
		ExpressionAttributeNames: s.names, ExpressionAttributeValues: values,
	})
	if _, stale := errors.AsType[*types.ConditionalCheckFailedException](err); stale {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("update the state of %s: %w", thing, err)
	}
	return true, nil
}
