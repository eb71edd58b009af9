package fault

import (
	"strconv"
	"time"
)

// staleTimestamp puts the timestamp ten years back.
type staleTimestamp struct{}

func (staleTimestamp) mutate(payload []byte, _ float64) []byte {
	from, to, ok := member(payload, "timestamp")
	if !ok {
		return payload
	}
	ms, err := strconv.ParseInt(string(payload[from:to]), 10, 64)
	if err != nil {
		return payload
	}
	stale := time.UnixMilli(ms).UTC().AddDate(-10, 0, 0).UnixMilli()
	return replaceMember(payload, strconv.AppendInt(nil, stale, 10), "timestamp")
}
