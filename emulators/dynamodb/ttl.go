package dynamodb

import (
	"context"
	"encoding/binary"
	"strconv"
	"time"

	"github.com/tidwall/btree"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

// oldestExpiry is how long ago the time of an item may be that is deleted for it.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ttl-before-you-start.html
const oldestExpiry = 5 * 365 * 24 * time.Hour

// expiryChange is how long a change of TTL takes at most: there is no other meanwhile.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
const expiryChange = time.Hour

// expiring are the items of a table with TTL that have a time to be deleted at.
type expiring struct {
	attribute string
	// records are by that time and then by key.
	records btree.Map[string, *record]
	next    *deadline
}

// TimeToLiveSpecification turns TTL on or off for the attribute that holds the
// time to be deleted at, in epoch seconds.
type TimeToLiveSpecification struct {
	AttributeName *string
	Enabled       *bool
}

// UpdateTimeToLiveInput is the request of UpdateTimeToLive.
type UpdateTimeToLiveInput struct {
	TableName               string
	TimeToLiveSpecification *TimeToLiveSpecification
}

// UpdateTimeToLiveOutput is the answer of UpdateTimeToLive.
type UpdateTimeToLiveOutput struct {
	TimeToLiveSpecification TimeToLiveSpecification
}

// UpdateTimeToLive turns TTL on or off, at once.
func (s *State) UpdateTimeToLive(_ context.Context, in *UpdateTimeToLiveInput) (*UpdateTimeToLiveOutput, error) {
	spec := in.TimeToLiveSpecification
	if err := in.check(); err != nil {
		return nil, err
	}
	s.lock()
	defer s.mu.Unlock()
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, s.named(err, in.TableName)
	}
	if err := t.setExpiry(*spec, &s.expiry); err != nil {
		return nil, err
	}
	s.scheduleExpiry()
	if t.stream != nil {
		t.stream.wake() // readers wait for the next deadline too
	}
	return &UpdateTimeToLiveOutput{*spec}, nil
}

func (in *UpdateTimeToLiveInput) check() error {
	if err := checkTable(in.TableName); err != nil {
		return err
	}
	spec := in.TimeToLiveSpecification
	var v violations
	v.name(in.TableName, "tableName")
	if v.required(spec != nil, "timeToLiveSpecification"); spec != nil {
		v.required(spec.Enabled != nil, "timeToLiveSpecification.enabled")
		v.required(spec.AttributeName != nil, "timeToLiveSpecification.attributeName")
		if name := spec.AttributeName; name != nil && len(*name) > 255 {
			v.add("'"+*name+"'", "timeToLiveSpecification.attributeName", "Member must have length less than or equal to 255")
		}
	}
	if err := v.err(); err != nil {
		return err
	}
	if *spec.AttributeName == "" {
		return invalid("TimeToLiveSpecification.AttributeName must be non empty")
	}
	return nil
}

func (t *table) setExpiry(spec TimeToLiveSpecification, next *deadline) error {
	on := *spec.Enabled
	switch {
	case !on && t.ttl == nil:
		return invalid("TimeToLive is already disabled")
	case t.ttl != nil && t.ttl.attribute != *spec.AttributeName:
		return invalid("TimeToLive is active on a different AttributeName: current AttributeName is %s", t.ttl.attribute)
	case on && t.ttl != nil:
		return invalid("TimeToLive is already enabled")
	case !t.ttlSet.IsZero() && time.Since(t.ttlSet) < expiryChange:
		return invalid("Time to live has been modified multiple times within a fixed interval")
	case !on:
		t.ttl, t.ttlSet = nil, time.Now()
		return nil
	}
	t.ttl = &expiring{attribute: *spec.AttributeName, next: next}
	t.ttlSet = time.Now()
	t.items.Scan(func(_ string, r *record) bool {
		t.ttl.replace(nil, r)
		return true
	})
	return nil
}

// replace takes a record out and puts another in; either may be nil.
func (e *expiring) replace(old, now *record) {
	if at, ok := e.at(old); ok {
		e.records.Delete(expiryKey(at, old))
	}
	if at, ok := e.at(now); ok {
		e.records.Set(expiryKey(at, now), now)
		e.next.expiresBy(at)
	}
}

// at is when a record is to be deleted, if it has such a time: a number of epoch
// seconds that are not too long ago.
func (e *expiring) at(r *record) (int64, bool) {
	if r == nil {
		return 0, false
	}
	v := r.item[e.attribute]
	if v.Type() != attribute.N {
		return 0, false
	}
	at, err := strconv.ParseFloat(v.Number().String(), 64)
	if err != nil || at < 0 || at > 1<<53 {
		return 0, false
	}
	return int64(at), true
}

func expiryKey(at int64, r *record) string {
	return string(binary.BigEndian.AppendUint64(nil, uint64(at))) + r.key
}

// expire deletes the items whose time has come.
func (t *table) expire(now time.Time) {
	if t.ttl == nil {
		return
	}
	var due []*record
	t.ttl.records.Scan(func(key string, r *record) bool {
		if int64(binary.BigEndian.Uint64([]byte(key))) > now.Unix() {
			return false
		}
		due = append(due, r)
		return true
	})
	for _, r := range due {
		if at, _ := t.ttl.at(r); now.Unix()-at > int64(oldestExpiry/time.Second) {
			t.ttl.records.Delete(expiryKey(at, r)) // it stays in the table
			continue
		}
		t.removeFor(r, true)
	}
}

func (t *table) nextExpiry() int64 {
	if t.ttl == nil {
		return never
	}
	key, _, ok := t.ttl.records.Min()
	if !ok {
		return never
	}
	return int64(binary.BigEndian.Uint64([]byte(key)))
}

// DescribeTimeToLiveInput is the request of DescribeTimeToLive.
type DescribeTimeToLiveInput struct{ TableName string }

// DescribeTimeToLiveOutput is the answer of DescribeTimeToLive.
type DescribeTimeToLiveOutput struct{ TimeToLiveDescription TimeToLiveDescription }

// TimeToLiveDescription tells whether TTL is ENABLED or DISABLED.
type TimeToLiveDescription struct {
	TimeToLiveStatus string
	AttributeName    string `json:",omitempty"`
}

// DescribeTimeToLive tells whether items of a table expire.
func (s *State) DescribeTimeToLive(_ context.Context, in *DescribeTimeToLiveInput) (*DescribeTimeToLiveOutput, error) {
	if err := checkTableOnly(in.TableName); err != nil {
		return nil, err
	}
	s.rlock()
	defer s.mu.RUnlock()
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, s.named(err, in.TableName)
	}
	if t.ttl == nil {
		return &DescribeTimeToLiveOutput{TimeToLiveDescription{TimeToLiveStatus: "DISABLED"}}, nil
	}
	return &DescribeTimeToLiveOutput{TimeToLiveDescription{"ENABLED", t.ttl.attribute}}, nil
}
