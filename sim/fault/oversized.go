package fault

import (
	"bytes"
	"encoding/json"
)

// oversized is the size to blow up to, in bytes. A JSON object stays one: it gets a
// member "padding"; anything else gets spaces.
type oversized int

// tooLarge is one byte more than AWS IoT takes in a message (AWS.md §1).
const tooLarge = 128<<10 + 1

func (o oversized) mutate(payload []byte, _ float64) []byte {
	size := int(o)
	if size == 0 {
		size = tooLarge
	}
	const before, after = `,"padding":"`, `"}`
	room := size - len(payload) - len(before) - len(after) + 1
	if n := len(payload); bytes.ContainsRune(payload, ':') && payload[n-1] == '}' && room >= 0 && json.Valid(payload) {
		payload = append(payload[:n-1], before...)
		payload = append(payload, bytes.Repeat([]byte("x"), room)...)
		return append(payload, after...)
	}
	if missing := size - len(payload); missing > 0 {
		payload = append(payload, bytes.Repeat([]byte(" "), missing)...)
	}
	return payload
}
