package dynamodb

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"strconv"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// StreamRecord is a record of a stream, as GetRecords answers it.
type StreamRecord struct {
	AWSRegion    string       `json:"awsRegion"`
	Dynamodb     StreamChange `json:"dynamodb"`
	EventID      string       `json:"eventID"`
	EventName    string       `json:"eventName"`
	EventSource  string       `json:"eventSource"`
	EventVersion string       `json:"eventVersion"`
	UserIdentity *Identity    `json:"userIdentity,omitempty"`
}

// StreamChange is what happened to an item; sizes are in bytes.
type StreamChange struct {
	ApproximateCreationDateTime wire.Time
	Keys                        attribute.Item
	NewImage                    attribute.Item `json:",omitempty"`
	OldImage                    attribute.Item `json:",omitempty"`
	SequenceNumber              string
	SizeBytes                   int
	StreamViewType              string
}

// Identity is who changed an item: only TTL is named.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-streams.html
type Identity struct{ PrincipalId, Type string }

var expiry = Identity{"dynamodb.amazonaws.com", "Service"}

// record is the change of a number.
func (st *stream) record(region string, n uint64) StreamRecord {
	c := st.changes[n-st.first]
	sum := md5.Sum(fmt.Append(nil, st.arn, n))
	r := StreamRecord{
		AWSRegion: region, EventID: hex.EncodeToString(sum[:]), EventName: c.kind(), EventSource: "aws:dynamodb", EventVersion: "1.1",
		Dynamodb: StreamChange{
			ApproximateCreationDateTime: wire.At(c.at), Keys: st.schema.of(c.item(), attribute.Item{}),
			SequenceNumber: sequenceNumber(n), StreamViewType: st.view,
		},
	}
	if c.now != nil && (st.view == newImage || st.view == bothImage) {
		r.Dynamodb.NewImage = c.now.item
	}
	if c.old != nil && (st.view == oldImage || st.view == bothImage) {
		r.Dynamodb.OldImage = c.old.item
	}
	r.Dynamodb.SizeBytes = r.Dynamodb.Keys.Size() + r.Dynamodb.NewImage.Size() + r.Dynamodb.OldImage.Size()
	if c.expired {
		r.UserIdentity = &expiry
	}
	return r
}

// A sequence number has 21 to 40 digits.
const sequenceDigits = 21

// sequenceNumber is the number of a change for people.
func sequenceNumber(n uint64) string { return fmt.Sprintf("1%0*d", sequenceDigits-1, n) }

func sequenceOf(text string) (uint64, error) {
	if len(text) != sequenceDigits || text[0] != '1' {
		return 0, invalid("Invalid SequenceNumber: %s is not of this stream", text)
	}
	n, err := strconv.ParseUint(text[1:], 10, 64)
	if err != nil {
		return 0, invalid("Invalid SequenceNumber: %s is not of this stream", text)
	}
	return n, nil
}
