package shadow

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// request is an update. Of State a part that is null is there and nil.
type request struct {
	State       map[string]map[string]any
	Version     *int64
	ClientToken string
}

// parse reads and checks an update; the errors are AWS's.
// https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-error-messages.html
func parse(payload []byte) (*request, error) {
	switch {
	case len(payload) > maxDocument:
		return nil, wire.Errorf("RequestEntityTooLargeException", 413, "The payload exceeds the maximum size allowed")
	case !utf8.Valid(payload):
		return nil, wire.Errorf("UnsupportedDocumentEncodingException", 415, "Unsupported documented encoding; supported encoding is UTF-8")
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(payload, &members) != nil || members == nil {
		return nil, invalid("Invalid JSON")
	}
	in := &request{State: map[string]map[string]any{}}
	for name, value := range members {
		switch name {
		case "state":
		case "version":
			if json.Unmarshal(value, &in.Version) != nil {
				return nil, invalid("Invalid version")
			}
		case "clientToken":
			if json.Unmarshal(value, &in.ClientToken) != nil || len(in.ClientToken) > maxToken {
				return nil, invalid("Invalid clientToken")
			}
		default:
			return nil, invalid("Shakedown knows no node %q beside state, version and clientToken", name)
		}
	}
	return in, in.readState(members["state"])
}

func (in *request) readState(text json.RawMessage) error {
	if len(text) == 0 || string(text) == "null" {
		return invalid("Missing required node: state")
	}
	var parts map[string]json.RawMessage
	if json.Unmarshal(text, &parts) != nil {
		return invalid("State node must be an object")
	}
	for part, text := range parts {
		if part != "desired" && part != "reported" {
			return invalid("State contains an invalid node: '%s'", part)
		}
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		var update map[string]any
		if decoder.Decode(&update) != nil {
			return invalid("%s node must be an object", strings.ToUpper(part[:1])+part[1:])
		}
		if depth(update) > maxDepth {
			return invalid("JSON contains too many levels of nesting; maximum is %d", maxDepth)
		}
		if nullInArray(update) {
			return invalid("Invalid JSON: an array of part %s has a null", part)
		}
		in.State[part] = update
	}
	return nil
}
