package message

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
)

// DeriveUUID makes a version 4 UUID out of its arguments, so that a run in
// virtual time that is repeated has the same ones.
func DeriveUUID(parts ...any) string {
	h := sha256.New()
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			h.Write([]byte(p))
			h.Write([]byte{0})
		case uint64:
			h.Write(binary.BigEndian.AppendUint64(nil, p))
		}
	}
	b := h.Sum(nil)[:16]
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	x := hex.EncodeToString(b)
	return x[:8] + "-" + x[8:12] + "-" + x[12:16] + "-" + x[16:20] + "-" + x[20:]
}

// TraceOf makes the trace id of what is about no message.
func TraceOf(e logging.Entry) string {
	return DeriveUUID("log", e.EventType, e.ClientID, e.TopicName, uint64(time.Now().UnixNano()))
}
