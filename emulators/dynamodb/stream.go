package dynamodb

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

// StreamRetention is how long a stream keeps its records.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
const StreamRetention = 24 * time.Hour

// maxStreamKept bounds the items that a stream keeps, in bytes: of a day of writes there
// are more than there is memory for. The oldest records are trimmed before their time.
const maxStreamKept = 512 << 20

// Kinds of changes, as a record names them.
const (
	inserted = "INSERT"
	modified = "MODIFY"
	removed  = "REMOVE"
)

// stream is what happened to the items of a table since it has the stream: in one
// shard, which ends when the stream is turned off. The State's lock guards it.
type stream struct {
	arn, label, shard string
	view              string
	table             string
	schema            schema
	created           time.Time
	closed            time.Time // zero while the stream is on
	// changes are those kept; the first has this number.
	changes []streamChange
	first   uint64
	// kept is how many bytes those take, and most how many they may.
	kept, most int
	// woken is closed, and replaced, when there is something to look at.
	woken chan struct{}
}

// streamChange is one change of an item. Records are not changed, so that it need
// not copy them.
type streamChange struct {
	old, now *record
	at       time.Time
	// expired tells that TTL has deleted the item.
	expired bool
}

func newStream(t *table, view string, at time.Time) *stream {
	label := at.UTC().Format("2006-01-02T15:04:05.000")
	sum := md5.Sum([]byte(t.arn + label))
	return &stream{
		arn: t.arn + "/stream/" + label, label: label, view: view, table: t.name, schema: t.schema, created: at,
		shard: fmt.Sprintf("shardId-%020d-%s", at.UnixMilli(), hex.EncodeToString(sum[:4])),
		woken: make(chan struct{}), most: maxStreamKept,
	}
}

// write adds a change; one that changes nothing leaves no record. See
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html#Streams.Processing
func (st *stream) write(old, now *record, expired bool) {
	if old != nil && now != nil && attribute.Map(old.item).Equal(attribute.Map(now.item)) {
		return
	}
	at := time.Now()
	c := streamChange{old, now, at, expired}
	st.kept += c.bytes()
	st.trim(at)
	st.changes = append(st.changes, c)
	st.wake()
}

func (st *stream) wake() {
	close(st.woken)
	st.woken = make(chan struct{})
}

// trim drops the records that are too old, and those for which there is no room.
func (st *stream) trim(now time.Time) {
	n := 0
	for n < len(st.changes) && (st.kept > st.most || now.Sub(st.changes[n].at) >= StreamRetention) {
		st.kept -= st.changes[n].bytes()
		n++
	}
	clear(st.changes[:n]) // they are free, although the array is not yet
	st.changes = st.changes[n:]
	st.first += uint64(n)
}

// next is the number of the change that comes next.
func (st *stream) next() uint64 { return st.first + uint64(len(st.changes)) }

// close ends the shard.
func (st *stream) close(at time.Time) {
	st.closed = at
	st.wake()
}

// gone tells whether a stream that is off has nothing left to read.
func (st *stream) gone(now time.Time) bool {
	return !st.closed.IsZero() && now.Sub(st.closed) >= StreamRetention
}

// bytes is about how many a change keeps: items that the table may have no longer.
func (c streamChange) bytes() int { return 128 + c.old.sizeOrZero() + c.now.sizeOrZero() }

// kind names what happened to the item.
func (c streamChange) kind() string {
	switch {
	case c.old == nil:
		return inserted
	case c.now == nil:
		return removed
	}
	return modified
}

// item is one that has the key, after the change or before it.
func (c streamChange) item() attribute.Item {
	if c.now != nil {
		return c.now.item
	}
	return c.old.item
}
