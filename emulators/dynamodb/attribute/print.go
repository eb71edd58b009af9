package attribute

import "encoding/base64"

// String prints a scalar's content; other values print as {T:…}.
func (v Value) String() string {
	switch v.kind {
	case S:
		return v.text
	case N:
		return v.Number().String()
	case B:
		return base64.StdEncoding.EncodeToString([]byte(v.text))
	}
	return string(v.appendJSON(nil))
}

// Describe prints the value as messages do: {S:abc}.
func (v Value) Describe() string { return "{" + v.kind.String() + ":" + v.String() + "}" }
