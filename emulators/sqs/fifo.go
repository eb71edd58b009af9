package sqs

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"time"
)

// dedupWindow is how long a deduplication id is remembered.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/using-messagededuplicationid-property.html
const dedupWindow = 5 * time.Minute

// deduplication is a message that was sent with a deduplication id.
type deduplication struct {
	key, id, sequence string
	at                time.Time
}

// fifoToken is the form of group and deduplication ids.
var fifoToken = regexp.MustCompile("^[a-zA-Z0-9!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~]{1,128}$")

func checkToken(name, value string) error {
	if value != "" && !fifoToken.MatchString(value) {
		return invalid("Value %s for parameter %s is invalid. Reason: %s can only include alphanumeric and punctuation characters. 1 to 128 in length.", value, name, name)
	}
	return nil
}

// admit gives a message of a FIFO queue its deduplication id and sequence number,
// or finds the message that it repeats.
func (q *queue) admit(m *message, now time.Time) (*deduplication, error) {
	if m.group == "" {
		return nil, missing("MessageGroupId")
	}
	if m.dedup == "" {
		if q.attributes["ContentBasedDeduplication"] != "true" {
			return nil, invalid("The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
		}
		sum := sha256.Sum256([]byte(m.body))
		m.dedup = hex.EncodeToString(sum[:])
	}
	q.forget(now)
	key := m.dedup
	if q.attributes["DeduplicationScope"] == "messageGroup" {
		key = m.group + "\x00" + m.dedup
	}
	if d, ok := q.seenBy[key]; ok {
		return &d, nil
	}
	m.sequence = q.nextSequence()
	d := deduplication{key, m.id, m.sequence, now}
	q.seen = append(q.seen, d)
	q.seenBy[key] = d
	return nil, nil
}

func (q *queue) nextSequence() string {
	q.sequence++
	return fmt.Sprintf("%020d", 18_000_000_000_000_000_000+q.sequence)
}

// forget drops deduplication ids older than the window.
func (q *queue) forget(now time.Time) {
	for len(q.seen) > 0 && now.Sub(q.seen[0].at) >= dedupWindow {
		delete(q.seenBy, q.seen[0].key)
		q.seen = q.seen[1:]
	}
}

// blocked are the groups that have a message in flight.
func (q *queue) blocked(now time.Time) map[string]bool {
	groups := map[string]bool{}
	if !q.fifo {
		return groups
	}
	for _, m := range q.messages {
		if m.inFlight(now) {
			groups[m.group] = true
		}
	}
	return groups
}
