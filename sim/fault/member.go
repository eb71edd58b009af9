package fault

import (
	"bytes"
	"encoding/json"
	"slices"
)

// member finds a value in a JSON object by the names on the way to it: it is
// payload[from:to].
func member(payload []byte, names ...string) (from, to int, ok bool) {
	d := json.NewDecoder(bytes.NewReader(payload))
	if open, err := d.Token(); err != nil || open != json.Delim('{') {
		return 0, 0, false
	}
	for d.More() {
		name, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return 0, 0, false
		}
		if name != names[0] {
			continue
		}
		end := int(d.InputOffset())
		begin := end - len(value)
		if len(names) == 1 {
			return begin, end, true
		}
		from, to, ok = member(value, names[1:]...)
		return begin + from, begin + to, ok
	}
	return 0, 0, false
}

// replaceMember puts another value there; payload as it is when there is none.
func replaceMember(payload, value []byte, names ...string) []byte {
	from, to, ok := member(payload, names...)
	if !ok {
		return payload
	}
	return slices.Replace(payload, from, to, value...)
}
