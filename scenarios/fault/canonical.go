package fault

import (
	"bytes"
	"encoding/json"
	"io"
	"net/url"
	"regexp"
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
