package attribute

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"unicode/utf8"
)

// MarshalJSON renders the value as {"S":"…"}; members of maps are sorted.
func (v Value) MarshalJSON() ([]byte, error) { return v.appendJSON(nil), nil }

// MarshalJSON renders the item; its attributes are sorted by name.
func (i Item) MarshalJSON() ([]byte, error) {
	if i == nil {
		return []byte("null"), nil
	}
	return appendMembers(make([]byte, 0, 256), i), nil
}

func (v Value) appendJSON(b []byte) []byte {
	if v.kind == None {
		return append(b, "null"...)
	}
	b = append(b, `{"`...)
	b = append(b, v.kind.String()...)
	b = append(b, `":`...)
	switch v.kind {
	case BOOL:
		b = appendBool(b, v.flag)
	case NULL:
		b = append(b, "true"...)
	case M:
		b = appendMembers(b, v.members())
	case L, SS, NS, BS:
		b = v.appendElements(b)
	default:
		b = v.appendScalar(b)
	}
	return append(b, '}')
}

func (v Value) appendElements(b []byte) []byte {
	b = append(b, '[')
	for i, x := range v.elements() {
		if i > 0 {
			b = append(b, ',')
		}
		if v.kind == L {
			b = x.appendJSON(b)
		} else {
			b = x.appendScalar(b)
		}
	}
	return append(b, ']')
}

func (v Value) appendScalar(b []byte) []byte {
	switch v.kind {
	case N:
		b = append(b, '"')
		b = append(b, v.Number().String()...)
		return append(b, '"')
	case B:
		b = append(b, '"')
		b = base64.StdEncoding.AppendEncode(b, []byte(v.text))
		return append(b, '"')
	}
	return appendString(b, v.text)
}

func appendMembers(b []byte, members map[string]Value) []byte {
	names := make([]string, 0, len(members))
	for name := range members {
		names = append(names, name)
	}
	slices.Sort(names)
	b = append(b, '{')
	for i, name := range names {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendString(b, name), ':')
		b = members[name].appendJSON(b)
	}
	return append(b, '}')
}

func appendBool(b []byte, v bool) []byte {
	if v {
		return append(b, "true"...)
	}
	return append(b, "false"...)
}

func appendString(b []byte, s string) []byte {
	plain := func(r rune) bool { return r < ' ' || r == '"' || r == '\\' || r >= utf8.RuneSelf }
	if strings.IndexFunc(s, plain) < 0 {
		b = append(b, '"')
		b = append(b, s...)
		return append(b, '"')
	}
	quoted, err := json.Marshal(s)
	if err != nil {
		return append(b, `""`...) // not reachable: a string always encodes
	}
	return append(b, quoted...)
}
