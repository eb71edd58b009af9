package sns

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// dedupWindow is how long a deduplication id is remembered.
// https://docs.aws.amazon.com/sns/latest/dg/fifo-message-dedup.html
const dedupWindow = 5 * time.Minute

// fifoToken is the form of group and deduplication ids, in standard topics too.
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
var fifoToken = regexp.MustCompile(`^[!-~]{1,128}$`)

// fifoState is what a FIFO topic remembers.
type fifoState struct {
	turn     chan struct{} // full while a publisher has it
	sequence uint64
	seen     []published // oldest first
	seenBy   map[string]published
}

type published struct {
	key, id, sequence string
	at                time.Time
}

// checkIDs wants of a message for a FIFO topic the ids that it needs.
func (t *topic) checkIDs(in *Message) error {
	switch {
	case in.MessageGroupId == "":
		return wire.Errorf("InvalidParameter", 0, "Invalid parameter: The MessageGroupId parameter is required for FIFO topics")
	case in.MessageDeduplicationId == "" && t.attributes["ContentBasedDeduplication"] != "true":
		return wire.Errorf("InvalidParameter", 0, "Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly")
	}
	return nil
}

// admit gives a message of a FIFO topic its deduplication id and sequence number,
// or finds the message that it repeats.
func (t *topic) admit(in *Message, id string, now time.Time) (string, *published, error) {
	if err := t.checkIDs(in); err != nil {
		return "", nil, err
	}
	if in.MessageDeduplicationId == "" {
		sum := sha256.Sum256([]byte(in.Message))
		in.MessageDeduplicationId = hex.EncodeToString(sum[:])
	}
	for len(t.seen) > 0 && now.Sub(t.seen[0].at) >= dedupWindow {
		delete(t.seenBy, t.seen[0].key)
		t.seen = t.seen[1:]
	}
	key := in.MessageDeduplicationId
	if t.attributes["FifoThroughputScope"] == "MessageGroup" {
		key = in.MessageGroupId + "\x00" + key
	}
	if before, ok := t.seenBy[key]; ok {
		return "", &before, nil
	}
	t.sequence++
	p := published{key, id, fmt.Sprintf("%020d", 10_000_000_000_000_000_000+t.sequence), now}
	if t.seenBy == nil {
		t.seenBy = map[string]published{}
	}
	t.seenBy[key] = p
	t.seen = append(t.seen, p)
	return p.sequence, nil, nil
}
