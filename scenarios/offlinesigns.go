package scenarios

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// sign is a sign of life of a device: when the cloud had it, and from when on
// the device table had it, so that the detector could know. Both are Unix ns.
type sign struct{ at, known int64 }

// offlineSigns is what the detector could know: the signs of life that reached the
// device table, and the instants of its sweeps.
type offlineSigns struct {
	mu     sync.Mutex
	things map[string][]sign
	sweeps []int64
}

// watcher looks at the calls that keep lastSeen and at those that ask for it.
func (o *offlineSigns) watcher(operation string) watcher {
	switch operation {
	case "DynamoDB_20120810.UpdateItem":
		return o.update
	case "DynamoDB_20120810.Query":
		return o.query
	}
	return nil
}

// update enters a new lastSeen. The sweep's own update has one too, as condition.
func (o *offlineSigns) update(call content, answer *http.Response, at time.Time) {
	if answer.StatusCode != http.StatusOK {
		return
	}
	thing, ok := strings.CutPrefix(call.get("Key.PK.S").Str, "DEVICE#")
	seen, err := time.Parse(time.RFC3339Nano, call.get("ExpressionAttributeValues.:seen.S").Str)
	if !ok || err != nil || call.get("ExpressionAttributeValues.:offline").Exists() {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.things == nil {
		o.things = map[string][]sign{}
	}
	if o.things[thing] == nil {
		thing = strings.Clone(thing) // a part of a call's body would keep all of it
	}
	o.things[thing] = append(o.things[thing], sign{seen.UnixNano(), at.UnixNano()})
}

// query enters a sweep: it alone asks for a cutoff.
func (o *offlineSigns) query(call content, answer *http.Response, at time.Time) {
	if answer.StatusCode != http.StatusOK || !call.get("ExpressionAttributeValues.:cutoff").Exists() {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.sweeps = append(o.sweeps, at.UnixNano())
}

// of are a thing's signs by the instant they were known at.
func (o *offlineSigns) of(thing string) []sign {
	o.mu.Lock()
	defer o.mu.Unlock()
	list := slices.Clone(o.things[thing])
	slices.SortStableFunc(list, func(a, b sign) int { return int(min(max(a.known-b.known, -1), 1)) })
	return list
}

// swept are the instants of sweeps in order; a pipeline without a detector is
// given one that sweeps every so often.
func (o *offlineSigns) swept(from, end time.Time, every time.Duration) []int64 {
	o.mu.Lock()
	defer o.mu.Unlock()
	list := slices.Clone(o.sweeps)
	slices.Sort(list)
	if len(list) > 0 {
		return list
	}
	for at := from.Add(every); every > 0 && !at.After(end); at = at.Add(every) {
		list = append(list, at.UnixNano())
	}
	return list
}

// any tells whether any sign of life reached the table.
func (o *offlineSigns) any() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.things) > 0
}

// signsOf are the signs of life that reached the broker.
func (o *offlineWatch) signsOf(thing string) []sign {
	o.mu.Lock()
	defer o.mu.Unlock()
	var list []sign
	for _, at := range o.heard[thing] {
		list = append(list, sign{at, at})
	}
	return list
}
