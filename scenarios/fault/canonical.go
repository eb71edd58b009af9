package fault

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/url"
	"regexp"

	"github.com/fxamacker/cbor/v2"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// canonical writes content in one way: SDKs write maps in any order. JSON has its
// names sorted; a form has its entries of maps by name instead of number. What is
// neither is as it is.
func canonical(body []byte) []byte {
	switch trimmed := bytes.TrimSpace(body); {
	case len(trimmed) == 0:
		return nil
	case trimmed[0] == '{' || trimmed[0] == '[':
		return canonicalJSON(body)
	case bytes.HasPrefix(trimmed, []byte("Action=")):
		return canonicalForm(body)
	}
	return body
}

// plain is the body of a request as something that canonical knows: a large one of
// CloudWatch is compressed, and in CBOR; that has its names sorted here.
func (m message) plain() []byte {
	body := m.body
	if m.Header.Get("Content-Encoding") == "gzip" {
		if r, err := gzip.NewReader(bytes.NewReader(body)); err == nil {
			if text, err := io.ReadAll(io.LimitReader(r, maxLooked)); err == nil {
				body = text
			}
		}
	}
	if wire.IsRPC(m.Request) {
		var value any
		if cbor.Unmarshal(body, &value) == nil {
			if sorted, err := sortedCBOR.Marshal(value); err == nil {
				return sorted
			}
		}
	}
	return body
}

var sortedCBOR = must(cbor.CanonicalEncOptions().EncMode())

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func canonicalJSON(body []byte) []byte {
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return body
	}
	if _, err := decoder.Token(); err != io.EOF {
		return body
	}
	return mustJSON(value)
}

// entryOf matches a member of an entry of a map, as in
// MessageAttributes.entry.2.Value.DataType.
// https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#map-query-serialization
var entryOf = regexp.MustCompile(`^(.*\.entry\.)(\d+)(\..*)$`)

func canonicalForm(body []byte) []byte {
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return body
	}
	sorted := url.Values{}
	for name, values := range form {
		if m := entryOf.FindStringSubmatch(name); m != nil {
			entry := m[1] + m[2]
			key := form.Get(entry + ".Name") // as SNS spells it
			if key == "" {
				key = form.Get(entry + ".key")
			}
			name = m[1] + key + m[3]
		}
		sorted[name] = append(sorted[name], values...)
	}
	return []byte(sorted.Encode())
}
